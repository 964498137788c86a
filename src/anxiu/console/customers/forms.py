"""The forms of the verbs about customers, sites and contacts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from anxiu.accounts.models import Person
from anxiu.accounts.queries import outlets, people, regions
from anxiu.console.pages import VerbForm
from anxiu.console.people.forms import Named
from anxiu.customers.choices import Language, Tier
from anxiu.customers.messages import LANGUAGES, TIERS
from anxiu.customers.models import Customer, Site
from anxiu.kernel.actor import Actor
from anxiu.kernel.geo import Place


def plain(values: dict[str, Any]) -> dict[str, Any]:
    """A form's values with the keys of chosen rows in place of the rows."""
    return {name: getattr(value, "pk", value) for name, value in values.items()}


class CustomerForm(VerbForm):
    """A customer's details."""

    name = forms.CharField(label=_("Customer name"), max_length=120)
    code = forms.CharField(label=_("Customer code"), max_length=32, required=False)
    tier = forms.ChoiceField(label=_("Tier"), choices=list(TIERS.items()), initial=Tier.STANDARD)
    region_id = Named(queryset=None, label=_("Region"))
    language = forms.ChoiceField(label=_("Language"), choices=list(LANGUAGES.items()), initial=Language.CHINESE)

    def __init__(self, who: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region_id"].queryset = regions(who)  # type: ignore[attr-defined]
        if not self.initial:
            self.fields["code"].help_text = _("Left empty, the next code is given.")


class AgentForm(VerbForm):
    """Whose customer this is."""

    person_id: "forms.ModelChoiceField[Person]" = forms.ModelChoiceField(
        queryset=None, label=_("Own agent"), required=False, empty_label=_("Nobody")
    )

    def __init__(self, who: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = people(who).filter(is_active=True).order_by("name_key", "id")
        self.fields["person_id"].queryset = rows  # type: ignore[attr-defined]


class SiteForm(VerbForm):
    """Where a customer is served."""

    name = forms.CharField(label=_("Site name"), max_length=120)
    address = forms.CharField(label=_("Address"), max_length=240, required=False)
    region_id = Named(queryset=None, label=_("Region"))
    outlet_id = Named(queryset=None, label=_("Outlet"), required=False)
    latitude = forms.FloatField(label=_("Latitude"), min_value=-90, max_value=90, required=False)
    longitude = forms.FloatField(label=_("Longitude"), min_value=-180, max_value=180, required=False)

    def __init__(self, who: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region_id"].queryset = regions(who)  # type: ignore[attr-defined]
        self.fields["outlet_id"].queryset = outlets(who)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A latitude goes with a longitude."""
        values = super().clean() or self.cleaned_data
        for one, other in (("latitude", "longitude"), ("longitude", "latitude")):
            if values.get(one) is None and values.get(other) is not None and one not in self.errors:
                self.add_error(one, _("Please fill this in."))
        return values


def site_values(values: dict[str, Any]) -> dict[str, Any]:
    """A site's values as the verbs take them: both degrees as one place, typed by hand."""
    found = plain(values)
    latitude, longitude = found.pop("latitude"), found.pop("longitude")
    return {**found, "place": None if latitude is None else Place(latitude, longitude)}


def site_initial(row: Site) -> dict[str, Any]:
    """What a site's form starts with."""
    names = ("name", "address", "region_id", "outlet_id", "latitude", "longitude")
    return {name: getattr(row, name) for name in names}


class ContactForm(VerbForm):
    """Somebody at a customer."""

    name = forms.CharField(label=_("Name"), max_length=80)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    email = forms.EmailField(label=_("Email address"), required=False)
    role = forms.CharField(label=_("Function"), max_length=40, required=False)
    site_id: "forms.ModelChoiceField[Site]" = forms.ModelChoiceField(
        queryset=None, label=_("Site"), required=False, empty_label=_("All sites")
    )
    language = forms.ChoiceField(label=_("Language"), choices=list(LANGUAGES.items()), initial=Language.CHINESE)

    def __init__(self, customer: Customer, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = customer.sites.filter(retired_at=None).order_by("name", "id")
        self.fields["site_id"].queryset = rows  # type: ignore[attr-defined]
