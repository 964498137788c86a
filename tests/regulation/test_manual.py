"""The operating manual of a post: made from the version in force and the post's rights, printed as page and PDF."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from anxiu.accounts.actions import change_post
from anxiu.accounts.models import Post
from anxiu.console.manual.content import LIMITS, RULES, state_of
from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.time import moved_to
from anxiu.kernel.values import REGISTRY
from anxiu.orders.choices import TRANSITIONS, State
from anxiu.sla.choices import ClockKind
from tests.given.regulated import regulated
from tests.regulation.conftest import AT, person_with

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=1)


@pytest.fixture
def page(client: Client):
    client.force_login(person_with("management"))
    with moved_to(LATER):
        yield client


def text_of(page: Client, path: str, language: str = "en") -> str:
    answer = page.get(path, headers={"Accept-Language": language})
    assert answer.status_code == 200
    content = answer.content.decode().partition('<div class="x-stack')[2]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", content))


@pytest.mark.requirement("REG-12")
def test_each_post_has_a_manual_of_its_own_steps_with_their_clauses_and_limits(page: Client):
    agent, engineer = (text_of(page, f"/regulation/manuals/{post}/") for post in ("agent", "engineer"))
    for words in ("Take reports and open orders", "How severity is judged", "First response", "30 minutes", "Follow-up"):
        assert words in agent
    assert "Proof of arrival" not in agent
    for words in ("Record the arrival", "Proof of arrival", "Grades and authority", "Checks before leaving", "Suspending"):
        assert words in engineer
    assert "How severity is judged" not in text_of(page, "/regulation/manuals/warehouse/")
    assert "已确认" not in engineer


@pytest.mark.requirement("REG-12")
def test_the_manual_changes_with_the_version_and_with_the_posts_rights(page: Client):
    regulated(AT, sla__first_response={"urgent": "7 min", "normal": "2 h", "minor": "8 working h"})
    assert "7 minutes" in text_of(page, "/regulation/manuals/agent/")
    assert "7 minutes" not in text_of(page, "/regulation/manuals/agent/?version=default-1")
    post = Post.objects.get(code="warehouse")
    change_post(actor=SYSTEM, at=AT, code="warehouse", permissions={*post.permissions, "orders.archive"})
    assert "Archive orders" in text_of(page, "/regulation/manuals/warehouse/")
    assert page.get("/regulation/manuals/nobody/").status_code == 404
    assert page.get("/regulation/manuals/agent/?version=none-1").status_code == 404


@pytest.mark.requirement("REG-12")
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_manual_of_every_post_is_read_and_printed_in_both_languages(page: Client, language: str):
    assert page.get("/regulation/manuals/", headers={"Accept-Language": language}).status_code == 200
    for post in Post.objects.values_list("code", flat=True):
        text = text_of(page, f"/regulation/manuals/{post}/", language)
        assert ("流程图" if language == "zh-hans" else "Flow chart") in text
    answer = page.get(f"/regulation/manuals/engineer/pdf/?language={language}")
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    assert answer.content.count(b"/Type/Page/") > 3


def test_every_verb_of_the_order_has_its_state_or_belongs_to_any_time():
    ended = {State.ARCHIVED, State.CANCELLED}
    assert {state_of(name) for name in TRANSITIONS} == {*State, None} - ended
    assert (state_of("open_order"), state_of("arrive"), state_of("cancel")) == (State.ACCEPTED, State.TRAVELLING, None)
    assert {*LIMITS.values(), *(key for listed in RULES.values() for key in listed)} <= REGISTRY.keys()
    assert set(LIMITS) == set(ClockKind)
