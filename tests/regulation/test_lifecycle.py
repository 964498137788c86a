"""From draft to force: who may do what, what is refused and why, and that only drafts change."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError, InternalError, ProgrammingError

from anxiu.accounts.models import Region
from anxiu.accounts.queries import actor_of
from anxiu.kernel import values
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import GateShut, Invalid, NotAllowed, NotFound, Refusal, WrongState
from anxiu.kernel.models import EventRow
from anxiu.kernel.values import Words
from anxiu.regulation import actions
from anxiu.regulation.choices import Control, GroupRole
from anxiu.regulation.models import Clause, Figure, Version
from anxiu.regulation.queries import comments, figures, in_force, log, readiness, under_way, versions
from anxiu.regulation.rules.readiness import Lack
from anxiu.sla.values import FIRST_RESPONSE
from tests.regulation.conftest import AT, person_with

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=1)
FASTER = {"urgent": "20 min", "normal": "2 h", "minor": "8 working h"}


@pytest.fixture
def supervisor() -> Actor:
    """Somebody who drafts for the whole company."""
    person = person_with("supervisor")
    held = actor_of(person)
    return Actor(held.kind, held.id, held.permissions, None)


def do(verb: Callable[..., Any], actor: Actor, version: Version | None = None, **more: Any) -> Any:
    if verb not in (actions.comment_on_clause, actions.settle_comment):
        more.setdefault("why", "because")
    named = {} if version is None else {"version_id": version.pk}
    return verb(actor=actor, at=AT, **named, **more)


def draft(actor: Actor, **more: Any) -> Version:
    return do(actions.start_draft, actor, source=actions.Source("default"), **more)


def refused(code: str, verb: Callable[..., Any], actor: Actor, version: Version | None = None, **more: Any) -> Refusal:
    with pytest.raises(Refusal) as said, transaction.atomic():
        do(verb, actor, version, **more)
    assert said.value.code == code
    return said.value


def wording(**more: Any) -> actions.Wording:
    plain: dict[str, Any] = {
        "title": Words("新条", "New"), "text": Words("新的规定。", "A new rule."), "control": Control.MANUAL,
        "manual": Words("主管抽查。", "Supervisors check."),
    }  # fmt: skip
    return actions.Wording(**{**plain, **more})


def reviewed(supervisor: Actor, manager: Actor) -> Version:
    version = draft(supervisor)
    do(actions.name_working_group, supervisor, version, members=[(manager.id, GroupRole.LEAD)])
    return do(actions.submit_for_review, supervisor, version)


def approved(supervisor: Actor, manager: Actor) -> Version:
    return do(actions.approve_version, manager, reviewed(supervisor, manager))


def test_a_draft_holds_nothing_and_is_read_by_who_may(supervisor: Actor, manager: Actor, engineer: Actor):
    version = draft(supervisor)
    assert (version.state, version.code, version.in_force_from) == ("draft", "default-2", None)
    assert in_force(None, "", LATER).code == "default-1"
    assert set(figures(version.pk)) == set(values.REGISTRY)
    assert Clause.objects.filter(version=version).count() == Clause.objects.filter(version__code="default-1").count()
    assert list(under_way(manager)) == [version]
    assert version not in versions(engineer)
    with pytest.raises(NotAllowed):
        draft(engineer)


def test_a_draft_begins_from_a_preset_or_from_a_version_with_a_reason(supervisor: Actor, north: Region):
    base = in_force(None, "", AT)
    of_version = do(
        actions.start_draft, supervisor, source=actions.Source(version_id=base.pk), region_id=north.pk, order_type="repair"
    )
    assert (of_version.based_on, of_version.region, of_version.order_type) == (base, north, "repair")
    assert figures(of_version.pk) == figures(base.pk)
    refused("kernel.required", actions.start_draft, supervisor, source=actions.Source("default"), why=" ")
    refused("regulation.unknown_preset", actions.start_draft, supervisor, source=actions.Source("nobody"))
    refused("kernel.not_found", actions.start_draft, supervisor, source=actions.Source(version_id=0))
    refused("kernel.not_a_choice", actions.start_draft, supervisor, source=actions.Source("default"), order_type="x")
    refused("kernel.not_found", actions.start_draft, supervisor, source=actions.Source("default"), region_id=north.pk + 9)


def test_who_sees_a_region_drafts_for_it_and_not_for_everybody(north: Region, south: Region):
    local = actor_of(person_with("supervisor", north))
    assert local.regions is not None
    version = draft(local, region_id=north.pk)
    assert list(under_way(local)) == [version]
    with pytest.raises(NotAllowed):
        draft(local)
    with pytest.raises(NotFound):
        draft(local, region_id=south.pk)


@pytest.mark.requirement("REG-02")
def test_a_figure_out_of_range_is_refused_with_clause_and_reason(supervisor: Actor, engineer: Actor):
    version = draft(supervisor)
    figure = do(actions.set_figure, supervisor, version, key="sla.first_response", raw=FASTER)
    assert (figure.raw, figure.origin) == (FASTER, "company")
    assert values.reading(version.pk)(FIRST_RESPONSE)["urgent"].duration == timedelta(minutes=20)
    wrong = refused("regulation.figure_refused", actions.set_figure, supervisor, version, key="sla.warning_share", raw=101)
    assert wrong.params == {"number": "3.8", "key": "sla.warning_share", "expected": "0 … 100", "given": "101"}
    for code, more in (
        ("regulation.figures_unknown", {"key": "sla.nothing", "raw": 1}),
        ("regulation.nothing_changed", {"key": "sla.first_response", "raw": FASTER}),
        ("kernel.required", {"key": "sla.warning_share", "raw": 80, "why": ""}),
    ):
        refused(code, actions.set_figure, supervisor, version, **more)
    back = do(actions.set_figure, supervisor, version, key="sla.first_response", raw=figures(in_force(None, "", AT).pk)["sla.first_response"])
    assert back.origin == "ours"
    with pytest.raises(NotAllowed):
        do(actions.set_figure, engineer, version, key="sla.warning_share", raw=80)


def test_a_part_of_the_company_does_not_set_what_holds_for_all(supervisor: Actor, north: Region):
    version = draft(supervisor, region_id=north.pk)
    refused("regulation.company_figure", actions.set_figure, supervisor, version, key="notify.too_old", raw="2 h")


def test_a_clause_is_written_added_and_removed_with_a_reason(supervisor: Actor):
    version = draft(supervisor)
    written = do(actions.write_clause, supervisor, version, number="1.4", wording=wording())
    assert (written.title_zh, written.control, written.manual_control_en) == ("新条", "manual", "Supervisors check.")
    added = do(actions.add_clause, supervisor, version, number="3.19", wording=wording())
    assert (added.chapter_title_en, added.position) == ("Response and time limits", 19)
    new_chapter = do(actions.add_clause, supervisor, version, number="99.1", wording=wording(), chapter=Words("附", "More"))
    assert new_chapter.chapter_title_zh == "附"
    do(actions.remove_clause, supervisor, version, number="3.19")
    assert not Clause.objects.filter(version=version, number="3.19").exists()
    for code, verb, more in (
        ("regulation.number_taken", actions.add_clause, {"number": "3.1", "wording": wording()}),
        ("regulation.number_wrong", actions.add_clause, {"number": "three", "wording": wording()}),
        ("regulation.chapter_untitled", actions.add_clause, {"number": "20.1", "wording": wording()}),
        ("regulation.nothing_changed", actions.write_clause, {"number": "1.4", "wording": wording()}),
        ("kernel.not_found", actions.write_clause, {"number": "9.99", "wording": wording()}),
        ("kernel.not_found", actions.remove_clause, {"number": "9.99"}),
    ):
        refused(code, verb, supervisor, version, **more)


@pytest.mark.parametrize(
    ("code", "field", "more"),
    [
        ("kernel.required", "title_en", {"title": Words("新", " ")}),
        ("kernel.too_long", "title_zh", {"title": Words("新" * 121, "New")}),
        ("regulation.stray_brace", "text_en", {"text": Words("新", "A {brace")}),
        ("regulation.figures_unknown", "values", {"values": ("a.b",)}),
        ("regulation.governed_elsewhere", "values", {"values": ("sla.arrival",)}),
        ("regulation.languages_differ", "text_en", {"text": Words("{sla.first_response}", "None."), "values": ("sla.first_response",)}),
        ("regulation.figure_not_listed", "values", {"text": Words("{sla.first_response}", "{sla.first_response}")}),
        ("regulation.row_unknown", "text_zh", {"text": Words("{sla.first_response:hot}", "{sla.first_response}"), "values": ("sla.first_response",)}),
        ("regulation.control_unknown", "enforced_by", {"enforced_by": ("orders.nothing",)}),
        ("regulation.control_unknown", "indicators", {"indicators": ("good_mood",)}),
    ],
)
def test_a_slip_in_a_clause_is_refused_at_its_field(supervisor: Actor, code: str, field: str, more: dict[str, Any]):
    version = draft(supervisor)
    wrong = refused(code, actions.write_clause, supervisor, version, number="3.1", wording=wording(**more))
    assert field in [each.field for each in wrong.errors]  # type: ignore[attr-defined]


def test_the_description_is_written_part_by_part(supervisor: Actor):
    version = draft(supervisor)
    do(actions.describe_draft, supervisor, version, description=actions.Description(name_en="Ours"))
    version.refresh_from_db()
    assert (version.name_en, version.name_zh) == ("Ours", "售后服务管理制度")
    for code, said in (
        ("regulation.nothing_changed", {"name_en": "Ours"}), ("kernel.required", {"purpose_zh": ""}),
        ("kernel.too_long", {"name_zh": "长" * 121}),
    ):  # fmt: skip
        refused(code, actions.describe_draft, supervisor, version, description=actions.Description(**said))


@pytest.mark.requirement("REG-10")
def test_the_working_group_comments_and_each_comment_is_settled(
    supervisor: Actor, manager: Actor, engineer: Actor, north: Region
):
    version = draft(supervisor)
    refused("regulation.no_working_group", actions.submit_for_review, supervisor, version)
    refused("regulation.no_working_group", actions.name_working_group, supervisor, version, members=[])
    twice = [(engineer.id, GroupRole.LEAD)] * 2
    refused("regulation.named_twice", actions.name_working_group, supervisor, version, members=twice)
    refused("kernel.not_found", actions.name_working_group, supervisor, version, members=[(0, GroupRole.LEAD)])
    members = [(manager.id, GroupRole.LEAD), (engineer.id, GroupRole.MEMBER)]
    do(actions.name_working_group, supervisor, version, members=members)
    assert version in versions(engineer)
    refused("regulation.wrong_state", actions.comment_on_clause, engineer, version, number="3.1", text="too short")
    do(actions.submit_for_review, supervisor, version)
    said = do(actions.comment_on_clause, engineer, version, number="3.1", text="too short")
    do(actions.comment_on_clause, engineer, version, number="", text="good on the whole")
    refused("regulation.no_such_clause", actions.comment_on_clause, engineer, version, number="9.99", text="x")
    refused("regulation.not_in_group", actions.comment_on_clause, supervisor, version, number="3.1", text="x")
    stranger = actor_of(person_with("agent", north))
    refused("kernel.not_found", actions.comment_on_clause, stranger, version, number="3.1", text="x")
    shut = refused("regulation.comments_open", actions.approve_version, manager, version)
    assert shut.params == {"count": 2, "numbers": "–, 3.1"}
    for comment in comments(manager, version.pk):
        do(actions.settle_comment, supervisor, version, comment_id=comment.pk, taken_up=comment == said, answer="seen")
    refused("regulation.comment_is_settled", actions.settle_comment, supervisor, version, comment_id=said.pk, taken_up=True, answer="x")
    refused("kernel.not_found", actions.settle_comment, supervisor, version, comment_id=0, taken_up=True, answer="x")
    assert [each.taken_up for each in comments(engineer, version.pk)] == [True, False]
    with pytest.raises(NotAllowed):
        do(actions.settle_comment, engineer, version, comment_id=said.pk, taken_up=True, answer="x")


def test_who_alone_wrote_a_version_does_not_approve_it(manager: Actor, supervisor: Actor):
    version = draft(manager)
    do(actions.name_working_group, manager, version, members=[(manager.id, GroupRole.LEAD)])
    do(actions.submit_for_review, manager, version)
    refused("regulation.own_draft", actions.approve_version, manager, version)
    refused("kernel.not_allowed", actions.approve_version, supervisor, version)
    do(actions.return_to_draft, supervisor, version)
    do(actions.set_figure, supervisor, version, key="sla.warning_share", raw=80)
    do(actions.submit_for_review, manager, version)
    assert do(actions.approve_version, manager, version).approved_by_id == manager.id


@pytest.mark.requirement("REG-11")
def test_a_version_takes_effect_only_when_every_clause_is_held(supervisor: Actor, manager: Actor):
    version = draft(supervisor)
    do(actions.write_clause, supervisor, version, number="2.1", wording=wording(control=Control.GATE))
    do(actions.write_clause, supervisor, version, number="1.4", wording=wording(manual=Words("查", "")))
    do(actions.name_working_group, supervisor, version, members=[(manager.id, GroupRole.LEAD)])
    do(actions.submit_for_review, supervisor, version)
    do(actions.approve_version, manager, version)
    shut = refused("regulation.not_ready", actions.put_in_force, manager, version, in_force_from=LATER)
    assert isinstance(shut, GateShut)
    assert [(each.code, each.params["number"]) for each in shut.missing] == [
        ("regulation.lacks_manual", "1.4"), ("regulation.lacks_gate", "2.1"),
    ]  # fmt: skip
    assert [(each.number, each.lack) for each in readiness(version.pk).lacking] == [("1.4", Lack.MANUAL), ("2.1", Lack.GATE)]
    do(actions.return_to_draft, supervisor, version)
    do(actions.write_clause, supervisor, version, number="2.1", wording=wording(control=Control.GATE, enforced_by=("orders.open_order",)))
    do(actions.write_clause, supervisor, version, number="1.4", wording=wording())
    do(actions.submit_for_review, supervisor, version)
    do(actions.approve_version, manager, version)
    do(actions.put_in_force, manager, version, in_force_from=LATER)
    assert in_force(None, "", LATER) == version
    assert in_force(None, "", LATER - timedelta(seconds=1)).code == "default-1"


def test_the_way_to_force_is_one_way(supervisor: Actor, manager: Actor, engineer: Actor):
    version = approved(supervisor, manager)
    refused("regulation.wrong_state", actions.set_figure, supervisor, version, key="sla.warning_share", raw=80)
    refused("kernel.not_allowed", actions.put_in_force, supervisor, version, in_force_from=LATER)
    refused("regulation.already_began", actions.put_in_force, manager, version, in_force_from=AT - timedelta(1))
    do(actions.put_in_force, manager, version, in_force_from=LATER)
    for verb, more in (
        (actions.put_in_force, {"in_force_from": LATER}), (actions.return_to_draft, {}), (actions.discard_draft, {}),
        (actions.submit_for_review, {}), (actions.approve_version, {}),
    ):  # fmt: skip
        refused("regulation.wrong_state", verb, manager, version, **more)
    do(actions.withdraw_version, manager, version)
    assert in_force(None, "", LATER).code == "default-1"
    second = approved(supervisor, manager)
    assert do(actions.discard_draft, supervisor, second).state == "discarded"
    assert second not in under_way(manager)
    assert second in versions(manager)
    for verb in (actions.discard_draft, actions.return_to_draft, actions.submit_for_review, actions.describe_draft):
        with pytest.raises(NotAllowed):
            do(verb, engineer, second, **({"description": actions.Description()} if verb is actions.describe_draft else {}))


@pytest.mark.requirement("REG-05")
def test_the_log_says_who_changed_what_and_why(supervisor: Actor, manager: Actor, engineer: Actor):
    version = draft(supervisor, why="half-yearly review")
    do(actions.set_figure, supervisor, version, key="sla.warning_share", raw=80, why="too late to act at 70")
    do(actions.write_clause, manager, version, number="1.4", wording=wording(), why="clearer")
    clause, figure, start = log(manager, version.pk)
    assert (start.kind, start.who, start.words, start.body["source"]) == ("regulation.draft_started", "supervisor 王", "half-yearly review", "default")
    assert (figure.old, figure.new, figure.words, figure.body["number"]) == (70, 80, "too late to act at 70", "3.8")
    assert (clause.who, clause.old["title"]["zh"], clause.new["title"]["zh"]) == ("management 王", "行为底线", "新条")
    assert "too late" not in EventRow.objects.get(pk=figure.id).body
    with pytest.raises(NotFound):
        log(engineer, version.pk)


@pytest.mark.parametrize(
    ("state", "change"),
    [
        ("in_review", "update regulation_version set name_zh = '改' where id = %s"),
        ("in_review", "update regulation_version set state = 'in_force' where id = %s"),
        ("in_review", "update regulation_clause set text_zh = '改' where version_id = %s"),
        ("in_review", "delete from regulation_figure where version_id = %s"),
        ("approved", "update regulation_figure set raw = '1' where version_id = %s"),
        ("approved", "update regulation_version set state = 'withdrawn', withdrawn_at = now() where id = %s"),
        ("discarded", "update regulation_version set state = 'draft' where id = %s"),
        ("discarded", "delete from regulation_version where id = %s"),
    ],
)
def test_from_its_review_on_a_version_stays_as_it_is(supervisor: Actor, manager: Actor, state: str, change: str):
    version = approved(supervisor, manager) if state != "in_review" else reviewed(supervisor, manager)
    if state == "discarded":
        do(actions.discard_draft, supervisor, version)
    with pytest.raises((InternalError, ProgrammingError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change, [version.pk])


def test_only_what_holds_has_a_beginning(supervisor: Actor):
    version = draft(supervisor)
    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.filter(pk=version.pk).update(in_force_from=AT)


def test_a_release_brings_its_new_figures_to_versions_under_review(supervisor: Actor, manager: Actor):
    version = draft(supervisor)
    Figure.objects.filter(version=version, key="sla.warning_share").delete()
    do(actions.name_working_group, supervisor, version, members=[(manager.id, GroupRole.LEAD)])
    do(actions.submit_for_review, supervisor, version)
    actions.install()
    assert Figure.objects.get(version=version, key="sla.warning_share").addendum_at is not None


def test_a_version_of_an_older_release_is_held_by_what_its_preset_names(supervisor: Actor):
    first = draft(supervisor)
    Clause.objects.filter(version=first, control="gate").update(enforced_by=[])
    second = do(actions.start_draft, supervisor, source=actions.Source(version_id=first.pk))
    assert not readiness(first.pk).is_ready
    assert readiness(second.pk).is_ready
    with pytest.raises(WrongState):
        do(actions.withdraw_version, actor_of(person_with("management")), second)
    with pytest.raises(Invalid):
        do(actions.set_figure, supervisor, second, key="sla.ladder", raw={})
