"""A fixed morning, somebody who may decide about regulations, and two regions."""

from datetime import UTC, datetime

import pytest

from anxiu.accounts.actions import NewPerson, add_person, add_region
from anxiu.accounts.models import Person, Region
from anxiu.accounts.queries import actor_of
from anxiu.kernel.actor import SYSTEM, Actor

AT = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def north() -> Region:
    return add_region(actor=SYSTEM, at=AT, code="north", name_zh="华北", name_en="North")


@pytest.fixture
def south() -> Region:
    return add_region(actor=SYSTEM, at=AT, code="south", name_zh="华南", name_en="South")


def person_with(post: str, region: Region | None = None) -> Person:
    new = NewPerson(
        name=f"{post} 王", email=f"{post}@example.com", posts=((post, None),), region_id=region.pk if region else None
    )
    return add_person(actor=SYSTEM, at=AT, new=new)


@pytest.fixture
def manager() -> Actor:
    return actor_of(person_with("management"))


@pytest.fixture
def engineer(north: Region) -> Actor:
    return actor_of(person_with("engineer", north))
