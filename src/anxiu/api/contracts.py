"""Contracts and what a machine is entitled to: one operation a verb, and what their pages show."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router

from anxiu.api import contract_schemas as s
from anxiu.api.asking import PAGE, Code, Cursor, Key, Limit, Line
from anxiu.api.auth import actor_of
from anxiu.api.doing import REFUSED, UNREAD, act, paged
from anxiu.api.finding import key_of, keys_of
from anxiu.contracts import actions
from anxiu.contracts.actions import NewContract, Renewal
from anxiu.contracts.choices import ContractState, CoverLevel
from anxiu.contracts.models import Contract
from anxiu.contracts.queries import VIEW_VALUE, contract, contracts, covers_of, entitlements, find, in_state
from anxiu.customers.queries import customers, sites
from anxiu.equipment.queries import machine, machines
from anxiu.kernel.access import AccessKind, note_access
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import Invalid
from anxiu.kernel.money import MINOR_UNITS, Money
from anxiu.kernel.time import now
from anxiu.regulation.choices import OrderType

router = Router(tags=["contracts"])
FAULT = OrderType.REPAIR


# ---- reading ---------------------------------------------------------------------------------------------------------
@router.get("/contracts", response={200: s.ContractsOut, **UNREAD}, summary="List contracts")
def list_contracts(
    request: HttpRequest, q: Line = "", customer: UUID | None = None, state: ContractState | None = None,
    ends_before: date | None = None, region: Code = "", after: Cursor = "", limit: Limit = PAGE,
) -> s.ContractsOut:  # fmt: skip
    """Contracts the caller sees, newest first; `q` searches their numbers and customers.

    What runs out: `?state=running&ends_before=2027-01-01`, the contracts of today whose last day is before that one.
    """
    actor, today = actor_of(request), timezone.localdate()
    rows = find(actor, q) if q.strip() else contracts(actor)
    rows = rows.filter(customer__uid=customer) if customer else rows
    rows = rows.filter(in_state(state, today)) if state else rows
    rows = rows.filter(ends_on__lt=ends_before) if ends_before else rows
    rows = rows.filter(region__code=region) if region else rows
    sees_value = actor.may(VIEW_VALUE)
    return s.ContractsOut(**paged(rows, after, limit, lambda row: s.ContractOut.of(row, today, sees_value=sees_value)))


def _detail(actor: Actor, uid: UUID) -> s.ContractDetailOut:
    row = contract(actor, uid)
    named_sites, named_machines = covers_of(row)
    covers = [each.uid for each in named_sites], [each.uid for each in named_machines]
    return s.ContractDetailOut.detailed(row, timezone.localdate(), covers, sees_value=actor.may(VIEW_VALUE))


@router.get("/contracts/{uuid:uid}", response={200: s.ContractDetailOut, **UNREAD}, summary="One contract")
def get_contract(request: HttpRequest, uid: UUID) -> s.ContractDetailOut:
    """A contract with what it covers, also one that is over. Leaves an access row."""
    actor = actor_of(request)
    note_access(actor, AccessKind.DETAIL, "contract", [contract(actor, uid).pk], now())
    return _detail(actor, uid)


@router.get(
    "/machines/{uuid:uid}/entitlement",
    response={200: s.EntitlementOut, **UNREAD},
    summary="Who pays for a service to a machine",
)
def get_machine_entitlement(
    request: HttpRequest, uid: UUID, order_type: OrderType = FAULT, on: date | None = None
) -> s.EntitlementOut:
    """Warranty, contract or charge for one type of order on a day, and why; without a day, today.

    A warranty answers for faults only: `?order_type=maintenance` asks for what was agreed in contracts.
    """
    actor = actor_of(request)
    row = machine(actor, uid)
    found = entitlements([row], order_type, on or timezone.localdate())[row.pk]
    key = found.terms.contract_id if found.terms else None
    seen = contracts(actor).filter(pk=key).values_list("uid", flat=True).first() if key else None
    return s.EntitlementOut.of(found, seen)


# ---- verbs -----------------------------------------------------------------------------------------------------------
def _money(minor: int | None, currency: str) -> Money | None:
    if currency not in MINOR_UNITS:
        raise Invalid("catalogue.unknown_currency", field="currency", given=currency)
    return None if minor is None else Money(minor, currency)


def _covered(actor: Actor, body: s.ContractIn | s.ContractCoverIn) -> dict[str, Any]:
    """The sites and machines that are named, by key."""
    return {
        "site_ids": keys_of(sites(actor), "sites", body.sites),
        "machine_ids": keys_of(machines(actor), "machines", body.machines),
    }


@router.post(
    "/contracts", response={201: s.ContractDetailOut, **REFUSED}, summary="Put a contract on the books: add_contract"
)
def add_contract(request: HttpRequest, body: s.ContractIn, key: Key) -> HttpResponse:
    """Put a contract on the books.

    Labour and parts up to 500 yuan for one site:
    `{"number": "HT-1", "customer": "…", "level": "limited", "starts_on": "2026-01-01", "ends_on": "2026-12-31",
    "parts_limit_minor": 50000, "sites": ["…"]}`
    """

    def work(actor: Actor) -> s.ContractDetailOut:
        new = NewContract(
            number=body.number, customer_id=key_of(customers(actor), "customer", uid=body.customer), level=body.level,
            starts_on=body.starts_on, ends_on=body.ends_on, parts_limit=_money(body.parts_limit_minor, body.currency),
            value=_money(body.value_minor, body.currency), order_types=tuple(body.order_types),
            visits_per_year=body.visits_per_year, **_covered(actor, body),
        )  # fmt: skip
        return _detail(actor, actions.add_contract(actor=actor, at=now(), new=new).uid)

    return act(request, key, "contracts.add_contract", work, status=201)


Given = Callable[[Actor, Contract], dict[str, Any]]


def _act(request: HttpRequest, uid: UUID, key: str, verb: str, given: Given) -> HttpResponse:
    """One verb on one contract; the answer is the contract as it then stands."""

    def work(actor: Actor) -> s.ContractDetailOut:
        row = contract(actor, uid)
        getattr(actions, verb)(actor=actor, at=now(), contract_id=row.pk, **given(actor, row))
        return _detail(actor, uid)

    return act(request, key, f"contracts.{verb}", work)


@router.post(
    "/contracts/{uuid:uid}/actions/change_contract",
    response={200: s.ContractDetailOut, **REFUSED},
    summary="Put the terms of a contract right",
)
def change_contract(request: HttpRequest, uid: UUID, body: s.ContractChangeIn, key: Key) -> HttpResponse:
    """Put the terms of a contract right. Another level than `limited` takes the limit for parts away.

    Only planned visits: `{"visits_per_year": 4}`
    """
    return _act(request, uid, key, "change_contract", lambda actor, row: {"changes": _changes(row, body)})


def _changes(row: Contract, body: s.ContractChangeIn) -> dict[str, Any]:
    """What was sent, with amounts in their currency; another currency is said of an amount that stays, too."""
    changes = body.given("parts_limit_minor", "value_minor", "currency")
    sent, currency = body.model_fields_set, body.currency if "currency" in body.model_fields_set else row.currency
    _money(None, currency)
    has_limit = changes.get("level", row.level) == CoverLevel.LIMITED
    for name, there in (("parts_limit", row.parts_limit_minor if has_limit else None), ("value", row.value_minor)):
        if f"{name}_minor" in sent:
            changes[name] = _money(getattr(body, f"{name}_minor"), currency)
        elif currency != row.currency and there is not None:
            changes[name] = _money(there, currency)
    return changes


@router.post(
    "/contracts/{uuid:uid}/actions/set_contract_cover",
    response={200: s.ContractDetailOut, **REFUSED},
    summary="Say what a contract covers",
)
def set_contract_cover(request: HttpRequest, uid: UUID, body: s.ContractCoverIn, key: Key) -> HttpResponse:
    """Say what a contract covers: all the customer has, or these sites and machines and no others.

    Two machines and nothing else: `{"machines": ["…", "…"]}`
    """
    return _act(
        request, uid, key, "set_contract_cover",
        lambda actor, row: {"covers_all": body.covers_all, **_covered(actor, body)},
    )  # fmt: skip


@router.post(
    "/contracts/{uuid:uid}/actions/end_contract",
    response={200: s.ContractDetailOut, **REFUSED},
    summary="End a contract before its time",
)
def end_contract(request: HttpRequest, uid: UUID, body: s.ContractEndIn, key: Key) -> HttpResponse:
    """End a contract before its time; the day belongs to it. It is not changed any more then.

    `{"ends_on": "2026-06-30", "reason": "closed"}`
    """
    return _act(request, uid, key, "end_contract", lambda actor, row: body.model_dump())


@router.post(
    "/contracts/{uuid:uid}/actions/renew_contract",
    response={201: s.ContractDetailOut, **REFUSED},
    summary="Let a contract be followed by another",
)
def renew_contract(request: HttpRequest, uid: UUID, body: s.RenewalIn, key: Key) -> HttpResponse:
    """Let a contract be followed by another on the same terms; the answer is the new one.

    `{"number": "HT-2", "starts_on": "2027-01-01", "ends_on": "2027-12-31"}`
    """

    def work(actor: Actor) -> s.ContractDetailOut:
        row = contract(actor, uid)
        to = Renewal(body.number, body.starts_on, body.ends_on, _money(body.value_minor, row.currency))
        return _detail(actor, actions.renew_contract(actor=actor, at=now(), contract_id=row.pk, to=to).uid)

    return act(request, key, "contracts.renew_contract", work, status=201)
