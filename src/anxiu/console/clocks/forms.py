"""The forms of the roster and the calendar."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from anxiu.accounts.queries import people, posts, regions
from anxiu.console.pages import VerbForm
from anxiu.console.people.forms import Named, PersonChoice
from anxiu.console.templatetags._words import is_chinese
from anxiu.kernel.actor import Actor


def post_names() -> dict[str, str]:
    """The posts by code, in the reader's language."""
    return {each.code: each.name_zh if is_chinese() else each.name_en for each in posts()}


def _moment() -> forms.DateTimeInput:
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class DutyForm(VerbForm):
    """Who is on duty, as what, where and when."""

    person = PersonChoice(queryset=None, label=_("Person"))
    post = forms.ChoiceField(label=_("Answers as"))
    region = Named(queryset=None, label=_("Region"), required=False, empty_label=_("Whole company"))
    from_at = forms.DateTimeField(label=_("From"), widget=_moment())
    until_at = forms.DateTimeField(label=_("Until"), widget=_moment())
    rank = forms.IntegerField(
        label=_("Rank"), min_value=0, max_value=99, initial=0,
        help_text=_("Of several on duty, the lowest is called first."),
    )  # fmt: skip

    def __init__(self, who: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staff = people(who).filter(is_active=True).order_by("name_key", "id")
        self.fields["person"].queryset = staff  # type: ignore[attr-defined]
        self.fields["region"].queryset = regions(who)  # type: ignore[attr-defined]
        if who.regions is not None:  # only who sees the whole company may name somebody for all of it
            region = self.fields["region"]
            region.required, region.empty_label = True, None  # type: ignore[attr-defined]
        self.fields["post"].choices = list(post_names().items())  # type: ignore[attr-defined]


class DayForm(VerbForm):
    """What a date is."""

    day = forms.DateField(label=_("Date"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    is_work = forms.TypedChoiceField(
        label=_("It is"), choices=[("0", _("a day off")), ("1", _("a workday"))], coerce=lambda text: text == "1",
    )  # fmt: skip
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=80)
    name_en = forms.CharField(label=_("Name in English"), max_length=80)
    provisional = forms.BooleanField(
        label=_("Not certain yet: deadlines that rest on it are marked provisional"), required=False
    )
