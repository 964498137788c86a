"""The pages of learning: how many statements they take however many people there are, and what they show to whom."""

from typing import Any

import pytest
from django.test import Client

from anxiu.accounts.models import Person
from anxiu.accounts.queries import actor_of
from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.time import moved_to
from anxiu.regulation import actions as regulation
from anxiu.regulation.models import Version
from anxiu.uptake.actions import acknowledge_version, keep_readings
from anxiu.uptake.models import Reading
from anxiu.uptake.queries import mine
from tests.uptake.test_reading import AT, DAY, adopt, north, own, right_answers, sit, somebody, south

__all__ = ["north", "south"]  # fixtures
pytestmark = pytest.mark.django_db


def entered(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def texts(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.mark.requirement("REG-04")
def test_who_has_not_takes_as_many_statements_for_many_as_for_few(north, south, django_assert_max_num_queries):
    boss = somebody("management", None, "主管")
    for region in (north, south):
        for _ in range(4):
            somebody("engineer", region)
    keep_readings(actor=SYSTEM, at=AT)
    page = entered(boss)
    with django_assert_max_num_queries(14):
        few = page.get("/regulation/readings/?tab=all")
    for _ in range(70):
        somebody("agent", north, "客服")
    keep_readings(actor=SYSTEM, at=AT)
    with django_assert_max_num_queries(14):
        many = page.get("/regulation/readings/?tab=all")
    assert "0 / 4" in texts(few)
    assert "0 / 70" in texts(many)
    assert "after=" in texts(many)  # the next page


@pytest.mark.requirement("REG-04")
def test_ones_own_page_shows_what_changed_and_each_step(north, django_assert_max_num_queries):
    engineer = somebody("engineer", north)
    keep_readings(actor=SYSTEM, at=AT)
    page = entered(engineer)
    assert "开始作答" in texts(page.get("/regulation/learn/"))
    sit(engineer)
    acknowledge_version(actor=actor_of(engineer), at=AT, reading_uid=own(engineer).uid)
    with moved_to(AT + DAY):
        regulation.amend_version(
            actor=SYSTEM, at=AT + DAY, version_id=Version.objects.get().pk, in_force_from=AT + DAY,
            changes={"sla.warning_share": 60},
        )  # fmt: skip
    keep_readings(actor=SYSTEM, at=AT + DAY)
    with django_assert_max_num_queries(32):
        said = texts(page.get("/regulation/learn/"))
    assert "3.8" in said
    assert "60%" in said
    assert "8.4" not in said


def test_the_quiz_is_handed_in_once_and_refused_with_what_was_chosen(north):
    engineer = somebody("engineer", north)
    keep_readings(actor=SYSTEM, at=AT)
    row = own(engineer)
    page, url = entered(engineer), f"/regulation/learn/{row.uid}/take_quiz/"
    answers = {f"q.{code}": chosen for code, chosen in right_answers(row).items()}
    missing = dict(answers)
    first = next(iter(missing))
    del missing[first]
    refused = page.post(url, {"key": "a", **missing})
    assert refused.status_code == 422
    assert texts(refused).count("checked") == len(missing)
    assert "请选择答案。" in texts(refused)
    for _ in range(2):
        done = page.post(url, {"key": "b", **answers})
        assert (done.status_code, done.headers["Location"]) == (302, f"/regulation/learn/{row.uid}/sittings/1/")
    assert Reading.objects.get(pk=row.pk).attempts.count() == 1
    assert page.get(url).status_code == 302  # passed: back to one's own page
    assert page.get(f"/regulation/learn/{row.uid}/sittings/9/").status_code == 404
    assert "已答对" not in texts(page.get(f"/regulation/learn/{row.uid}/sittings/1/"))


def test_the_mark_in_the_menu_goes_with_the_acknowledgement(north):
    engineer = somebody("engineer", north)
    adopt(questions=0)
    page = entered(engineer)
    assert "x-count-alert" not in texts(page.get("/regulation/learn/"))
    keep_readings(actor=SYSTEM, at=AT)
    assert "x-count-alert" in texts(page.get("/regulation/learn/"))
    acknowledge_version(actor=actor_of(engineer), at=AT, reading_uid=mine(actor_of(engineer)).get().uid)
    assert "x-count-alert" not in texts(page.get("/regulation/learn/"))


@pytest.mark.requirement("REG-04")
def test_questions_of_a_draft_are_written_in_forms_and_taken_back_in_the_log(north):
    boss = somebody("management", None)
    draft = regulation.start_draft(actor=actor_of(boss), at=AT, source=regulation.Source("default"), why="x")
    page, base = entered(boss), f"/regulation/versions/{draft.uid}"
    form = {
        "key": "a", "code": "new-one", "number": "3.1", "situation_zh": "客户来电", "situation_en": "A call",
        "choice1_zh": "接", "choice1_en": "Answer", "right1": "on", "choice2_zh": "不接", "choice2_en": "Ignore",
        "why_zh": "应当", "why_en": "Because", "posts": ["agent"], "why": "缺",
    }  # fmt: skip
    assert page.post(f"{base}/quiz/add_question/", {**form, "choice2_en": ""}).status_code == 422
    assert page.post(f"{base}/quiz/add_question/", form).status_code == 302
    assert "客户来电" in texts(page.get(f"{base}/quiz/"))
    changed = {**form, "key": "b", "situation_zh": "客户来信"}
    assert page.post(f"{base}/quiz/write_question/new-one/", changed).status_code == 302
    assert page.post(f"{base}/quiz/move_question/new-one/", {"key": "c", "place": 1, "why": "先"}).status_code == 204
    log = texts(page.get(f"{base}/log/"))
    assert "客户来信" in log
    change = regulation_change(draft, "regulation.question_written")
    assert page.post(f"{base}/log/{change}/undo/", {"key": "d", "why": "改回"}).status_code == 204
    assert draft.questions.get(code="new-one").situation_zh == "客户来电"
    assert page.post(f"{base}/quiz/remove_question/new-one/", {"key": "e", "why": "删"}).status_code == 204
    change = regulation_change(draft, "regulation.question_removed")
    assert page.post(f"{base}/log/{change}/undo/", {"key": "f", "why": "留"}).status_code == 204
    assert draft.questions.filter(code="new-one").exists()
    compared = texts(page.get(f"/regulation/compare/?left=preset:default&right={draft.code}"))
    assert "客户来电" in compared


def regulation_change(version: Version, kind: str) -> int:
    from anxiu.regulation.queries import log

    return next(each.id for each in log(SYSTEM, version.pk) if each.kind == kind)
