"""What an order is entitled to: warranty for faults, else the contract that pays for most, else a charge with its reason."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anxiu.contracts.choices import Basis, Because, ContractState, CoverLevel
from anxiu.contracts.rules import FAULTS, Entitlement, Terms, entitlement, state
from anxiu.equipment.choices import CoverBasis
from anxiu.equipment.rules import Cover
from anxiu.kernel.money import Money
from anxiu.regulation.choices import OrderType

pytestmark = pytest.mark.requirement("AST-02", "FIN-01")
DAY = timedelta(days=1)
TODAY = date(2026, 3, 2)
LEVELS = list(CoverLevel)


def terms(key: int = 1, level: CoverLevel = CoverLevel.FULL, first: int = -30, last: int = 30, **more: object) -> Terms:
    """Terms with their first and last day by their distance from today."""
    kept = {"order_types": frozenset(), **more}
    return Terms(key, f"HT-{key}", level, TODAY + first * DAY, TODAY + last * DAY, **kept)  # type: ignore[arg-type]


def in_warranty(until: date = date(2026, 6, 1)) -> Cover:
    return Cover(in_warranty=until >= TODAY, until=until, because=CoverBasis.INSTALLATION)


def judged(*contracts: Terms, of: OrderType = OrderType.REPAIR, warranty: Cover | None = None) -> Entitlement:
    return entitlement(order_type=of, on=TODAY, warranty=warranty, terms=contracts)


@pytest.mark.parametrize(
    ("first", "last", "on", "expected"),
    [
        (0, 9, -1, ContractState.COMING), (0, 9, 0, ContractState.RUNNING), (0, 9, 9, ContractState.RUNNING),
        (0, 9, 10, ContractState.OVER), (0, 0, 0, ContractState.RUNNING),
        (5, 4, 0, ContractState.OVER), (5, 4, 4, ContractState.OVER), (5, 4, 5, ContractState.OVER),
    ],
)  # fmt: skip
def test_both_days_belong_to_a_contract_and_one_that_never_held_is_over(
    first: int, last: int, on: int, expected: ContractState
) -> None:
    assert state(TODAY + first * DAY, TODAY + last * DAY, TODAY + on * DAY) == expected


def test_a_warranty_goes_before_a_contract_for_faults_only() -> None:
    held = terms()
    assert judged(held, warranty=in_warranty()) == Entitlement(Basis.WARRANTY, Because.IN_WARRANTY, date(2026, 6, 1))
    planned = judged(held, warranty=in_warranty(), of=OrderType.MAINTENANCE)
    assert planned == Entitlement(Basis.CONTRACT, Because.COVERED, held.ends_on, held)
    assert judged(warranty=in_warranty(), of=OrderType.MAINTENANCE).basis == Basis.CHARGEABLE
    assert judged(held, warranty=in_warranty(date(2026, 3, 1))).basis == Basis.CONTRACT


def test_what_pays_for_most_decides_then_what_lasts_longest() -> None:
    labour, full = terms(1, CoverLevel.LABOUR, last=300), terms(2, CoverLevel.FULL, last=3)
    assert judged(labour, full).terms == full
    longer = terms(3, CoverLevel.FULL, last=4)
    assert judged(longer, full).terms == longer
    small = terms(4, CoverLevel.LIMITED, last=300, parts_limit=Money(10_000))
    large = terms(5, CoverLevel.LIMITED, last=3, parts_limit=Money(50_000))
    assert judged(small, large).terms == judged(large, small).terms == large


def test_a_charge_says_what_came_nearest() -> None:
    other = terms(1, order_types=frozenset({OrderType.MAINTENANCE}))
    past, future = terms(2, first=-60, last=-1), terms(3, first=1)
    never = terms(4, first=9, last=8)
    cases = {
        (other, past, future): Entitlement(Basis.CHARGEABLE, Because.OTHER_TYPES, other.ends_on, other),
        (past, future, never): Entitlement(Basis.CHARGEABLE, Because.OVER, past.ends_on, past),
        (future, never): Entitlement(Basis.CHARGEABLE, Because.COMING, TODAY, future),
        (never,): Entitlement(Basis.CHARGEABLE, Because.NONE),
        (): Entitlement(Basis.CHARGEABLE, Because.NONE),
    }
    assert [judged(*each) for each in cases] == list(cases.values())


TYPES = st.sampled_from(list(OrderType))


@st.composite
def contracts(draw: st.DrawFn) -> list[Terms]:
    found = []
    for key in range(draw(st.integers(0, 5))):
        level = draw(st.sampled_from(LEVELS))
        first = draw(st.integers(-40, 40))
        limit = Money(draw(st.integers(0, 3))) if level == CoverLevel.LIMITED else None
        types = draw(st.frozensets(TYPES, max_size=3))
        found.append(terms(key, level, first, first + draw(st.integers(-1, 40)), parts_limit=limit, order_types=types))
    return found


WARRANTIES = st.none() | st.integers(-40, 40).map(lambda days: in_warranty(TODAY + days * DAY))


def worth(found: Entitlement) -> tuple[int, int, int]:
    """How well a customer fares."""
    if found.terms is None or found.basis != Basis.CONTRACT:
        return (2 if found.basis == Basis.WARRANTY else 0, 0, 0)
    limit = found.terms.parts_limit
    return 1, LEVELS.index(found.terms.level), limit.minor if limit else 0


@given(TYPES, WARRANTIES, contracts())
def test_a_warranty_is_for_faults_alone(of: OrderType, warranty: Cover | None, held: list[Terms]) -> None:
    found = judged(*held, of=of, warranty=warranty)
    holds = warranty is not None and warranty.in_warranty and of in FAULTS
    assert (found.basis == Basis.WARRANTY) == holds


@given(TYPES, WARRANTIES, contracts())
def test_what_is_covered_is_never_charged_and_what_is_charged_says_the_truth(
    of: OrderType, warranty: Cover | None, held: list[Terms]
) -> None:
    found = judged(*held, of=of, warranty=warranty)
    fitting = [each for each in held if each.starts_on <= TODAY <= each.ends_on and each.covers(of)]
    if found.basis == Basis.CONTRACT:
        assert found.terms in fitting
        assert found.until == found.terms.ends_on >= TODAY
    if found.basis != Basis.CHARGEABLE:
        return
    assert not fitting
    match found.because:
        case Because.OTHER_TYPES:
            assert not found.terms.covers(of)
            assert found.terms.starts_on <= TODAY <= found.terms.ends_on
        case Because.OVER:
            assert found.terms.starts_on <= found.terms.ends_on == found.until < TODAY
        case Because.COMING:
            assert TODAY <= found.until == found.terms.starts_on - DAY
            assert found.terms.ends_on >= found.terms.starts_on
        case _:
            assert found == Entitlement(Basis.CHARGEABLE, Because.NONE)
            assert all(each.ends_on < each.starts_on for each in held)


@given(TYPES, WARRANTIES, contracts())
def test_one_more_contract_never_makes_anybody_worse_off(
    of: OrderType, warranty: Cover | None, held: list[Terms]
) -> None:
    found = [worth(judged(*held[:count], of=of, warranty=warranty)) for count in range(len(held) + 1)]
    assert found == sorted(found)


@given(TYPES, WARRANTIES, contracts())
def test_the_order_of_contracts_decides_nothing(of: OrderType, warranty: Cover | None, held: list[Terms]) -> None:
    assert judged(*held, of=of, warranty=warranty) == judged(*reversed(held), of=of, warranty=warranty)
