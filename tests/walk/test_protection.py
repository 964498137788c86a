"""What every answer carries, and what no request gets past: forged forms, other methods, caches, frames, scripts."""

import json
import os
import re
import subprocess
import sys
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from anxiu.accounts.models import Person
from anxiu.accounts.queries import actor_of
from anxiu.kernel.actor import SYSTEM, Actor
from anxiu.kernel.models import EventRow
from anxiu.kernel.sequencer import catch_up
from anxiu.project import api_urls, live
from anxiu.project import views as project_views
from tests.walk.looking import state, text_of, told
from tests.walk.table import CONSOLE, LOGIN, ONES_OWN, OPEN
from tests.walk.test_api import COMPANY, LISTS, READS, VERBS, Program, hidden
from tests.walk.test_login import KEYS
from tests.walk.test_portal import DOORS, address, visitor
from tests.walk.world import ALL, World

# What opens a door is shown once to who made it, and to nobody who looks afterwards: links, keys of programs, passwords.
SECRET = re.compile(r"/p/(?:t|s|rate|d)/[\w-]{16,}|anxiu_[\w-]{20,}|pbkdf2_|reset/key/")
LANGUAGES = {"zh-hans": "zh", "en": "en"}


@pytest.fixture(scope="package")
def staff(world: World) -> Client:
    """Who may see everything."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(world.there.people[ALL])
    return client


@pytest.fixture(scope="package")
def strict(world: World) -> Client:
    """The same person in a browser that is looked at as closely as a real one."""
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    client.force_login(world.there.people[ALL])
    return client


@pytest.fixture(scope="module")
def before(world: World, staff: Client, strict: Client) -> dict[str, str]:
    return state()


def policy(answer: Any) -> dict[str, set[str]]:
    parts = [each.split() for each in answer["Content-Security-Policy"].split(";")]
    return {part[0]: set(part[1:]) for part in parts}


def check(answer: Any, where: object) -> None:
    """The headers that every answer has, whatever it is."""
    assert answer["X-Content-Type-Options"] == "nosniff", where
    assert answer["Referrer-Policy"] == "same-origin", where
    kept = {each.strip() for each in answer["Cache-Control"].split(",")}
    assert kept & {"no-store", "private"}, (where, kept)
    assert "public" not in kept
    if "text/html" in answer["Content-Type"]:
        assert answer["X-Frame-Options"] == "DENY", where
        assert "no-store" in kept, where
        rules = policy(answer)
        assert rules["default-src"] == {"'self'"}
        assert rules["script-src"] <= {"'self'", "'wasm-unsafe-eval'"}, where
        assert rules["style-src"] == {"'self'"}, where
        assert (rules["object-src"], rules["frame-ancestors"]) == ({"'none'"}, {"'none'"}), where
        assert (rules["base-uri"], rules["form-action"], rules["connect-src"]) == ({"'self'"},) * 3, where


@pytest.mark.parametrize("row", [pytest.param(row, id=str(row)) for row in CONSOLE])
def test_every_console_answer_is_guarded(row, world, staff):
    url = row.url(world.there)
    if row.gets and row.found:
        answer = staff.get(url)
        assert answer.status_code == 200  # without this the walks could pass on empty pages
        check(answer, row)
        assert not SECRET.search(text_of(answer)), row
    check(Client().get(url), row)
    check(staff.get(row.url_of_nothing(world.there)), row)


def test_every_other_answer_is_guarded(world, staff):
    for name in {*LOGIN, *ONES_OWN} - {"openapi-view"}:
        url = reverse(name, kwargs=KEYS.get(name))
        check(staff.get(url), name)
        check(Client().get(url), name)
    for name, (purpose, _, _) in DOORS.items():
        check(visitor().get(address(name, world.there.links[purpose], world)), name)
        check(visitor().get(address(name, "x" * 32, world)), name)
    for url in ("/p/report/", "/p/nothing/", f"/p/r/{world.there.company.machine.label_code}/", "/nothing/"):
        check(visitor().get(url), url)
    for name in ("api-v1:openapi-view", "api-v1:openapi-json", "healthz", "readyz"):
        check(Client().get(reverse(name, urlconf=api_urls)), name)
    program = Program.of(world.there.people[ALL])
    urls = [*LISTS.values(), *COMPANY.values(), *(url for name in READS for url in hidden(world, name).values())]
    for url in urls:
        check(program.read(url), url)
        check(Program().read(url), url)
    check(program.act("archive", world.there.open.uid, world.there), "archive")


def test_a_forged_form_is_refused_before_anything_happens(world, strict, before):
    for row in CONSOLE:
        answer = strict.post(row.url(world.there), row.body(world.there) if row.body else {"key": uuid4().hex})
        assert answer.status_code == 403, row
        assert not told(text_of(answer), world.there), row
    assert state() == before


def test_forged_forms_of_customers_and_logins_are_refused(world, strict, before):
    passer_by = Client(enforce_csrf_checks=True, REMOTE_ADDR="203.0.210.1")
    for name, (purpose, _, methods) in DOORS.items():
        if "POST" in methods:
            assert passer_by.post(address(name, world.there.links[purpose], world), {"key": "x"}).status_code == 403, (
                name
            )
    label = f"/p/r/{world.there.company.machine.label_code}/"
    assert passer_by.post(label, {"words": "x"}).status_code == 403
    for name in {*LOGIN, *ONES_OWN, "set_language", "report"}:
        assert passer_by.post(reverse(name, kwargs=KEYS.get(name)), {}).status_code in (302, 403), name
    for name in ("account_logout", "account_change_password", "mfa_activate_totp", "set_language"):
        assert strict.post(reverse(name), {}).status_code == 403, name
    assert state() == before


def test_a_form_is_taken_with_its_token_from_here_and_not_from_elsewhere(strict):
    token = strict.get(reverse("my_account")).context["csrf_token"]
    sent = {"language": "en", "csrfmiddlewaretoken": str(token)}
    url = reverse("set_language")
    assert strict.post(url, sent, headers={"origin": "https://evil.example"}).status_code == 403
    assert strict.post(url, sent, headers={"origin": "null"}).status_code == 403
    assert strict.post(url, sent, headers={"origin": "http://testserver"}).status_code == 302


def test_what_only_posts_is_not_fetched(world, staff, before):
    for row in CONSOLE:
        if not row.gets:
            answer = staff.get(row.url(world.there))
            assert (answer.status_code, answer["Allow"]) == (405, "POST"), row
    program = Program.of(world.there.people[ALL])
    during = state()
    for name in VERBS:
        assert program.read(f"/api/v1/orders/{world.there.open.uid}/actions/{name}").status_code == 405
    for url in (*LISTS.values(), *(url for name in READS for url in hidden(world, name).values())):
        assert program.client.delete(url).status_code == 405
    assert state() == during


def test_other_methods_change_nothing(world, staff, before):
    for number, row in enumerate(CONSOLE):
        answer = staff.generic(("PUT", "DELETE", "PATCH")[number % 3], row.url(world.there))
        assert answer.status_code in (200, 302, 403, 404, 405, 422), row
    assert state() == before


# ---- cookies -------------------------------------------------------------------------------------------------------
SETTINGS = """
import json
from django.conf import settings as s
names = [
    "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "LANGUAGE_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY",
    "CSRF_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE", "CSRF_COOKIE_SAMESITE", "SECURE_HSTS_SECONDS", "DEBUG",
]
print(json.dumps({name: getattr(s, name) for name in names}))
"""


def settings_for(url: str) -> dict[str, Any]:
    environment = {**os.environ, "ANXIU_PUBLIC_URL": url, "DJANGO_SETTINGS_MODULE": "anxiu.project.settings"}
    said = subprocess.run([sys.executable, "-c", SETTINGS], env=environment, capture_output=True, text=True, check=True)
    return json.loads(said.stdout)


def test_cookies_travel_by_https_only_where_there_is_https():
    common = {
        "SESSION_COOKIE_HTTPONLY": True, "CSRF_COOKIE_HTTPONLY": True, "SESSION_COOKIE_SAMESITE": "Lax",
        "CSRF_COOKIE_SAMESITE": "Lax", "DEBUG": False,
    }  # fmt: skip
    secure = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "LANGUAGE_COOKIE_SECURE")
    year = {"SECURE_HSTS_SECONDS": 31_536_000}
    assert settings_for("https://service.example.com") == {**common, **dict.fromkeys(secure, True), **year}
    assert settings_for("http://127.0.0.1:8000") == {**common, **dict.fromkeys(secure, False), "SECURE_HSTS_SECONDS": 0}


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(world):
    browser, person = Client(), Person.objects.get(pk=world.here.people["agent"].pk)
    person.set_password("Correct-horse-9")
    person.save()
    browser.post(reverse("account_login"), {"login": person.email, "password": "Correct-horse-9"})
    browser.get(reverse("my_account"))
    for name in ("anxiu_session", "anxiu_csrf"):
        cookie = browser.cookies[name]
        assert (bool(cookie["httponly"]), cookie["samesite"], cookie["domain"]) == (True, "Lax", ""), name


# ---- errors --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("language", LANGUAGES)
def test_error_pages_speak_the_readers_language_and_tell_nothing(language, world, monkeypatch):
    agent, there = world.here.people["agent"], world.there
    browser = Client(raise_request_exception=False, headers={"accept-language": language})
    browser.force_login(agent)

    def fails(*args: object, **given: object) -> None:
        raise RuntimeError(f"{there.mark} password=hunter2")

    pages = [browser.get(reverse("order", args=[there.open.uid])), browser.get(reverse("add_region"))]
    strict = Client(enforce_csrf_checks=True, headers={"accept-language": language})
    strict.force_login(agent)
    pages.append(strict.post(reverse("intake"), {"words": there.mark}))
    pages.append(visitor().get("/p/t/nothing/", headers={"accept-language": language}))
    monkeypatch.setattr("anxiu.console.desk.listing", fails)
    pages.append(browser.get("/"))
    monkeypatch.setattr("anxiu.portal.track._show", fails)
    lost = Client(raise_request_exception=False, headers={"accept-language": language}, REMOTE_ADDR="203.0.220.1")
    pages.append(lost.get(address("track", there.links[DOORS["track"][0]], world)))
    assert [each.status_code for each in pages] == [404, 403, 403, 404, 500, 500]
    for each in pages:
        text = text_of(each)
        assert f'<html lang="{LANGUAGES[language]}' in text
        assert not told(text, there)
        for secret in ("hunter2", "Traceback", "RuntimeError", "/src/", "Exception"):
            assert secret not in text
        check(each, text[:200])


def test_the_page_of_a_fault_asks_neither_session_nor_database(django_assert_num_queries, rf):
    with django_assert_num_queries(0):
        assert project_views.server_error(rf.get("/")).status_code == 500


# ---- the live stream -----------------------------------------------------------------------------------------------
@pytest.mark.requirement("PF-04")
def test_the_live_stream_names_nothing_of_another_region(world, monkeypatch):
    monkeypatch.setattr(live, "close_old_connections", lambda: None)  # ours is in the middle of the world
    catch_up()
    frame = live.missed_since(0)
    assert frame
    there = set(EventRow.objects.filter(region_id=world.there.region.pk).values_list("subject_kind", "subject_id"))
    mine = set(EventRow.objects.filter(region_id=None).values_list("subject_kind", "subject_id"))
    forbidden = {f"{kind}.{key}" for kind, key in there - mine}
    assert f"order.{world.there.open.pk}" in forbidden
    people = [person for post, person in world.here.people.items() if person.region_id]
    for person in (*people, world.stranger, world.nobody):
        actor = actor_of(person)
        told_of = {*frame.seen_by(actor), *live._own_orders(actor, frame.orders_out_of_sight(actor))}
        assert not told_of & forbidden, person
    assert set(frame.seen_by(SYSTEM)) >= forbidden


def test_the_live_stream_is_for_who_is_logged_in(world, staff):
    assert live._who("") is None
    assert live._who("anxiu_session=wrong") is None
    session = staff.cookies["anxiu_session"].value
    assert isinstance(live._who(f"anxiu_session={session}"), Actor)
    half_way = Client()
    half_way.post(reverse("account_login"), {"login": "nobody@example.com", "password": "wrong"})
    assert live._who(f"anxiu_session={half_way.session.session_key}") is None


def test_what_is_open_to_everybody_tells_nothing(world):
    for name in OPEN:
        if name == "set_language":
            continue
        named = f"api-v1:{name}" if name.startswith(("api-", "openapi-")) else name
        named = f"oauth:{name}" if name in {"token", "revoke", "metadata"} else named
        answer = Client().get(reverse(named, urlconf=api_urls))
        assert answer.status_code in (200, 400, 404, 503), name
        assert not told(text_of(answer), world.there)
