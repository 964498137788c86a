"""Who owes which version, the quiz, the acknowledgement, reminders, and the gate."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from anxiu.accounts.actions import NewPerson, add_person, add_region, change_person, retire_person
from anxiu.accounts.models import Person, Region
from anxiu.accounts.queries import actor_of
from anxiu.duties.models import Duty
from anxiu.kernel.actor import SYSTEM, Actor
from anxiu.kernel.errors import Invalid, NotFound, Refusal, Stale
from anxiu.kernel.models import EventRow
from anxiu.kernel.time import moved_to
from anxiu.regulation.actions import adopt_preset, withdraw_version
from anxiu.regulation.models import Version
from anxiu.regulation.rules.quiz import is_right, shuffled
from anxiu.uptake.actions import acknowledge_version, keep_readings, take_quiz
from anxiu.uptake.models import Attempt, Reading
from anxiu.uptake.queries import counts, mine, my_reading, readings, sitting

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def north() -> Region:
    return add_region(actor=SYSTEM, at=AT, code="north", name_zh="华北", name_en="North")


@pytest.fixture
def south() -> Region:
    return add_region(actor=SYSTEM, at=AT, code="south", name_zh="华南", name_en="South")


def somebody(post: str, region: Region | None, name: str = "王工") -> Person:
    email = f"{post}{Person.objects.count()}@example.com"
    new = NewPerson(name=name, email=email, posts=((post, None),), region_id=region.pk if region else None)
    return add_person(actor=SYSTEM, at=AT, new=new)


def adopt(at: datetime = AT, region: Region | None = None, preset: str = "default", **figures: object) -> Version:
    changes = {f"uptake.{key}": raw for key, raw in figures.items()}
    with moved_to(at):
        return adopt_preset(
            actor=SYSTEM, at=at, preset_code=preset, in_force_from=at, region_id=region.pk if region else None,
            changes=changes,
        )  # fmt: skip


def keep(at: datetime = AT) -> int:
    with moved_to(at):
        return keep_readings(actor=SYSTEM, at=at)


def own(person: Person) -> Reading:
    return mine(actor_of(person)).get()


def right_answers(row: Reading, *, right: bool = True) -> dict[str, list[int]]:
    """The answers to the next sitting, by the places as they are shown."""
    drawn = sitting(row)
    return {
        each.code: [
            place for place, at in enumerate(shuffled(each, drawn.seed)) if is_right(each, [at]) is right
        ][:1]
        for each in drawn.drawn
    }  # fmt: skip


def sit(person: Person, *, right: bool = True, at: datetime = AT) -> Attempt:
    row = own(person)
    return take_quiz(actor=actor_of(person), at=at, reading_uid=row.uid, answers=right_answers(row, right=right))


def refused(code: str, verb: Any, **given: Any) -> Refusal:
    with pytest.raises(Refusal) as said, transaction.atomic():
        verb(at=AT, **given)
    assert said.value.code == code
    return said.value


# ---- who owes what ---------------------------------------------------------------------------------------------------
@pytest.mark.requirement("REG-04")
def test_everybody_a_version_binds_owes_it_once(north: Region, south: Region):
    engineer, agent = somebody("engineer", north), somebody("agent", south)
    manager = somebody("management", None)
    add_person(actor=SYSTEM, at=AT, new=NewPerson("无岗位", "none@example.com", (), region_id=north.pk))
    assert keep() == 3
    assert keep() == 0
    assert set(Reading.objects.values_list("person", "post", "version__code")) == {
        (engineer.pk, "engineer", "default-1"), (agent.pk, "agent", "default-1"),
        (manager.pk, "management", "default-1"),
    }  # fmt: skip
    assert {each.due_at for each in Reading.objects.all()} == {AT + 14 * DAY}
    duty = Duty.objects.get(owner=engineer)
    assert (duty.kind, duty.subject_id, duty.due_at) == ("regulation_reading", own(engineer).pk, AT + 14 * DAY)
    assert Duty.objects.get(owner=manager).region is None


@pytest.mark.requirement("REG-04")
def test_a_version_of_a_region_is_owed_there_and_the_general_one_elsewhere(north: Region, south: Region):
    engineer, agent = somebody("engineer", north), somebody("agent", south)
    keep()
    adopt(AT + DAY, north)
    assert keep(AT + DAY) == 2  # one lifted, one given
    assert own(engineer).version.code == "default-2"
    assert own(agent).version.code == "default-1"
    assert Duty.objects.get(owner=engineer, outcome="lifted").closing_event.kind == "uptake.reading_lifted"


def test_what_takes_effect_later_is_owed_already_and_due_after_it_holds(north: Region):
    engineer = somebody("engineer", north)
    with moved_to(AT):
        adopt_preset(actor=SYSTEM, at=AT, preset_code="r1", in_force_from=AT + 10 * DAY)
    keep()
    assert sorted(mine(actor_of(engineer)).values_list("version__code", "due_at")) == [
        ("default-1", AT + 14 * DAY), ("r1-1", AT + 24 * DAY)
    ]  # fmt: skip
    keep(AT + 10 * DAY)
    assert [each.version.code for each in mine(actor_of(engineer))] == ["r1-1"]


def test_who_leaves_or_is_withdrawn_from_owes_nothing_and_who_comes_does(north: Region, south: Region):
    engineer = somebody("engineer", north)
    adopt(AT, north)
    keep()
    change_person(actor=SYSTEM, at=AT, person_id=engineer.pk, changes={"region_id": south.pk})
    keep()
    assert own(engineer).version.code == "default-1"
    change_person(actor=SYSTEM, at=AT, person_id=engineer.pk, changes={"region_id": north.pk})
    keep()
    assert own(engineer).version.code == "default-2"  # again, with a to-do of its own
    assert Duty.objects.filter(owner=engineer, closed_at=None).count() == 1
    newcomer = somebody("engineer", north)
    keep()
    assert own(newcomer).version.code == "default-2"
    with moved_to(AT):
        withdraw_version(actor=SYSTEM, at=AT, version_id=Version.objects.get(code="default-2").pk)
    keep()
    assert own(newcomer).version.code == "default-1"
    retire_person(actor=SYSTEM, at=AT, person_id=newcomer.pk)
    keep()
    assert not Reading.objects.filter(person=newcomer, state="open").exists()


# ---- quiz and acknowledgement ----------------------------------------------------------------------------------------
@pytest.mark.requirement("REG-04")
def test_the_quiz_is_passed_and_the_version_acknowledged_by_name(north: Region):
    engineer = somebody("engineer", north)
    keep()
    actor, row = actor_of(engineer), own(engineer)
    refused("uptake.quiz_first", acknowledge_version, actor=actor, reading_uid=row.uid)
    drawn = sitting(row)
    assert (len(drawn.drawn), drawn.needed) == (8, 7)
    assert all(not each.posts or "engineer" in each.posts for each in drawn.drawn)
    failed = sit(engineer, right=False)
    assert (failed.passed, failed.right, failed.number) == (False, 0, 1)
    assert {each.code for each in sitting(row).drawn} != {each.code for each in drawn.drawn}
    assert sit(engineer).passed
    refused("uptake.passed_already", take_quiz, actor=actor, reading_uid=row.uid, answers={})
    done = acknowledge_version(actor=actor, at=AT + DAY, reading_uid=row.uid)
    assert (done.state, done.acknowledged_at) == ("acknowledged", AT + DAY)
    told = EventRow.objects.get(kind="uptake.acknowledged")
    assert (told.actor_id, told.subject_id) == (engineer.pk, row.pk)
    duty = Duty.objects.get(owner=engineer)
    assert (duty.closing_event_id, duty.outcome, duty.closed_by_id) == (told.pk, "acknowledged", engineer.pk)
    refused("uptake.not_open", acknowledge_version, actor=actor, reading_uid=row.uid)


def test_a_quiz_takes_an_answer_to_each_present_question_and_nothing_else(north: Region):
    engineer, other = somebody("engineer", north), somebody("agent", north)
    keep()
    row, actor = own(engineer), actor_of(engineer)
    answers = right_answers(row)
    first = next(iter(answers))
    missing: Any = refused(
        "uptake.unanswered", take_quiz, actor=actor, reading_uid=row.uid, answers={**answers, first: []}
    )
    assert isinstance(missing, Invalid)
    assert missing.field == first
    for wrong in ({**answers, "first-call-x": [0]}, {**answers, first: [99]}):
        gone = refused("uptake.other_questions", take_quiz, actor=actor, reading_uid=row.uid, answers=wrong)
        assert isinstance(gone, Stale)
    for verb, more in ((take_quiz, {"answers": answers}), (acknowledge_version, {})):
        with pytest.raises(NotFound):
            verb(actor=actor_of(other), at=AT, reading_uid=row.uid, **more)


def test_what_is_acknowledged_and_sat_stays_as_it_is(north: Region):
    engineer = somebody("engineer", north)
    keep()
    attempt = sit(engineer)
    acknowledge_version(actor=actor_of(engineer), at=AT, reading_uid=own(engineer).uid)
    for sql in (
        "update uptake_reading set acknowledged_at = now()", "delete from uptake_reading",
        "update uptake_attempt set passed = false", f"delete from uptake_attempt where id = {attempt.pk}",
    ):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_the_next_version_asks_first_about_what_changed(north: Region):
    engineer = somebody("engineer", north)
    keep()
    sit(engineer)
    acknowledge_version(actor=actor_of(engineer), at=AT, reading_uid=own(engineer).uid)
    with moved_to(AT + DAY):
        adopt_preset(
            actor=SYSTEM, at=AT + DAY, preset_code="default", in_force_from=AT + DAY,
            changes={"orders.guarantee_days": 45, "uptake.questions": 1},
        )  # fmt: skip
    keep(AT + DAY)
    row = mine(actor_of(engineer)).get(state="open")
    assert [each.number for each in sitting(row).drawn] == ["7.4"]
    say = sitting(row).speaker.in_language("en")
    assert "45 days" in say(sitting(row).drawn[0].why.en)


def test_ones_own_page_begins_with_the_version_acknowledged_last(north: Region):
    engineer = somebody("engineer", north)
    for days in (0, 1):
        if days:
            adopt(AT + days * DAY, questions=2)
        keep(AT + days * DAY)
        row = mine(actor_of(engineer)).get(state="open")
        with moved_to(AT + days * DAY):
            if row.passed_at is None:
                take_quiz(actor=actor_of(engineer), at=AT + days * DAY, reading_uid=row.uid, answers=right_answers(row))
            acknowledge_version(actor=actor_of(engineer), at=AT + days * DAY, reading_uid=row.uid)
    assert [each.version.code for each in mine(actor_of(engineer))] == ["default-2", "default-1"]


# ---- values ----------------------------------------------------------------------------------------------------------
def test_each_figure_of_reading_changes_what_happens(north: Region):
    engineer, agent = somebody("engineer", north), somebody("agent", north)
    adopt(due="3 d", posts=["engineer"], questions=2, pass_mark=50, reminders=[2])
    keep()
    assert not mine(actor_of(agent)).exists()
    row = own(engineer)
    assert row.due_at == AT + 3 * DAY
    assert (len(sitting(row).drawn), sitting(row).needed) == (2, 1)
    assert keep(AT + DAY) == 1
    reminded = EventRow.objects.get(kind="uptake.reading_reminded")
    assert '"days":2' in reminded.body
    assert keep(AT + DAY) == 0


def test_without_questions_a_version_is_read_and_acknowledged(north: Region):
    engineer = somebody("engineer", north)
    adopt(questions=0)
    keep()
    row = own(engineer)
    refused("uptake.no_questions", take_quiz, actor=actor_of(engineer), reading_uid=row.uid, answers={})
    assert acknowledge_version(actor=actor_of(engineer), at=AT, reading_uid=row.uid).acknowledged_at == AT


@pytest.mark.requirement("REG-04")
def test_reminders_come_on_the_listed_days_once_and_then_the_supervisors_are_told(north: Region, south: Region):
    somebody("engineer", north)
    somebody("engineer", south)
    keep()
    told = [keep(AT + days * DAY) for days in (6, 7, 8, 11, 13, 14, 15)]
    assert told == [0, 2, 0, 2, 2, 2, 0]  # at 7, 3 and 1 days before; then one fact a region
    late = EventRow.objects.filter(kind="uptake.readings_overdue")
    assert {each.region_id for each in late} == {north.pk, south.pk}


# ---- who has not -----------------------------------------------------------------------------------------------------
@pytest.mark.requirement("REG-04")
def test_who_has_not_is_known_by_region_and_post(north: Region, south: Region):
    one, _two = somebody("engineer", north), somebody("engineer", north)
    somebody("agent", south)
    keep()
    version = Version.objects.get(code="default-1")
    sit(one)
    boss = Actor(SYSTEM.kind, regions=frozenset({north.pk}), permissions=frozenset({"uptake.view_readings"}))
    [seen] = counts(boss, version.pk, AT)
    assert (seen.region_id, seen.post, seen.all, seen.acknowledged, seen.passed, seen.overdue) == (
        north.pk, "engineer", 2, 0, 1, 0
    )  # fmt: skip
    acknowledge_version(actor=actor_of(one), at=AT, reading_uid=own(one).uid)
    [seen] = counts(boss, version.pk, AT + 14 * DAY)
    assert (seen.acknowledged, seen.passed, seen.overdue, seen.waiting) == (1, 0, 1, 1)
    assert len(counts(SYSTEM, version.pk, AT)) == 2
    assert readings(boss).count() == 2
    with pytest.raises(Refusal):
        readings(actor_of(one))


def test_one_reads_ones_own_only(north: Region):
    engineer, other = somebody("engineer", north), somebody("engineer", north)
    keep()
    assert my_reading(actor_of(engineer), own(engineer).uid).person_id == engineer.pk
    with pytest.raises(NotFound):
        my_reading(actor_of(other), own(engineer).uid)


def test_a_reading_that_is_lifted_cannot_be_acknowledged(north: Region):
    engineer = somebody("engineer", north)
    keep()
    row = own(engineer)
    adopt(AT, north)
    keep()
    with pytest.raises(NotFound):
        acknowledge_version(actor=actor_of(engineer), at=AT, reading_uid=row.uid)
    assert Reading.objects.get(pk=row.pk).state == "lifted"
