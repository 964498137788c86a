"""Nobody is booked twice: not in one call, not by many at once, and leave counts too."""

import random
import threading
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import NumericRange

from anxiu.kernel.actor import Subject
from anxiu.kernel.errors import Invalid, NotFound, Refusal, WrongState
from anxiu.kernel.messages import explain
from anxiu.workforce.actions import Booking, book_leave, cancel_leave, occupy, occupy_all, release, retire_engineer
from anxiu.workforce.choices import LeaveKind, OccupancyKind
from anxiu.workforce.models import Engineer, Occupancy
from anxiu.workforce.queries import occupancy
from anxiu.workforce.rules import Slot, encode

from .conftest import AT, slot

pytestmark = pytest.mark.django_db


def book(engineer, when, number=1):
    return occupy(
        engineer_id=engineer.pk,
        starts_at=when.starts_at,
        ends_at=when.ends_at,
        kind=OccupancyKind.VISIT,
        subject=Subject("visit", number),
    )


def test_a_booking_reads_back_as_it_was_made(engineer):
    one = engineer()
    row = book(one, slot(1))
    assert (row.starts_at, row.ends_at, row.live) == (slot(1).starts_at, slot(1).ends_at, True)
    assert list(occupancy([one.pk], AT, AT + timedelta(days=1))) == [row]
    assert list(occupancy([one.pk], slot(3).starts_at, AT + timedelta(days=1))) == []


@pytest.mark.requirement("DSP-10")
def test_a_taken_slot_is_refused_and_says_whose_and_when(engineer):
    one = engineer(name="张伟")
    book(one, slot(1))
    with pytest.raises(WrongState) as refused:
        book(one, slot(2), 2)
    assert refused.value.code == "workforce.double_booking"
    assert refused.value.params["constraint"] == "no_double_booking"
    assert refused.value.params["engineer"] == "张伟"
    assert refused.value.params["when"] == "05-04 10:00–12:00"
    assert explain(refused.value)


def test_slots_that_only_meet_and_other_engineers_do_not_clash(engineer):
    one, two = engineer(), engineer()
    book(one, slot(1))
    book(one, slot(3), 2)
    book(two, slot(1), 3)
    assert Occupancy.objects.filter(live=True).count() == 3


def test_released_time_is_free_again(engineer):
    one = engineer()
    book(one, slot(1))
    assert release(subject=Subject("visit", 1)) == 1
    assert book(one, slot(1), 2).live
    assert release(subject=Subject("visit", 1)) == 0


def test_two_visits_swap_engineers_in_one_call(engineer):
    one, two = engineer(), engineer()
    book(one, slot(1), 1)
    book(two, slot(1), 2)
    swapped = [
        Booking(two.pk, slot(1), OccupancyKind.VISIT, Subject("visit", 1)),
        Booking(one.pk, slot(1), OccupancyKind.VISIT, Subject("visit", 2)),
    ]
    occupy_all(swapped, releasing=[Subject("visit", 1), Subject("visit", 2)])
    live = Occupancy.objects.filter(live=True).values_list("engineer_id", "subject_id")
    assert sorted(live) == sorted([(two.pk, 1), (one.pk, 2)])


def test_a_plan_that_clashes_with_itself_changes_nothing(engineer):
    one = engineer()
    book(one, slot(5), 9)
    clash = [Booking(one.pk, slot(each), OccupancyKind.VISIT, Subject("visit", 9)) for each in (1, 2)]
    with pytest.raises(WrongState), transaction.atomic():
        occupy_all(clash, releasing=[Subject("visit", 9)])
    assert list(Occupancy.objects.filter(live=True).values_list("starts_at", flat=True)) == [slot(5).starts_at]


def test_an_engineer_who_is_not_there_or_has_left_is_not_booked(engineer, hr):
    one = engineer()
    retire_engineer(actor=hr, at=AT, engineer_id=one.pk)
    with pytest.raises(WrongState) as refused:
        book(one, slot(1))
    assert refused.value.code == "workforce.already_retired"
    with pytest.raises(NotFound):
        occupy(
            engineer_id=10**6, starts_at=AT, ends_at=AT + timedelta(hours=1), kind=OccupancyKind.VISIT,
            subject=Subject("visit", 1),
        )  # fmt: skip


def test_an_end_before_the_start_is_refused(engineer):
    with pytest.raises(Invalid) as refused:
        occupy(
            engineer_id=engineer().pk, starts_at=AT, ends_at=AT, kind=OccupancyKind.VISIT, subject=Subject("visit", 1)
        )
    assert refused.value.code == "workforce.ends_before_start"


def test_the_database_refuses_a_slot_of_somebody_else(engineer):
    one, two = engineer(), engineer()
    stranger = Occupancy(
        engineer=one, slot=NumericRange(*encode(two.pk, slot(1))), kind="visit", subject_kind="visit", subject_id=1
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        stranger.save()


def test_leave_takes_time_and_gives_it_back(engineer, supervisor):
    one = engineer()
    leave = book_leave(
        actor=supervisor, at=AT, engineer_id=one.pk, kind=LeaveKind.ANNUAL, starts_at=slot(0).starts_at,
        ends_at=slot(8).starts_at,
    )  # fmt: skip
    with pytest.raises(WrongState):
        book(one, slot(1))
    cancel_leave(actor=supervisor, at=AT, leave_id=leave.pk)
    assert book(one, slot(1)).live


def test_leave_over_a_visit_is_refused_whole(engineer, supervisor):
    one = engineer()
    book(one, slot(1))
    with pytest.raises(WrongState) as refused:
        book_leave(
            actor=supervisor, at=AT, engineer_id=one.pk, kind=LeaveKind.SICK, starts_at=AT, ends_at=slot(8).starts_at
        )
    assert refused.value.code == "workforce.double_booking"
    assert one.leaves.count() == 0


@pytest.mark.requirement("DSP-10")
@pytest.mark.django_db(transaction=True)
def test_sixteen_bookers_of_three_engineers_never_book_one_twice(engineer):
    ids = [engineer().pk for _ in range(3)]
    booked: list[int] = []
    refused: list[str] = []
    broken: list[BaseException] = []
    start = threading.Barrier(16)

    def booker(number: int) -> None:
        dice = random.Random(number)
        try:
            start.wait()
            for attempt in range(30):
                begins = AT + timedelta(minutes=15 * dice.randrange(200))
                when = Slot(begins, begins + timedelta(minutes=dice.choice([30, 60, 120])))
                wanted = dice.sample(ids, dice.choice([1, 1, 2]))
                key = number * 1000 + attempt
                try:
                    with transaction.atomic():
                        occupy_all([Booking(each, when, OccupancyKind.VISIT, Subject("visit", key)) for each in wanted])
                    booked.append(len(wanted))
                except Refusal as no:
                    refused.append(no.code)
        except BaseException as error:
            broken.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=booker, args=[number]) for number in range(16)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert broken == []
    assert set(refused) == {"workforce.double_booking"}
    assert len(booked) + len(refused) == 16 * 30
    assert Occupancy.objects.filter(live=True).count() == sum(booked)
    overlaps = 0
    for each in Engineer.objects.filter(pk__in=ids):
        rows = list(Occupancy.objects.filter(engineer=each, live=True).order_by("starts_at"))
        overlaps += sum(first.ends_at > second.starts_at for first, second in pairwise(rows))
    assert overlaps == 0
