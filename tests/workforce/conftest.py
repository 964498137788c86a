"""A company with two regions, its posts as installed, and engineers made by playing the verbs."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import count

import pytest

from anxiu.accounts.actions import NewPerson, add_person
from anxiu.accounts.models import Outlet, Region
from anxiu.accounts.queries import actor_of
from anxiu.kernel.actor import SYSTEM, Actor
from anxiu.workforce.actions import (
    Hours,
    NewEngineer,
    NewQualification,
    add_engineer,
    add_qualification,
    set_shift_pattern,
)
from anxiu.workforce.choices import Difficulty, QualificationKind
from anxiu.workforce.queries import figures
from anxiu.workforce.rules import Need, Slot

AT = datetime(2026, 5, 4, 1, 0, tzinfo=UTC)  # Monday, 09:00 in Shanghai
_names = count(1)


def slot(hours: float, length: float = 2) -> Slot:
    """A slot that begins some hours after AT."""
    return Slot(AT + timedelta(hours=hours), AT + timedelta(hours=hours + length))


@pytest.fixture
def north(db) -> Region:
    return Region.objects.create(code="north", name_zh="华北", name_en="North")


@pytest.fixture
def south(db) -> Region:
    return Region.objects.create(code="south", name_zh="华南", name_en="South")


@pytest.fixture
def outlet(north) -> Outlet:
    return Outlet.objects.create(region=north, code="o1", name_zh="网点一", name_en="Outlet 1", is_partner=True)


@pytest.fixture
def holding():
    """An actor who holds posts, in a region where one is given."""

    def make(*posts: str, region: Region | None = None, outlet: Outlet | None = None) -> Actor:
        number = next(_names)
        new = NewPerson(
            name=f"人员{number}",
            email=f"p{number}@example.com",
            posts=tuple((post, None) for post in posts),
            region_id=region.pk if region else None,
            outlet_id=outlet.pk if outlet else None,
        )
        return actor_of(add_person(actor=SYSTEM, at=AT, new=new))

    return make


@pytest.fixture
def hr(holding):
    return holding("hr")


@pytest.fixture
def supervisor(holding, north):
    return holding("supervisor", region=north)


@pytest.fixture
def dispatcher(holding, north):
    return holding("dispatcher", region=north)


@pytest.fixture
def engineer(hr, north):
    """An engineer who may work: inducted, on shift every day from 8 to 18."""

    def make(*, grade="intermediate", region=north, ready=True, outlet=None, name=None):
        number = next(_names)
        person = NewPerson(
            name=name or f"工程师{number}",
            email=f"e{number}@example.com",
            posts=(("engineer", None),),
            phone="13812345678",
            region_id=region.pk,
        )
        new = NewEngineer(
            person=person,
            region_id=region.pk,
            grade=grade,
            started_date=date(2024, 3, 1),
            outlet_id=outlet.pk if outlet else None,
        )
        made = add_engineer(actor=hr, at=AT, new=new)
        if ready:
            inducted = NewQualification(QualificationKind.INDUCTION, date(2024, 3, 5))
            add_qualification(actor=hr, at=AT, engineer_id=made.pk, new=inducted)
            week = [Hours(day, time(8), time(18)) for day in range(1, 8)]
            set_shift_pattern(actor=hr, at=AT, engineer_id=made.pk, hours=week, valid_from=date(2024, 3, 1))
        return made

    return make


@pytest.fixture
def regulation(north):
    return figures(north.pk, AT)


@pytest.fixture
def need(north):
    """A plain repair in the north at ten, changed as said."""

    def make(**changes):
        given = {
            "order_type": "repair",
            "region_id": north.pk,
            "difficulty": Difficulty.COMPLEX,
            "slot": slot(1),
        }
        return Need(**{**given, **changes})

    return make
