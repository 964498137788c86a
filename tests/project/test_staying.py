"""How long a login lasts, and what it must have before any page opens."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from allauth.mfa.totp.internal import auth
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from anxiu.accounts.actions import issue_token
from anxiu.accounts.models import Person
from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.limits import Limit, Spans, spend
from anxiu.kernel.time import now
from anxiu.project import live, staying
from anxiu.project.environment import Environment
from tests.given.assets import AT, a_person, a_region
from tests.walk.table import CONSOLE

pytestmark = pytest.mark.django_db


def logged_in(person: Person, **more: Any) -> Client:
    browser = Client(**more)
    browser.force_login(person, backend="anxiu.accounts.backend.Backend")
    return browser


def is_in(browser: Client) -> bool:
    return browser.get(reverse("my_account")).status_code == 200


def later(minutes: float) -> Any:
    at = now() + timedelta(minutes=minutes)
    return patch.object(staying, "now", lambda: at)


def test_who_is_idle_is_logged_out_and_who_works_is_not(settings: Any) -> None:
    settings.SESSION_IDLE, settings.SESSION_COOKIE_AGE = 30 * 60, 12 * 3600
    busy, idle = (logged_in(a_person("agent")) for _ in range(2))
    for minutes in (20, 40, 60):
        with later(minutes):
            assert is_in(busy)
    with later(31):
        session = idle.cookies["anxiu_session"].value
        assert live._who(f"anxiu_session={session}") is None
        assert not is_in(idle)
    assert not is_in(idle)  # for good


def test_nobody_stays_for_ever_however_busy(settings: Any) -> None:
    settings.SESSION_IDLE, settings.SESSION_COOKIE_AGE = 30 * 60, 2 * 3600
    browser = logged_in(a_person("agent"))
    for minutes in range(25, 120, 25):
        with later(minutes):
            assert is_in(browser)
    with later(121):
        assert not is_in(browser)


@pytest.mark.requirement("PF-04")
def test_who_owes_a_second_step_sees_nothing_but_its_set_up(settings: Any) -> None:
    settings.MFA_POSTS = frozenset({"administrator"})
    person = a_person("administrator")
    browser = logged_in(person)
    place = reverse("mfa_activate_totp")
    for row in CONSOLE:
        if row.thing is None:
            for answer in (browser.get(reverse(row.name)), browser.post(reverse(row.name))):
                assert (answer.status_code, answer["Location"]) == (302, place), row.name
    for name in ("my_account", "account_change_password", "mfa_index", "mfa_deactivate_totp", "account_email"):
        assert browser.get(reverse(name))["Location"] == place, name
    piece = browser.get(reverse("accounts"), headers={"HX-Request": "true"})
    assert (piece.status_code, piece["HX-Redirect"]) == (204, place)
    assert live._who(f"anxiu_session={browser.cookies['anxiu_session'].value}") is None
    assert browser.get(place).status_code in (200, 302)
    assert place not in browser.get(place).get("Location", "")
    TOTP.activate(person, auth.generate_totp_secret())
    assert is_in(browser)
    assert is_in(logged_in(a_person("agent")))


def test_passwords_are_long_and_not_the_common_ones() -> None:
    for each in ("elevenchars", "qwerty123456", "1q2w3e4r5t6y"):
        with pytest.raises(ValidationError):
            validate_password(each)
    validate_password("wheels of autumn")


@pytest.mark.requirement("PF-02")
def test_a_program_that_calls_too_often_waits(settings: Any) -> None:
    settings.API_RATE = 5
    _, secret = issue_token(actor=SYSTEM, at=AT, person_id=a_person("agent", a_region()).pk, label="x")
    caller = Client(headers={"Authorization": f"Bearer {secret}"})
    answers = [caller.get("/api/v1/me") for _ in range(8)]
    counted = [each.status_code for each in answers]
    assert 429 in counted
    assert counted.count(200) in range(5, 8)  # a minute may have turned between two calls
    refused = next(each for each in answers if each.status_code == 429)
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert refused.json()["code"] == "api.too_many"
    _, other = issue_token(actor=SYSTEM, at=AT, person_id=a_person("agent", a_region()).pk, label="x")
    assert Client(headers={"Authorization": f"Bearer {other}"}).get("/api/v1/me").status_code == 200


def test_processes_count_together_and_seldom_write(django_assert_num_queries: Any) -> None:
    limit, at = Limit("t", 100, timedelta(minutes=1)), AT
    one, two = Spans(), Spans()
    assert all(one.spend(limit, "x", at) for _ in range(60))
    passed = sum(two.spend(limit, "x", at) for _ in range(60))
    assert passed <= 100 - 60 + 2 * 100 // 20
    assert not two.spend(limit, "x", at)
    later_on = at + timedelta(minutes=1)
    assert two.spend(limit, "x", later_on)
    with django_assert_num_queries(100 // 20):
        for _ in range(25):
            one.spend(limit, "y", at)
    with django_assert_num_queries(0):
        one.spend(limit, "z", at)


def test_what_is_rare_is_counted_exactly() -> None:
    limit = Limit("rare", 3, timedelta(minutes=5))
    assert [spend(limit, "x", AT) for _ in range(4)] == [True, True, True, False]
    assert limit.wait(AT + timedelta(minutes=4)) in range(1, 301)


def test_a_login_service_half_named_is_refused_at_start_without_its_secret_in_the_message() -> None:
    for more in ({}, {"sso_domains": " , "}, {"sso_domains": "a.example", "sso_issuer": "http://login.example"}):
        given = {"sso_issuer": "https://login.example", "sso_client_id": "a", "sso_client_secret": "hush-hush", **more}
        with pytest.raises(ValueError, match="ANXIU_SSO_ISSUER") as refused:
            Environment(**given)
        assert "hush" not in str(refused.value)
