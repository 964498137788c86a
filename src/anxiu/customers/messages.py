"""Codes of the customers app, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anxiu.customers.choices import ConsentMeans, EraseReason, Language, Tier, Use
from anxiu.kernel.messages import register

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

register(
    refusals={
        "customers.still_own_agent": _("They are the agent of {count} customers, of {customer} among them."),
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
        "customers.nothing_said": _("Say what was agreed to, or not."),
        "customers.must_be_kept": _("This personal data must still be kept."),
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
        "customers.customer_erased": _("Personal data of the customer erased"),
        "customers.consent_given": _("Consent given: {use}"),
        "customers.consent_declined": _("Consent declined or withdrawn: {use}"),
    },
)

TIERS: Final[Mapping[str, Promise]] = {
    Tier.KEY: _("Key customer"),
    Tier.CONTRACT: _("Contract customer"),
    Tier.STANDARD: _("Standard customer"),
}
LANGUAGES: Final[Mapping[str, Promise]] = {Language.CHINESE: _("Chinese"), Language.ENGLISH: _("English")}
ERASE_REASONS: Final[Mapping[str, Promise]] = {
    EraseReason.ASKED: _("The person asked for it"),
    EraseReason.LEFT: _("The person left"),
    EraseReason.NO_PURPOSE: _("There is no purpose for it any more"),
    EraseReason.ORDERED: _("An authority or a court ordered it"),
}
FIELDS: Final[Mapping[str, Promise]] = {
    "address": _("address"), "code": _("code"), "email": _("email address"), "language": _("language"),
    "name": _("name"), "outlet_id": _("outlet"), "phone": _("phone"), "place": _("place on the map"),
    "region_id": _("region"), "role": _("role"), "site_id": _("site"), "tier": _("tier"),
}  # fmt: skip
USES: Final[Mapping[str, "_StrPromise"]] = {
    Use.HANDLING: _("Dealing with the report"), Use.PROGRESS: _("News of every step"),
    Use.SURVEY: _("Being asked how it was"),
}  # fmt: skip
CONSENT_MEANS: Final[Mapping[str, Promise]] = {
    ConsentMeans.FORM: _("On the report form"), ConsentMeans.LINK: _("On the order's page"),
    ConsentMeans.PHONE: _("By phone"), ConsentMeans.MAIL: _("By email"), ConsentMeans.PERSON: _("In person"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wording:
    """What somebody is asked, and which version of it; other words are another version."""

    version: int
    words: "_StrPromise"


WORDINGS: Final[Mapping[Use, Wording]] = {
    Use.HANDLING: Wording(1, _("You may use my name and contact details to deal with this report.")),
    Use.PROGRESS: Wording(1, _("Tell me at every step: who comes and when, on the way, arrived, interrupted.")),
    Use.SURVEY: Wording(1, _("You may ask me afterwards how it was.")),
}
