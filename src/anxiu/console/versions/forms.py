"""The forms of the verbs on versions."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from anxiu.accounts.queries import regions
from anxiu.console.pages import VerbForm
from anxiu.console.regulation import DESPITE
from anxiu.console.versions.words import CONTROL_NAMES, control_words, language, name_of, zh
from anxiu.kernel import values
from anxiu.kernel.actor import Actor
from anxiu.kernel.values import Words
from anxiu.regulation import actions
from anxiu.regulation.choices import Control, OrderType
from anxiu.regulation.models import Clause, Version
from anxiu.regulation.queries import enforcers, order_type_in_words, presets, versions
from anxiu.regulation.rules.controls import INDICATORS

LONGEST = 4000


def area(rows: int = 3) -> forms.Textarea:
    """A field for several lines."""
    return forms.Textarea(attrs={"rows": rows})


class WhyForm(VerbForm):
    """Why something is done; kept with the change."""

    why = forms.CharField(
        label=_("Reason"), max_length=LONGEST, widget=area(2), help_text=_("Kept in the change log.")
    )

    def last(self) -> None:
        """Ask the reason after everything else."""
        self.order_fields([*(name for name in self.fields if name != "why"), "why"])


class StartForm(WhyForm):
    """What a draft begins from, and for whom it will hold."""

    source = forms.ChoiceField(label=_("Start from"))
    region_id = forms.TypedChoiceField(label=_("Region"), required=False, coerce=int, empty_value=None)
    order_type = forms.ChoiceField(label=_("Kind of service"), required=False)

    def __init__(self, data: Any, *, actor: Actor, source: str = "") -> None:
        super().__init__(data, initial={"source": source})
        known = [(f"v{each.pk}", f"{name_of(each)} · {each.code}") for each in versions(actor)]
        shipped = [(f"p{code}", each.name.in_language(language())) for code, each in presets().items()]
        offered: dict[str, list[tuple[Any, Any]]] = {
            "source": [(_("Versions"), known), (_("Presets"), shipped)],
            "region_id": [("", _("All regions"))]
            + [(each.pk, each.name_zh if zh() else each.name_en) for each in regions(actor)],
            "order_type": [("", _("All kinds of service"))]
            + [(each.value, order_type_in_words(each, language())) for each in OrderType],
        }
        for name, choices in offered.items():
            cast("forms.ChoiceField", self.fields[name]).choices = choices
        self.last()

    def begins(self) -> actions.Source:
        """The source as the verb takes it."""
        chosen = str(self.cleaned_data["source"])
        if chosen.startswith("v"):
            return actions.Source(version_id=int(chosen[1:]))
        return actions.Source(preset_code=chosen[1:])


class DescribeForm(WhyForm):
    """What stands before the first chapter, in both languages."""

    name_zh = forms.CharField(label=_("Name · Chinese"), max_length=120)
    name_en = forms.CharField(label=_("Name · English"), max_length=120)
    purpose_zh = forms.CharField(label=_("Purpose · Chinese"), widget=area(5))
    purpose_en = forms.CharField(label=_("Purpose · English"), widget=area(5))
    scope_zh = forms.CharField(label=_("Scope · Chinese"), widget=area(5))
    scope_en = forms.CharField(label=_("Scope · English"), widget=area(5))
    principles_zh = forms.CharField(label=_("Principles · Chinese"), widget=area(5))
    principles_en = forms.CharField(label=_("Principles · English"), widget=area(5))

    def __init__(self, data: Any, *, version: Version) -> None:
        super().__init__(data, initial={name: getattr(version, name) for name in DESCRIBED})
        self.last()


DESCRIBED = (
    "name_zh", "name_en", "purpose_zh", "purpose_en", "scope_zh", "scope_en", "principles_zh", "principles_en",
)  # fmt: skip


class CommentForm(VerbForm):
    """What a member says."""

    text = forms.CharField(label=_("Comment"), max_length=LONGEST, widget=area(4))


class SettleForm(VerbForm):
    """What became of a comment."""

    taken_up = forms.TypedChoiceField(
        label=_("Outcome"), coerce=lambda value: value == "yes", widget=forms.RadioSelect,
        choices=[("yes", _("Taken up")), ("no", _("Not taken up"))],
    )  # fmt: skip
    answer = forms.CharField(label=_("Answer"), max_length=LONGEST, widget=area(3))


class BeginForm(WhyForm):
    """From when a version holds."""

    in_force_from = forms.DateTimeField(
        label=_("Takes effect"), required=False, help_text=_("At once when left empty."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )  # fmt: skip
    despite = forms.BooleanField(label=DESPITE, required=False)

    def __init__(self, data: Any, *, against: bool) -> None:
        super().__init__(data)
        if not against:
            del self.fields["despite"]
        self.last()


class ClauseForm(WhyForm):
    """A clause: its words in both languages, the figures it governs, and what holds it."""

    number = forms.CharField(label=_("Number"), max_length=12, help_text=_("Chapter and place, such as 3.10."))
    chapter_zh = forms.CharField(
        label=_("Title of a new chapter · Chinese"), max_length=80, required=False,
        help_text=_("Only when the chapter is not there yet."),
    )  # fmt: skip
    chapter_en = forms.CharField(label=_("Title of a new chapter · English"), max_length=80, required=False)
    title_zh = forms.CharField(label=_("Title · Chinese"), max_length=120)
    title_en = forms.CharField(label=_("Title · English"), max_length=120)
    text_zh = forms.CharField(label=_("Text · Chinese"), widget=area(7), max_length=8000)
    text_en = forms.CharField(
        label=_("Text · English"), widget=area(7), max_length=8000,
        help_text=_("{app.key} says a figure, {app.key:row} one row of it. An empty line begins a paragraph."),
    )  # fmt: skip
    values = forms.MultipleChoiceField(
        label=_("Figures it governs"), required=False, widget=forms.CheckboxSelectMultiple
    )
    control = forms.ChoiceField(label=_("Held"), widget=forms.RadioSelect, choices=list(CONTROL_NAMES.items()))
    enforced_by = forms.MultipleChoiceField(
        label=_("Enforced by"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Verbs, rights to see, gates and guards of the database."),
    )  # fmt: skip
    indicators = forms.MultipleChoiceField(
        label=_("Measured by"), required=False, widget=forms.CheckboxSelectMultiple
    )
    manual_zh = forms.CharField(label=_("Who checks what · Chinese"), required=False, widget=area(2))
    manual_en = forms.CharField(label=_("Who checks what · English"), required=False, widget=area(2))

    def __init__(self, data: Any, *, clause: Clause | None, offered: list[str]) -> None:
        super().__init__(data, initial=_initial(clause) if clause else {"control": Control.MANUAL})
        codes = sorted((control_words(each), each) for each in enforcers())
        for name, choices in {
            "values": [(key, key) for key in offered],
            "enforced_by": [(code, f"{said} · {code}") for said, code in codes],
            "indicators": [(code, said.in_language(language())) for code, said in INDICATORS.items()],
        }.items():
            cast("forms.MultipleChoiceField", self.fields[name]).choices = choices
        if not INDICATORS:
            del self.fields["indicators"]
        if clause:
            for name in ("number", "chapter_zh", "chapter_en"):
                del self.fields[name]
        self.last()

    def wording(self) -> actions.Wording:
        """The clause as the verbs take it."""
        given = self.cleaned_data
        return actions.Wording(
            Words(given["title_zh"], given["title_en"]), Words(given["text_zh"], given["text_en"]),
            Control(given["control"]), tuple(given["values"]), tuple(given["enforced_by"]),
            tuple(given.get("indicators", ())), Words(given["manual_zh"], given["manual_en"]),
        )  # fmt: skip


def _initial(clause: Clause) -> dict[str, Any]:
    return {
        "title_zh": clause.title_zh, "title_en": clause.title_en, "text_zh": clause.text_zh,
        "text_en": clause.text_en, "values": clause.value_keys, "control": clause.control,
        "enforced_by": clause.enforced_by, "indicators": clause.indicators,
        "manual_zh": clause.manual_control_zh, "manual_en": clause.manual_control_en,
    }  # fmt: skip


def free_keys(version: Version, clause: Clause | None) -> list[str]:
    """The figures a clause may govern: its own, and those that no other clause governs."""
    rows = Clause.objects.filter(version=version).values_list("number", "value_keys")
    others = {key for number, keys in rows for key in keys if clause is None or number != clause.number}
    return sorted(values.REGISTRY.keys() - others)
