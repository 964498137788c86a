"""The calendars that tests of service clocks reckon with, built from the published holidays."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from hypothesis import settings

from anxiu.accounts.actions import NewPerson, add_person
from anxiu.accounts.models import Person, Region
from anxiu.accounts.queries import actor_of
from anxiu.customers.choices import Tier
from anxiu.kernel.actor import SYSTEM, Actor, Subject
from anxiu.kernel.models import EventRow
from anxiu.regulation.choices import Severity
from anxiu.regulation.queries import in_force
from anxiu.sla import timetables
from anxiu.sla.calendars import NotPublished, published_days
from anxiu.sla.rules import Day, WorkingCalendar, hours
from anxiu.sla.rules.case import Case

OFFICE = hours("09:00-12:00 13:00-18:00")
LAST_PUBLISHED = 2026

# pytest tests/sla --hypothesis-profile=thorough, after a change of the arithmetic
settings.register_profile("thorough", max_examples=3000)


def _published() -> Mapping[date, Day]:
    days = {}
    for year in (2025, LAST_PUBLISHED):
        found = published_days(year)
        assert not isinstance(found, NotPublished)
        days |= {day.date: Day(day.is_work, day.name_en) for day in found}
    return days


@pytest.fixture(scope="session")
def china() -> WorkingCalendar:
    """Office hours with a lunch break, eight hours a day, as published to the end of 2026."""
    return WorkingCalendar(
        code="office",
        zone="Asia/Shanghai",
        week=(OFFICE, OFFICE, OFFICE, OFFICE, OFFICE, (), ()),
        days=_published(),
        published_through=date(LAST_PUBLISHED, 12, 31),
    )


@pytest.fixture(scope="session")
def always() -> WorkingCalendar:
    return WorkingCalendar(code="always", zone="Asia/Shanghai", round_the_clock=True)


@pytest.fixture(scope="session")
def at() -> Callable[[str], datetime]:
    """Shanghai wall time, as "2026-10-01 09:00", as the UTC instant it is."""

    def read(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai")).astimezone(UTC)

    return read


# ---- on the database -----------------------------------------------------------------------------------------------
MONDAY = datetime(2026, 5, 11, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai
_numbers = count(1)


@pytest.fixture(autouse=True)
def _calendar_of_this_test() -> None:
    timetables.forget()


@pytest.fixture
def north(db: None) -> Region:
    return Region.objects.create(code="north", name_zh="华北", name_en="North")


@pytest.fixture
def south(db: None) -> Region:
    return Region.objects.create(code="south", name_zh="华南", name_en="South")


@pytest.fixture
def person(north: Region) -> Callable[..., Person]:
    def make(*posts: str, region: Region | None = north) -> Person:
        number = next(_numbers)
        new = NewPerson(
            name=f"人员{number}", email=f"c{number}@example.com", posts=tuple((post, None) for post in posts),
            region_id=region.pk if region else None,
        )  # fmt: skip
        return add_person(actor=SYSTEM, at=MONDAY, new=new)

    return make


@pytest.fixture
def acting(person: Callable[..., Person]) -> Callable[..., Actor]:
    def make(*posts: str, **more: Region) -> Actor:
        return actor_of(person(*posts, **more))

    return make


@pytest.fixture
def case(north: Region, person: Callable[..., Person]) -> Callable[..., Case]:
    """A case of a thing of its own in the north, urgent unless said otherwise."""
    owner = person("agent")

    def make(severity: Severity = Severity.URGENT, **more: object) -> Case:
        given: dict[str, object] = {
            "subject": Subject("drill", next(_numbers)),
            "region_id": north.pk,
            "severity": severity,
            "tier": Tier.STANDARD,
            "version_id": in_force(None, "", MONDAY).pk,
            "owner_id": owner.pk,
            "time_zone": "Asia/Shanghai",
        }
        return Case(**{**given, **more})  # type: ignore[arg-type]

    return make


@pytest.fixture
def told(db: None) -> Callable[..., list[dict[str, object]]]:
    """The bodies of a subject's events of one kind, in the order they were written."""

    def read(subject: Subject, kind: str) -> list[dict[str, object]]:
        rows = EventRow.objects.filter(subject_kind=subject.kind, subject_id=subject.id, kind=kind).order_by("id")
        return [json.loads(row.body) for row in rows]

    return read
