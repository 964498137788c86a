"""What people say of clauses and what becomes of it; the regular review; sessions."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from anxiu.accounts.models import Region
from anxiu.accounts.queries import actor_of
from anxiu.duties.models import Duty
from anxiu.kernel.actor import SYSTEM, Actor
from anxiu.kernel.errors import NotAllowed, NotFound, Refusal
from anxiu.kernel.models import EventRow
from anxiu.kernel.time import moved_to
from anxiu.regulation import actions as regulation
from anxiu.regulation.models import Version
from anxiu.regulation.queries import in_force
from anxiu.uptake import actions
from anxiu.uptake.choices import Decision, RemarkKind
from anxiu.uptake.models import Remark, Review
from anxiu.uptake.queries import author_of, decisions, figures_changed, remarks, remarks_on, reviews, sessions
from anxiu.uptake.rules.review import next_review
from tests.uptake.test_reading import AT, DAY, adopt, north, somebody, south

__all__ = ["north", "south"]  # fixtures
pytestmark = pytest.mark.django_db


def refused(code: str, verb: Any, **given: Any) -> None:
    with pytest.raises(Refusal) as said, transaction.atomic():
        verb(**{"at": AT, **given})
    assert said.value.code == code


def current() -> Version:
    return in_force(None, "", AT)


def remark(actor: Actor, text: str = "太短", **more: Any) -> Remark:
    given: dict[str, Any] = {"version_id": current().pk, "number": "3.1", "kind": RemarkKind.PROPOSAL, **more}
    return actions.remark_on_clause(actor=actor, at=AT, text=text, **given)


# ---- remarks ---------------------------------------------------------------------------------------------------------
@pytest.mark.requirement("REG-05")
def test_anybody_remarks_on_a_clause_and_learns_what_became_of_it(north: Region):
    engineer, boss = actor_of(somebody("engineer", north, "郑工")), actor_of(somebody("supervisor", north))
    made = remark(engineer)
    actions.reply_to_remark(actor=boss, at=AT, remark_uid=made.uid, text="差多少？")
    actions.reply_to_remark(actor=engineer, at=AT, remark_uid=made.uid, text="十分钟")
    done = actions.settle_remark(actor=boss, at=AT, remark_uid=made.uid, text="已说明")
    assert (done.state, done.settled_by_id, done.draft) == ("answered", boss.person_id, None)
    assert [each.text for each in done.replies.all()] == ["差多少？", "十分钟", "已说明"]
    refused("uptake.remark_is_settled", actions.settle_remark, actor=boss, remark_uid=made.uid, text="x")
    refused("uptake.no_such_clause", remark_of := actions.remark_on_clause, actor=engineer,
            version_id=current().pk, number="9.99", kind=RemarkKind.REMARK, text="x")  # fmt: skip
    refused("kernel.required", remark_of, actor=engineer, version_id=current().pk, number="3.1",
            kind=RemarkKind.REMARK, text=" ")  # fmt: skip
    assert EventRow.objects.filter(kind="uptake.clause_remarked").get().subject_id == made.pk


@pytest.mark.requirement("REG-05")
def test_a_remark_is_taken_up_into_a_draft_and_stands_beside_its_clause(north: Region):
    engineer, boss = actor_of(somebody("engineer", north)), actor_of(somebody("management", None))
    made = remark(engineer)
    refused("uptake.no_draft", actions.settle_remark, actor=boss, remark_uid=made.uid, text="x", draft_id=current().pk)
    draft = regulation.start_draft(actor=boss, at=AT, source=regulation.Source("default"), why="x")
    actions.settle_remark(actor=boss, at=AT, remark_uid=made.uid, text="改", draft_id=draft.pk)
    assert [(each.number, each.state) for each in remarks_on(boss, draft.pk)] == [("3.1", "taken_up")]
    assert [each.pk for each in remarks_on(engineer, current().pk)] == [made.pk]


@pytest.mark.requirement("REG-05")
def test_remarks_are_seen_by_their_writers_and_by_who_may_and_names_only_by_these(north: Region, south: Region):
    one, other = actor_of(somebody("engineer", north, "郑工")), actor_of(somebody("engineer", north))
    here, there = actor_of(somebody("supervisor", north)), actor_of(somebody("supervisor", south))
    made = remark(one)
    assert [remarks(each).count() for each in (one, other, here, there)] == [1, 0, 1, 0]
    assert [author_of(each, made) for each in (one, other, here)] == ["郑工", "", "郑工"]
    refused("kernel.not_found", actions.reply_to_remark, actor=other, remark_uid=made.uid, text="x")
    with pytest.raises(NotAllowed):
        actions.settle_remark(actor=one, at=AT, remark_uid=made.uid, text="x")
    with pytest.raises(NotFound):
        actions.settle_remark(actor=there, at=AT, remark_uid=made.uid, text="x")


# ---- reviews ---------------------------------------------------------------------------------------------------------
def test_the_next_review_is_so_many_calendar_months_later():
    zone = UTC
    assert next_review(datetime(2026, 8, 31, 1, tzinfo=UTC), 6, zone) == datetime(2027, 2, 28, 1, tzinfo=UTC)
    assert next_review(datetime(2026, 6, 15, 1, tzinfo=UTC), 12, zone) == datetime(2027, 6, 15, 1, tzinfo=UTC)


def begun(every: int = 6, notice: str = "14 d") -> datetime:
    """When the first review is due under these figures."""
    adopt(AT, review_every=every, review_notice=notice)
    first = Version.objects.order_by("pk")[0].created_at
    return next_review(first, every, UTC)


def keep(at: datetime) -> Review | None:
    with moved_to(at):
        return actions.keep_review(actor=SYSTEM, at=at)


@pytest.mark.requirement("REG-05")
@pytest.mark.parametrize(("every", "notice"), [(6, "14 d"), (2, "3 d")])
def test_a_review_opens_by_itself_its_notice_ahead_of_the_interval(every: int, notice: str):
    boss = somebody("management", None)
    due = begun(every, notice)
    ahead = timedelta(days=int(notice.split(maxsplit=1)[0]))
    assert keep(due - ahead - DAY) is None
    found = keep(due - ahead + DAY)
    assert found
    assert (found.owner_id, abs(found.due_at - due) < DAY) == (boss.pk, True)
    duty = Duty.objects.get(kind="regulation_review")
    assert (duty.owner_id, duty.region, duty.due_at) == (boss.pk, None, found.due_at)
    assert keep(due) is None


@pytest.mark.requirement("REG-05")
def test_a_review_decides_clause_by_clause_and_the_next_one_counts_from_its_end():
    boss = actor_of(somebody("management", None))
    due = begun()
    row = keep(due)
    assert row
    decide = {"actor": boss, "review_uid": row.uid, "version_id": current().pk}
    refused("uptake.not_decided", actions.close_review, actor=boss, review_uid=row.uid, why="x")
    refused("uptake.no_such_clause", actions.decide_on_clause, **decide, number="9.99", decision=Decision.KEEP, why="x")
    actions.decide_on_clause(at=due, **decide, number="3.1", decision=Decision.KEEP, why="好")
    actions.decide_on_clause(at=due, **decide, number="3.1", decision=Decision.AMEND, why="再想想")
    actions.decide_on_clause(at=due, **decide, number="1.4", decision=Decision.KEEP, why="好")
    assert [(each.number, each.decision) for each in decisions(row)] == [("1.4", "keep"), ("3.1", "amend")]
    done = actions.close_review(actor=boss, at=due, review_uid=row.uid, why="两条")
    assert (done.closed_by_id, done.words) == (boss.person_id, "两条")
    assert Duty.objects.get(kind="regulation_review").closing_event.kind == "uptake.review_closed"
    refused("uptake.review_is_closed", actions.close_review, actor=boss, review_uid=row.uid, why="x")
    assert keep(due + 100 * DAY) is None
    following = keep(due + 185 * DAY)
    assert following
    assert following.since == due
    assert [each.pk for each in reviews(boss)] == [following.pk, row.pk]
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("update uptake_decided set decision = 'drop'")


def test_without_anybody_to_close_it_no_review_opens():
    assert keep(begun() + DAY) is None


def test_who_does_not_answer_for_the_regulation_decides_nothing(north: Region):
    somebody("management", None)
    row = keep(begun())
    assert row
    agent = actor_of(somebody("agent", north))
    with pytest.raises(NotAllowed):
        actions.close_review(actor=agent, at=AT, review_uid=row.uid, why="x")
    with pytest.raises(NotAllowed):
        actions.decide_on_clause(
            actor=agent, at=AT, review_uid=row.uid, version_id=current().pk, number="3.1", decision=Decision.KEEP, why="x"
        )  # fmt: skip
    with pytest.raises(NotAllowed):
        reviews(agent)


@pytest.mark.requirement("REG-05")
def test_the_figures_changed_since_are_listed_with_why():
    boss = actor_of(somebody("management", None))
    base = current()
    with moved_to(AT + DAY):
        regulation.amend_version(
            actor=boss, at=AT + DAY, version_id=base.pk, in_force_from=AT + DAY, changes={"sla.warning_share": 60},
            why="太晚",
        )  # fmt: skip
    [found] = figures_changed(boss, AT, AT + 2 * DAY)
    assert (found.key, found.old, found.new, found.at, found.why) == ("sla.warning_share", 70, 60, AT + DAY, "太晚")
    assert figures_changed(boss, AT + 2 * DAY, AT + 3 * DAY) == []


# ---- sessions --------------------------------------------------------------------------------------------------------
@pytest.mark.requirement("REG-04")
def test_a_session_is_recorded_with_who_came(north: Region, south: Region):
    boss = actor_of(somebody("supervisor", north))
    one, two, away = somebody("engineer", north), somebody("engineer", north), somebody("engineer", south)
    new = actions.NewSession(AT, "二号会议室", "三起超时案例，视频在共享盘", (one.pk, two.pk), ("3.1", "3.9"))
    made = actions.record_session(actor=boss, at=AT, version_id=current().pk, new=new)
    assert (made.numbers, made.region_id) == (["3.1", "3.9"], north.pk)
    assert set(made.attendees.all()) == {one, two}
    assert [sessions(actor_of(each)).count() for each in (one, away)] == [1, 0]
    assert sessions(boss).get() == made

    def wrong(code: str, **more: Any) -> None:
        given = {"held_at": AT, "place": "x", "words": "x", "person_ids": (one.pk,), **more}
        refused(code, actions.record_session, actor=boss, version_id=current().pk, new=actions.NewSession(**given))

    wrong("uptake.nobody_came", person_ids=())
    wrong("kernel.not_found", person_ids=(one.pk, away.pk))
    wrong("uptake.no_such_clause", numbers=("9.99",))
    wrong("kernel.in_future", held_at=AT + DAY)
    wrong("kernel.required", words=" ")
    wrong("kernel.too_long", place="x" * 121)
    with pytest.raises(NotAllowed):
        actions.record_session(actor=actor_of(one), at=AT, version_id=current().pk, new=new)
