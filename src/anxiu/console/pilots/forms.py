"""The forms of the verbs on pilots."""

from datetime import datetime, time
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from anxiu.accounts.queries import people, regions
from anxiu.console.dashboard.asking import local_name
from anxiu.console.dashboard.said import GROUPS
from anxiu.console.on_trial import COMPANY
from anxiu.console.pages import VerbForm
from anxiu.console.versions.forms import LONGEST, WhyForm, area
from anxiu.console.versions.words import language
from anxiu.kernel.actor import Actor
from anxiu.kpi.messages import MEANINGS
from anxiu.kpi.rules.piloting import COMPARED
from anxiu.regulation.actions import Trial
from anxiu.regulation.choices import OrderType
from anxiu.regulation.models import Version
from anxiu.regulation.queries import order_type_in_words

DESPITE = _("Do it knowing this")
DAY = forms.DateInput(attrs={"type": "date"})
SHOWN = 400  # people offered to lead


class StartForm(VerbForm):
    """Where a version is tried, until when, who leads, and by what it is compared."""

    regions = forms.TypedMultipleChoiceField(
        label=_("Regions"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all regions, for the kinds of service below. Regions beside regions compare best."),
    )  # fmt: skip
    order_types = forms.MultipleChoiceField(
        label=_("Kinds of service"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all kinds."),
    )  # fmt: skip
    starts = forms.DateField(
        label=_("First day"), required=False, widget=DAY, help_text=_("At once when left empty, else from midnight on.")
    )
    until_date = forms.DateField(label=_("Planned last day"), widget=DAY)
    leader_id = forms.TypedChoiceField(label=_("Led by"), coerce=int)
    purpose = forms.CharField(
        label=_("Purpose"), max_length=LONGEST, widget=area(3), help_text=_("What is expected of it; kept on record.")
    )
    indicators = forms.MultipleChoiceField(label=_("Compared by"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, data: Any, *, actor: Actor, version: Version) -> None:
        super().__init__(data, initial={"leader_id": actor.person_id})
        found = people(actor).filter(is_active=True).order_by("name_key", "pk")[:SHOWN]
        first = [code for _group, codes in GROUPS for code in codes]
        codes = [*first, *(code for code in COMPARED if code not in first)]
        offered: dict[str, list[tuple[Any, Any]]] = {
            "regions": [(each.pk, local_name(each)) for each in regions(actor) if each.retired_at is None],
            "order_types": [(each.value, order_type_in_words(each, language())) for each in OrderType],
            "leader_id": [("", _("Please choose")), *((each.pk, each.name) for each in found)],
            "indicators": [(code, MEANINGS[code].name) for code in codes],
        }  # fmt: skip
        for name, choices in offered.items():
            cast("forms.ChoiceField", self.fields[name]).choices = choices
        if version.region_id is not None:
            del self.fields["regions"]
        if version.order_type:
            del self.fields["order_types"]

    def begins(self, at: datetime) -> datetime:
        """The moment it begins; today means at once."""
        day = self.cleaned_data["starts"]
        if day is None or day == at.astimezone(COMPANY).date():
            return at
        return datetime.combine(day, time.min, COMPANY)

    def trial(self) -> Trial:
        """What the verb takes."""
        given = self.cleaned_data
        return Trial(
            tuple(given.get("regions", ())), tuple(given.get("order_types", ())), given["until_date"],
            given["leader_id"], tuple(given["indicators"]), given["purpose"],
        )  # fmt: skip


class RollOutForm(WhyForm):
    """From when it holds everywhere."""

    in_force_from = forms.DateTimeField(
        label=_("Takes effect"), required=False, help_text=_("At once when left empty."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )  # fmt: skip

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.last()


def offer_despite(form: forms.Form) -> None:
    """Let somebody who was told what speaks against it do it all the same."""
    form.fields["despite"] = forms.BooleanField(label=DESPITE, required=False)
