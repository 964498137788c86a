"""The list of engineers: search, filters, and what each row shows, in a constant number of statements."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from anxiu.customers.rules import masked_phone
from anxiu.kernel.actor import Actor
from anxiu.workforce.choices import EngineerState, OccupancyKind, QualificationKind
from anxiu.workforce.models import Engineer, Qualification, Standing
from anxiu.workforce.queries.engineers import (
    VIEW_PHONES,
    VIEW_STANDING,
    bar_not_over,
    barred_now,
    engineers,
    expiring,
    figures,
    zone_of,
)
from anxiu.workforce.queries.time import local_day, shifts_between, taken
from anxiu.workforce.rules import Busy, ShiftSlot, Slot
from anxiu.workforce.values import CERTIFICATE_REMINDERS

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of engineers is narrowed to; empty parts narrow nothing."""

    text: str = ""
    region_id: int | None = None
    grade: str = ""
    skill: str = ""
    state: EngineerState = EngineerState.ACTIVE


def listed(actor: Actor, filters: Filters, at: datetime) -> QuerySet[Engineer]:
    """The engineers a list shows; not in order yet."""
    rows = engineers(actor, retired=True)
    if text := filters.text.strip():
        rows = rows.filter(
            Q(person__name__icontains=text)
            | Q(person__name_en__icontains=text)
            | Q(person__name_key__icontains=text)
            | Q(number__icontains=text)
            | Q(person__phone__endswith=text)
        )
    if filters.region_id:
        rows = rows.filter(region_id=filters.region_id)
    if filters.grade:
        rows = rows.filter(grade=filters.grade)
    if filters.skill:
        held = _held_today(at).filter(engineer=OuterRef("pk"), kind=QualificationKind.SKILL, skill__code=filters.skill)
        rows = rows.filter(Exists(held))
    return _in_state(rows, actor, filters.state, at)


def _held_today(at: datetime) -> QuerySet[Qualification]:
    today = timezone.localdate(at)
    return Qualification.objects.filter(revoked_at=None, valid_from__lte=today).exclude(valid_to__lt=today)


def _in_state(rows: QuerySet[Engineer], actor: Actor, state: EngineerState, at: datetime) -> QuerySet[Engineer]:
    if state == EngineerState.LEFT:
        return rows.filter(retired_at__isnull=False)
    rows = rows.filter(retired_at=None)
    if state == EngineerState.BARRED:
        if not actor.may(VIEW_STANDING):
            return rows.none()
        bars = Standing.objects.filter(bar_not_over(at), engineer=OuterRef("pk"), barred_from__lte=at)
        return rows.filter(Exists(bars))
    if state == EngineerState.LAPSING:
        ids = expiring(rows.values_list("pk", flat=True), reminder_day(at))
        return rows.filter(pk__in=ids)
    return rows


def reminder_day(at: datetime, region_id: int | None = None) -> date:
    """The last day a certificate may lapse on to be marked: the longest reminder of the regulation ahead."""
    reminders = figures(region_id, at)(CERTIFICATE_REMINDERS)
    return timezone.localdate(at) + _DAY * max(reminders, default=0)


@dataclass(frozen=True, slots=True)
class Row:
    """What a list shows of one engineer: skills at their levels, standing, certificates, today's hours and bookings."""

    engineer: Engineer
    phone: str
    skills: tuple[Qualification, ...]
    bar: Standing | None
    lapses_on: date | None
    has_lapsed: bool
    shifts: tuple[ShiftSlot, ...]
    busy: tuple[Busy, ...]
    booked: timedelta = field(default=timedelta())

    @property
    def visits(self) -> int:
        """Visits booked today."""
        return sum(1 for each in self.busy if each.kind is OccupancyKind.VISIT)

    @property
    def is_away(self) -> bool:
        """Whether leave or training takes part of today."""
        return any(each.kind is not OccupancyKind.VISIT for each in self.busy)


def rows(actor: Actor, found: Sequence[Engineer], at: datetime) -> list[Row]:
    """What a list shows of these engineers; 7 statements at most, however many there are."""
    if not found:
        return []
    ids = [each.pk for each in found]
    held: dict[int, list[Qualification]] = defaultdict(list)
    skilled = _held_today(at).filter(engineer__in=ids, kind=QualificationKind.SKILL).select_related("skill")
    for one in skilled.order_by("-level", "skill__code"):
        held[one.engineer_id].append(one)
    bars = barred_now(ids, at) if actor.may(VIEW_STANDING) else {}
    lapsing = expiring(ids, reminder_day(at))
    zones = {each.pk: zone_of(each.region) for each in found}
    days = {each.pk: local_day(at.astimezone(zones[each.pk]).date(), zones[each.pk]) for each in found}
    window = Slot(min(day.starts_at for day in days.values()), max(day.ends_at for day in days.values()))
    on_shift, busy = shifts_between(zones, window), taken(ids, window)
    return [
        Row(
            engineer=each,
            phone=shown_phone(actor, each),
            skills=tuple(held[each.pk]),
            bar=bars.get(each.pk),
            lapses_on=lapsing.get(each.pk),
            has_lapsed=lapsing.get(each.pk, date.max) < days[each.pk].starts_at.date(),
            shifts=tuple(one for one in on_shift[each.pk] if one.slot.overlaps(days[each.pk])),
            busy=tuple(one for one in busy[each.pk] if one.slot.overlaps(days[each.pk])),
            booked=sum(
                (one.slot.length for one in busy[each.pk] if one.kind is OccupancyKind.VISIT), timedelta()
            ),
        )
        for each in found
    ]


def shown_phone(actor: Actor, engineer: Engineer) -> str:
    """The phone number: whole for the engineer and for those who may see it, masked otherwise."""
    phone = engineer.person.phone
    return phone if actor.may(VIEW_PHONES) or actor.person_id == engineer.person_id else masked_phone(phone)
