"""Reading contracts: whose rows an actor sees, what speaks of a machine, and what an order is entitled to."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from anxiu.contracts.choices import ContractState, CoverLevel
from anxiu.contracts.models import Contract, ContractCover
from anxiu.contracts.rules import Entitlement, Terms, entitlement, state
from anxiu.customers.models import Customer, Site
from anxiu.customers.queries import NONE, customers, matching, text_match
from anxiu.equipment.models import Machine
from anxiu.equipment.queries import cover
from anxiu.kernel.action import view
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import NotFound
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


def state_of(row: Contract, on: date) -> ContractState:
    """Where a contract is on a day."""
    return state(row.starts_on, row.ends_on, on)
