"""The forms of the verbs about contracts."""

from datetime import date
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anxiu.console.pages import VerbForm
from anxiu.contracts.choices import CoverLevel, EndReason
from anxiu.contracts.messages import END_REASONS, LEVELS
from anxiu.contracts.models import Contract
from anxiu.customers.models import Customer, Site
from anxiu.equipment.models import Machine
from anxiu.kernel.money import MINOR_UNITS, Money
from anxiu.orders.messages import TYPES

DIGITS: Final = 14  # source: the columns' width in minor units, and more than any contract
MONEY: Final = ("parts_limit", "value")


def _date() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _amount(label: Any, **more: Any) -> forms.DecimalField:
    places = MINOR_UNITS[settings.ENV.currency]
    return forms.DecimalField(
        label=label, min_value=Decimal(0), max_digits=DIGITS, decimal_places=places, required=False, **more
    )


class CustomerChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable at run time
    """Customers by name and code."""

    def label_from_instance(self, obj: Customer) -> str:
        return f"{obj.name} · {obj.code}"


class ContractForm(VerbForm):
    """The terms of a contract. Who does not see values does not write them."""

    number = forms.CharField(label=_("Contract number"), max_length=40)
    level = forms.ChoiceField(label=_("What it pays for"), choices=list(LEVELS.items()), initial=CoverLevel.LABOUR)
    starts_on = forms.DateField(label=pgettext_lazy("contract", "First day"), widget=_date())
    ends_on = forms.DateField(label=_("Last day"), widget=_date())
    parts_limit = _amount(
        _("Price up to which parts are included"), help_text=_("Only with labour and parts up to a price.")
    )
    value = _amount(_("Contract value"), help_text=_("What the customer pays for the whole time."))
    visits_per_year = forms.IntegerField(
        label=_("Planned visits a year"), min_value=0, max_value=365, initial=0, required=False
    )
    order_types = forms.MultipleChoiceField(
        label=_("Types of order it covers"), choices=list(TYPES.items()), required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_("Nothing ticked: all of them."),
    )  # fmt: skip

    def __init__(self, *args: Any, sees_value: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not sees_value:
            del self.fields["value"]


class NewContractForm(ContractForm):
    """A customer and the terms."""

    customer_id = CustomerChoice(queryset=None, label=_("Customer"))
    field_order = ("customer_id", "number", "level", "starts_on", "ends_on", "parts_limit", "value")

    def __init__(self, rows: "QuerySet[Customer]", *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["customer_id"].queryset = rows  # type: ignore[attr-defined]


class CoverForm(VerbForm):
    """All the customer has, or the sites and machines that are ticked."""

    covers_all = forms.TypedChoiceField(
        label=_("What it covers"), widget=forms.RadioSelect, coerce=lambda text: text == "all",
        choices=[("all", _("All the customer has, also what comes later")), ("named", _("Only what is ticked here"))],
    )  # fmt: skip
    site_ids = forms.TypedMultipleChoiceField(
        label=_("Sites, with all that stands there"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    machine_ids = forms.TypedMultipleChoiceField(
        label=_("Single machines"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, places: "QuerySet[Site]", things: "QuerySet[Machine]", *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site_ids"].choices = [(each.pk, each.name) for each in places]  # type: ignore[attr-defined]
        self.fields["machine_ids"].choices = [(each.pk, _named(each)) for each in things]  # type: ignore[attr-defined]
        for name in ("site_ids", "machine_ids"):
            if not self.fields[name].choices:  # type: ignore[attr-defined]
                del self.fields[name]


def _named(row: Machine) -> str:
    return " · ".join(filter(None, (row.name or row.model.name, row.serial or row.label_code, row.site.name)))


class EndForm(VerbForm):
    """When a contract ends, and why."""

    ends_on = forms.DateField(label=_("Last day"), widget=_date(), help_text=_("This day still belongs to it."))
    reason = forms.ChoiceField(label=_("Reason"), choices=list(END_REASONS.items()), initial=EndReason.OTHER)


class RenewalForm(VerbForm):
    """What is agreed anew."""

    number = forms.CharField(label=_("New contract number"), max_length=40)
    starts_on = forms.DateField(label=pgettext_lazy("contract", "First day"), widget=_date())
    ends_on = forms.DateField(label=_("Last day"), widget=_date())
    value = _amount(_("Contract value"))

    def __init__(self, *args: Any, sees_value: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not sees_value:
            del self.fields["value"]


def values_of(given: dict[str, Any]) -> dict[str, Any]:
    """A form's values as the verbs take them: amounts as money, the customer by key."""
    found = {name: getattr(value, "pk", value) for name, value in given.items()}
    for name in MONEY:
        if name in found:
            amount = found[name]
            found[name] = None if amount is None else Money.of(amount, settings.ENV.currency)
    if "visits_per_year" in found:
        found["visits_per_year"] = found["visits_per_year"] or 0
    return found


def initial_of(row: Contract) -> dict[str, Any]:
    """What the form of a contract's terms starts with."""
    names = ("number", "level", "starts_on", "ends_on", "visits_per_year", "order_types")
    amounts = {name: getattr(row, name) for name in MONEY}
    return {
        **{name: getattr(row, name) for name in names},
        **{name: each.amount if each else None for name, each in amounts.items()},
    }


def day_of_next_year(first: date) -> date:
    """The last day of a year that begins on a day."""
    try:
        again = first.replace(year=first.year + 1)
    except ValueError:  # 29 February
        again = first.replace(year=first.year + 1, month=3, day=1)
    return date.fromordinal(again.toordinal() - 1)
