"""Codes of the contracts app, in words."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anxiu.contracts.choices import Basis, Because, ContractState, CoverLevel, EndReason
from anxiu.kernel.messages import register

register(
    refusals={
        "contracts.unknown_customer": _("There is no such customer, or their contracts are not yours to see."),
        "contracts.number_taken": _("The contract number {number} is taken."),
        "contracts.ends_before_it_starts": _("The last day is before the first."),
        "contracts.limit_needed": _("Say up to what price parts are included."),
        "contracts.limit_not_meant": _("Only a contract with parts up to a price has such a price."),
        "contracts.not_an_amount": _("An amount cannot be negative, nor that large."),
        "contracts.one_currency": _("The amounts of a contract are in one currency."),
        "contracts.value_not_yours": _("What a contract is worth is not yours to say; leave the column out."),
        "contracts.too_many_visits": _("At most {limit} planned visits a year."),
        "contracts.nothing_covered": _("Name a site or machine, or cover all the customer has."),
        "contracts.not_the_customers": _("“{given}” is not the customer's, or not in use."),
        "contracts.is_over": _("This contract is over."),
        "contracts.not_in_its_time": _("Choose a day within the contract's time."),
        "contracts.renewed_before": _("This contract was renewed before, by {number}."),
        "contracts.overlaps_the_old": _("The new contract begins after the old one ends."),
        "contracts.still_running": _("{count} contracts still run or are to begin: {number}."),
    },
    sentences={
        "contracts.contract_added": _("Contract {number} added, from {starts_on} to {ends_on}"),
        "contracts.contract_changed": _("Contract changed: {fields}"),
        "contracts.cover_changed": _("What the contract covers was changed"),
        "contracts.contract_ended": _("Contract ended early, on {ends_on}"),
        "contracts.contract_renewed": _("Renewed by contract {number}"),
    },
)

LEVELS: Final[Mapping[CoverLevel, Promise]] = {
    CoverLevel.LABOUR: _("Labour only"),
    CoverLevel.LIMITED: _("Labour and small parts"),
    CoverLevel.FULL: _("Labour and all parts"),
}
STATES: Final[Mapping[ContractState, Promise]] = {
    ContractState.COMING: pgettext_lazy("contract", "to begin"),
    ContractState.RUNNING: pgettext_lazy("contract", "running"),
    ContractState.OVER: pgettext_lazy("contract", "over"),
}
END_REASONS: Final[Mapping[EndReason, Promise]] = {
    EndReason.PRICE: _("The price"),
    EndReason.SERVICE: _("Not content with the service"),
    EndReason.COMPETITOR: _("Went to somebody else"),
    EndReason.CLOSED: _("The machines are no longer in use"),
    EndReason.MISTAKE: _("Entered by mistake"),
    EndReason.OTHER: pgettext_lazy("reason", "Other"),
}
BASES: Final[Mapping[Basis, Promise]] = {
    Basis.WARRANTY: _("Warranty"),
    Basis.CONTRACT: _("Contract"),
    Basis.CHARGEABLE: _("Chargeable"),
}
REASONS: Final[Mapping[Because, Promise]] = {
    Because.IN_WARRANTY: _("in warranty until {until}"),
    Because.COVERED: _("contract {number} until {until}"),
    Because.OTHER_TYPES: _("contract {number} does not cover this type of order"),
    Because.OVER: _("contract {number} ended on {until}"),
    Because.COMING: _("contract {number} begins after {until}"),
    Because.NONE: _("no warranty and no contract"),
}
FIELDS: Final[Mapping[str, Promise]] = {
    "currency": _("currency"), "ends_on": _("last day"), "level": _("what it pays for"), "number": _("contract number"),
    "order_types": _("types of order"), "parts_limit_minor": _("limit for parts"), "starts_on": _("first day"),
    "value_minor": _("contract value"), "visits_per_year": _("planned visits a year"),
}  # fmt: skip
IMPORT_FIELDS: Final[Mapping[str, Promise]] = {
    "key": _("Contract number"), "customer": _("Customer code"), "level": _("What it pays for"),
    "starts_on": _("First day"), "ends_on": _("Last day"), "parts_limit": _("Price up to which parts are included"),
    "value": _("Contract value"), "visits_per_year": _("Planned visits a year"),
    "order_types": _("Types of order it covers"), "site": _("Site it covers"),
    "machines": _("Machines it covers, by code or serial number"),
}  # fmt: skip
