"""Each verb of contracts: by whom, on whose, what it records, and every way in which it is refused."""

from dataclasses import replace
from datetime import date, timedelta
from threading import Thread
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from anxiu.accounts.queries import actor_of
from anxiu.contracts import actions
from anxiu.contracts.actions import NewContract, Renewal
from anxiu.contracts.actions import contracts as verbs
from anxiu.contracts.choices import ContractState, CoverLevel, EndReason
from anxiu.contracts.models import Contract, ContractCover
from anxiu.contracts.queries import VIEW, contract, contracts, counts, covers_of, find, in_state, state_of
from anxiu.customers.actions import assign_agent, change_customer, retire_customer, retire_site
from anxiu.customers.choices import Tier
from anxiu.equipment.actions import retire_machine
from anxiu.equipment.models import Machine
from anxiu.kernel.actor import SYSTEM, Actor, ActorKind, Subject
from anxiu.kernel.errors import GateShut, Invalid, NotAllowed, NotFound, Refusal, WrongState
from anxiu.kernel.models import EventRow
from anxiu.kernel.money import Money
from anxiu.kernel.sequencer import catch_up
from anxiu.regulation.choices import OrderType
from tests.given.assets import AT, Base, a_base, a_contract, a_customer, a_machine, a_person, a_region, a_site, acting

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("AST-02", "FIN-04")]
TODAY = timezone.localtime(AT).date()
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
NEXT = Renewal("HT-NEXT", date(2027, 1, 1), date(2027, 12, 31))


@pytest.fixture
def base() -> Base:
    return a_base()


def new(base: Base, number: str = "HT-1", **more: Any) -> NewContract:
    given = {"level": CoverLevel.LABOUR, "starts_on": FIRST, "ends_on": LAST, **more}
    return NewContract(number, base.customer.pk, **given)


def add(base: Base, actor: Actor = SYSTEM, **more: Any) -> Contract:
    return actions.add_contract(actor=actor, at=AT, new=new(base, **more))


def change(row: Contract, actor: Actor = SYSTEM, **changes: Any) -> Contract:
    return actions.change_contract(actor=actor, at=AT, contract_id=row.pk, changes=changes)


def cover(row: Contract, actor: Actor = SYSTEM, **more: Any) -> Contract:
    given = {"covers_all": False, **more}
    return actions.set_contract_cover(actor=actor, at=AT, contract_id=row.pk, **given)


def end(row: Contract, on: date = TODAY, actor: Actor = SYSTEM) -> Contract:
    return actions.end_contract(actor=actor, at=AT, contract_id=row.pk, ends_on=on, reason=EndReason.MISTAKE)


def renew(row: Contract, to: Renewal = NEXT, actor: Actor = SYSTEM) -> Contract:
    return actions.renew_contract(actor=actor, at=AT, contract_id=row.pk, to=to)


def close(base: Base) -> None:
    if not Machine.objects.filter(pk=base.machine.pk, retired_at__isnull=False).exists():
        retire_machine(actor=SYSTEM, at=AT, machine_id=base.machine.pk)
    retire_customer(actor=SYSTEM, at=AT, customer_id=base.customer.pk)


def arguments(verb: str, base: Base) -> dict[str, Any]:
    row = a_contract(base.customer)
    return {
        "add_contract": {"new": new(base)},
        "change_contract": {"contract_id": row.pk, "changes": {"visits_per_year": 4}},
        "set_contract_cover": {"contract_id": row.pk, "covers_all": False, "site_ids": (base.site.pk,)},
        "end_contract": {"contract_id": row.pk, "ends_on": TODAY, "reason": EndReason.PRICE},
        "renew_contract": {"contract_id": row.pk, "to": NEXT},
    }[verb]


VERBS = [
    ("add_contract", "finance", "agent"), ("change_contract", "supervisor", "dispatcher"),
    ("set_contract_cover", "administrator", "agent"), ("end_contract", "supervisor", "management"),
    ("renew_contract", "finance", "engineer"),
]  # fmt: skip


@pytest.mark.parametrize(("verb", "allowed", "refused"), VERBS)
def test_each_verb_is_for_its_posts(verb: str, allowed: str, refused: str, base: Base) -> None:
    given = arguments(verb, base)
    with pytest.raises(NotAllowed):
        getattr(actions, verb)(actor=acting(refused, base.region), at=AT, **given)
    getattr(actions, verb)(actor=acting(allowed, base.region), at=AT, **given)


@pytest.mark.requirement("PF-04")
@pytest.mark.parametrize("verb", [verb for verb, _, _ in VERBS if verb != "add_contract"])
def test_a_contract_of_another_region_is_not_there(verb: str, base: Base) -> None:
    given = arguments(verb, base)
    with pytest.raises(NotFound):
        getattr(actions, verb)(actor=acting("supervisor", a_region()), at=AT, **given)


@pytest.mark.requirement("PF-04")
def test_a_contract_is_seen_by_its_region_by_the_customers_own_agent_and_by_no_link(base: Base) -> None:
    row, elsewhere = a_contract(base.customer), a_region()
    own = a_person("agent", elsewhere)
    change_customer(actor=SYSTEM, at=AT, customer_id=base.customer.pk, changes={"tier": Tier.KEY})
    assign_agent(actor=SYSTEM, at=AT, customer_id=base.customer.pk, person_id=own.pk)
    link = Actor(ActorKind.LINK, 1, frozenset(), subject=Subject("customer", base.customer.pk))
    asking = [
        SYSTEM, acting("agent", base.region), acting("agent", elsewhere), actor_of(own), acting("management"),
        acting("engineer", base.region), acting("hr"), link,
    ]  # fmt: skip
    assert [contracts(each).filter(pk=row.pk).exists() for each in asking] == [
        True, True, False, True, True, False, False, False
    ]  # fmt: skip
    with pytest.raises(NotFound):
        contract(link, row.uid)
    assert find(asking[1], row.number).get() == row
    assert not find(asking[2], row.number).exists()


@pytest.mark.requirement("PF-04")
def test_contracts_go_with_their_customer_to_another_region(base: Base) -> None:
    row, west = a_contract(base.customer), a_region()
    change_customer(actor=SYSTEM, at=AT, customer_id=base.customer.pk, changes={"region_id": west.pk})
    catch_up()
    assert contracts(acting("supervisor", west)).get() == row
    assert not contracts(acting("supervisor", base.region)).exists()
    end(row)
    assert EventRow.objects.get(kind="contracts.contract_ended").region_id == west.pk


def test_nobody_adds_a_contract_they_would_not_see(base: Base) -> None:
    """A site in one's region shows its customer, but not what was agreed with them elsewhere."""
    west = a_region()
    a_site(base.customer, "西厂", region_id=west.pk)
    with pytest.raises(Invalid, match=r"unknown_customer"):
        add(base, acting("supervisor", west))
    with pytest.raises(Invalid, match=r"unknown_customer"):
        add(base, acting("supervisor", a_region()))
    assert add(base, acting("supervisor", base.region)).customer == base.customer


def test_a_contract_holds_what_was_agreed(base: Base) -> None:
    row = add(
        base, number=" HT-2026/001 ", level=CoverLevel.LIMITED, parts_limit=Money(50_000), value=Money(1_200_000),
        order_types=(OrderType.MAINTENANCE, OrderType.REPAIR, OrderType.REPAIR), visits_per_year=4,
        site_ids=(base.site.pk,), machine_ids=(base.machine.pk,),
    )  # fmt: skip
    row.refresh_from_db()
    assert (row.number, row.parts_limit, row.value, row.currency) == (
        "HT-2026/001", Money(50_000), Money(1_200_000), "CNY",
    )  # fmt: skip
    assert (row.order_types, row.visits_per_year, row.covers_all) == (["repair", "maintenance"], 4, False)
    assert (row.agreed_until, row.region, row.end_reason) == (LAST, base.region, "")
    assert covers_of(row) == ([base.site], [base.machine])
    event = EventRow.objects.get(kind="contracts.contract_added")
    assert (event.subject_kind, event.subject_id, event.region_id) == ("contract", row.pk, base.region.pk)
    assert "1200000" not in event.body
    for words in ("HT-2026/001", "2026/00", "ht2026001", base.customer.name[:4]):
        assert list(find(SYSTEM, words)) == [row], words
    assert add(base, number="ALL", order_types=tuple(OrderType)).order_types == []


TOO_MUCH = Money(10**18)
WRONG: list[tuple[str, str, dict[str, Any]]] = [
    ("contracts.ends_before_it_starts", "ends_on", {"ends_on": FIRST - timedelta(days=1)}),
    ("contracts.limit_needed", "parts_limit", {"level": CoverLevel.LIMITED}),
    ("contracts.limit_not_meant", "parts_limit", {"parts_limit": Money(1)}),
    ("contracts.not_an_amount", "value", {"value": Money(-1)}),
    ("contracts.not_an_amount", "value", {"value": TOO_MUCH}),
    ("contracts.not_an_amount", "parts_limit", {"level": CoverLevel.LIMITED, "parts_limit": Money(-1)}),
    ("contracts.not_an_amount", "parts_limit", {"level": CoverLevel.LIMITED, "parts_limit": TOO_MUCH}),
    ("contracts.one_currency", "value",
     {"level": CoverLevel.LIMITED, "parts_limit": Money(1), "value": Money(1, "USD")}),
    ("contracts.too_many_visits", "visits_per_year", {"visits_per_year": 366}),
    ("contracts.too_many_visits", "visits_per_year", {"visits_per_year": -1}),
    ("contracts.number_taken", "number", {"number": "TAKEN"}),
    ("kernel.not_a_choice", "order_types", {"order_types": ("party",)}),
    ("kernel.not_a_choice", "level", {"level": "best"}),
    ("kernel.required", "number", {"number": "  "}),
    ("kernel.too_long", "number", {"number": "9" * 41}),
]  # fmt: skip


@pytest.mark.parametrize(("code", "field", "wrong"), WRONG)
def test_terms_that_do_not_fit_together_are_refused_when_added_and_when_changed(
    code: str, field: str, wrong: dict[str, Any], base: Base
) -> None:
    a_contract(base.customer, number="TAKEN")
    with pytest.raises(Invalid) as refused:
        add(base, **wrong)
    assert (refused.value.code, refused.value.field) == (code, field)
    row = add(base)
    with pytest.raises(Invalid) as refused:
        change(row, **wrong)
    assert (refused.value.code, refused.value.field) == (code, field)
    row.refresh_from_db()
    assert (row.number, row.level, row.ends_on, row.value) == ("HT-1", "labour", LAST, None)


def test_a_retired_customer_gets_no_contract(base: Base) -> None:
    row = add(base, ends_on=date(2026, 1, 31))
    close(base)
    with pytest.raises(Invalid, match=r"unknown_customer"):
        add(base, number="HT-2")
    with pytest.raises(Invalid, match=r"unknown_customer"):
        renew(row, replace(NEXT, starts_on=TODAY))


def test_only_what_is_the_customers_and_in_use_is_named(base: Base) -> None:
    other = a_site(a_customer(base.region, "他人"), "他人厂房")
    closed_site, closed = a_site(base.customer, "旧厂房"), a_machine(base.site)
    retire_site(actor=SYSTEM, at=AT, site_id=closed_site.pk)
    retire_machine(actor=SYSTEM, at=AT, machine_id=closed.pk)
    row = add(base)
    boss = acting("supervisor", base.region)
    hidden = a_site(a_customer(a_region(), "远方"), "远方厂房")
    for field, key, shown in (
        ("site_ids", other.pk, "他人厂房"), ("site_ids", closed_site.pk, "旧厂房"),
        ("machine_ids", closed.pk, str(closed)), ("site_ids", hidden.pk, str(hidden.pk)),
        ("machine_ids", 2_000_000_000, "2000000000"),
    ):  # fmt: skip
        for attempt in (
            lambda field=field, key=key: add(base, boss, number="HT-9", **{field: (key,)}),
            lambda field=field, key=key: cover(row, boss, **{field: (key,)}),
        ):
            with pytest.raises(Invalid) as refused:
                attempt()
            assert (refused.value.code, refused.value.field) == ("contracts.not_the_customers", field)
            assert refused.value.params["given"] == shown
    assert not ContractCover.objects.exists()


def test_values_are_for_those_who_see_them(base: Base) -> None:
    may = frozenset({VIEW, "customers.view", *(f"contracts.{verb}" for verb, _, _ in VERBS)})
    blind = Actor(ActorKind.PERSON, a_person("agent").pk, may, None)
    for attempt in (
        lambda: add(base, blind, value=Money(1)),
        lambda: change(add(base, number="A"), blind, value=Money(1)),
        lambda: change(add(base, number="B", value=Money(5)), blind, value=None),
        lambda: renew(add(base, number="C"), replace(NEXT, value=Money(1)), blind),
    ):
        with pytest.raises(NotAllowed) as refused:
            attempt()
        assert refused.value.params["permission"] == "contracts.view_value"
    row = add(base, blind, number="D")
    assert change(row, blind, visits_per_year=2).visits_per_year == 2
    assert renew(row, actor=blind).value is None


def test_a_change_says_what_was_before_and_saying_the_same_changes_nothing(base: Base) -> None:
    row = add(base, level=CoverLevel.LIMITED, parts_limit=Money(100), order_types=(OrderType.REPAIR,))
    before = EventRow.objects.count()
    assert change(row, number="HT-1", ends_on=LAST, order_types=["repair"]) == row
    assert EventRow.objects.count() == before
    row = change(row, number="HT-1B", level=CoverLevel.FULL, ends_on=date(2027, 6, 30), order_types=[])
    assert (row.level, row.parts_limit, row.agreed_until, row.order_types) == ("full", None, date(2027, 6, 30), [])
    event = EventRow.objects.get(kind="contracts.contract_changed")
    assert '"fields":["ends_on","level","number","order_types","parts_limit_minor"]' in event.body
    assert '"before":["2026-12-31","limited","HT-1","repair","100"]' in event.body
    assert list(find(SYSTEM, "HT1B")) == [row]
    with pytest.raises(Invalid, match=r"not_changeable"):
        change(row, customer_id=7)


def test_an_amount_keeps_its_currency_unless_both_change(base: Base) -> None:
    row = add(base, level=CoverLevel.LIMITED, parts_limit=Money(100), value=Money(900))
    with pytest.raises(Invalid, match=r"one_currency"):
        change(row, value=Money(900, "USD"))
    row = change(row, value=Money(900, "USD"), parts_limit=Money(10, "USD"))
    assert (row.value, row.parts_limit) == (Money(900, "USD"), Money(10, "USD"))
    change(row, value=Money(900, "EUR"), parts_limit=Money(10, "EUR"))
    told = EventRow.objects.filter(kind="contracts.contract_changed").latest("id")
    assert '"before":["USD"],"fields":["currency"]' in told.body
    row = change(row, value=None, parts_limit=Money(70))
    assert (row.value, row.parts_limit) == (None, Money(70))
    with pytest.raises(Invalid, match=r"one_currency"):
        renew(row, replace(NEXT, value=Money(900, "USD")))


def test_cover_is_set_whole(base: Base) -> None:
    row, second = add(base), a_site(base.customer, "二号厂房")
    row = cover(row, site_ids=(base.site.pk, second.pk, second.pk), machine_ids=(base.machine.pk,))
    assert (row.covers_all, *covers_of(row)) == (False, [base.site, second], [base.machine])
    kept = ContractCover.objects.get(site=second).pk
    told = EventRow.objects.filter(kind="contracts.cover_changed")
    cover(row, site_ids=(second.pk, base.site.pk), machine_ids=(base.machine.pk,))
    assert told.count() == 1
    cover(row, site_ids=(second.pk,))
    assert ContractCover.objects.get().pk == kept
    row = cover(row, covers_all=True)
    assert (row.covers_all, ContractCover.objects.exists(), told.count()) == (True, False, 3)
    with pytest.raises(Invalid) as refused:
        cover(row)
    assert (refused.value.code, refused.value.field) == ("contracts.nothing_covered", "covers_all")


def test_a_contract_ends_early_once_and_within_its_time(base: Base) -> None:
    row = add(base)
    for wrong in (FIRST - timedelta(days=2), LAST, LAST + timedelta(days=1)):
        with pytest.raises(Invalid) as refused:
            end(row, wrong)
        assert (refused.value.code, refused.value.field) == ("contracts.not_in_its_time", "ends_on")
    row = end(row, date(2026, 6, 30))
    row.refresh_from_db()
    assert (row.ends_on, row.agreed_until, row.end_reason) == (date(2026, 6, 30), LAST, "mistake")
    assert state_of(row, TODAY) == ContractState.RUNNING
    attempts = (lambda: end(row), lambda: change(row, visits_per_year=1))
    for attempt in attempts:
        with pytest.raises(WrongState, match=r"contracts\.is_over"):
            attempt()
    old = add(base, number="OLD", ends_on=TODAY - timedelta(days=1))
    for attempt in (lambda: end(old, FIRST), lambda: cover(old, site_ids=(base.site.pk,))):
        with pytest.raises(WrongState, match=r"contracts\.is_over"):
            attempt()
    assert change(old, visits_per_year=2).visits_per_year == 2
    first = add(base, number="FIRST", starts_on=date.min)
    with pytest.raises(Invalid, match=r"not_in_its_time"):
        end(first, LAST)


def test_a_contract_that_is_ended_before_it_began_never_was(base: Base) -> None:
    row = add(base, starts_on=date(2026, 6, 1))
    row = end(row, date(2026, 5, 31))
    for on in (TODAY, date(2026, 5, 31), date(2026, 6, 1), date(2027, 6, 1)):
        assert state_of(row, on) == ContractState.OVER
        assert [each for each in ContractState if contracts(SYSTEM).filter(in_state(each, on)).exists()] == ["over"]
    assert counts(SYSTEM, TODAY) == {ContractState.COMING: 0, ContractState.RUNNING: 0, ContractState.OVER: 1}
    with pytest.raises(WrongState, match=r"contracts\.is_over"):
        cover(row, site_ids=(base.site.pk,))
    close(base)


@pytest.mark.parametrize("on", [date(2025, 12, 31), FIRST, TODAY, LAST, date(2027, 1, 1)])
def test_what_a_state_finds_is_what_is_in_it(base: Base, on: date) -> None:
    rows = [add(base), add(base, number="B", starts_on=TODAY), add(base, number="C", ends_on=TODAY)]
    rows.append(end(add(base, number="D", starts_on=date(2026, 6, 1)), date(2026, 5, 31)))
    for each in ContractState:
        found = set(contracts(SYSTEM).filter(in_state(each, on)))
        assert found == {row for row in rows if state_of(row, on) == each}


def test_a_renewed_contract_goes_on_as_it_was(base: Base) -> None:
    gone, second = a_machine(base.site), a_site(base.customer, "二号厂房")
    row = add(
        base, level=CoverLevel.LIMITED, parts_limit=Money(500), value=Money(9000), visits_per_year=4,
        order_types=(OrderType.REPAIR,), site_ids=(second.pk,), machine_ids=(base.machine.pk, gone.pk),
    )  # fmt: skip
    retire_machine(actor=SYSTEM, at=AT, machine_id=gone.pk)
    after = renew(row, replace(NEXT, value=Money(9500)))
    assert (after.number, after.renews, after.starts_on, after.ends_on) == ("HT-NEXT", row, NEXT.starts_on, NEXT.ends_on)
    assert (after.level, after.parts_limit, after.value, after.order_types, after.visits_per_year) == (
        "limited", Money(500), Money(9500), ["repair"], 4,
    )  # fmt: skip
    assert (after.covers_all, *covers_of(after)) == (False, [second], [base.machine])
    kinds = EventRow.objects.filter(subject_kind="contract").order_by("id").values_list("kind", "subject_id")
    assert list(kinds)[-2:] == [("contracts.contract_added", after.pk), ("contracts.contract_renewed", row.pk)]
    with pytest.raises(WrongState, match=r"renewed_before"):
        renew(row, replace(NEXT, number="HT-3"))
    assert contract(SYSTEM, row.uid).renewed_by == after
    whole = renew(add(base, number="W"), replace(NEXT, number="W2"))
    assert (whole.covers_all, covers_of(whole)) == (True, ([], []))


def test_what_cannot_be_renewed(base: Base) -> None:
    row = add(base, machine_ids=(base.machine.pk,))
    with pytest.raises(Invalid) as refused:
        renew(row, replace(NEXT, starts_on=LAST))
    assert (refused.value.code, refused.value.field) == ("contracts.overlaps_the_old", "starts_on")
    with pytest.raises(Invalid, match=r"number_taken"):
        renew(row, replace(NEXT, number="HT-1"))
    with pytest.raises(Invalid, match=r"ends_before_it_starts"):
        renew(row, replace(NEXT, ends_on=LAST))
    retire_machine(actor=SYSTEM, at=AT, machine_id=base.machine.pk)
    with pytest.raises(WrongState, match=r"nothing_covered"):
        renew(row)
    assert Contract.objects.count() == 1


def test_a_customer_with_contracts_is_not_closed(base: Base) -> None:
    running, coming = add(base), add(base, number="HT-2", starts_on=date(2027, 1, 1), ends_on=date(2027, 2, 1))
    with pytest.raises(GateShut) as shut:
        close(base)
    [missing] = [each for each in shut.value.missing if each.code == "contracts.still_running"]
    assert missing.params == {"count": 2, "number": "HT-1"}
    end(running, TODAY - timedelta(days=1))
    end(coming, date(2026, 12, 31))
    close(base)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("verb", ["add", "change"])
def test_two_who_take_one_number_at_once_get_one_contract(verb: str, monkeypatch: pytest.MonkeyPatch) -> None:
    base, other = a_base(), a_base(serial="OTHER")
    mine = add(base, number="MINE")
    checking = verbs._require_free_number

    def somebody_else() -> None:
        try:
            actions.add_contract(actor=SYSTEM, at=AT, new=new(other, number="RACE"))
        finally:
            connection.close()

    def overtaken(row: Contract) -> None:
        checking(row)
        if row.customer_id == base.customer.pk and not Contract.objects.filter(number="RACE").exists():
            them = Thread(target=somebody_else)
            them.start()
            them.join()

    monkeypatch.setattr(verbs, "_require_free_number", overtaken)
    with pytest.raises(Refusal) as refused:
        add(base, number="RACE") if verb == "add" else change(mine, number="RACE")
    assert refused.value.code == "contracts.number_taken"
    assert Contract.objects.get(number="RACE").customer == other.customer
