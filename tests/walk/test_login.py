"""Getting in, staying in, and being put out."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.sessions.models import Session
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.urls import reverse

from anxiu.accounts.models import Person
from tests.walk.looking import state, text_of, told
from tests.walk.table import CONSOLE, LOGIN, ONES_OWN
from tests.walk.world import World

PASSWORD, ANOTHER = "Correct-horse-9", "Another-horse-9"
ELSEWHERE = ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "http:evil.example")
KEYS = {"account_confirm_email": {"key": "never"}, "account_reset_password_from_key": {"uidb36": "1", "key": "never"}}


@pytest.fixture(autouse=True)
def _quick(settings: Any) -> None:
    """Dozens of passwords are tried here; what makes guessing slow is not what is tested."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def person(world: World) -> Person:
    """A dispatcher with a password; a row of its own, for the world's is not undone with the test."""
    person = Person.objects.get(pk=world.here.people["dispatcher"].pk)
    person.set_password(PASSWORD)
    person.save()
    return person


def log_in(client: Client, person: Person, password: str = PASSWORD, **more: str):
    return client.post(reverse("account_login"), {"login": person.email, "password": password, **more})


def is_in(client: Client) -> bool:
    return client.get(reverse("my_account")).status_code == 200


def test_the_session_gets_another_key_when_somebody_logs_in(person):
    browser = Client()
    browser.post(reverse("account_login"), {"login": person.email, "password": "wrong"})
    session = browser.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    browser.cookies["anxiu_session"] = planted
    assert log_in(browser, person).status_code == 302
    assert browser.cookies["anxiu_session"].value != planted
    assert not Session.objects.filter(session_key=planted).exists()
    thief = Client()
    thief.cookies["anxiu_session"] = planted
    assert not is_in(thief)


def test_logging_out_ends_the_session_everywhere_its_cookie_is(person):
    browser, copy = Client(), Client()
    log_in(browser, person)
    copy.cookies["anxiu_session"] = browser.cookies["anxiu_session"].value
    assert is_in(copy)
    browser.get(reverse("account_logout"))
    assert is_in(browser)  # a link somebody was lured to only asks
    browser.post(reverse("account_logout"))
    assert (is_in(browser), is_in(copy)) == (False, False)


def test_another_password_ends_the_other_sessions_and_keeps_this_one(person):
    here, there = Client(), Client()
    log_in(here, person)
    log_in(there, person)
    fields = {"oldpassword": PASSWORD, "password1": ANOTHER, "password2": ANOTHER}
    assert here.post(reverse("account_change_password"), fields).status_code == 302
    assert (is_in(here), is_in(there)) == (True, False)
    assert log_in(Client(), person).status_code == 200
    assert log_in(Client(), person, ANOTHER).status_code == 302


def test_a_closed_account_is_out_at_once_and_stays_out(person):
    browser = Client()
    log_in(browser, person)
    Person.objects.filter(pk=person.pk).update(is_active=False)
    assert not is_in(browser)
    assert log_in(Client(), person).get("Location") in (None, reverse("account_inactive"))


def test_wrong_passwords_close_the_login_of_the_account_for_a_while_wherever_they_come_from(person):
    for number in range(5):
        assert log_in(Client(REMOTE_ADDR=f"198.51.100.{number}"), person, "wrong").status_code == 200
    assert not is_in(browser := Client())
    assert log_in(browser, person).status_code == 200
    assert not is_in(browser)
    with connection.cursor() as cursor:  # counted where every web process looks
        cursor.execute("select count(*) from kernel_cache where expires > now()")
        assert cursor.fetchone()[0] > 0


def test_a_forged_address_of_the_client_does_not_open_the_login_again(person):
    for number in range(40):
        forged = {"X-Forwarded-For": f"203.0.113.{number}"}
        answer = Client(headers=forged).post(
            reverse("account_login"), {"login": f"n{number}@x.example", "password": "x"}
        )
    assert answer.status_code == 429 or "Too many" in text_of(answer) or "次数过多" in text_of(answer)


def test_the_second_step_cannot_be_passed_by(person, world):
    secret = auth.generate_totp_secret()
    TOTP.activate(person, secret)
    RecoveryCodes.activate(person)
    browser = Client()
    assert log_in(browser, person)["Location"] == reverse("mfa_authenticate")
    for row in CONSOLE:
        if row.gets:
            answer = browser.get(row.url(world.here))
            assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/accounts/login/")
    for name in ONES_OWN:
        assert browser.get(reverse(name)).status_code == 302, name
    assert browser.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200
    assert not is_in(browser)
    code = auth.format_hotp_value(auth.hotp_value(secret, next(auth.yield_hotp_counters_from_time())))
    assert browser.post(reverse("mfa_authenticate"), {"code": code}).status_code == 302
    assert is_in(browser)
    again = Client()
    log_in(again, person)
    assert again.post(reverse("mfa_authenticate"), {"code": code}).status_code == 200  # each code once


def test_codes_cannot_be_guessed_one_after_the_other(person):
    TOTP.activate(person, auth.generate_totp_secret())
    browser = Client()
    log_in(browser, person)
    said = [text_of(browser.post(reverse("mfa_authenticate"), {"code": f"{n:06}"})) for n in range(8)]
    assert "次数过多" in said[-1] or "Too many" in said[-1]


@pytest.mark.parametrize("place", ELSEWHERE)
def test_nobody_is_sent_to_another_site(place, person):
    browser = Client()
    assert browser.get(reverse("account_login"), {"next": place}).status_code == 200
    assert log_in(browser, person, next=place)["Location"] == "/"
    chosen = browser.post(reverse("set_language"), {"language": "en", "next": place})
    assert chosen["Location"].startswith("/")
    assert "evil" not in chosen["Location"]
    left = browser.post(reverse("account_logout"), {"next": place})
    assert "evil" not in left["Location"]
    assert "javascript" not in left["Location"]


def test_an_address_is_changed_with_the_password_only(person):
    """The login page's library has a page of its own that would change it without."""
    browser = Client()
    log_in(browser, person)
    page = reverse("account_email")
    browser.post(page, {"action_add": "", "email": "mine@evil.example"})
    browser.post(page, {"action_primary": "", "email": "mine@evil.example"})
    person.refresh_from_db()
    assert person.email.endswith("vn4allowed.example.com")
    assert not EmailAddress.objects.filter(email="mine@evil.example").exists()
    answer = browser.post(reverse("my_email"), {"key": "k", "email": "mine@evil.example", "password": "wrong"})
    assert answer.status_code == 422


def test_nobody_opens_an_account_for_themselves(world):
    fields = {"email": "me@example.com", "password1": ANOTHER, "password2": ANOTHER}
    browser = Client()
    browser.post(reverse("account_signup"), fields)
    assert not Person.objects.filter(email="me@example.com").exists()
    assert not is_in(browser)


def test_pages_of_the_login_tell_nothing_and_ones_own_need_one(world):
    before = state()
    for name in LOGIN:
        answer = Client().get(reverse(name, kwargs=KEYS.get(name)))
        assert answer.status_code in (200, 302), name
        assert not told(text_of(answer), world.there), name
    for name in set(ONES_OWN) - {"account_email"}:
        for answer in (Client().get(reverse(name)), Client().post(reverse(name))):
            assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/accounts/login/"), name
    assert state() == before


def test_a_password_is_not_mailed_to_a_host_somebody_else_named(person, mailoutbox: list[EmailMessage]):
    for host in ("evil.example", "127.0.0.1:8000@evil.example", "evil.example:80", "testserver.evil.example"):
        answer = Client(headers={"host": host}).post(reverse("account_reset_password"), {"email": person.email})
        assert answer.status_code == 400
        assert "evil" not in text_of(answer)
    forwarded = Client(headers={"x-forwarded-host": "evil.example"})
    forwarded.post(reverse("account_reset_password"), {"email": person.email})
    assert [("evil" in str(each.body)) for each in mailoutbox] == [False]
