"""Contracts: put on the books, changed, their cover set, ended early, renewed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from anxiu.contracts import events
from anxiu.contracts.actions.rows import (
    NewContract,
    contract_row,
    index_contract,
    ordered,
    require_one_currency,
    require_sound,
)
from anxiu.contracts.choices import ContractState, CoverLevel, EndReason
from anxiu.contracts.models import Contract, ContractCover
from anxiu.contracts.queries import VIEW_VALUE, contracts, covers_of, sees_contracts_of, state_of
from anxiu.contracts.rules import DAY
from anxiu.customers.models import Customer, Site
from anxiu.customers.queries import customers
from anxiu.customers.queries import sites as sites_seen
from anxiu.equipment.models import Machine
from anxiu.equipment.queries import machines as machines_seen
from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.checks import change
from anxiu.kernel.errors import Invalid, NotFound, WrongState
from anxiu.kernel.events import record
from anxiu.kernel.money import Money
from anxiu.regulation.choices import OrderType

CONTRACT_FIELDS: Final = frozenset(
    {"number", "level", "starts_on", "ends_on", "parts_limit", "value", "order_types", "visits_per_year"}
)


@dataclass(frozen=True, slots=True)
class Renewal:
    """What is agreed anew; all else, and what is covered, stays as it was."""

    number: str
    starts_on: date
    ends_on: date
    value: Money | None = None


def _day(at: datetime) -> date:
    return timezone.localtime(at).date()


def _locked(actor: Actor, contract_id: int) -> Contract:
    row = contracts(actor).select_for_update(of=("self",)).filter(pk=contract_id).first()
    if row is None:
        raise NotFound("kernel.not_found")
    return row


def _customer(actor: Actor, customer_id: int) -> Customer:
    """A customer who is served, locked: nobody closes them while a contract is put on the books."""
    row = customers(actor).select_for_update(of=("self",)).filter(pk=customer_id, retired_at=None).first()
    if row is None or not sees_contracts_of(actor, row):
        raise Invalid("contracts.unknown_customer", field="customer_id")
    return row


def _require_free_number(row: Contract) -> None:
    if Contract.objects.filter(number=row.number).exclude(pk=row.pk).exists():
        raise Invalid("contracts.number_taken", field="number", number=row.number)


def _save(row: Contract) -> None:
    """Save a contract; a number that somebody else took at the same moment is taken."""
    _require_free_number(row)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        _require_free_number(row)
        raise


def _about(row: Contract) -> Subject:
    return Subject("contract", row.pk)


def _named(
    actor: Actor, customer_id: int, site_ids: tuple[int, ...], machine_ids: tuple[int, ...]
) -> tuple[list[int], list[int]]:
    """The customer's own sites and machines of these; refuses any other, by its name where the actor sees it."""
    sites = dict(Site.objects.filter(pk__in=site_ids, customer=customer_id, retired_at=None).values_list("pk", "pk"))
    machines = dict(
        Machine.objects.filter(pk__in=machine_ids, customer=customer_id, retired_at=None).values_list("pk", "pk")
    )
    asked: tuple[tuple[str, tuple[int, ...], dict[int, int], QuerySet[Any]], ...] = (
        ("site_ids", site_ids, sites, sites_seen(actor)),
        ("machine_ids", machine_ids, machines, machines_seen(actor)),
    )
    for field, given, found, seen in asked:
        if missing := [each for each in given if each not in found]:
            shown = str(seen.filter(pk=missing[0]).first() or missing[0])
            raise Invalid("contracts.not_the_customers", field=field, given=shown)
    return sorted(sites), sorted(machines)


def _cover(row: Contract, sites: list[int], machines: list[int]) -> None:
    """Make a contract name these and no others."""
    there = ContractCover.objects.filter(contract=row)
    there.exclude(site__in=sites).exclude(machine__in=machines).delete()
    kept = {(each.site_id, each.machine_id) for each in ContractCover.objects.filter(contract=row)}
    ContractCover.objects.bulk_create(
        ContractCover(contract=row, site_id=site, machine_id=machine)
        for site, machine in (*((each, None) for each in sites), *((None, each) for each in machines))
        if (site, machine) not in kept
    )


def _add(row: Contract, sites: list[int], machines: list[int], actor: Actor, at: datetime) -> None:
    _save(row)
    _cover(row, sites, machines)
    days = row.starts_on.isoformat(), row.ends_on.isoformat()
    record(
        events.ContractAdded(row.number, row.customer_id, row.level, *days, row.renews_id),
        subject=_about(row), region_id=row.region_id, actor=actor, at=at,
    )  # fmt: skip


@action(posts={"supervisor", "finance", "administrator"})
def add_contract(*, actor: Actor, at: datetime, new: NewContract) -> Contract:
    """Put a contract on the books.

    Records: ContractAdded. Refuses: a customer out of sight, a number that is taken, terms that do not fit together,
    sites and machines that are not the customer's, a value by who does not see values.
    """
    if new.value is not None:
        actor.require(VIEW_VALUE)
    customer = _customer(actor, new.customer_id)
    row = contract_row(new, customer, at)
    sites, machines = _named(actor, customer.pk, new.site_ids, new.machine_ids)
    _add(row, sites, machines, actor, at)
    return row


@action(posts={"supervisor", "finance", "administrator"})
def change_contract(*, actor: Actor, at: datetime, contract_id: int, changes: Mapping[str, Any]) -> Contract:
    """Put the terms of a contract right.

    Records: ContractChanged with what they were, when something differs. Refuses: terms that do not fit together, a
    number that is taken, a contract that was ended early, a value by who does not see values.
    """
    row = _locked(actor, contract_id)
    if row.end_reason:
        raise WrongState("contracts.is_over")
    if wrong := changes.keys() - CONTRACT_FIELDS:
        raise Invalid("kernel.not_changeable", field=sorted(wrong)[0])
    if "value" in changes:
        actor.require(VIEW_VALUE)
    wanted = _columns(row, changes)
    before = {name: getattr(row, name) for name in wanted}
    fields = change(row, wanted, frozenset(wanted))
    if not fields:
        return row
    row.agreed_until = row.ends_on
    index_contract(row)
    require_sound(row)
    _save(row)
    record(
        events.ContractChanged(fields, tuple(_said(before[name]) for name in fields)),
        subject=_about(row), region_id=row.region_id, actor=actor, at=at,
    )  # fmt: skip
    return row


def _said(value: object) -> str:
    return ",".join(value) if isinstance(value, list) else "" if value is None else str(value)


def _columns(row: Contract, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Changes as the columns they are kept in."""
    found: dict[str, Any] = {}
    amounts = {name: changes.get(name, getattr(row, name)) for name in ("parts_limit", "value")}
    if changes.get("level", row.level) != CoverLevel.LIMITED and "parts_limit" not in changes:
        found["parts_limit_minor"] = amounts["parts_limit"] = None
    require_one_currency(amounts.values())
    for name, given in changes.items():
        if name in ("parts_limit", "value"):
            found[f"{name}_minor"] = given.minor if given else None
            if given:
                found["currency"] = given.currency
        elif name == "order_types":
            found[name] = ordered(tuple(given))
        else:
            found[name] = given.strip() if name == "number" else given
    return found


@action(posts={"supervisor", "finance", "administrator"})
def set_contract_cover(
    *, actor: Actor, at: datetime, contract_id: int, covers_all: bool, site_ids: tuple[int, ...] = (),
    machine_ids: tuple[int, ...] = (),
) -> Contract:  # fmt: skip
    """Say what a contract covers: all the customer has, or these sites and machines and no others.

    Records: CoverChanged, when something differs. Refuses: a contract that is over, nothing at all, sites and machines
    that are not the customer's.
    """
    row = _locked(actor, contract_id)
    if state_of(row, _day(at)) == ContractState.OVER:
        raise WrongState("contracts.is_over")
    if not covers_all and not (site_ids or machine_ids):
        raise Invalid("contracts.nothing_covered", field="covers_all")
    sites, machines = ([], []) if covers_all else _named(actor, row.customer_id, site_ids, machine_ids)
    old_sites, old_machines = covers_of(row)
    before = row.covers_all, sorted(each.pk for each in old_sites), sorted(each.pk for each in old_machines)
    if before == (covers_all, sites, machines):
        return row
    row.covers_all = covers_all
    row.save(update_fields=["covers_all"])
    _cover(row, sites, machines)
    record(
        events.CoverChanged(covers_all, tuple(sites), tuple(machines)),
        subject=_about(row), region_id=row.region_id, actor=actor, at=at,
    )  # fmt: skip
    return row


@action(posts={"supervisor", "finance", "administrator"})
def end_contract(
    *, actor: Actor, at: datetime, contract_id: int, ends_on: date, reason: EndReason
) -> Contract:
    """End a contract before its time; one that is to be as if it had never been ends on the day before its first.

    Records: ContractEnded. Refuses: a contract that is over, a day outside of its time.
    """
    row = _locked(actor, contract_id)
    if row.end_reason or state_of(row, _day(at)) == ContractState.OVER:
        raise WrongState("contracts.is_over")
    if not ends_on < row.ends_on or ends_on + DAY < row.starts_on:
        raise Invalid("contracts.not_in_its_time", field="ends_on")
    row.ends_on, row.end_reason = ends_on, reason
    row.save(update_fields=["ends_on", "end_reason"])
    record(
        events.ContractEnded(ends_on.isoformat(), reason),
        subject=_about(row), region_id=row.region_id, actor=actor, at=at,
    )  # fmt: skip
    return row


@action(posts={"supervisor", "finance", "administrator"})
def renew_contract(*, actor: Actor, at: datetime, contract_id: int, to: Renewal) -> Contract:
    """Let a contract be followed by another on the same terms.

    Records: ContractRenewed on the old one, ContractAdded on the new. Refuses: one that was renewed before, a first day
    within the old one's time, a number that is taken, a value by who does not see values.
    """
    if to.value is not None:
        actor.require(VIEW_VALUE)
    old = _locked(actor, contract_id)
    if follower := Contract.objects.filter(renews=old).first():
        raise WrongState("contracts.renewed_before", number=follower.number)
    if to.starts_on <= old.ends_on:
        raise Invalid("contracts.overlaps_the_old", field="starts_on")
    customer = _customer(actor, old.customer_id)
    sites, machines = covers_of(old)
    new = NewContract(
        number=to.number, customer_id=customer.pk, level=CoverLevel(old.level), starts_on=to.starts_on,
        ends_on=to.ends_on, parts_limit=old.parts_limit, value=to.value,
        order_types=tuple(OrderType(each) for each in old.order_types), visits_per_year=old.visits_per_year,
        site_ids=tuple(each.pk for each in sites if each.retired_at is None),
        machine_ids=tuple(
            each.pk for each in machines if each.retired_at is None and each.customer_id == customer.pk
        ),
    )  # fmt: skip
    row = contract_row(new, customer, at)
    row.renews, row.covers_all = old, old.covers_all
    if not row.covers_all and not (new.site_ids or new.machine_ids):
        raise WrongState("contracts.nothing_covered")
    _add(row, list(new.site_ids), list(new.machine_ids), actor, at)
    record(
        events.ContractRenewed(row.pk, row.number),
        subject=_about(old), region_id=old.region_id, actor=actor, at=at,
    )  # fmt: skip
    return row
