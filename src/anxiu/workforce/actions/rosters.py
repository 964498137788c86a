"""When engineers work, are on call, or are away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Final

from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.errors import Invalid, NotFound, WrongState
from anxiu.kernel.events import record
from anxiu.workforce.actions.bookings import occupy, release
from anxiu.workforce.actions.locking import locked, subject
from anxiu.workforce.choices import LeaveKind, OccupancyKind, ShiftKind
from anxiu.workforce.events import LeaveBooked, LeaveCancelled, ShiftAdded, ShiftCancelled, ShiftPatternSet
from anxiu.workforce.models import Leave, Shift, ShiftPattern

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Hours:
    """Local working hours on a day of the week, 1 Monday to 7 Sunday; an end not after the start is the next day."""

    weekday: int
    start: time
    end: time


@action(posts={"hr", "supervisor", "dispatcher"})
def set_shift_pattern(
    *, actor: Actor, at: datetime, engineer_id: int, hours: Sequence[Hours], valid_from: date
) -> list[ShiftPattern]:
    """Set an engineer's weekly hours from a day on; what held until then stays as it was. No hours: off duty.

    Records: ShiftPatternSet. Refuses: hours of one day that overlap.
    """
    engineer = locked(actor, engineer_id)
    _check_hours(hours)
    held = ShiftPattern.objects.filter(engineer=engineer)
    held.filter(valid_from__gte=valid_from).delete()
    held.exclude(valid_to__lt=valid_from).update(valid_to=valid_from - _DAY)
    rows = ShiftPattern.objects.bulk_create(
        [
            ShiftPattern(engineer=engineer, weekday=each.weekday, start=each.start, end=each.end, valid_from=valid_from)
            for each in hours
        ]
    )
    written = tuple(f"{each.weekday} {each.start:%H:%M}-{each.end:%H:%M}" for each in hours)
    record(
        ShiftPatternSet(valid_from, written),
        subject=subject(engineer), region_id=engineer.region_id, actor=actor, at=at,
    )  # fmt: skip
    return rows


def _check_hours(hours: Sequence[Hours]) -> None:
    by_day = sorted(hours, key=lambda each: (each.weekday, each.start))
    for one, next_ in pairwise(by_day):
        if one.weekday == next_.weekday and (one.end <= one.start or next_.start < one.end):
            raise Invalid("workforce.day_twice", field="hours")


@action(posts={"hr", "supervisor", "dispatcher"})
def add_shift(
    *, actor: Actor, at: datetime, engineer_id: int, kind: ShiftKind, starts_at: datetime, ends_at: datetime
) -> Shift:
    """Add a single shift beside the weekly hours: extra work, or being on call.

    Records: ShiftAdded. Refuses: an end that is not after the start.
    """
    engineer = locked(actor, engineer_id)
    if ends_at <= starts_at:
        raise Invalid("workforce.ends_before_start", field="ends_at")
    row = Shift.objects.create(engineer=engineer, kind=kind, starts_at=starts_at, ends_at=ends_at, created_at=at)
    record(
        ShiftAdded(row.pk, kind, starts_at, ends_at),
        subject=subject(engineer), region_id=engineer.region_id, actor=actor, at=at,
    )  # fmt: skip
    return row


@action(posts={"hr", "supervisor", "dispatcher"})
def cancel_shift(*, actor: Actor, at: datetime, shift_id: int) -> Shift:
    """Take a single shift back.

    Records: ShiftCancelled. Refuses: one already cancelled.
    """
    row = Shift.objects.filter(pk=shift_id).first()
    if row is None:
        raise NotFound("kernel.not_found")
    engineer = locked(actor, row.engineer_id)
    if not Shift.objects.filter(pk=row.pk, cancelled_at=None).update(cancelled_at=at):
        raise WrongState("workforce.already_cancelled")
    row.cancelled_at = at
    record(ShiftCancelled(row.pk), subject=subject(engineer), region_id=engineer.region_id, actor=actor, at=at)
    return row


@action(posts={"hr", "supervisor"})
def book_leave(
    *, actor: Actor, at: datetime, engineer_id: int, kind: LeaveKind, starts_at: datetime, ends_at: datetime,
    note: str = "",
) -> Leave:  # fmt: skip
    """Grant an engineer leave.

    Records: LeaveBooked. Refuses: time in which the engineer is booked, an end that is not after the start.
    """
    engineer = locked(actor, engineer_id)
    if ends_at <= starts_at:
        raise Invalid("workforce.ends_before_start", field="ends_at")
    row = Leave.objects.create(
        engineer=engineer, kind=kind, starts_at=starts_at, ends_at=ends_at, note=note, created_at=at
    )
    occupy(
        engineer_id=engineer.pk, starts_at=starts_at, ends_at=ends_at, kind=OccupancyKind.LEAVE,
        subject=Subject("leave", row.pk),
    )  # fmt: skip
    record(
        LeaveBooked(row.pk, kind, starts_at, ends_at),
        subject=subject(engineer), region_id=engineer.region_id, actor=actor, at=at,
    )  # fmt: skip
    return row


@action(posts={"hr", "supervisor"})
def cancel_leave(*, actor: Actor, at: datetime, leave_id: int) -> Leave:
    """Take a leave back; its time is free again.

    Records: LeaveCancelled. Refuses: one already cancelled.
    """
    row = Leave.objects.filter(pk=leave_id).first()
    if row is None:
        raise NotFound("kernel.not_found")
    engineer = locked(actor, row.engineer_id)
    if not Leave.objects.filter(pk=row.pk, cancelled_at=None).update(cancelled_at=at):
        raise WrongState("workforce.already_cancelled")
    row.cancelled_at = at
    release(subject=Subject("leave", row.pk))
    record(LeaveCancelled(row.pk), subject=subject(engineer), region_id=engineer.region_id, actor=actor, at=at)
    return row
