"""Candidates: who may first, why not the others, in a constant number of statements."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anxiu.accounts.choices import LinkPurpose
from anxiu.accounts.queries import actor_of
from anxiu.kernel.actor import SYSTEM, Actor, ActorKind, Subject
from anxiu.kernel.errors import NotFound
from anxiu.kernel.values import Words
from anxiu.regulation.choices import Severity
from anxiu.workforce.actions import NewQualification, add_qualification, add_shift, add_skill, bar, lift_bar, occupy
from anxiu.workforce.choices import BarReason, Difficulty, OccupancyKind, QualificationKind, ShiftKind
from anxiu.workforce.queries import barred_now, candidate, candidates, engineers, expiring, masked
from anxiu.workforce.rules import SkillNeed

from .conftest import AT, slot

pytestmark = pytest.mark.django_db


def codes(found):
    return [each.code.removeprefix("workforce.") for each in found.eligibility.because]


def book(engineer, when, number=1):
    occupy(
        engineer_id=engineer.pk, starts_at=when.starts_at, ends_at=when.ends_at, kind=OccupancyKind.VISIT,
        subject=Subject("visit", number),
    )  # fmt: skip


@pytest.mark.requirement("DSP-05")
def test_who_may_comes_first_lowest_grade_then_least_load(engineer, need, regulation, dispatcher):
    senior, busy, free, junior = (engineer(grade=each) for each in ("senior", "intermediate", "intermediate", "junior"))
    fresh = engineer(ready=False)
    book(busy, slot(5))
    found = candidates(dispatcher, need(), AT, regulation)
    assert [each.engineer for each in found] == [free, busy, senior, junior, fresh]
    assert [each.eligibility.may for each in found] == [True, True, True, False, False]
    assert [codes(each) for each in found[3:]] == [["too_hard_for_grade"], ["no_induction", "off_shift"]]
    assert [each.load for each in found[:2]] == [timedelta(), timedelta(hours=2)]


def test_statements_do_not_grow_with_engineers(engineer, need, regulation, dispatcher):
    add_skill(actor=SYSTEM, at=AT, code="drives", name_zh="变频器", name_en="Drives")
    wanted = need(skills=(SkillNeed("drives", 1, Words("变频器", "Drives")),))

    def statements():
        with CaptureQueriesContext(connection, ) as seen:
            candidates(dispatcher, wanted, AT, regulation)
        return len(seen)

    engineer()
    regulation.fresh()
    first = statements()
    for _ in range(6):
        book(engineer(), slot(1), 5)
    assert (first, statements()) == (6, 6)


@pytest.mark.requirement("CON-05", "DSP-05")
def test_a_suspension_and_its_end_act_at_once(engineer, need, regulation, supervisor, dispatcher):
    one = engineer()
    standing = bar(
        actor=supervisor, at=AT, engineer_id=one.pk, barred_from=AT, barred_until=None, reason=BarReason.SAFETY,
        note="违章作业",
    )  # fmt: skip
    assert codes(candidate(dispatcher, need(), AT, regulation, engineer_id=one.pk)) == ["barred"]
    assert barred_now([one.pk], AT) == {one.pk: standing}
    lift_bar(actor=supervisor, at=AT + timedelta(minutes=5), standing_id=standing.pk, reason="已整改")
    assert codes(candidate(dispatcher, need(), AT, regulation, engineer_id=one.pk)) == []
    assert barred_now([one.pk], AT + timedelta(hours=1)) == {}


def test_the_visit_being_moved_does_not_stand_in_its_own_way(engineer, need, regulation, dispatcher):
    one = engineer()
    book(one, slot(1), 4)
    assert codes(candidate(dispatcher, need(), AT, regulation, engineer_id=one.pk)) == ["already_booked"]
    moving = need(slot=slot(2), ignoring=Subject("visit", 4))
    assert codes(candidate(dispatcher, moving, AT, regulation, engineer_id=one.pk)) == []


def test_skills_count_at_their_level_and_only_while_valid(engineer, need, regulation, dispatcher, hr):
    one = engineer()
    skill = add_skill(actor=hr, at=AT, code="plc", name_zh="PLC 编程", name_en="PLC programming")
    wanted = need(skills=(SkillNeed("plc", 2, Words("PLC 编程", "PLC programming")),))
    assert codes(candidate(dispatcher, wanted, AT, regulation, engineer_id=one.pk)) == ["skill_missing"]
    for level, last, expected in ((1, None, ["skill_too_low"]), (3, date(2026, 5, 3), ["skill_too_low"]), (2, None, [])):
        new = NewQualification(QualificationKind.SKILL, date(2026, 1, 1), last, skill_id=skill.pk, level=level)
        add_qualification(actor=hr, at=AT, engineer_id=one.pk, new=new)
        assert codes(candidate(dispatcher, wanted, AT, regulation, engineer_id=one.pk)) == expected


def test_a_single_shift_beside_the_weekly_hours_counts(engineer, need, regulation, dispatcher):
    one = engineer()
    night = slot(12)
    assert codes(candidate(dispatcher, need(slot=night), AT, regulation, engineer_id=one.pk)) == ["off_shift"]
    add_shift(
        actor=dispatcher, at=AT, engineer_id=one.pk, kind=ShiftKind.ON_CALL, starts_at=slot(9).starts_at,
        ends_at=slot(20).starts_at,
    )  # fmt: skip
    assert codes(candidate(dispatcher, need(slot=night), AT, regulation, engineer_id=one.pk)) == ["on_call_only"]
    urgent = need(slot=night, severity=Severity.URGENT)
    assert codes(candidate(dispatcher, urgent, AT, regulation, engineer_id=one.pk)) == []


def test_another_region_is_neither_listed_nor_allowed(engineer, need, regulation, dispatcher, south):
    away = engineer(region=south)
    assert candidates(dispatcher, need(), AT, regulation) == []
    with pytest.raises(NotFound):
        candidate(dispatcher, need(), AT, regulation, engineer_id=away.pk)
    assert codes(candidate(SYSTEM, need(), AT, regulation, engineer_id=away.pk)) == ["other_region"]


@pytest.mark.requirement("PF-04")
def test_each_sees_their_own_part_of_the_workforce(engineer, holding, hr, dispatcher, outlet, south):
    here, ours, away = engineer(), engineer(outlet=outlet), engineer(region=south)
    assert set(engineers(hr)) == {here, ours, away}
    assert set(engineers(dispatcher)) == {here, ours}
    assert set(engineers(holding("partner", outlet=outlet))) == {ours}
    assert set(engineers(actor_of(here.person))) == {here}
    assert set(engineers(holding("warehouse"))) == set()
    link = Actor(kind=ActorKind.LINK, id=1, subject=Subject("order", 1), permissions=frozenset({LinkPurpose.TRACK}))
    assert set(engineers(link)) == set()


def test_a_certificate_with_a_newer_one_does_not_count_as_lapsing(engineer, hr):
    one, two = engineer(), engineer()
    for who, last in ((one, date(2026, 5, 10)), (one, date(2028, 5, 10)), (two, date(2026, 5, 1))):
        new = NewQualification(QualificationKind.CERTIFICATE, date(2024, 1, 1), last, code="height_work")
        add_qualification(actor=hr, at=AT, engineer_id=who.pk, new=new)
    assert expiring([one.pk, two.pk], date(2026, 6, 3)) == {two.pk: date(2026, 5, 1)}


def test_masking_hides_the_middle():
    assert [masked(each) for each in ("13812345678", "123", "1", "")] == ["138*****678", "1*3", "*", ""]


def test_difficulty_has_an_order():
    assert [each.rank for each in Difficulty] == [0, 1, 2]
