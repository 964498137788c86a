"""Codes of the customers app, in words."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anxiu.customers.choices import Language, Tier
from anxiu.kernel.messages import register

register(
    refusals={
        "customers.code_taken": _("Another customer has this code."),
        "customers.unknown_region": _("There is no such region, or it is not yours."),
        "customers.unknown_outlet": _("There is no such outlet, or it is not yours."),
        "customers.unknown_person": _("There is no such colleague."),
        "customers.not_a_phone": _("“{given}” is not a telephone number."),
        "customers.site_of_another": _("This site belongs to another customer, or is closed."),
        "customers.agent_for_key_only": _("Only key customers have an agent of their own."),
        "customers.customer_is_retired": _("This customer is no longer served."),
        "customers.site_is_retired": _("This site is no longer served."),
        "customers.contact_is_retired": _("This contact is no longer there."),
        "customers.still_needed": _("This cannot be closed yet."),
    },
    sentences={
        "customers.customer_added": _("Customer {code} added"),
        "customers.customer_changed": _("Details changed: {fields}"),
        "customers.agent_assigned": _("Own agent assigned"),
        "customers.customer_retired": _("Customer closed"),
        "customers.site_added": _("Site added"),
        "customers.site_changed": _("Site changed: {fields}"),
        "customers.site_retired": _("Site closed"),
        "customers.contact_added": _("Contact added"),
        "customers.contact_changed": _("Contact changed: {fields}"),
        "customers.contact_retired": _("Contact closed"),
        "customers.contact_erased": _("Personal data erased"),
    },
)

TIERS: Final[Mapping[str, Promise]] = {
    Tier.KEY: _("Key customer"),
    Tier.CONTRACT: _("Contract customer"),
    Tier.STANDARD: _("Standard customer"),
}
LANGUAGES: Final[Mapping[str, Promise]] = {Language.CHINESE: _("Chinese"), Language.ENGLISH: _("English")}
FIELDS: Final[Mapping[str, Promise]] = {
    "address": _("address"), "code": _("code"), "email": _("email address"), "language": _("language"),
    "name": _("name"), "outlet_id": _("outlet"), "phone": _("phone"), "place": _("place on the map"),
    "region_id": _("region"), "role": _("role"), "site_id": _("site"), "tier": _("tier"),
}  # fmt: skip
