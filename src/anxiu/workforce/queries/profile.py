"""One engineer, whole: for the engineer's page, and for the engineer's own phone."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from typing import Final
from uuid import UUID

from anxiu.kernel.actor import Actor
from anxiu.kernel.values import Words
from anxiu.workforce.choices import QualificationKind
from anxiu.workforce.models import Engineer, Leave, Occupancy, Qualification, Shift, ShiftPattern, Standing
from anxiu.workforce.queries.engineers import VIEW_PAPERS, VIEW_STANDING, engineer_by_uid, figures, masked, zone_of
from anxiu.workforce.queries.listing import Row, reminder_day, rows
from anxiu.workforce.queries.time import local_day, occupancy, shifts_between
from anxiu.workforce.rules import ShiftSlot, Slot
from anxiu.workforce.values import CERTIFICATES, GRADES, Grade

_DAY: Final = timedelta(days=1)
WEEK: Final = 7  # source: the calendar


@dataclass(frozen=True, slots=True)
class Paper:
    """A qualification as shown: its name, its number as far as the reader may see it, and whether it counts today."""

    row: Qualification
    name: Words
    number: str
    counts: bool
    lapses_soon: bool

    @property
    def is_over(self) -> bool:
        """Whether its last day has passed."""
        return not self.counts and self.row.revoked_at is None


@dataclass(frozen=True, slots=True)
class Profile:
    """An engineer with what they hold and when they work."""

    summary: Row
    grade: Grade | None
    zone: tzinfo
    skills: tuple[Paper, ...]
    certificates: tuple[Paper, ...]
    inductions: tuple[Paper, ...]
    standings: tuple[Standing, ...]
    patterns: tuple[ShiftPattern, ...]
    single_shifts: tuple[Shift, ...]
    leaves: tuple[Leave, ...]

    @property
    def engineer(self) -> Engineer:
        """Whose profile it is."""
        return self.summary.engineer


def profile(actor: Actor, uid: UUID, at: datetime) -> Profile:
    """An engineer with everything the actor may see of them; 14 statements at most."""
    engineer = engineer_by_uid(actor, uid)
    reading = figures(engineer.region_id, at)
    zone = zone_of(engineer.region)
    today = at.astimezone(zone).date()
    own = actor.person_id == engineer.person_id
    names = {each.code: each.name for each in reading(CERTIFICATES)}
    held = Qualification.objects.filter(engineer=engineer, revoked_at=None).select_related("skill").order_by("pk")
    soon = reminder_day(at, engineer.region_id)
    papers = [_paper(row, names, (today, soon), whole=own or actor.may(VIEW_PAPERS)) for row in held]
    bars = Standing.objects.filter(engineer=engineer).order_by("-barred_from")
    return Profile(
        summary=rows(actor, [engineer], at)[0],
        grade=next((each for each in reading(GRADES) if each.code == engineer.grade), None),
        zone=zone,
        skills=_of_kind(papers, QualificationKind.SKILL),
        certificates=_of_kind(papers, QualificationKind.CERTIFICATE),
        inductions=_of_kind(papers, QualificationKind.INDUCTION),
        standings=tuple(bars) if own or actor.may(VIEW_STANDING) else (),
        patterns=tuple(
            ShiftPattern.objects.filter(engineer=engineer, valid_from__lte=today)
            .exclude(valid_to__lt=today)
            .order_by("weekday", "start")
        ),
        single_shifts=tuple(
            Shift.objects.filter(engineer=engineer, cancelled_at=None, ends_at__gt=at).order_by("starts_at")
        ),
        leaves=tuple(Leave.objects.filter(engineer=engineer, cancelled_at=None, ends_at__gt=at).order_by("starts_at")),
    )


def _of_kind(papers: Iterable[Paper], kind: QualificationKind) -> tuple[Paper, ...]:
    return tuple(each for each in papers if each.row.kind == kind)


def _paper(row: Qualification, names: dict[str, Words], days: tuple[date, date], *, whole: bool) -> Paper:
    today, soon = days
    if row.skill:
        name = Words(row.skill.name_zh, row.skill.name_en)
    else:
        name = names.get(row.code) or Words(row.name or row.code, row.name or row.code)
    counts = row.valid_from <= today and (row.valid_to is None or today <= row.valid_to)
    lapses_soon = counts and row.valid_to is not None and row.valid_to <= soon
    return Paper(row, name, row.number if whole else masked(row.number), counts, lapses_soon)


@dataclass(frozen=True, slots=True)
class Day:
    """One day of an engineer's week: its shifts and what takes time in them."""

    date: date
    slot: Slot
    shifts: tuple[ShiftSlot, ...]
    taken: tuple[Occupancy, ...]


def week(engineer: Engineer, first: date) -> list[Day]:
    """Seven days from the first on, for an engineer the caller may see; 3 statements."""
    zone = zone_of(engineer.region)
    days = [local_day(first + _DAY * number, zone) for number in range(WEEK)]
    window = Slot(days[0].starts_at, days[-1].ends_at)
    on_shift = shifts_between({engineer.pk: zone}, window)[engineer.pk]
    booked = list(occupancy([engineer.pk], window.starts_at, window.ends_at))
    return [
        Day(
            date=day.starts_at.date(),
            slot=day,
            shifts=tuple(replace(one, slot=cut(one.slot, day)) for one in on_shift if one.slot.overlaps(day)),
            taken=tuple(one for one in booked if Slot(one.starts_at, one.ends_at).overlaps(day)),
        )
        for day in days
    ]


def cut(slot: Slot, by: Slot) -> Slot:
    """The part of a slot that lies in another; the two overlap."""
    return Slot(max(slot.starts_at, by.starts_at), min(slot.ends_at, by.ends_at))
