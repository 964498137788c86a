"""One rule says who may be given a piece of work, and every reason against."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override

from anxiu.kernel.errors import GateShut
from anxiu.kernel.messages import explain
from anxiu.kernel.values import Reading, Words
from anxiu.regulation.choices import OrderType, Severity
from anxiu.workforce.choices import Difficulty, OccupancyKind, ShiftKind
from anxiu.workforce.messages import in_words, refusal
from anxiu.workforce.rules import (
    Busy,
    Facts,
    Held,
    Need,
    Period,
    ShiftSlot,
    SkillNeed,
    Slot,
    eligibility,
)

AT = datetime(2026, 5, 4, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)
SLOT = Slot(AT + timedelta(hours=1), AT + timedelta(hours=3))
ALWAYS = (Held(2, date(2020, 1, 1), None),)
DRIVES = SkillNeed("drives", 2, Words("变频器", "Drives"))
FIGURES = {
    "workforce.grades": [
        {
            "code": "junior",
            "name": {"zh": "初级", "en": "Junior"},
            "rank": 1,
            "order_types": ["repair"],
            "difficulty": "basic",
            "skills": [],
            "plan_limit": 500,
        },
        {
            "code": "senior",
            "name": {"zh": "高级", "en": "Senior"},
            "rank": 2,
            "order_types": ["repair", "installation"],
            "difficulty": "hard",
            "skills": [],
            "plan_limit": 10000,
        },
    ],
    "workforce.certificates": [
        {"code": "lift", "name": {"zh": "电梯证", "en": "Lift permit"}, "families": ["lifts"], "order_types": []},
        {"code": "height", "name": {"zh": "高处证", "en": "Height"}, "families": [], "order_types": ["installation"]},
    ],
    "workforce.certificate_reminders": [30],
    "workforce.induction_required": True,
    "workforce.on_call_severities": ["urgent"],
    "uptake.bar_overdue": False,
}
READY = Facts(
    engineer_id=1,
    region_id=7,
    outlet_id=None,
    grade="senior",
    is_active=True,
    zone=ZoneInfo("Asia/Shanghai"),
    inductions=ALWAYS,
    shifts=(ShiftSlot(Slot(AT, AT + timedelta(hours=9)), ShiftKind.WORK),),
)
NEED = Need(order_type=OrderType.REPAIR, region_id=7, difficulty=Difficulty.COMPLEX, slot=SLOT)


def figures(**changes):
    return Reading(1, {**FIGURES, **{f"workforce.{key}": value for key, value in changes.items()}})


def against(facts=READY, need=NEED, **changes):
    return [each.code.removeprefix("workforce.") for each in eligibility(facts, need, AT, figures(**changes)).because]


def test_somebody_ready_may_and_the_answer_names_its_keys():
    answer = eligibility(READY, NEED, AT, figures())
    assert answer.may
    assert answer.value_keys == (
        "workforce.certificates",
        "workforce.grades",
        "workforce.induction_required",
        "workforce.on_call_severities",
    )


@pytest.mark.parametrize(
    ("facts", "need", "code"),
    [
        ({"is_active": False}, {}, "has_left"),
        ({}, {"region_id": 8}, "other_region"),
        ({}, {"outlet_id": 3}, "other_outlet"),
        ({"grade": "master"}, {}, "grade_unknown"),
        ({"grade": "junior"}, {"difficulty": Difficulty.BASIC, "order_type": OrderType.REMOTE}, "type_beyond_grade"),
        ({"grade": "junior"}, {}, "too_hard_for_grade"),
        ({}, {"skills": (DRIVES,)}, "skill_missing"),
        ({"skills": {"drives": (Held(1, date(2020, 1, 1), None),)}}, {"skills": (DRIVES,)}, "skill_too_low"),
        ({"skills": {"drives": (Held(3, date(2020, 1, 1), date(2026, 5, 3)),)}}, {"skills": (DRIVES,)}, "skill_lapsed"),
        ({"certificates": {}}, {"family": "lifts"}, "certificate_missing"),
        ({"inductions": ()}, {}, "no_induction"),
        ({"bars": (Period(AT - DAY, None),)}, {}, "barred"),
        ({"bars": (Period(AT - DAY, AT + DAY),)}, {}, "barred_until"),
        ({"shifts": ()}, {}, "off_shift"),
        ({"busy": (Busy(SLOT, OccupancyKind.VISIT),)}, {}, "already_booked"),
        ({"busy": (Busy(SLOT, OccupancyKind.LEAVE),)}, {}, "on_leave"),
        ({"busy": (Busy(SLOT, OccupancyKind.TRAINING),)}, {}, "in_training"),
    ],
)
@pytest.mark.requirement("DSP-05")
def test_each_thing_that_stands_in_the_way_is_the_only_reason_given(facts, need, code):
    because = eligibility(replace(READY, **facts), replace(NEED, **need), AT, figures()).because
    assert [each.code for each in because] == [f"workforce.{code}"]
    for language in ("zh-hans", "en"):
        with override(language):
            assert "{" not in in_words(because[0])


def test_all_reasons_are_given_together():
    facts = replace(READY, grade="junior", inductions=(), shifts=())
    assert against(facts) == ["too_hard_for_grade", "no_induction", "off_shift"]


@pytest.mark.parametrize(
    ("first", "last", "valid"),
    [
        (date(2026, 5, 4), date(2026, 5, 5), True),
        (date(2026, 5, 4), None, True),
        (date(2026, 5, 5), None, False),
        (date(2026, 1, 1), date(2026, 5, 4), False),
    ],
)
@pytest.mark.requirement("DSP-05")
def test_a_certificate_must_be_valid_on_every_day_of_the_visit(first, last, valid):
    over_midnight = Slot(AT + timedelta(hours=14), AT + timedelta(hours=16))  # 23:00 to 01:00 in Shanghai
    always_on = (ShiftSlot(Slot(AT, AT + DAY), ShiftKind.WORK),)
    facts = replace(READY, certificates={"lift": (Held(0, first, last),)}, shifts=always_on)
    need = replace(NEED, family="lifts", slot=over_midnight)
    assert against(facts, need) == ([] if valid else ["certificate_not_valid"])


def test_a_certificate_is_asked_by_family_by_type_or_by_the_work_itself():
    install = replace(NEED, order_type=OrderType.INSTALLATION)
    assert against(need=replace(NEED, family="lifts")) == ["certificate_missing"]
    assert against(need=install) == ["certificate_missing"]
    assert against(need=replace(NEED, certificates=("height",))) == ["certificate_missing"]
    assert against(need=replace(install, certificates=("height",))) == ["certificate_missing"]


def test_a_suspension_ends_in_time_for_a_later_visit():
    ended = replace(READY, bars=(Period(AT - DAY, SLOT.starts_at),))
    assert against(ended) == []
    later = replace(READY, bars=(Period(SLOT.ends_at, None),))
    assert against(later) == []


def test_on_call_covers_only_what_cannot_wait():
    facts = replace(READY, shifts=(ShiftSlot(Slot(AT, AT + DAY), ShiftKind.ON_CALL),))
    assert against(facts) == ["on_call_only"]
    assert against(facts, replace(NEED, severity=Severity.URGENT)) == []


def test_without_a_slot_the_hour_is_not_judged():
    facts = replace(READY, shifts=(), busy=(Busy(SLOT, OccupancyKind.VISIT),))
    assert against(facts, replace(NEED, slot=None)) == []
    assert against(replace(facts, bars=(Period(AT - DAY, None),)), replace(NEED, slot=None)) == ["barred"]


@pytest.mark.requirement("REG-02")
def test_each_figure_changes_the_answer():
    no_induction = replace(READY, inductions=())
    assert (against(no_induction), against(no_induction, induction_required=False)) == (["no_induction"], [])
    on_call = replace(READY, shifts=(ShiftSlot(Slot(AT, AT + DAY), ShiftKind.ON_CALL),))
    assert (against(on_call), against(on_call, on_call_severities=["normal"])) == (["on_call_only"], [])
    lifts = replace(NEED, family="lifts")
    assert (against(need=lifts), against(need=lifts, certificates=[])) == (["certificate_missing"], [])
    junior = replace(READY, grade="junior")
    wider = [{**each, "difficulty": "hard"} for each in FIGURES["workforce.grades"]]
    assert (against(junior), against(junior, grades=wider)) == (["too_hard_for_grade"], [])


def test_names_in_a_reason_follow_the_reader():
    reason = eligibility(READY, replace(NEED, skills=(DRIVES,)), AT, figures()).because[0]
    shut = GateShut("workforce.skill_missing", skill="?", missing=(refusal(reason),))
    with override("en"):
        assert "Drives" in in_words(reason)
        assert "Drives" in explain(shut)
    with override("zh-hans"):
        assert "变频器" in in_words(reason)
        assert "变频器" in explain(shut)


