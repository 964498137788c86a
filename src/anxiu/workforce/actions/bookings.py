"""Taking and freeing an engineer's time. Parts of a caller's change, so no verbs of their own."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import psycopg
from django.db import IntegrityError, transaction

from anxiu.kernel.actor import Subject
from anxiu.kernel.errors import NotFound, WrongState
from anxiu.workforce.choices import OccupancyKind
from anxiu.workforce.models import NO_DOUBLE_BOOKING, Engineer, Occupancy
from anxiu.workforce.queries import zone_of
from anxiu.workforce.rules import Slot, brief, decode, encode

_RANGES: Final = re.compile(r"\[(\d+),(\d+)\)")


@dataclass(frozen=True, slots=True)
class Booking:
    """A slot of an engineer, and what takes it."""

    engineer_id: int
    slot: Slot
    kind: OccupancyKind
    subject: Subject


def hold(engineer_id: int) -> None:
    """Lock an engineer: what is judged of them now stays so until the end of the change."""
    Engineer.objects.select_for_update(no_key=True).filter(pk=engineer_id).values_list("pk").first()


def occupy(
    *, engineer_id: int, starts_at: datetime, ends_at: datetime, kind: OccupancyKind, subject: Subject
) -> Occupancy:
    """Take an engineer's time. Refuses: time that is already taken, an engineer who has left."""
    return occupy_all([Booking(engineer_id, Slot(starts_at, ends_at), kind, subject)])[0]


def occupy_all(bookings: Sequence[Booking], *, releasing: Sequence[Subject] = ()) -> list[Occupancy]:
    """Free what `releasing` held, then take all slots or none: a swap or a plan is one call.

    Engineers are locked in order of id, so that two bookers wait for one another instead of deadlocking; that nobody
    is booked twice the database says itself, whoever else writes.
    """
    engineers = {
        each.pk: each
        for each in Engineer.objects.select_related("person", "region")
        .select_for_update(of=("self",), no_key=True)
        .filter(pk__in={each.engineer_id for each in bookings})
        .order_by("pk")
    }
    for each in bookings:
        if each.engineer_id not in engineers:
            raise NotFound("kernel.not_found")
        if engineers[each.engineer_id].retired_at is not None:
            raise WrongState("workforce.already_retired")
    for subject in releasing:
        release(subject=subject)
    rows = [
        Occupancy(
            engineer_id=each.engineer_id, slot=encode(each.engineer_id, each.slot), kind=each.kind,
            subject_kind=each.subject.kind, subject_id=each.subject.id,
        )
        for each in bookings
    ]  # fmt: skip
    try:
        with transaction.atomic():
            return Occupancy.objects.bulk_create(rows)
    except IntegrityError as error:
        raise _refusal(error, engineers) or error from error


def release(*, subject: Subject) -> int:
    """Free the time a thing held; how many slots it had."""
    return Occupancy.objects.filter(subject_kind=subject.kind, subject_id=subject.id, live=True).update(live=False)


def _refusal(error: IntegrityError, engineers: dict[int, Engineer]) -> WrongState | None:
    """The database's refusal in our words, if it is about double booking."""
    cause = error.__cause__
    if not isinstance(cause, psycopg.errors.ExclusionViolation) or cause.diag.constraint_name != NO_DOUBLE_BOOKING:
        return None
    # "Key (slot)=([a,b)) conflicts with existing key (slot)=([c,d)).", in whatever language the server speaks.
    lower, upper = _RANGES.findall(cause.diag.message_detail or "")[-1]
    engineer_id, slot = decode(int(lower), int(upper))
    engineer = engineers[engineer_id]
    return WrongState(
        "workforce.double_booking",
        constraint=NO_DOUBLE_BOOKING,
        engineer=engineer.person.name,
        when=brief(slot, zone_of(engineer.region)),
    )
