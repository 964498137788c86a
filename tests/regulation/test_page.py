"""The regulation as people read it in the console: the words and the enforced figures are one."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from anxiu.accounts.models import Person, Region
from anxiu.kernel import values
from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.time import moved_to
from anxiu.kernel.values import REGISTRY
from anxiu.orders.values import REPEAT_WINDOW
from anxiu.regulation.actions import adopt_preset
from anxiu.regulation.models import Version
from anxiu.regulation.queries import figure_in_words, in_force, terms
from tests.regulation.conftest import AT, person_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(north: Region) -> Person:
    return person_with("engineer", north)


@pytest.fixture
def page(reader: Person, client: Client) -> Client:
    client.force_login(reader)
    return client


def text_of(page: Client, address: str = "/regulation/", language: str = "en", **headers: str) -> str:
    with moved_to(AT + timedelta(days=1)):
        answer = page.get(address, headers={"Accept-Language": language, **headers})
    assert answer.status_code == 200
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", answer.content.decode())))


def adopt(**more: object) -> Version:
    return adopt_preset(**{"actor": SYSTEM, "at": AT, "preset_code": "default", "in_force_from": AT, **more})  # type: ignore[arg-type]


@pytest.mark.requirement("REG-01", "REG-09")
def test_the_regulation_is_read_with_its_purpose_scope_version_and_clauses(page: Client):
    version = adopt()
    text = text_of(page)
    for words in (
        version.name_en,
        version.code,
        "In force from 2026-11-02",
        "Purpose",
        "Scope",
        "Principles",
        "First response",
    ):
        assert words in text


@pytest.mark.requirement("REG-01", "REG-02")
def test_the_sentence_says_the_figure_the_system_enforces(page: Client):
    adopt(changes={"orders.repeat_window": "45 d"})
    assert "within 45 days after its repair is a repeat repair" in text_of(page)
    enforced = values.reading(in_force(None, "repair", AT).pk)(REPEAT_WINDOW)
    assert figure_in_words("orders.repeat_window", enforced, "en") == "45 days"


@pytest.mark.requirement("REG-02")
def test_every_value_of_the_registry_stands_on_the_page(page: Client):
    text = text_of(page)
    assert [key for key in REGISTRY if terms().figure(key, "en") not in text] == []


@pytest.mark.requirement("REG-09")
def test_people_read_the_version_that_applies_to_their_region(page: Client, reader: Person, south: Region):
    assert reader.region is not None
    ours = adopt(region_id=reader.region.pk)
    theirs = adopt(region_id=south.pk)
    text = text_of(page)
    assert ours.code in text
    assert "North" in text
    assert page.get(f"/regulation/{theirs.uid}/").status_code == 404
    assert "default-1" in text_of(page, f"/regulation/{Version.objects.get(code='default-1').uid}/")


def test_the_list_of_versions_says_where_each_stands(page: Client):
    adopt()
    adopt(in_force_from=AT + timedelta(days=30))
    text = text_of(page)
    for code, stands in {"default-3": "Takes effect later", "default-2": "In force", "default-1": "Superseded"}.items():
        assert re.search(rf"{code} All regions, all kinds of service( · [\d-]+)? {stands}", text)


def test_the_page_is_read_in_chinese(page: Client):
    text = text_of(page, language="zh-hans")
    assert "售后服务管理制度" in text
    assert "紧急故障 30 分钟内，一般故障 2 小时内，轻微故障 8 个工作小时内" in text


def test_a_search_shows_the_clauses_that_hold_the_words_and_marks_them(page: Client):
    answer = page.get("/regulation/", {"q": "repeat repair"}, headers={"Accept-Language": "en"}).content.decode()
    assert "<mark>repeat repair</mark>" in answer
    assert 'id="k2.6"' in answer
    assert 'id="k3.1"' not in answer
    assert (
        "Nothing matches" in page.get("/regulation/", {"q": "zzz"}, headers={"Accept-Language": "en"}).content.decode()
    )


def test_a_search_finds_figures_keys_and_clause_numbers(page: Client):
    for words, clause in {"sla.acceptance": "4.2", "time to accept": "4.2", "30 minutes": "3.1", "7.4": "7.4", "trapped": "2.3"}.items():
        assert (
            f'id="k{clause}"'
            in page.get("/regulation/", {"q": words}, headers={"Accept-Language": "en"}).content.decode()
        )


def test_htmx_is_answered_with_the_text_alone(page: Client):
    part = page.get("/regulation/", {"q": "guarantee"}, headers={"HX-Request": "true"}).content.decode()
    assert part.strip().startswith('<div id="regulation-text"')
    assert "<html" not in part


def test_what_is_searched_for_is_shown_as_text(page: Client):
    answer = page.get("/regulation/", {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in answer


def test_who_is_not_logged_in_or_has_no_post_reads_nothing(client: Client, north: Region):
    assert client.get("/regulation/").status_code == 302
    nobody = person_with("engineer", north)
    nobody.holdings.all().delete()
    client.force_login(nobody)
    assert client.get("/regulation/").status_code == 403


def test_the_page_keeps_to_its_statements(page: Client):
    page.get("/regulation/")
    with CaptureQueriesContext(connection) as asked:
        page.get("/regulation/")
    # session, person, posts; the version that holds, the versions to choose from; may it be read, figures, clauses;
    # the post and the unread notices of the frame
    assert len(asked) <= 10
