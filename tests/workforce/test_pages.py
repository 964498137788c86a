"""The pages about engineers, through the browser's own requests: lists, one engineer, and every verb's dialog."""

from datetime import date, time, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from anxiu.accounts.models import Person
from anxiu.kernel.actor import Subject
from anxiu.kernel.time import moved_to
from anxiu.workforce.actions import (
    Hours,
    NewQualification,
    add_qualification,
    add_shift,
    add_skill,
    bar,
    book_leave,
    occupy,
    set_shift_pattern,
)
from anxiu.workforce.choices import BarReason, LeaveKind, OccupancyKind, QualificationKind, ShiftKind
from anxiu.workforce.models import Engineer, Leave, Qualification, Shift, ShiftPattern, Skill, Standing

from .conftest import AT, slot

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def frozen():
    with moved_to(AT):
        yield


@pytest.fixture
def browse(client):
    """Log an actor in; answers a browser."""

    def login(actor):
        client.force_login(Person.objects.get(pk=actor.person_id))
        return client

    return login


@pytest.fixture
def certified(engineer, hr):
    """An engineer with a skill, a certificate about to lapse, a shift and a visit."""
    one = engineer(name="王建国")
    skill = add_skill(actor=hr, at=AT, code="drives", name_zh="变频器维修", name_en="Drive repair")
    for new in (
        NewQualification(QualificationKind.SKILL, date(2025, 1, 1), skill_id=skill.pk, level=2),
        NewQualification(
            QualificationKind.CERTIFICATE, date(2024, 1, 1), date(2026, 5, 20), code="height_work", number="T310115201905"
        ),
    ):
        add_qualification(actor=hr, at=AT, engineer_id=one.pk, new=new)
    when = slot(2)
    occupy(
        engineer_id=one.pk, starts_at=when.starts_at, ends_at=when.ends_at, kind=OccupancyKind.VISIT,
        subject=Subject("visit", 1),
    )  # fmt: skip
    return one


def text(response):
    assert response.status_code == 200
    return response.content.decode()


def test_the_list_shows_skills_shift_bookings_and_what_lapses(browse, certified, dispatcher):
    page = text(browse(dispatcher).get(reverse("engineers"), headers={"accept-language": "zh-hans"}))
    for words in ("王建国", "变频器维修", "08:00–18:00", "1 次上门", "证书 05-20", "13812345678"):
        assert words in page


def test_the_list_is_searched_and_filtered(browse, certified, engineer, supervisor, hr):
    other = engineer(grade="senior", name="李立新")
    bar(
        actor=supervisor, at=AT, engineer_id=other.pk, barred_from=AT, barred_until=None, reason=BarReason.SAFETY,
        note="x",
    )  # fmt: skip
    seen = browse(supervisor)
    for query, found in (
        ("", {"王建国", "李立新"}),
        ("q=wang+jian", {"王建国"}),
        ("q=" + other.number, {"李立新"}),
        ("skill=drives", {"王建国"}),
        ("grade=senior", {"李立新"}),
        ("state=barred", {"李立新"}),
        ("state=lapsing", {"王建国"}),
        ("state=left", set()),
        ("state=nonsense&region=x", {"王建国", "李立新"}),
    ):
        page = text(seen.get(f"{reverse('engineers')}?{query}"))
        assert {name for name in ("王建国", "李立新") if name in page} == found, query


def test_the_list_takes_the_same_statements_for_one_as_for_many(
    browse, engineer, dispatcher, django_assert_max_num_queries
):
    seen = browse(dispatcher)
    engineer()
    seen.get(reverse("engineers"))
    for _ in range(5):
        engineer()
    with django_assert_max_num_queries(30):
        seen.get(reverse("engineers"))


def test_a_partial_request_gets_the_list_alone(browse, certified, dispatcher):
    answer = browse(dispatcher).get(reverse("engineers"), headers={"HX-Request": "true"})
    page = text(answer)
    assert "王建国" in page
    assert "<html" not in page


@pytest.mark.requirement("WF-03")
def test_the_skills_matrix_shows_levels(browse, certified, dispatcher):
    page = text(browse(dispatcher).get(reverse("skills"), headers={"accept-language": "en"}))
    assert "Drive repair" in page
    assert "level 2 of 3" in page


def test_a_page_needs_the_permission_and_sight_of_the_engineer(browse, certified, holding, south, client):
    address = reverse("engineer", args=[certified.uid])
    assert client.get(address).status_code == 302
    assert browse(holding("warehouse")).get(address).status_code == 403
    assert browse(holding("dispatcher", region=south)).get(address).status_code == 404


@pytest.mark.requirement("SAF-04")
def test_numbers_are_masked_for_who_may_not_see_them(browse, certified, holding, north, supervisor):
    address = reverse("engineer", args=[certified.uid])
    whole = text(browse(supervisor).get(address))
    assert ("13812345678" in whole, "T310115201905" in whole) == (True, True)
    masked = text(browse(holding("management", region=north)).get(address))
    assert ("13812345678" in masked, "138****5678" in masked) == (False, True)
    assert ("T310115201905" in masked, "T310*****1905" in masked) == (False, True)


@pytest.mark.requirement("WF-07")
def test_the_week_shows_shifts_leave_and_visits(browse, certified, supervisor):
    begins = AT + timedelta(days=1)
    book_leave(
        actor=supervisor, at=AT, engineer_id=certified.pk, kind=LeaveKind.SICK, starts_at=begins,
        ends_at=begins + timedelta(hours=4),
    )  # fmt: skip
    address = reverse("engineer", args=[certified.uid])
    page = text(browse(supervisor).get(address, headers={"accept-language": "en"}))
    assert "11:00–13:00 Customer visit" in page
    assert "09:00–13:00 Leave" in page
    assert 'x="45.833%" width="8.333%"' in page
    later = browse(supervisor).get(f"{address}?from=2026-05-11", headers={"HX-Request": "true"})
    assert "Customer visit</text>" not in text(later)
    assert "<html" not in text(later)


def test_the_history_is_in_words_and_keeps_conduct_to_those_who_may_see_it(browse, certified, supervisor, holding):
    bar(
        actor=supervisor, at=AT, engineer_id=certified.pk, barred_from=AT, barred_until=None, reason=BarReason.SAFETY,
        note="登高未系安全带",
    )  # fmt: skip
    address = reverse("engineer", args=[certified.uid])
    seen = text(browse(supervisor).get(address, headers={"accept-language": "en"}))
    assert "Suspended from orders from 2026-05-04 09:00" in seen
    assert "Became an engineer, grade Intermediate engineer" in seen
    assert "登高未系安全带" in seen
    unseen = text(browse(holding("agent", region=certified.region)).get(address, headers={"accept-language": "en"}))
    assert "登高未系安全带" not in unseen
    assert "Suspended from orders from" not in unseen


# ---- verbs -------------------------------------------------------------------------------------------------------


def submit(client, name, key=None, /, **fields):
    """Open the dialog, then send it; answers the status."""
    address = reverse(name, args=[key] if key is not None else [])
    shown = client.get(address, headers={"HX-Request": "true"})
    assert shown.status_code == 200, name
    assert "<form" in shown.content.decode()
    return client.post(address, {"key": uuid4().hex, **fields}, headers={"HX-Request": "true"})


def test_an_engineer_is_added_through_the_form(browse, hr, north):
    seen = browse(hr)
    fields = {"region": north.pk, "grade": "junior", "started_date": "2026-05-01"}
    missing = submit(seen, "add_engineer", **fields)
    assert (missing.status_code, Engineer.objects.count()) == (422, 0)
    added = submit(seen, "add_engineer", name="新人", email="new@example.com", **fields)
    made = Engineer.objects.get()
    assert (added.status_code, added["HX-Redirect"]) == (204, reverse("engineer", args=[made.uid]))


def test_every_verb_of_an_engineer_works_through_its_dialog(browse, engineer, holding, north):
    both = browse(holding("hr", "supervisor"))
    one = engineer(ready=False)
    skill = add_skill(actor=holding("hr"), at=AT, code="plc", name_zh="PLC", name_en="PLC")
    span = {"starts_at": "2026-05-06T09:00", "ends_at": "2026-05-06T18:00"}
    for name, fields in (
        ("change_engineer", {"region": north.pk, "number": "A1", "started_date": "2026-05-01"}),
        ("set_grade", {"grade": "senior", "reason": "考核通过"}),
        ("add_induction", {"valid_from": "2026-05-01"}),
        ("add_skill_held", {"skill": skill.pk, "level": "3", "valid_from": "2026-05-01"}),
        ("add_certificate", {"code": "height_work", "valid_from": "2026-05-01", "valid_to": "2029-05-01"}),
        ("bar", {"barred_from": "2026-05-04T09:00", "reason": "safety", "note": "违章"}),
        ("set_shift_pattern", {"valid_from": "2026-05-04", "start_1_0": "08:00", "end_1_0": "17:00"}),
        ("add_shift", {"kind": "on_call", **span}),
        ("book_leave", {"kind": "annual", **span}),
    ):
        assert submit(both, name, one.uid, **fields).status_code == 204, name
    one.refresh_from_db()
    assert (one.number, one.grade, one.qualifications.count()) == ("A1", "senior", 3)
    for name, row in (
        ("lift_bar", Standing.objects.get()),
        ("revoke_qualification", Qualification.objects.get(kind="skill")),
        ("cancel_shift", Shift.objects.get()),
        ("cancel_leave", Leave.objects.get()),
        ("retire_skill", skill),
    ):
        assert submit(both, name, row.pk, reason="复核").status_code == 204, name
    assert submit(both, "retire_engineer", one.uid).status_code == 204
    one.refresh_from_db()
    assert one.retired_at == AT
    assert ShiftPattern.objects.get(valid_to=None).weekday == 1
    assert text(both.get(reverse("engineer", args=[one.uid])))


def test_hours_in_two_stretches_a_day_survive_the_dialog(browse, engineer, dispatcher):
    one = engineer(ready=False)
    halves = [Hours(1, time(8, 30), time(12)), Hours(1, time(13, 30), time(17, 30))]
    set_shift_pattern(actor=dispatcher, at=AT, engineer_id=one.pk, hours=halves, valid_from=date(2026, 5, 1))
    seen = browse(dispatcher)
    page = seen.get(reverse("set_shift_pattern", args=[one.uid])).content.decode()
    for shown in ("08:30", "12:00", "13:30", "17:30"):
        assert f'value="{shown}"' in page
    fields = {"start_1_0": "08:30", "end_1_0": "12:00", "start_1_1": "13:30", "end_1_1": "18:00"}
    assert submit(seen, "set_shift_pattern", one.uid, valid_from="2026-05-05", **fields).status_code == 204
    last = ShiftPattern.objects.filter(valid_to=None).order_by("start").values_list("start", "end")
    assert list(last) == [(time(8, 30), time(12)), (time(13, 30), time(18))]
    half = submit(seen, "set_shift_pattern", one.uid, valid_from="2026-05-05", start_1_0="08:30")
    assert half.status_code == 422


def test_a_refusal_is_the_form_s_own_message(browse, certified, supervisor):
    clash = {"kind": "annual", "starts_at": "2026-05-04T09:00", "ends_at": "2026-05-04T18:00"}
    refused = submit(browse(supervisor), "book_leave", certified.uid, **clash)
    assert refused.status_code == 422
    assert "05-04 11:00–13:00" in refused.content.decode()
    assert Leave.objects.count() == 0


def test_pressing_twice_does_it_once(browse, hr):
    seen = browse(hr)
    fields = {"code": "plc", "name_zh": "PLC", "name_en": "PLC", "key": uuid4().hex}
    statuses = [seen.post(reverse("add_skill"), fields).status_code for _ in range(2)]
    assert (statuses, Skill.objects.count()) == ([204, 204], 1)


def test_a_dialog_needs_the_verb_s_permission(browse, certified, dispatcher):
    seen = browse(dispatcher)
    assert seen.get(reverse("set_grade", args=[certified.uid])).status_code == 403
    assert seen.get(reverse("add_engineer")).status_code == 403
    assert seen.get(reverse("set_shift_pattern", args=[certified.uid])).status_code == 200


def test_single_shifts_and_leave_ahead_are_listed(browse, certified, supervisor):
    starts = AT + timedelta(days=2)
    add_shift(
        actor=supervisor, at=AT, engineer_id=certified.pk, kind=ShiftKind.ON_CALL, starts_at=starts,
        ends_at=starts + timedelta(hours=9),
    )  # fmt: skip
    page = text(browse(supervisor).get(reverse("engineer", args=[certified.uid]), headers={"accept-language": "zh-hans"}))
    assert "05-06 09:00–05-06 18:00" in page
    assert "值班" in page
