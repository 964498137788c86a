"""The forms of the verbs about engineers."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from anxiu.accounts.queries import outlets, regions
from anxiu.console.pages import VerbForm
from anxiu.kernel.actor import Actor
from anxiu.kernel.time import now
from anxiu.kernel.values import Words
from anxiu.workforce.actions import Hours
from anxiu.workforce.choices import BarReason, LeaveKind, ShiftKind
from anxiu.workforce.messages import BAR_REASONS, LEAVE_KINDS, LEVELS, SHIFT_KINDS, WEEKDAYS
from anxiu.workforce.queries import figures, grades, not_engineers, skills
from anxiu.workforce.values import CERTIFICATES


def _date() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _moment() -> forms.DateTimeInput:
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


def _area() -> forms.Textarea:
    return forms.Textarea(attrs={"rows": 3})


def _name(words: Words) -> str:
    return words.in_language(get_language() or "zh-hans")


class Named(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic only for the type checker
    """Rows with a name in both languages."""

    def label_from_instance(self, obj: Any) -> str:
        return _name(Words(obj.name_zh, obj.name_en))


class PersonChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic only for the type checker
    """People by name and address."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} · {obj.email}"


class WhereForm(VerbForm):
    """Where an engineer belongs and starts from."""

    region = Named(queryset=None, label=_("Region"))
    outlet = Named(queryset=None, label=_("Outlet"), required=False)
    number = forms.CharField(label=_("Number"), max_length=24, required=False)
    started_date = forms.DateField(label=_("First day"), widget=_date())
    base_latitude = forms.FloatField(label=_("Base, latitude"), min_value=-90, max_value=90, required=False)
    base_longitude = forms.FloatField(label=_("Base, longitude"), min_value=-180, max_value=180, required=False)

    def __init__(self, who: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].queryset = regions(who)  # type: ignore[attr-defined]
        self.fields["outlet"].queryset = outlets(who)  # type: ignore[attr-defined]


class EngineerForm(WhereForm):
    """A new engineer: somebody with an account, or a new person."""

    person = PersonChoice(queryset=None, label=_("Has an account already"), required=False)
    name = forms.CharField(label=_("Name"), max_length=80, required=False)
    email = forms.EmailField(label=_("Email address"), required=False)
    phone = forms.CharField(label=_("Phone"), max_length=32, required=False)
    grade = forms.ChoiceField(label=_("Grade"))
    field_order = ("person", "name", "email", "phone", "region", "outlet", "grade", "started_date", "number")

    def __init__(self, who: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(who, *args, **kwargs)
        self.fields["person"].queryset = not_engineers(who)  # type: ignore[attr-defined]
        self.fields["grade"].choices = [(each.code, _name(each.name)) for each in grades(None, now())]  # type: ignore[attr-defined]
        self.fields["number"].help_text = _("Left empty, the next number is given.")

    def clean(self) -> dict[str, Any]:
        """A new person needs a name and an address."""
        values = super().clean() or self.cleaned_data
        if not values.get("person"):
            for part in ("name", "email"):
                if not values.get(part) and part not in self.errors:
                    self.add_error(part, _("Please fill this in."))
        return values


class GradeForm(VerbForm):
    """Another grade, and why."""

    grade = forms.ChoiceField(label=_("Grade"))
    reason = forms.CharField(label=_("Reason"), widget=_area(), max_length=500)

    def __init__(self, region_id: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["grade"].choices = [(each.code, _name(each.name)) for each in grades(region_id, now())]  # type: ignore[attr-defined]


class ReasonForm(VerbForm):
    """Why."""

    reason = forms.CharField(label=_("Reason"), widget=_area(), max_length=500)


class SkillHeldForm(VerbForm):
    """A skill at a level."""

    skill = Named(queryset=skills(), label=_("Skill"))
    level = forms.TypedChoiceField(label=_("Level"), coerce=int, choices=[(n, f"{n} · {w}") for n, w in LEVELS.items()])
    valid_from = forms.DateField(label=_("Valid from"), widget=_date())
    valid_to = forms.DateField(label=_("Last valid day"), widget=_date(), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = [(n, f"{n} · {words}") for n, words in LEVELS.items()]  # type: ignore[attr-defined]


class CertificateForm(VerbForm):
    """A certificate of a known kind, or one with a name of its own."""

    code = forms.ChoiceField(label=_("Certificate"), required=False)
    name = forms.CharField(label=_("Another one: its name"), max_length=120, required=False)
    number = forms.CharField(label=_("Certificate number"), max_length=64, required=False)
    issuer = forms.CharField(label=_("Issued by"), max_length=120, required=False)
    valid_from = forms.DateField(label=_("Valid from"), widget=_date())
    valid_to = forms.DateField(label=_("Last valid day"), widget=_date(), required=False)

    def __init__(self, region_id: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = figures(region_id, now())(CERTIFICATES)
        self.fields["code"].choices = [("", "–"), *((each.code, _name(each.name)) for each in known)]  # type: ignore[attr-defined]


class InductionForm(VerbForm):
    """The day the induction was passed."""

    valid_from = forms.DateField(label=_("Passed on"), widget=_date())
    issuer = forms.CharField(label=_("Examined by"), max_length=120, required=False)


class BarForm(VerbForm):
    """From when to when, and why."""

    barred_from = forms.DateTimeField(label=_("From"), widget=_moment())
    barred_until = forms.DateTimeField(
        label=_("Until"), widget=_moment(), required=False, help_text=_("Left empty: until it is lifted.")
    )
    reason = forms.ChoiceField(label=_("Reason"), choices=[(each.value, BAR_REASONS[each]) for each in BarReason])
    note = forms.CharField(label=_("Explanation"), widget=_area(), max_length=1000)


class ShiftForm(VerbForm):
    """A single shift."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[(each.value, SHIFT_KINDS[each]) for each in ShiftKind])
    starts_at = forms.DateTimeField(label=_("From"), widget=_moment())
    ends_at = forms.DateTimeField(label=_("Until"), widget=_moment())


class LeaveForm(VerbForm):
    """A leave."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[(each.value, LEAVE_KINDS[each]) for each in LeaveKind])
    starts_at = forms.DateTimeField(label=_("From"), widget=_moment())
    ends_at = forms.DateTimeField(label=_("Until"), widget=_moment())
    note = forms.CharField(label=_("Note"), max_length=200, required=False)


class PatternForm(VerbForm):
    """The hours of each day of the week, as many stretches a day as are held; both empty means off."""

    def __init__(self, stretches: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = [(day, f"{day}_{each}") for day in WEEKDAYS for each in range(stretches)]
        self.pairs = [(day, f"start_{place}", f"end_{place}") for day, place in places]
        for day, start, end in self.pairs:
            self.fields[start] = self._clock(WEEKDAYS[day])
            self.fields[end] = self._clock(_("until"))
        self.fields["valid_from"] = forms.DateField(label=_("From this day on"), widget=_date())

    @staticmethod
    def _clock(label: Any) -> forms.TimeField:
        widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
        return forms.TimeField(label=label, required=False, widget=widget)

    def clean(self) -> dict[str, Any]:
        """A stretch needs both or neither; the form then holds its hours as `hours`."""
        values = super().clean() or self.cleaned_data
        hours = []
        for day, start, end in self.pairs:
            begins, ends = values.pop(start, None), values.pop(end, None)
            if begins is not None and ends is not None:
                hours.append(Hours(day, begins, ends))
            elif (begins is None) != (ends is None) and not {start, end} & self.errors.keys():
                self.add_error(end if ends is None else start, _("Please fill this in."))
        return {**values, "hours": hours}


class SkillForm(VerbForm):
    """A skill of the company."""

    code = forms.SlugField(label=_("Code"), max_length=32)
    name_zh = forms.CharField(label=_("Chinese name"), max_length=80)
    name_en = forms.CharField(label=_("English name"), max_length=80)
    family = forms.SlugField(label=_("Product family"), max_length=32, required=False)
