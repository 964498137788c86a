"""The life of a version through the console: drafts, editing, review, readiness, log, comparing, printing."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client

from anxiu.accounts.models import Person, Region
from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.time import moved_to
from anxiu.regulation import actions
from anxiu.regulation.choices import GroupRole
from anxiu.regulation.models import Clause, Comment, Version
from anxiu.regulation.queries import figures, in_force
from tests.regulation.conftest import AT, person_with
from tests.regulation.test_lifecycle import wording

pytestmark = pytest.mark.django_db
ENGLISH = {"Accept-Language": "en"}
WHY = {"why": "half-yearly review"}


@pytest.fixture(autouse=True)
def _now():
    with moved_to(AT):
        yield


@pytest.fixture
def manager_person() -> Person:
    return person_with("management")


@pytest.fixture
def page(client: Client, manager_person: Person) -> Client:
    client.force_login(manager_person)
    return client


@pytest.fixture
def draft() -> Version:
    return actions.start_draft(actor=SYSTEM, at=AT, source=actions.Source("default"), why="because")


def text_of(answer: HttpResponse) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def read(page: Client, path: str) -> str:
    answer = page.get(path, headers=ENGLISH)
    assert answer.status_code == 200, answer.status_code
    return text_of(answer)


def post(page: Client, path: str, **given: Any) -> HttpResponse:
    return page.post(path, {"key": uuid4().hex, **given}, headers={**ENGLISH, "HX-Request": "true"})


def v(version: Version, rest: str = "") -> str:
    return f"/regulation/versions/{version.uid}/{rest}"


@pytest.mark.requirement("REG-01")
def test_a_draft_is_begun_from_the_version_in_force(page: Client):
    assert "No version is in hand" in read(page, "/regulation/drafts/")
    base = in_force(None, "", AT)
    answer = post(page, "/regulation/drafts/start_draft/", source=f"v{base.pk}", **WHY)
    made = Version.objects.get(state="draft")
    assert (answer.status_code, answer["HX-Redirect"], made.based_on) == (204, v(made), base)
    assert made.code in read(page, "/regulation/drafts/")
    assert post(page, "/regulation/drafts/start_draft/", source="pdefault").status_code == 422


@pytest.mark.requirement("REG-01", "REG-02")
def test_a_draft_reads_as_the_document_with_a_control_at_each_figure_and_clause(page: Client, draft: Version):
    html = page.get(v(draft), headers=ENGLISH).content.decode()
    for key in figures(draft.pk):
        assert v(draft, f"set_figure/{key}/") in html, key
    for number in Clause.objects.filter(version=draft).values_list("number", flat=True):
        assert v(draft, f"write_clause/{number}/") in html
    assert "within <span" in html
    assert "30 minutes" in text_of(page.get(v(draft), headers=ENGLISH))


@pytest.mark.requirement("REG-02")
def test_a_figure_is_set_by_its_controls_and_refused_at_its_field_with_the_clause(page: Client, draft: Version):
    path = v(draft, "set_figure/sla.warning_share/")
    assert "3.8 Warning" in read(page, path)
    wrong = post(page, path, figure__="101", **WHY)
    assert wrong.status_code == 422
    assert 'value="101"' in wrong.content.decode()
    assert "half-yearly review" in wrong.content.decode()
    assert "Clause 3.8 cannot be so" in text_of(wrong)
    assert post(page, path, figure__="80").status_code == 422
    done = post(page, path, figure__="80", **WHY)
    assert (done.status_code, done["HX-Redirect"]) == (204, f"{v(draft)}#k3.8")
    assert figures(draft.pk)["sla.warning_share"] == 80
    plain = page.post(path, {"key": "k", "figure__": "85", "why": "without a script"})
    assert (plain.status_code, figures(draft.pk)["sla.warning_share"]) == (302, 85)


def test_every_figure_of_a_draft_has_its_page_in_both_languages(page: Client, draft: Version):
    for key in figures(draft.pk):
        for language in ("en", "zh-hans"):
            answer = page.get(v(draft, f"set_figure/{key}/"), headers={"Accept-Language": language})
            assert answer.status_code == 200, key
            assert 'name="figure' in answer.content.decode(), key
    assert page.get(v(draft, "set_figure/sla.nothing/")).status_code == 404


def test_a_row_is_added_without_a_script_and_nothing_typed_is_lost(page: Client, draft: Version):
    path = v(draft, "set_figure/orders.cancel_reasons/")
    typed = {"rows": "r0", "figure__r0__words__zh": "改了", "figure__r0__words__en": "Changed", "why": "typed before"}
    answer = page.post(path, {**typed, "do": "add "})
    html = answer.content.decode()
    assert answer.status_code == 200
    for name in ("figure__r0__words__zh", "figure__r1__words__zh", 'value="r0,r1"', 'value="改了"', "typed before"):
        assert name in html
    assert figures(draft.pk) == figures(in_force(None, "", AT).pk)


def test_a_clause_is_written_and_a_slip_is_refused_at_its_field(page: Client, draft: Version):
    path = v(draft, "write_clause/1.4/")
    assert "What nobody may do" in page.get(path, headers=ENGLISH).content.decode()
    given = {
        "title_zh": "底线", "title_en": "Limits", "text_zh": "不得造假。", "text_en": "No {sla.arrival} forgery.",
        "control": "manual", "manual_zh": "主管抽查。", "manual_en": "Supervisors check.", **WHY,
    }  # fmt: skip
    wrong = post(page, path, **given)
    assert (wrong.status_code, "different figures: sla.arrival" in text_of(wrong)) == (422, True)
    assert post(page, path, **{**given, "text_en": "No forgery."}).status_code == 204
    assert Clause.objects.get(version=draft, number="1.4").text_en == "No forgery."
    more = {**given, "text_en": "More.", "number": "1.9"}
    assert post(page, v(draft, "add_clause/"), **more).status_code == 204
    assert post(page, v(draft, "add_clause/"), **more).status_code == 422
    assert post(page, v(draft, "remove_clause/1.9/"), **WHY).status_code == 204
    assert not Clause.objects.filter(version=draft, number="1.9").exists()


@pytest.mark.requirement("REG-10")
def test_the_working_group_comments_at_the_clause_and_its_comments_are_settled(
    page: Client, draft: Version, manager_person: Person, north: Region
):
    engineer, other = person_with("engineer", north), Client()
    other.force_login(engineer)
    assert other.get(v(draft)).status_code == 404
    named = {"lead": manager_person.pk, "members": [engineer.pk], **WHY}
    assert "Namen" not in read(page, v(draft, "review/"))
    assert post(page, v(draft, "name_working_group/"), **named).status_code == 204
    assert post(page, v(draft, "submit_for_review/"), **WHY).status_code == 204
    assert v(draft, "comment_on_clause/3.1/") in other.get(v(draft)).content.decode()
    assert post(other, v(draft, "comment_on_clause/3.1/"), text="20 minutes is too short").status_code == 204
    assert post(other, v(draft, "comment_on_clause/"), text="Good on the whole").status_code == 204
    for path in (v(draft), v(draft, "review/")):
        assert "20 minutes is too short" in read(page, path)
    assert "2 comments are not settled" in text_of(post(page, v(draft, "approve_version/"), **WHY))
    for comment in Comment.objects.filter(version=draft):
        done = post(page, v(draft, f"settle_comment/{comment.uid}/"), taken_up="no", answer="It stays, see 3.1")
        assert done.status_code == 204
    assert "Not taken up" in read(page, v(draft, "review/"))
    assert post(page, v(draft, "approve_version/"), **WHY).status_code == 204
    assert Version.objects.get(pk=draft.pk).approved_by == manager_person


@pytest.mark.requirement("REG-11")
def test_the_readiness_list_says_what_keeps_a_version_from_taking_effect(page: Client, draft: Version, manager_person: Person):
    assert "Every clause is held" in read(page, v(draft, "readiness/"))
    actions.write_clause(
        actor=SYSTEM, at=AT, version_id=draft.pk, number="2.1", wording=wording(control="gate"), why="x"
    )
    text = read(page, v(draft, "readiness/"))
    assert "1 clause is held by nothing" in text
    assert "No verb or gate is named that enforces it" in text
    _approved(draft, manager_person)
    answer = post(page, v(draft, "put_in_force/"), **WHY)
    assert answer.status_code == 422
    assert "2.1: no verb or gate is named" in text_of(answer)


def _approved(version: Version, manager: Person) -> None:
    from anxiu.accounts.queries import actor_of

    shared = {"at": AT, "version_id": version.pk, "why": "x"}
    actions.name_working_group(actor=SYSTEM, members=[(manager.pk, GroupRole.LEAD)], **shared)
    actions.submit_for_review(actor=SYSTEM, **shared)
    actions.approve_version(actor=actor_of(manager), **shared)


@pytest.mark.requirement("REG-01")
def test_an_approved_version_takes_effect_later_and_is_withdrawn_before(page: Client, draft: Version, manager_person: Person):
    _approved(draft, manager_person)
    assert post(page, v(draft, "put_in_force/"), in_force_from="2026-12-01T08:00", **WHY).status_code == 204
    assert "Takes effect later" in read(page, v(draft))
    assert draft.code in read(page, "/regulation/drafts/")
    assert in_force(None, "", AT + timedelta(days=60)) == draft
    assert post(page, v(draft, "withdraw_version/"), **WHY).status_code == 204
    assert in_force(None, "", AT + timedelta(days=60)).code == "default-1"


@pytest.mark.requirement("REG-05")
def test_the_log_shows_old_and_new_in_words_who_and_why_and_takes_a_change_back(page: Client, draft: Version):
    hours = {"mon": ["08:00-12:00"]}
    new = {**figures(draft.pk)["sla.working_hours"], **hours}  # type: ignore[dict-item]
    for key, raw in (("sla.warning_share", 80), ("sla.working_hours", new)):
        actions.set_figure(actor=SYSTEM, at=AT, version_id=draft.pk, key=key, raw=raw, why="earlier warning")
    actions.remove_clause(actor=SYSTEM, at=AT, version_id=draft.pk, number="1.4", why="not ours")
    text = read(page, v(draft, "log/"))
    for words in ("70 % 80 %", "Monday: 09:00-12:00, 13:00-18:00 Monday: 08:00-12:00", "earlier warning", "Clause 1.4 removed"):
        assert words in text
    html = page.get(v(draft, "log/"), headers=ENGLISH).content.decode()
    undo = re.findall(rf"{v(draft, 'log/')}\d+/undo/", html)
    assert len(undo) == 3
    for path in undo:
        assert post(page, path, why="taken back").status_code == 204
    assert figures(draft.pk) == figures(in_force(None, "", AT).pk)
    assert Clause.objects.filter(version=draft, number="1.4").exists()


@pytest.mark.requirement("REG-01")
def test_two_versions_lie_side_by_side_in_words_and_figures(page: Client, draft: Version):
    actions.set_figure(actor=SYSTEM, at=AT, version_id=draft.pk, key="sla.warning_share", raw=80, why="x")
    actions.write_clause(actor=SYSTEM, at=AT, version_id=draft.pk, number="1.4", wording=wording(), why="x")
    actions.add_clause(actor=SYSTEM, at=AT, version_id=draft.pk, number="1.9", wording=wording(), why="x")
    address = f"/regulation/compare/?left=preset:default&right={draft.code}"
    html = page.get(address, headers=ENGLISH).content.decode()
    assert "2 changed" in html
    assert "<del>70 %</del><ins>80 %</ins>" in re.sub(r"</?span[^>]*>", "", html)
    assert "No clause 1.9 here" in text_of(page.get(address, headers=ENGLISH))
    assert 'id="k3.1"' not in html
    assert 'id="k3.1"' in page.get(f"{address}&all=1").content.decode()
    assert page.get("/regulation/compare/?left=nobody-1").status_code == 404
    assert "Choose two versions" in read(page, "/regulation/compare/")
    same = read(page, f"/regulation/compare/?left={draft.code}&right={draft.code}")
    assert "Nothing differs" in same


@pytest.mark.requirement("REG-08")
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_text_prints_as_a_page_and_as_a_pdf(page: Client, language: str):
    version = in_force(None, "", AT)
    sheet = page.get(v(version, "print/"), headers={"Accept-Language": language}).content.decode()
    for chapter in (1, 11):
        assert f'href="#c{chapter}"' in sheet
    assert ("首次响应" if language == "zh-hans" else "First response") in sheet
    first = page.get(v(version, f"pdf/?language={language}"))
    assert (first["Content-Type"], first.content[:5]) == ("application/pdf", b"%PDF-")
    assert first.content.count(b"/Type/Page/") > 5
    assert page.get(v(version, f"pdf/?language={language}")).content == first.content


def test_who_may_not_see_drafts_is_told_nothing_of_them(client: Client, draft: Version, north: Region):
    client.force_login(person_with("engineer", north))
    for path in ("", "readiness/", "review/", "log/", "print/", "pdf/"):
        assert client.get(v(draft, path)).status_code == 404
    for path in ("set_figure/sla.arrival/", "write_clause/1.1/", "add_clause/", "submit_for_review/", "put_in_force/"):
        assert client.get(v(draft, path)).status_code == 403
    assert draft.code not in client.get("/regulation/drafts/").content.decode()
    assert client.get(f"/regulation/compare/?left={draft.code}").status_code == 404
