"""Each verb: what it changes and records, whom it refuses, and what it refuses."""

from datetime import date, time, timedelta

import pytest

from anxiu.accounts.actions import NewPerson
from anxiu.accounts.queries import actor_of
from anxiu.kernel.actor import SYSTEM, Subject
from anxiu.kernel.errors import Invalid, NotAllowed, NotFound, Refusal, WrongState
from anxiu.kernel.geo import Place
from anxiu.kernel.models import EventRow
from anxiu.regulation.actions import adopt_preset
from anxiu.workforce.actions import (
    Hours,
    NewEngineer,
    NewQualification,
    add_engineer,
    add_qualification,
    add_shift,
    add_skill,
    bar,
    book_leave,
    cancel_leave,
    cancel_shift,
    change_engineer,
    lift_bar,
    occupy,
    remind_of_expiry,
    retire_engineer,
    retire_skill,
    revoke_qualification,
    set_grade,
    set_shift_pattern,
)
from anxiu.workforce.choices import BarReason, LeaveKind, OccupancyKind, QualificationKind, ShiftKind
from anxiu.workforce.models import Engineer, ShiftPattern
from anxiu.workforce.queries import figures, grades, shifts_between, zone_of
from anxiu.workforce.rules import Slot
from anxiu.workforce.values import CERTIFICATE_REMINDERS

from .conftest import AT, slot

pytestmark = pytest.mark.django_db
CERTIFICATE = NewQualification(QualificationKind.CERTIFICATE, date(2026, 1, 1), date(2026, 12, 31), code="height_work")


def kinds(engineer):
    rows = EventRow.objects.filter(subject_kind="engineer", subject_id=engineer.pk).order_by("id")
    return [each.kind.removeprefix("workforce.") for each in rows]


def refuses(code, verb, /, **arguments):
    with pytest.raises(Refusal) as refused:
        verb(at=AT, **arguments)
    assert refused.value.code == code


def test_each_verb_is_refused_to_who_holds_no_permission(engineer, holding):
    nobody, one = holding("warehouse"), engineer()
    days = {"starts_at": AT, "ends_at": AT + timedelta(days=1)}
    barring = {"barred_from": AT, "barred_until": None, "reason": BarReason.HEALTH, "note": ""}
    new = NewEngineer(person=one.person_id, region_id=one.region_id, grade="junior", started_date=date(2026, 1, 1))
    for verb, arguments in (
        (add_engineer, {"new": new}),
        (change_engineer, {"engineer_id": one.pk, "changes": {}}),
        (set_grade, {"engineer_id": one.pk, "grade": "senior", "reason": ""}),
        (retire_engineer, {"engineer_id": one.pk}),
        (add_skill, {"code": "a", "name_zh": "甲", "name_en": "A"}),
        (retire_skill, {"skill_id": 1}),
        (add_qualification, {"engineer_id": one.pk, "new": CERTIFICATE}),
        (revoke_qualification, {"qualification_id": 1, "reason": ""}),
        (remind_of_expiry, {}),
        (bar, {"engineer_id": one.pk, **barring}),
        (lift_bar, {"standing_id": 1, "reason": ""}),
        (set_shift_pattern, {"engineer_id": one.pk, "hours": [], "valid_from": date(2026, 1, 1)}),
        (add_shift, {"engineer_id": one.pk, "kind": ShiftKind.WORK, **days}),
        (cancel_shift, {"shift_id": 1}),
        (book_leave, {"engineer_id": one.pk, "kind": LeaveKind.SICK, **days}),
        (cancel_leave, {"leave_id": 1}),
    ):
        with pytest.raises(NotAllowed):
            verb(actor=nobody, at=AT, **arguments)


def test_an_engineer_of_another_region_is_not_there(engineer, south, supervisor):
    away = engineer(region=south)
    with pytest.raises(NotFound):
        change_engineer(actor=supervisor, at=AT, engineer_id=away.pk, changes={"number": "X"})


# ---- engineers ---------------------------------------------------------------------------------------------------


@pytest.mark.requirement("WF-01")
def test_a_person_becomes_an_engineer_and_keeps_their_posts(holding, hr, north):
    somebody = holding("agent", region=north)
    new = NewEngineer(
        person=somebody.id, region_id=north.pk, grade="junior", started_date=date(2026, 5, 1), base=Place(39.9, 116.4)
    )
    made = add_engineer(actor=hr, at=AT, new=new)
    assert (made.grade, made.base_latitude, made.number[0]) == ("junior", 39.9, "E")
    assert {"workforce.view_engineers", "orders.open_order"} & actor_of(made.person).permissions
    assert sorted(made.person.holdings.values_list("post__code", flat=True)) == ["agent", "engineer"]
    assert kinds(made) == ["engineer_added"]
    refuses("workforce.already_engineer", add_engineer, actor=hr, new=new)


def test_a_new_engineer_is_refused_with_its_reason(hr, north, south, outlet, engineer, supervisor):
    taken = engineer()
    given = {"region_id": north.pk, "grade": "junior", "started_date": date(2026, 5, 1)}
    person = NewPerson(name="新人", email="new@example.com", posts=(("engineer", None),))
    refuses("workforce.unknown_grade", add_engineer, actor=hr, new=NewEngineer(person, **{**given, "grade": "wizard"}))
    elsewhere = {**given, "region_id": south.pk, "outlet_id": outlet.pk}
    refuses("workforce.outlet_elsewhere", add_engineer, actor=hr, new=NewEngineer(person, **elsewhere))
    refuses(
        "workforce.number_taken", add_engineer, actor=hr, new=NewEngineer(person, **given, number=taken.number)
    )
    refuses("kernel.not_found", add_engineer, actor=hr, new=NewEngineer(10**6, **given))
    refuses("kernel.not_allowed", add_engineer, actor=supervisor, new=NewEngineer(person, **given))
    assert Engineer.objects.count() == 1


def test_details_change_and_only_what_changed_is_told(engineer, supervisor, outlet, south):
    one = engineer()
    changes = {"outlet_id": outlet.pk, "number": one.number}
    assert change_engineer(actor=supervisor, at=AT, engineer_id=one.pk, changes=changes).outlet == outlet
    assert EventRow.objects.filter(kind="workforce.engineer_changed").get().body == '{"fields":["outlet_id"]}'
    refuses(
        "workforce.not_changeable", change_engineer, actor=supervisor, engineer_id=one.pk, changes={"grade": "senior"}
    )
    refuses(
        "workforce.place_incomplete", change_engineer, actor=supervisor, engineer_id=one.pk,
        changes={"base_latitude": 1.0},
    )  # fmt: skip
    refuses(
        "kernel.not_found", change_engineer, actor=supervisor, engineer_id=one.pk, changes={"region_id": south.pk}
    )
    other = engineer()
    refuses(
        "workforce.number_taken", change_engineer, actor=supervisor, engineer_id=one.pk, changes={"number": other.number}
    )


@pytest.mark.requirement("WF-02")
def test_grades_are_those_of_the_regulation(engineer, hr, north):
    one = engineer(grade="junior")
    assert [each.code for each in grades(north.pk, AT)] == ["junior", "intermediate", "senior"]
    assert set_grade(actor=hr, at=AT, engineer_id=one.pk, grade="senior", reason="考核通过").grade == "senior"
    assert kinds(one)[-1] == "grade_set"
    refuses("workforce.same_grade", set_grade, actor=hr, engineer_id=one.pk, grade="senior", reason="")
    refuses("workforce.unknown_grade", set_grade, actor=hr, engineer_id=one.pk, grade="expert", reason="")


@pytest.mark.requirement("WF-02")
def test_a_grade_asks_for_the_skills_the_regulation_says(engineer, hr, north):
    one = engineer(grade="junior")
    expert = {
        "code": "expert", "name": {"zh": "专家", "en": "Expert"}, "rank": 9, "order_types": ["repair"],
        "difficulty": "hard", "skills": ["plc"], "plan_limit": 20000,
    }  # fmt: skip
    adopt_preset(
        actor=SYSTEM, at=AT, preset_code="default", in_force_from=AT, region_id=north.pk,
        changes={"workforce.grades": [expert]}, despite=True,
    )  # fmt: skip
    refuses("workforce.skills_for_grade", set_grade, actor=hr, engineer_id=one.pk, grade="expert", reason="")
    skill = add_skill(actor=hr, at=AT, code="plc", name_zh="PLC", name_en="PLC")
    new = NewQualification(QualificationKind.SKILL, date(2026, 1, 1), skill_id=skill.pk, level=2)
    add_qualification(actor=hr, at=AT, engineer_id=one.pk, new=new)
    assert set_grade(actor=hr, at=AT, engineer_id=one.pk, grade="expert", reason="").grade == "expert"


def test_who_leaves_hands_their_visits_over_first(engineer, hr):
    one = engineer()
    when = slot(1)
    occupy(
        engineer_id=one.pk, starts_at=when.starts_at, ends_at=when.ends_at, kind=OccupancyKind.VISIT,
        subject=Subject("visit", 1),
    )  # fmt: skip
    refuses("workforce.still_booked", retire_engineer, actor=hr, engineer_id=one.pk)
    later = AT + timedelta(days=1)
    assert retire_engineer(actor=hr, at=later, engineer_id=one.pk).retired_at == later
    refuses("workforce.already_retired", retire_engineer, actor=hr, engineer_id=one.pk)


# ---- qualifications ----------------------------------------------------------------------------------------------


@pytest.mark.requirement("WF-03")
def test_qualifications_of_every_kind_are_given_and_revoked(engineer, supervisor):
    one = engineer(ready=False)
    skill = add_skill(actor=supervisor, at=AT, code="drives", name_zh="变频器", name_en="Drives", family="drives")
    micro = NewQualification(
        QualificationKind.SKILL, date(2026, 1, 1), date(2027, 1, 1), skill_id=skill.pk, level=3,
        evidence_digest="ab" * 32,
    )  # fmt: skip
    trade = NewQualification(QualificationKind.CERTIFICATE, date(2026, 1, 1), name="HCIA", issuer="Huawei", number="1")
    rows = [add_qualification(actor=supervisor, at=AT, engineer_id=one.pk, new=each) for each in (micro, trade)]
    assert [(each.level, each.code, each.name) for each in rows] == [(3, "", ""), (None, "", "HCIA")]
    revoke_qualification(actor=supervisor, at=AT, qualification_id=rows[0].pk, reason="实操不合格")
    refuses("workforce.already_revoked", revoke_qualification, actor=supervisor, qualification_id=rows[0].pk, reason="")
    assert kinds(one) == ["engineer_added", "qualification_added", "qualification_added", "qualification_revoked"]
    assert "实操" not in EventRow.objects.get(kind="workforce.qualification_revoked").body


def test_a_qualification_that_cannot_be_is_refused(engineer, supervisor):
    one = engineer()
    skill = add_skill(actor=supervisor, at=AT, code="drives", name_zh="变频器", name_en="Drives")
    day = date(2026, 1, 1)
    for code, new in (
        ("unknown_skill", NewQualification(QualificationKind.SKILL, day, level=1)),
        ("level_out_of_range", NewQualification(QualificationKind.SKILL, day, skill_id=skill.pk, level=4)),
        ("unknown_certificate", NewQualification(QualificationKind.CERTIFICATE, day, code="diving")),
        ("name_or_code", NewQualification(QualificationKind.CERTIFICATE, day, name=" ")),
        ("ends_before_start", NewQualification(QualificationKind.INDUCTION, day, date(2025, 12, 31))),
    ):
        refuses(f"workforce.{code}", add_qualification, actor=supervisor, engineer_id=one.pk, new=new)
    retire_skill(actor=supervisor, at=AT, skill_id=skill.pk)
    gone = NewQualification(QualificationKind.SKILL, day, skill_id=skill.pk, level=1)
    refuses("workforce.unknown_skill", add_qualification, actor=supervisor, engineer_id=one.pk, new=gone)
    refuses("kernel.not_found", retire_skill, actor=supervisor, skill_id=skill.pk)
    refuses("workforce.code_taken", add_skill, actor=supervisor, code="drives", name_zh="一", name_en="One")


@pytest.mark.requirement("LRN-05")
def test_each_reminder_of_a_certificate_is_given_once(engineer, hr, north):
    one = engineer()
    add_qualification(actor=hr, at=AT, engineer_id=one.pk, new=CERTIFICATE)
    last = CERTIFICATE.valid_to
    assert figures(north.pk, AT)(CERTIFICATE_REMINDERS) == (60, 30, 7)
    told = {}
    for before in (61, 60, 59, 30, 29, 7, 6, 0, -1):
        moment = AT.replace(year=last.year, month=last.month, day=last.day) - timedelta(days=before)
        told[before] = (remind_of_expiry(actor=SYSTEM, at=moment), remind_of_expiry(actor=SYSTEM, at=moment))
    assert [before for before, counts in told.items() if counts == (1, 0)] == [60, 30, 7]
    assert sum(counts[0] + counts[1] for counts in told.values()) == 3


def test_a_certificate_renewed_in_time_is_not_reminded_of(engineer, hr):
    one = engineer()
    add_qualification(actor=hr, at=AT, engineer_id=one.pk, new=CERTIFICATE)
    renewed = NewQualification(QualificationKind.CERTIFICATE, date(2026, 6, 1), date(2029, 6, 1), code="height_work")
    add_qualification(actor=hr, at=AT, engineer_id=one.pk, new=renewed)
    assert remind_of_expiry(actor=SYSTEM, at=AT.replace(month=12, day=20)) == 0


# ---- standing ----------------------------------------------------------------------------------------------------


def test_a_suspension_is_set_and_lifted_once(engineer, supervisor):
    one = engineer()
    given = {"engineer_id": one.pk, "barred_from": AT, "reason": BarReason.DISCIPLINE, "note": "迟到三次"}
    refuses("workforce.ends_before_start", bar, actor=supervisor, barred_until=AT, **given)
    row = bar(actor=supervisor, at=AT, barred_until=AT + timedelta(days=3), **given)
    assert "迟到" not in EventRow.objects.get(kind="workforce.engineer_barred").body
    lift_bar(actor=supervisor, at=AT, standing_id=row.pk, reason="申诉成立")
    refuses("workforce.already_lifted", lift_bar, actor=supervisor, standing_id=row.pk, reason="")
    short = bar(actor=supervisor, at=AT, barred_until=AT + timedelta(hours=1), **given)
    with pytest.raises(WrongState):
        lift_bar(actor=supervisor, at=AT + timedelta(hours=2), standing_id=short.pk, reason="")


# ---- shifts and leave --------------------------------------------------------------------------------------------


@pytest.mark.requirement("WF-07")
def test_new_weekly_hours_leave_the_past_as_it_was(engineer, dispatcher):
    one = engineer()
    two_halves = [Hours(1, time(8), time(12)), Hours(1, time(13), time(22))]
    monday = date(2026, 5, 11)
    set_shift_pattern(actor=dispatcher, at=AT, engineer_id=one.pk, hours=two_halves, valid_from=monday)
    window = Slot(AT - timedelta(hours=9), AT + timedelta(days=13))
    found = shifts_between({one.pk: zone_of(one.region)}, window)[one.pk]
    local = [(each.slot.starts_at.day, each.slot.starts_at.hour, each.slot.ends_at.hour) for each in found]
    assert local == [*((day, 8, 18) for day in range(4, 11)), (11, 8, 12), (11, 13, 22)]
    set_shift_pattern(actor=dispatcher, at=AT, engineer_id=one.pk, hours=[], valid_from=date(2026, 5, 5))
    assert {each.slot.starts_at.day for each in shifts_between({one.pk: zone_of(one.region)}, window)[one.pk]} == {4}
    assert ShiftPattern.objects.filter(engineer=one, valid_to=None).count() == 0


def test_hours_that_overlap_on_a_day_are_refused(engineer, dispatcher):
    one = engineer()
    for second in (Hours(1, time(11), time(15)), Hours(1, time(8), time(9))):
        with pytest.raises(Invalid):
            set_shift_pattern(
                actor=dispatcher, at=AT, engineer_id=one.pk, hours=[Hours(1, time(8), time(12)), second],
                valid_from=date(2026, 5, 11),
            )  # fmt: skip


def test_a_single_shift_is_added_and_cancelled_once(engineer, dispatcher):
    one = engineer()
    given = {"engineer_id": one.pk, "kind": ShiftKind.WORK, "starts_at": AT}
    refuses("workforce.ends_before_start", add_shift, actor=dispatcher, ends_at=AT, **given)
    shift = add_shift(actor=dispatcher, at=AT, ends_at=AT + timedelta(hours=4), **given)
    assert cancel_shift(actor=dispatcher, at=AT, shift_id=shift.pk).cancelled_at == AT
    refuses("workforce.already_cancelled", cancel_shift, actor=dispatcher, shift_id=shift.pk)


@pytest.mark.requirement("WF-07")
def test_leave_is_granted_and_cancelled_once(engineer, supervisor, dispatcher):
    one = engineer()
    given = {"engineer_id": one.pk, "kind": LeaveKind.ANNUAL, "starts_at": AT}
    refuses("kernel.not_allowed", book_leave, actor=dispatcher, ends_at=AT + timedelta(days=1), **given)
    refuses("workforce.ends_before_start", book_leave, actor=supervisor, ends_at=AT, **given)
    leave = book_leave(actor=supervisor, at=AT, ends_at=AT + timedelta(days=1), **given)
    cancel_leave(actor=supervisor, at=AT, leave_id=leave.pk)
    refuses("workforce.already_cancelled", cancel_leave, actor=supervisor, leave_id=leave.pk)
    assert kinds(one)[-2:] == ["leave_booked", "leave_cancelled"]
