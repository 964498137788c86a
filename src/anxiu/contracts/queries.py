"""Reading contracts: whose rows an actor sees, what speaks of a machine, and what an order is entitled to."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time
from typing import Any, Final
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject
from django.utils import timezone

from anxiu.contracts.choices import ContractState, CoverLevel
from anxiu.contracts.models import Contract, ContractCover
from anxiu.contracts.rules import DAY, Entitlement, Terms, entitlement, state
from anxiu.customers.models import Customer, Site
from anxiu.customers.queries import NONE, customers, matching, text_match
from anxiu.equipment.models import Machine
from anxiu.equipment.queries import cover
from anxiu.kernel.action import view
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import NotFound
from anxiu.kernel.money import Money
from anxiu.regulation.choices import OrderType

VIEW = view(
    "contracts.view", posts={"agent", "dispatcher", "supervisor", "finance", "management", "administrator"}
)
VIEW_VALUE = view("contracts.view_value", posts={"supervisor", "finance", "management", "administrator"})

STATES: Final = tuple(ContractState)


def contracts(actor: Actor) -> QuerySet[Contract]:
    """The contracts the actor sees: of customers of their regions, or that are their own; none for links."""
    rows = Contract.objects.select_related("customer", "region")
    if not actor.may(VIEW):
        return rows.none()
    if actor.regions is None:
        return rows
    own = Q(customer__own_agent_id=actor.person_id) if actor.person_id else NONE
    return rows.filter(Q(region_id__in=actor.regions) | own)


def sees_contracts_of(actor: Actor, customer: Customer) -> bool:
    """Whether `contracts` would list a contract of this customer."""
    is_own = actor.person_id is not None and customer.own_agent_id == actor.person_id
    return actor.may(VIEW) and (actor.sees_region(customer.region_id) or is_own)


def contract(actor: Actor, uid: UUID) -> Contract:
    """One contract, also one that is over."""
    found = contracts(actor).select_related("renews", "renewed_by").filter(uid=uid).first()
    if found is None:
        raise NotFound("kernel.not_found")
    return found


def in_state(wanted: ContractState, on: date) -> Q:
    """Contracts that are to begin, run, or are over on a day, as `rules.state` says it."""
    match wanted:
        case ContractState.COMING:
            return Q(starts_on__gt=on, ends_on__gte=F("starts_on"))
        case ContractState.RUNNING:
            return Q(starts_on__lte=on, ends_on__gte=on)
    return Q(ends_on__lt=on) | Q(ends_on__lt=F("starts_on"))


def counts(actor: Actor, on: date) -> dict[ContractState, int]:
    """How many of the contracts in sight are in each state; one statement."""
    found = contracts(actor).aggregate(**{each.value: Count("pk", filter=in_state(each, on)) for each in STATES})
    return {each: found[each.value] for each in STATES}


def find(actor: Actor, text: str) -> QuerySet[Contract]:
    """Contracts by a part of their number, or by whose they are."""
    theirs = matching(customers(actor), text_match(text))
    rows = contracts(actor)
    return rows.filter(pk__in=matching(rows, text_match(text) | Q(number=text.strip()) | Q(customer__in=theirs)))


def covers_of(row: Contract) -> tuple[list[Site], list[Machine]]:
    """The sites and machines a contract names; nothing of a contract for all the customer has."""
    rows = ContractCover.objects.filter(contract=row).select_related("site", "machine__model", "machine__site")
    found = list(rows.order_by("site__name", "machine__name", "id"))
    return [each.site for each in found if each.site], [each.machine for each in found if each.machine]


def named_counts(ids: Collection[int]) -> Mapping[int, tuple[int, int]]:
    """How many sites and machines contracts name, by contract; one statement, none for nothing."""
    if not ids:
        return {}
    rows = ContractCover.objects.filter(contract__in=ids).values_list("contract_id")
    return {key: (sites, machines) for key, sites, machines in rows.annotate(Count("site"), Count("machine"))}


def of_customer(actor: Actor, customer: Customer) -> QuerySet[Contract]:
    """A customer's contracts, the ones that run longest first."""
    return contracts(actor).filter(customer=customer).order_by("-ends_on", "-id")


def _speaking_of(machines: Collection[Machine]) -> QuerySet[Contract]:
    """Contracts of the machines' customers that cover them, or might; told apart in `speaks`."""
    rows = Contract.objects.filter(customer__in={each.customer_id for each in machines})
    return rows.filter(Q(covers_all=True) | Q(pk__in=_naming(machines).values("contract")))


def _naming(machines: Collection[Machine]) -> QuerySet[ContractCover]:
    return ContractCover.objects.filter(
        Q(machine__in={each.pk for each in machines}) | Q(site__in={each.site_id for each in machines})
    )


def terms_of(machines: Collection[Machine]) -> Mapping[int, list[Terms]]:
    """The contracts that speak of each machine, whatever their time, by machine; two statements for any number."""
    rows = {row.pk: row for row in _speaking_of(machines)}
    named: dict[int, set[tuple[str, int]]] = {}
    partly = [row.pk for row in rows.values() if not row.covers_all]
    if partly:
        covers = _naming(machines).filter(contract__in=partly)
        for key, site, machine in covers.values_list("contract_id", "site_id", "machine_id"):
            named.setdefault(key, set()).add(("site", site) if site else ("machine", machine))
    return {
        each.pk: [
            _terms(row) for row in rows.values()
            if row.customer_id == each.customer_id and (
                row.covers_all or named.get(row.pk, set()) & {("site", each.site_id), ("machine", each.pk)}
            )
        ]
        for each in machines
    }  # fmt: skip


def terms_beside() -> ArraySubquery:
    """The contracts that speak of the machine of a row, to be read beside it: `from_beside` makes terms of them."""
    thing = Q(machine=OuterRef(OuterRef("machine"))) | Q(site=OuterRef(OuterRef("machine__site")))
    named = ContractCover.objects.filter(thing, contract=OuterRef("pk"))
    rows = Contract.objects.filter(Q(covers_all=True) | Exists(named), customer=OuterRef("machine__customer"))
    columns = ("number", "level", "starts_on", "ends_on", "order_types", "parts_limit_minor", "currency")
    return ArraySubquery(rows.values(said=JSONObject(contract_id="pk", **{name: name for name in columns})))


def from_beside(said: Iterable[Mapping[str, Any]]) -> list[Terms]:
    """Terms as they were read beside a row."""
    return [
        Terms(
            each["contract_id"], each["number"], CoverLevel(each["level"]), date.fromisoformat(each["starts_on"]),
            date.fromisoformat(each["ends_on"]), frozenset(OrderType(name) for name in each["order_types"]),
            None if each["parts_limit_minor"] is None else Money(each["parts_limit_minor"], each["currency"]),
        )
        for each in said
    ]  # fmt: skip


def _terms(row: Contract) -> Terms:
    types = frozenset(OrderType(each) for each in row.order_types)
    level = CoverLevel(row.level)
    return Terms(row.pk, row.number, level, row.starts_on, row.ends_on, types, row.parts_limit)


def entitlements(machines: Collection[Machine], order_type: OrderType, on: date) -> Mapping[int, Entitlement]:
    """What a service to each machine is entitled to on a day, for callers that may see the machines.

    The machines are read through `equipment.queries.machines`, with model and family at hand.
    """
    terms = terms_of(machines)
    return {
        each.pk: entitlement(order_type=order_type, on=on, warranty=cover(each, on), terms=terms[each.pk])
        for each in machines
    }


def in_its_time(row: Contract) -> Q:
    """Orders about what a contract covers, of its types, that were opened in its time."""
    match = Q(customer=row.customer_id)
    if not row.covers_all:
        named = ContractCover.objects.filter(contract=row)
        things = Q(machine__in=named.exclude(machine=None).values("machine"))
        match &= things | Q(machine__site__in=named.exclude(site=None).values("site"))
    if row.order_types:
        match &= Q(order_type__in=row.order_types)
    # What begins or ends with time itself has no midnight before or after it.
    if row.starts_on - date.min > DAY:
        match &= Q(opened_at__gte=_midnight(row.starts_on))
    if date.max - row.ends_on > DAY:
        match &= Q(opened_at__lt=_midnight(row.ends_on + DAY))
    return match


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def state_of(row: Contract, on: date) -> ContractState:
    """Where a contract is on a day."""
    return state(row.starts_on, row.ends_on, on)
