"""The calendar: published years taken over, single days set by hand, and clocks reckoned anew when days change."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from anxiu.kernel.action import action, in_transaction
from anxiu.kernel.actor import SYSTEM, Actor, Subject
from anxiu.kernel.errors import Invalid
from anxiu.kernel.events import Sealed, record
from anxiu.kernel.jobs import defer_many
from anxiu.kernel.time import now
from anxiu.sla import timetables
from anxiu.sla.actions.clocks import move
from anxiu.sla.actions.reckoning import lock_alone
from anxiu.sla.calendars import FIRST_YEAR, NotPublished, published_days
from anxiu.sla.calendars import CalendarDay as Named
from anxiu.sla.choices import LIVE, Why
from anxiu.sla.events import CalendarDaySet, YearPublished
from anxiu.sla.models import CalendarDay, Clock, PublishedYear
from anxiu.sla.ports import subject_port
from anxiu.sla.queries import clocks_of_many, shown

BY_HAND: Final = "manual"


@dataclass(frozen=True, slots=True)
class NewDay:
    """What a date is from now on. `provisional`: expected, but not certain yet."""

    day: date
    is_work: bool
    name_zh: str
    name_en: str
    provisional: bool = False


@action(posts={"administrator", "hr"})
def set_calendar_day(*, actor: Actor, at: datetime, new: NewDay) -> CalendarDay:
    """Say whether a date is worked, whatever was published; a later package never overrules it.

    Records: CalendarDaySet. Refuses: a day without a name.
    """
    if not new.name_zh.strip() or not new.name_en.strip():
        raise Invalid("kernel.required", field="name_en" if new.name_zh.strip() else "name_zh")
    row, _ = CalendarDay.objects.update_or_create(
        date=new.day,
        defaults={
            "is_work": new.is_work, "name_zh": new.name_zh.strip(), "name_en": new.name_en.strip(),
            "provisional": new.provisional, "source": BY_HAND, "changed_at": now(),
        },
    )  # fmt: skip
    told = CalendarDaySet(new.day, new.is_work, new.provisional, Sealed(row.name_zh))
    record(told, subject=Subject("calendar", new.day.year), region_id=None, actor=actor, at=at)
    _changed()
    return row


@action(posts={"administrator", "hr"})
def confirm_year(*, actor: Actor, at: datetime, year: int) -> PublishedYear:
    """Say that every holiday of a year is entered, so that deadlines in it are certain.

    Records: YearPublished. Refuses: a year without any holiday.
    """
    days = CalendarDay.objects.filter(date__year=year)
    if not days.filter(is_work=False).exists():
        raise Invalid("sla.year_is_empty", field="year", year=year)
    days.filter(provisional=True).update(provisional=False, changed_at=now())
    row, _ = PublishedYear.objects.update_or_create(year=year, defaults={"source": BY_HAND, "changed_at": now()})
    told = YearPublished(year, days.count(), BY_HAND)
    record(told, subject=Subject("calendar", year), region_id=None, actor=actor, at=at)
    _changed()
    return row


def seed_calendar() -> list[int]:
    """Take over the years the installed package holds and that are not known from it yet; which ones.

    Days entered by hand stay. Runs after every migration and once a day. Records: YearPublished.
    """
    known = dict(PublishedYear.objects.values_list("year", "source"))
    found = []
    for year in range(FIRST_YEAR, now().year + 1 + 1):
        days = published_days(year)
        if not isinstance(days, NotPublished) and known.get(year) != days[0].source:
            in_transaction(lambda year=year, days=days: _take_over(year, days))  # type: ignore[misc]
            found.append(year)
    if found:
        in_transaction(_changed)
    return found


def reckon_again(at: datetime) -> int:
    """Reckon every live working-hours clock anew, subject by subject; how many deadlines moved.

    Records: ClocksRetargeted, BreachWithdrawn.
    """
    timetables.forget()
    waiting = Clock.objects.filter(state__in=sorted(LIVE), round_the_clock=False)
    subjects = list(waiting.values_list("subject_kind", "subject_id").distinct().order_by("subject_kind", "subject_id"))
    return sum(in_transaction(lambda kind=kind, key=key: _again(Subject(kind, key), at)) for kind, key in subjects)  # type: ignore[misc]


def _take_over(year: int, days: list[Named]) -> None:
    stamp = now()
    by_hand = set(CalendarDay.objects.filter(date__year=year, source=BY_HAND).values_list("date", flat=True))
    rows = [
        CalendarDay(
            date=day.date, is_work=day.is_work, name_zh=day.name_zh, name_en=day.name_en, source=day.source,
            provisional=False, changed_at=stamp,
        )
        for day in days if day.date not in by_hand
    ]  # fmt: skip
    CalendarDay.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["date"],
        update_fields=["is_work", "name_zh", "name_en", "source", "provisional", "changed_at"],
    )  # fmt: skip
    source = days[0].source
    PublishedYear.objects.update_or_create(year=year, defaults={"source": source, "changed_at": stamp})
    told = YearPublished(year, len(days), source)
    record(told, subject=Subject("calendar", year), region_id=None, actor=SYSTEM, at=stamp)


def _changed() -> None:
    """Days changed: this process reads them again, and a job reckons the open clocks anew."""
    timetables.forget()
    defer_many("sla.reckon_again", "default", [{}])


def _again(subject: Subject, at: datetime) -> int:
    port = subject_port(subject.kind)
    if port is not None:
        port.lock([subject.id], wait=True)
    rows = Clock.objects.filter(
        subject_kind=subject.kind, subject_id=subject.id, state__in=sorted(LIVE), round_the_clock=False
    )
    clocks = lock_alone(rows)
    before = {each.clock.pk: each.clock.due_at for each in clocks}
    move(clocks, Why.CALENDAR, at=at, actor=SYSTEM)
    moved = [each for each in clocks if each.clock.due_at != before[each.clock.pk]]
    if moved and port is not None:
        port.told([shown(subject.id, clocks_of_many(subject.kind, [subject.id])[subject.id])])
    return len(moved)
