"""Changing the regulation in the console: a figure by its form, a preset for a part of the company."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.forms import MultiWidget
from django.http import QueryDict
from django.test import Client

from anxiu.accounts.models import Region
from anxiu.console.figures import AmendForm, FigureForm
from anxiu.kernel import values
from anxiu.kernel.time import moved_to, now
from anxiu.kernel.values import REGISTRY
from anxiu.regulation.models import Version
from anxiu.regulation.queries import figures, in_force, terms
from anxiu.sla.values import FIRST_RESPONSE, LADDER
from tests.regulation.conftest import AT, person_with

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=1)


@pytest.fixture
def page(client: Client) -> Client:
    client.force_login(person_with("management"))
    return client


def fields_of(form: FigureForm) -> dict[str, Any]:
    """What a browser would send of a form nobody changed."""
    sent: dict[str, Any] = {}
    for bound in form:
        value = bound.value()
        if isinstance(bound.field.widget, MultiWidget):
            sent[f"{bound.html_name}_0"], sent[f"{bound.html_name}_1"] = bound.field.widget.decompress(value)
        elif value is True:
            sent[bound.html_name] = "on"
        elif value is not False and value is not None:
            sent[bound.html_name] = value
    return sent


def form_of(version: Version, key: str, data: Any = None) -> FigureForm:
    return AmendForm(data, value=REGISTRY[key], raw=figures(version.pk)[key], terms=terms(), language="en")


def post(page: Client, version: Version, key: str, **changes: str) -> Any:
    sent = {**fields_of(form_of(version, key)), "why": "because", **changes}
    with moved_to(LATER):
        return page.post(f"/regulation/{version.uid}/{key}/", sent, headers={"Accept-Language": "en"})


@pytest.mark.requirement("REG-01", "REG-02")
def test_a_manager_changes_a_deadline_and_the_system_enforces_it(page: Client):
    version = in_force(None, "", AT)
    shown = page.get(
        f"/regulation/{version.uid}/sla.first_response/", headers={"Accept-Language": "en"}
    ).content.decode()
    assert "3.1 First response" in shown
    answer = post(page, version, "sla.first_response", figure__urgent_0="20")
    new = in_force(None, "repair", LATER)
    assert (answer.status_code, answer["HX-Redirect"]) == (204, f"/regulation/{new.uid}/")
    enforced = values.reading(new.pk)(FIRST_RESPONSE)
    assert [each.duration for each in enforced.values()] == [
        timedelta(minutes=20),
        timedelta(hours=2),
        timedelta(hours=8),
    ]
    assert "20 minutes" in page.get(f"/regulation/{new.uid}/", headers={"Accept-Language": "en"}).content.decode()
    assert "30 minutes" in page.get(f"/regulation/{version.uid}/", headers={"Accept-Language": "en"}).content.decode()


def test_pressing_twice_makes_one_version(page: Client):
    version = in_force(None, "", AT)
    sent = {**fields_of(form_of(version, "sla.warning_share")), "figure__": "80", "why": "earlier"}
    with moved_to(LATER):
        answers = [page.post(f"/regulation/{version.uid}/sla.warning_share/", sent) for _ in range(2)]
    assert [each.status_code for each in answers] == [204, 204]
    assert Version.objects.count() == 2


def test_a_change_may_take_effect_later(page: Client):
    version = in_force(None, "", AT)
    post(page, version, "sla.warning_share", figure__="80", in_force_from="2026-12-01T08:00")
    assert in_force(None, "", LATER) == version
    assert figures(in_force(None, "", LATER + timedelta(days=60)).pk)["sla.warning_share"] == 80


def test_what_is_wrong_is_said_in_the_form(page: Client):
    version = in_force(None, "", AT)
    for key, changes, words in (
        ("sla.warning_share", {"figure__": "101"}, "100"),
        ("sla.warning_share", {}, "Nothing was changed"),
        (
            "sla.warning_share",
            {"figure__": "80", "in_force_from": "2026-01-01T08:00"},
            "may not take effect before now",
        ),
        ("orders.cancel_reasons", {"figure__r0__words__en": ""}, "This field is required"),
        ("sla.working_hours", {"figure__mon__0_0": "9 Uhr"}, "Expected 09:00-12:00"),
        ("sla.warning_share", {"figure__": "80", "why": ""}, "This field is required"),
        ("workforce.certificate_reminders", {"figure__": "60, soon"}, "“soon” is not a whole number"),
    ):
        answer = post(page, version, key, **changes)
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert Version.objects.count() == 1


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_figure_has_a_form_that_gives_it_back_unchanged(language: str):
    version = in_force(None, "", AT)
    for key, raw in figures(version.pk).items():
        sent = QueryDict(mutable=True)
        for name, value in {**fields_of(form_of(version, key)), "why": "because"}.items():
            sent.setlist(name, value if isinstance(value, list) else [value])
        form = form_of(version, key, sent)
        assert form.is_valid(), (key, form.errors)
        assert form.figure(form.cleaned_data) == raw, key


def sent_of(version: Version, key: str, **changes: Any) -> QueryDict:
    sent = QueryDict(mutable=True)
    for name, value in {**fields_of(form_of(version, key)), "why": "because", **changes}.items():
        sent.setlist(name, value if isinstance(value, list) else [value])
    return sent


def rows_of(form: FigureForm, *path: str) -> list[str]:
    box = form.box
    for step in path:
        box = next(each for each in box.inner if each.path[-1] == step)
    return [each.token for each in box.inner]


def test_the_ladder_is_edited_row_by_row_without_a_script():
    version = in_force(None, "", AT)
    form = form_of(version, LADDER.key)
    assert rows_of(form, "urgent") == ["r0", "r1"]
    more = form_of(version, LADDER.key, sent_of(version, LADDER.key, do="add urgent"))
    assert (rows_of(more, "urgent"), more.is_valid(), dict(more.errors)) == (["r0", "r1", "r2"], False, {})
    typed = sent_of(version, LADDER.key, rows__urgent="r0,r1,r2", figure__urgent__r2__after_0="2", do="up urgent r2")
    up = form_of(version, LADDER.key, typed)
    assert rows_of(up, "urgent") == ["r0", "r2", "r1"]
    assert up["figure__urgent__r2__after"].value() == ["2", None]
    gone = form_of(version, LADDER.key, sent_of(version, LADDER.key, do="remove urgent r0"))
    assert rows_of(gone, "urgent") == ["r1"]
    full = {"after_0": "2", "after_1": "h", "to": "management", "acknowledge_within_0": "1", "acknowledge_within_1": "h"}
    done = sent_of(version, LADDER.key, rows__urgent="r2,r0", **{f"figure__urgent__r2__{name}": each for name, each in full.items()})
    form = form_of(version, LADDER.key, done)
    assert form.is_valid(), form.errors
    assert form.figure(form.cleaned_data)["urgent"] == [
        {"after": "2 h", "to": "management", "acknowledge_within": "1 h"},
        {"after": "0 min", "to": "supervisor", "acknowledge_within": "15 min"},
    ]


def test_a_new_row_gets_its_code_from_its_words():
    version, key = in_force(None, "", AT), "orders.cancel_reasons"
    held = figures(version.pk)[key]
    tokens = ",".join(f"r{at}" for at in range(len(held) + 2))
    new = {}
    for at in (len(held), len(held) + 1):
        new |= {f"figure__r{at}__words__zh": "设备报废", f"figure__r{at}__words__en": "Machine scrapped!"}
    form = form_of(version, key, sent_of(version, key, rows=tokens, **new))
    assert form.is_valid(), form.errors
    assert [each["code"] for each in form.figure(form.cleaned_data)[-2:]] == ["machine_scrapped", "machine_scrapped_2"]


@pytest.mark.requirement("REG-06", "REG-09")
def test_a_manager_adopts_a_preset_for_a_region_and_a_kind_of_service(page: Client, north: Region):
    assert "All regions" in page.get("/regulation/adopt/", headers={"Accept-Language": "en"}).content.decode()
    sent = {
        "key": "k1",
        "preset_code": "default",
        "region_id": str(north.pk),
        "order_type": "installation",
        "in_force_from": "",
    }
    with moved_to(LATER):
        assert page.post("/regulation/adopt/", sent).status_code == 204
    version = in_force(north.pk, "installation", LATER)
    assert (version.region, version.order_type, version.in_force_from) == (north, "installation", LATER)
    assert in_force(north.pk, "repair", LATER).code == "default-1"


def test_an_engineer_is_offered_no_changes_and_makes_none(client: Client, north: Region):
    client.force_login(person_with("engineer", north))
    version = in_force(None, "", now())
    text = client.get("/regulation/").content.decode().partition('class="x-doc"')[2].partition("</article>")[0]
    offered = {each.split("/")[4] for each in re.findall(r'data-dialog="([^"]+)"', text)}
    assert offered == {"remark_on_clause"}  # anybody may say something; nothing is changed by it
    assert client.get("/regulation/adopt/").status_code == 403
    assert (
        client.post(f"/regulation/{version.uid}/sla.warning_share/", {"key": "k", "figure__": "80"}).status_code == 403
    )
    assert Version.objects.count() == 1


def test_only_the_latest_version_offers_changes(page: Client):
    first = in_force(None, "", AT)
    offered = f"/regulation/{first.uid}/sla.warning_share/"
    assert offered in page.get(f"/regulation/{first.uid}/").content.decode()
    post(page, first, "sla.warning_share", figure__="80")
    assert offered not in page.get(f"/regulation/{first.uid}/").content.decode()
    assert post(page, first, "sla.warning_share", figure__="90").status_code == 422


def test_a_figure_nobody_knows_is_not_found(page: Client):
    version = in_force(None, "", AT)
    assert page.get(f"/regulation/{version.uid}/sla.nothing/").status_code == 404
