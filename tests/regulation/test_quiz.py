"""The questions of a version: shipped, inherited, kept right by its figures, written in drafts, judged ready or not."""

from typing import Any

import pytest
from django.db import DatabaseError, transaction

from anxiu.kernel import values
from anxiu.kernel.actor import SYSTEM, Actor
from anxiu.kernel.errors import GateShut, Invalid, NotFound, Refusal
from anxiu.kernel.time import moved_to
from anxiu.kernel.values import Words
from anxiu.regulation import actions
from anxiu.regulation.models import Question, Version
from anxiu.regulation.queries import fit_of, log, preset_sheets, presets, readiness, sheets
from anxiu.regulation.rules.preset import known_part
from anxiu.regulation.rules.quiz import Choice, Situation, draw, is_right, shuffled
from tests.regulation.conftest import AT

pytestmark = pytest.mark.django_db
PRESETS = ("default", "r1", "r2", "r3", "r4", "r5")


def adopt(code: str = "default", **changes: Any) -> Version:
    with moved_to(AT):
        return actions.adopt_preset(
            actor=SYSTEM, at=AT, preset_code=code, in_force_from=AT, changes=changes, despite=True
        )


def draft() -> Version:
    return actions.start_draft(actor=SYSTEM, at=AT, source=actions.Source("default"), why="x")


def asked(**more: Any) -> Situation:
    plain: dict[str, Any] = {
        "code": "a-new-one", "number": "3.1", "situation": Words("情景", "A case"),
        "choices": (Choice(Words("{sla.warning_share}", "{sla.warning_share}"), True), Choice(Words("错", "Wrong"))),
        "why": Words("因为", "Because"), "posts": ("agent",),
    }  # fmt: skip
    return Situation(**{**plain, **more})


def refused(expected: str, verb: Any, version: Version, **given: Any) -> Refusal:
    with pytest.raises(Refusal) as said, transaction.atomic():
        verb(actor=SYSTEM, at=AT, version_id=version.pk, **{"why": "x", **given})
    assert said.value.code == expected
    return said.value


# ---- what ships ------------------------------------------------------------------------------------------------------
@pytest.mark.requirement("REG-04")
@pytest.mark.parametrize("code", PRESETS)
def test_every_preset_ships_situations_that_can_be_asked(code: str):
    shipped = presets()[code].questions
    assert len(shipped) >= 20
    assert len({each.number.partition(".")[0] for each in shipped}) >= 9
    version = adopt(code)
    fit, said = fit_of(version.pk)
    assert [each.code for each in fit] == [each.code for each in known_part(presets()[code], values.REGISTRY).questions]
    for language in ("zh-hans", "en"):
        say = said.in_language(language)
        for each in fit:
            words = [say(text.in_language(language)) for _, text in each.texts]
            assert all("{" not in text for text in words)
            assert len(set(words)) == len(words)
            assert all(any("\u4e00" <= letter <= "\u9fff" for letter in text) == (language != "en") or text.isascii()
                       for text in words)  # fmt: skip
    if code != "default":
        assert {each.code for each in shipped} - {each.code for each in presets()["default"].questions}


def test_a_version_from_a_version_keeps_its_questions():
    base = adopt()
    with moved_to(AT):
        version = actions.amend_version(
            actor=SYSTEM, at=AT, version_id=base.pk, in_force_from=AT.replace(hour=5), changes={"sla.warning_share": 60}
        )
    assert list(version.questions.values_list("code")) == list(base.questions.values_list("code"))


@pytest.mark.requirement("REG-04")
def test_an_edited_figure_makes_the_question_right_again_or_unfit():
    version = adopt(**{"sla.first_response": {"urgent": "25 min", "normal": "2 h", "minor": "8 working h"}})
    fit, said = fit_of(version.pk)
    one = next(each for each in fit if each.code == "first-call")
    assert [said.in_language("en")(each.words.en) for each in one.choices if each.right] == ["Within 25 minutes"]
    alike = draft()
    actions.set_figure(
        actor=SYSTEM, at=AT, version_id=alike.pk, key="sla.resolution", why="x",
        raw={"urgent": "30 min", "normal": "72 h", "minor": "7 d"},
    )  # fmt: skip
    [found] = readiness(alike.pk).unfit
    assert (found.code, found.unfit) == ("first-call", "alike")
    assert "first-call" not in {each.code for each in fit_of(alike.pk)[0]}


# ---- drafts ----------------------------------------------------------------------------------------------------------
@pytest.mark.requirement("REG-04")
def test_questions_of_a_draft_are_added_changed_ordered_and_dropped_with_the_reason():
    version = draft()
    count = version.questions.count()
    shared: dict[str, Any] = {"actor": SYSTEM, "at": AT, "version_id": version.pk}
    made = actions.add_question(**shared, situation=asked(), why="缺一题")
    assert (made.position, made.origin) == (count + 1, "company")
    refused("regulation.question_code_taken", actions.add_question, version, situation=asked())
    actions.write_question(**shared, situation=asked(why=Words("另因", "Another reason")), why="说清楚")
    refused("regulation.nothing_changed", actions.write_question, version,
            situation=asked(why=Words("另因", "Another reason")))  # fmt: skip
    actions.move_question(**shared, code="a-new-one", place=1, why="先问")
    assert version.questions.order_by("position").first() == made
    refused("regulation.no_such_place", actions.move_question, version, code="a-new-one", place=count + 2)
    actions.remove_question(**shared, code="a-new-one", why="不要了")
    refused("kernel.not_found", actions.remove_question, version, code="a-new-one")
    changes = [each for each in log(SYSTEM, version.pk) if "question" in each.kind]
    assert [(each.kind, each.words) for each in changes] == [
        ("regulation.question_removed", "不要了"), ("regulation.question_moved", "先问"),
        ("regulation.question_written", "说清楚"), ("regulation.question_added", "缺一题"),
    ]  # fmt: skip


def test_what_is_not_well_written_is_refused_with_every_field():
    version = draft()
    wrong = asked(
        code="Not A Code", number="9.99", situation=Words("", "A"), posts=("nobody",),
        choices=(Choice(Words("{no.such}", "x"), True),), why=Words("{sla.warning_share}", "none"),
    )  # fmt: skip
    found: Any = refused("regulation.question_code_wrong", actions.add_question, version, situation=wrong)
    assert isinstance(found, Invalid)
    assert [each.field for each in found.errors] == [
        "code", "number", "posts", "choice1_zh", "situation_zh", "choice1_zh", "choice1_en", "why_en"
    ]  # fmt: skip
    brace = asked(why=Words("{错", "{x"))
    refused("regulation.stray_brace", actions.add_question, version, situation=brace)
    row = asked(why=Words("{sla.arrival:never}", "{sla.arrival:never}"))
    refused("regulation.row_unknown", actions.add_question, version, situation=row)
    long = asked(why=Words("长" * 2001, "x"))
    refused("kernel.too_long", actions.add_question, version, situation=long)
    refused("kernel.required", actions.add_question, version, situation=asked(), why=" ")


@pytest.mark.requirement("REG-04")
def test_a_question_whose_clause_is_gone_keeps_the_draft_from_taking_effect(manager: Actor):
    version = draft()
    actions.remove_clause(actor=SYSTEM, at=AT, version_id=version.pk, number="1.4", why="x")
    found = readiness(version.pk)
    assert [(each.code, each.number, each.unfit) for each in found.unfit] == [("beyond-warranty", "1.4", "clause")]
    assert not found.is_ready
    Version.objects.filter(pk=version.pk).update(state="in_review")
    Version.objects.filter(pk=version.pk).update(state="approved")
    with pytest.raises(GateShut) as shut, moved_to(AT):
        actions.put_in_force(actor=manager, at=AT, version_id=version.pk, in_force_from=AT, why="x")
    assert [each.code for each in shut.value.missing] == ["regulation.question_lacks_clause"]


def test_questions_stay_with_a_version_in_force():
    version = adopt()
    row = Question.objects.filter(version=version).first()
    assert row
    with pytest.raises(DatabaseError), transaction.atomic():
        Question.objects.filter(pk=row.pk).update(number="1.1")
    refused("regulation.wrong_state", actions.remove_question, version, code=row.code)


def test_who_is_asked_them_does_not_read_the_answers(engineer: Actor, manager: Actor):
    version = adopt()
    for read in (lambda actor: sheets(actor, version.pk, "en"), lambda actor: preset_sheets(actor, "r1", "en")):
        for actor, sees in ((engineer, False), (manager, True)):
            assert any(key.startswith("? ") for each in read(actor) for key in each.figures) is sees
    with pytest.raises(NotFound):
        actions.remove_question(actor=SYSTEM, at=AT, version_id=0, code="x", why="x")


# ---- drawing ---------------------------------------------------------------------------------------------------------
def test_a_draw_is_the_same_for_a_seed_fits_the_post_and_begins_with_what_changed():
    asked_ones = presets()["default"].questions
    drawn = draw(asked_ones, {"engineer"}, 8, "a")
    assert drawn == draw(asked_ones, {"engineer"}, 8, "a")
    assert drawn != draw(asked_ones, {"engineer"}, 8, "b")
    assert all(not each.posts or "engineer" in each.posts for each in drawn)
    assert {each.number for each in draw(asked_ones, {"engineer"}, 2, "a", {"7.4", "5.8"})} == {"7.4", "5.8"}
    one = drawn[0]
    assert sorted(shuffled(one, "a")) == list(range(len(one.choices)))
    assert [is_right(one, [place]) for place in range(len(one.choices))] == [each.right for each in one.choices]
