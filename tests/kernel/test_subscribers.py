"""Projectors fold what was sequenced and can start again; reactors act once for each event, whoever runs them."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection

from anxiu.kernel.actor import SYSTEM, Subject
from anxiu.kernel.events import Sealed, record
from anxiu.kernel.models import Cursor, Done, Position
from anxiu.kernel.sequencer import catch_up, sequence
from anxiu.kernel.subscribers import (
    PROJECTORS,
    REACTORS,
    TRY_AGAIN,
    frame,
    project,
    projector,
    react,
    reaction_jobs,
    reactor,
    rebuild,
)  # fmt: skip
from anxiu.kernel.time import moved_to, now

AT = datetime(2026, 5, 11, 1, 0, tzinfo=UTC)
LONGEST_NOTIFICATION = 8000  # bytes; PostgreSQL refuses longer ones


def sql(statement: str, *values: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def kept(table: str) -> dict[int, int]:
    return dict(sql(f"select subject, total from {table}"))


@pytest.fixture
def tell(noted):
    def told(*numbers: int, subject: int = 7) -> None:
        for number in numbers:
            record(noted(Sealed(""), number), subject=Subject("order", subject), region_id=None, actor=SYSTEM, at=AT)

    return told


@pytest.fixture
def tallies(quiet, noted):
    """Two projectors that add up numbers; the second stumbles over what is in `stones`."""
    stones: set[int] = set()

    def declare(name: str) -> None:
        sql(f"create table {name} (subject bigint primary key, total bigint)")

        @projector(name, noted, reset=lambda: sql(f"delete from {name}") and None)
        def fold(facts):
            for fact in facts:
                sql(
                    f"insert into {name} values (%s, %s) on conflict (subject) do update set total = {name}.total + excluded.total",
                    fact.subject.id, fact["number"],
                )  # fmt: skip
                if name == "stumbling" and fact["number"] in stones:
                    raise RuntimeError("a stone")

    declare("tally")
    declare("stumbling")
    yield stones
    del PROJECTORS["tally"], PROJECTORS["stumbling"]


def test_what_is_rebuilt_equals_what_was_kept(tallies, tell):
    for number in range(10):
        tell(number, subject=number % 3)
        catch_up()
    before = kept("tally")
    assert before == {0: 18, 1: 12, 2: 15}
    sql("insert into tally values (99, 1)")  # somebody's hand in the rows
    assert rebuild("tally") == 10
    assert kept("tally") == before


def test_reading_again_folds_nothing_twice(tallies, tell):
    tell(5)
    catch_up()
    assert [project("tally"), project("tally")] == [0, 0]
    assert kept("tally") == {7: 5}


def test_a_failing_projector_halts_only_itself_and_recovers(tallies, tell):
    tell(1)
    catch_up()
    tallies.add(2)
    tell(2, 3)
    catch_up()
    assert kept("tally") == {7: 6}
    assert kept("stumbling") == {7: 1}  # the batch it failed in left nothing behind
    halted = Cursor.objects.get(name="stumbling")
    assert (halted.position, halted.error) == (1, "RuntimeError('a stone')")
    assert halted.failed_at
    assert Cursor.objects.get(name="tally").failed_at is None
    tallies.clear()
    catch_up()
    assert kept("stumbling") == {7: 1}  # it is not tried, and not logged, twenty times a second
    with moved_to(now() + TRY_AGAIN):
        catch_up()
    assert kept("stumbling") == {7: 6}
    recovered = Cursor.objects.get(name="stumbling")
    assert (recovered.position, recovered.failed_at, recovered.error) == (3, None, "")


def test_a_projector_passes_over_what_it_does_not_follow(tallies):
    rows = sql(
        "insert into kernel_event (uid, kind, version, subject_kind, subject_id, actor_kind, occurred_at, recorded_at, body)"
        " values (gen_random_uuid(), 'nobody.follows', 1, 'order', 1, 'system', now(), now(), '{}') returning id"
    )
    assert rows
    catch_up()
    assert kept("tally") == {}
    assert Cursor.objects.get(name="tally").position == 1


def test_the_real_projectors_can_be_rebuilt(db):
    for name in PROJECTORS:
        rebuild(name)
        assert Cursor.objects.get(name=name).failed_at is None


# ---- reactors --------------------------------------------------------------------------------------------------------
@pytest.fixture
def acted(noted):
    """A reactor that writes a row each time it acts, and may be told to fail after it has."""
    failing: list[str] = []

    @reactor("kernel_test.acts", noted)
    def act(fact):
        sql("insert into django_session values (%s, '', now())", f"{threading.get_ident()}-{fact.position}")
        if failing:
            raise RuntimeError(failing.pop())

    yield failing
    del REACTORS["kernel_test.acts"]


def effects() -> int:
    return sql("select count(*) from django_session")[0][0]


def test_a_reactor_acts_once_for_an_event(quiet, tell, acted):
    tell(1)
    catch_up()
    assert [react("kernel_test.acts", 1), react("kernel_test.acts", 1)] == [True, False]
    assert effects() == 1


def test_a_failed_reaction_leaves_nothing_and_may_be_tried_again(quiet, tell, acted):
    tell(1)
    catch_up()
    acted.append("no luck")
    with pytest.raises(RuntimeError, match="no luck"):
        react("kernel_test.acts", 1)
    assert (effects(), Done.objects.filter(reactor="kernel_test.acts").count()) == (0, 0)
    assert react("kernel_test.acts", 1)
    assert effects() == 1


@pytest.mark.django_db(transaction=True)
def test_eight_workers_at_once_act_once(noted, acted):
    record(noted(Sealed(""), 1), subject=Subject("order", 7), region_id=None, actor=SYSTEM, at=AT)
    catch_up()
    position = Position.objects.get(event__kind="kernel_test.noted").position
    together, results = threading.Barrier(8), []

    def run() -> None:
        together.wait()
        results.append(react("kernel_test.acts", position))
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [False] * 7 + [True]
    assert effects() == 1


def test_each_event_becomes_one_job_a_reactor(quiet, tell, acted):
    tell(1, 2)
    catch_up()
    jobs = sql("select (args->>'position')::int from procrastinate_jobs where args->>'name' = 'kernel_test.acts' order by id")
    assert [position for (position,) in jobs] == [1, 2]


# ---- the sequencer ---------------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_only_one_sequencer_is_at_it(noted):
    record(noted(Sealed(""), 1), subject=Subject("order", 7), region_id=None, actor=SYSTEM, at=AT)
    held, go_on = threading.Event(), threading.Event()

    def other() -> None:
        from django.db import transaction

        from anxiu.kernel.sequencer import LOCK

        with transaction.atomic():
            sql("select pg_advisory_xact_lock(%s)", LOCK)
            held.set()
            go_on.wait(10)
        connection.close()

    thread = threading.Thread(target=other)
    thread.start()
    assert held.wait(10)
    assert sequence() == 0
    go_on.set()
    thread.join()
    assert sequence() > 0


def test_positions_follow_without_a_gap_over_batches(quiet, tell, monkeypatch):
    monkeypatch.setattr("anxiu.kernel.sequencer.BATCH", 3)
    tell(*range(10))
    assert catch_up() == 10
    assert list(Position.objects.order_by("position").values_list("position", flat=True)) == list(range(1, 11))
    assert catch_up() == 0


def test_the_longest_frame_fits_into_a_notification(quiet, tell):
    from anxiu.kernel.models import EventRow
    from anxiu.kernel.sequencer import FRAME_EVENTS

    longest = 2**63 - 1
    rows = [
        (longest, EventRow(subject_kind=f"{number:02}" + "x" * 30, subject_id=longest - number, region_id=longest))
        for number in range(FRAME_EVENTS)
    ]
    assert len(frame(rows).encode()) < LONGEST_NOTIFICATION


def test_jobs_are_deferred_only_for_those_who_listen(quiet, tell, acted):
    tell(1)
    sequence()
    place = Position.objects.select_related("event").get()
    assert reaction_jobs([(1, place.event)]) == [{"name": "kernel_test.acts", "position": 1}]
