"""When engineers work and what takes their time."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta, tzinfo
from typing import Final

from django.db.models import QuerySet

from anxiu.kernel.actor import Subject
from anxiu.workforce.choices import OccupancyKind, ShiftKind
from anxiu.workforce.models import Occupancy, Shift, ShiftPattern
from anxiu.workforce.rules import Busy, Pattern, ShiftSlot, Slot, shifts

_DAY: Final = timedelta(days=1)


def local_day(day: date, zone: tzinfo) -> Slot:
    """A day from midnight to midnight, local time."""
    midnight = datetime.min.time()
    return Slot(datetime.combine(day, midnight, zone), datetime.combine(day + _DAY, midnight, zone))


def shifts_between(zones: Mapping[int, tzinfo], window: Slot) -> dict[int, tuple[ShiftSlot, ...]]:
    """The shifts of engineers (id → time zone) that touch a window: weekly hours and single shifts. 2 statements."""
    weekly: dict[int, list[Pattern]] = defaultdict(list)
    for row in ShiftPattern.objects.filter(engineer__in=zones).exclude(
        valid_to__lt=(window.starts_at - _DAY - _DAY).date()  # an overnight shift of the local day before
    ):
        weekly[row.engineer_id].append(Pattern(row.weekday, row.start, row.end, row.valid_from, row.valid_to))
    single: dict[int, list[ShiftSlot]] = defaultdict(list)
    for each in Shift.objects.filter(
        engineer__in=zones, cancelled_at=None, ends_at__gt=window.starts_at, starts_at__lt=window.ends_at
    ):
        single[each.engineer_id].append(ShiftSlot(Slot(each.starts_at, each.ends_at), ShiftKind(each.kind)))
    return {
        key: tuple(
            sorted(
                [*(ShiftSlot(slot, ShiftKind.WORK) for slot in shifts(weekly[key], zone, window)), *single[key]],
                key=lambda shift: shift.slot.starts_at,
            )
        )
        for key, zone in zones.items()
    }


def taken(ids: Collection[int], window: Slot, ignoring: Subject | None = None) -> dict[int, list[Busy]]:
    """What takes these engineers' time in a window, one thing left out; 1 statement."""
    found: dict[int, list[Busy]] = defaultdict(list)
    for row in occupancy(ids, window.starts_at, window.ends_at):
        if ignoring is None or (row.subject_kind, row.subject_id) != (ignoring.kind, ignoring.id):
            found[row.engineer_id].append(Busy(Slot(row.starts_at, row.ends_at), OccupancyKind(row.kind)))
    return found


def occupancy(engineer_ids: Iterable[int], from_: datetime, to: datetime) -> QuerySet[Occupancy]:
    """What takes these engineers' time between two moments, in order; the caller may see these engineers."""
    return Occupancy.objects.filter(
        engineer__in=list(engineer_ids), live=True, ends_at__gt=from_, starts_at__lt=to
    ).order_by("starts_at", "id")
