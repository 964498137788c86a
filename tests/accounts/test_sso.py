"""Logging in by the company's login service, against a real one that runs beside the test."""

import http.client
import json
import time
import urllib.parse
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import jwt
import pytest
from allauth.mfa.totp.internal import auth
from allauth.mfa.totp.internal.auth import TOTP
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings as configured
from django.test import Client
from django.urls import reverse
from oidc_provider_mock import run_server_in_thread

from anxiu.accounts.actions import add_service
from anxiu.accounts.models import Identity, Person
from anxiu.console.sso import provider
from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.models import EventRow
from tests.given.assets import AT, a_person

pytestmark = pytest.mark.django_db
DOMAIN = "example.com"


def claims(email: str, *, confirmed: object = True) -> dict[str, object]:
    return {"email": email, "email_verified": confirmed}


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The login service, on a port of this machine."""
    with run_server_in_thread() as server:
        yield server.server_port


@pytest.fixture
def sso(port: int, settings: Any) -> Any:
    issuer = f"http://127.0.0.1:{port}"
    settings.SSO = replace(
        configured.SSO, issuer=issuer, client_id="anxiu", client_secret="secret", domains=frozenset({DOMAIN})
    )
    provider._HELD.clear()
    return settings


@pytest.fixture
def knows(port: int) -> Callable[..., None]:
    """Has the login service know somebody."""

    def know(subject: str, **said: object) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.request(
            "PUT", f"/users/{urllib.parse.quote(subject)}", json.dumps(said), {"Content-Type": "application/json"}
        )
        assert connection.getresponse().status < 300

    return know


def sent(browser: Client, **query: str) -> str:
    """Where a browser is sent to log in."""
    answer = browser.get(reverse("sso_login"), query)
    assert answer.status_code == 302
    return str(answer["Location"])


def agreed(url: str, subject: str) -> str:
    """What the browser comes back with when somebody has logged in there."""
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc)
    connection.request(
        "POST", f"{parts.path}?{parts.query}", urllib.parse.urlencode({"sub": subject}),
        {"Content-Type": "application/x-www-form-urlencoded"},
    )  # fmt: skip
    back = connection.getresponse().getheader("Location") or ""
    assert back.startswith(f"{configured.ENV.public_url.rstrip('/')}{reverse('sso_callback')}?")
    return urllib.parse.urlsplit(back).query


def come(browser: Client, subject: str, **query: str) -> Any:
    return browser.get(f"{reverse('sso_callback')}?{agreed(sent(browser, **query), subject)}")


def is_in(browser: Client) -> bool:
    return browser.get(reverse("my_account")).status_code == 200


@pytest.mark.requirement("PF-04")
def test_somebody_comes_by_the_login_service_and_is_known_from_then_on(sso: Any, knows: Callable[..., None]) -> None:
    person, browser = a_person("agent"), Client()
    assert reverse("sso_login").encode() in browser.get(reverse("account_login")).content
    knows("s-1", **claims(person.email))
    answer = come(browser, "s-1", next="/me/")
    assert (answer.status_code, answer["Location"]) == (302, "/me/")
    assert is_in(browser)
    assert Identity.objects.get().person == person
    assert EventRow.objects.filter(kind="accounts.identity_linked", subject_id=person.pk).count() == 1
    Person.objects.filter(pk=person.pk).update(email="moved@elsewhere.example")
    again = Client()
    assert come(again, "s-1")["Location"] == "/"
    assert is_in(again)
    browser.post(reverse("account_logout"))
    assert not is_in(browser)


@pytest.mark.parametrize("confirmed", [False, None, "true", 1])
def test_an_address_that_is_not_confirmed_opens_nothing(confirmed: object, sso: Any, knows: Callable[..., None]) -> None:
    person, browser = a_person("administrator"), Client()
    knows(f"u-{confirmed}", **claims(person.email, confirmed=confirmed))
    assert come(browser, f"u-{confirmed}").status_code == 403
    assert not is_in(browser)
    assert not Identity.objects.exists()


def test_who_is_not_to_come_does_not(sso: Any, knows: Callable[..., None]) -> None:
    elsewhere, closed, taken = a_person("agent"), a_person("agent"), a_person("agent")
    Person.objects.filter(pk=elsewhere.pk).update(email="a@other.example")
    Person.objects.filter(pk=closed.pk).update(is_active=False)
    service = add_service(actor=SYSTEM, at=AT, name="ERP", posts=(("agent", None),))
    Person.objects.filter(pk=service.pk).update(email=f"erp@{DOMAIN}")
    Identity.objects.create(person=taken, issuer=sso.SSO.issuer, subject="before", created_at=AT)
    for subject, email in (
        ("n-1", "a@other.example"), ("n-2", closed.email), ("n-3", f"erp@{DOMAIN}"), ("n-4", f"nobody@{DOMAIN}"),
        ("n-5", taken.email),  # the service gave the address to somebody new
    ):  # fmt: skip
        knows(subject, **claims(email))
        browser = Client()
        assert come(browser, subject).status_code == 403, subject
        assert not is_in(browser)
    assert Identity.objects.count() == 1


def test_an_answer_is_for_the_browser_that_asked_and_once(sso: Any, knows: Callable[..., None]) -> None:
    person, browser, thief = a_person("agent"), Client(), Client()
    knows("st-1", **claims(person.email))
    query = agreed(sent(browser), "st-1")
    sent(thief)
    assert thief.get(f"{reverse('sso_callback')}?{query}").status_code == 403
    assert Client().get(f"{reverse('sso_callback')}?{query}").status_code == 403
    forged = query.replace("state=", "state=x")
    assert browser.get(f"{reverse('sso_callback')}?{forged}").status_code == 403
    assert browser.get(f"{reverse('sso_callback')}?{query}").status_code == 403  # one try a login
    query = agreed(sent(browser), "st-1")
    assert browser.get(f"{reverse('sso_callback')}?{query}").status_code == 302
    assert browser.get(f"{reverse('sso_callback')}?{query}").status_code == 403


def test_an_answer_of_another_issuer_or_too_late_is_refused(sso: Any, knows: Callable[..., None]) -> None:
    person, browser = a_person("agent"), Client()
    knows("is-1", **claims(person.email))
    query = agreed(sent(browser), "is-1")
    assert browser.get(f"{reverse('sso_callback')}?{query}&iss=https://evil.example").status_code == 403
    query = agreed(sent(browser), "is-1")
    session = browser.session
    session["sso"] = {**session["sso"], "at": time.time() - 601}
    session.save()
    assert browser.get(f"{reverse('sso_callback')}?{query}").status_code == 403
    sso.SSO = replace(sso.SSO, issuer=sso.SSO.issuer.replace("127.0.0.1", "localhost"))
    assert browser.get(reverse("sso_login")).status_code == (302 if "localhost" in provider.described()["issuer"] else 403)
    provider._HELD[f"{sso.SSO.issuer}{provider.WELL_KNOWN}"] = (time.monotonic(), {"issuer": "https://evil.example"})
    assert browser.get(reverse("sso_login")).status_code == 403


@pytest.mark.parametrize("place", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_nobody_is_sent_elsewhere_afterwards(place: str, sso: Any, knows: Callable[..., None]) -> None:
    person = a_person("agent")
    knows("re-1", **claims(person.email))
    assert come(Client(), "re-1", next=place)["Location"] == "/"
    asked = urllib.parse.parse_qs(urllib.parse.urlsplit(sent(Client(headers={"host": "testserver"}))).query)
    assert asked["redirect_uri"] == [f"{configured.ENV.public_url.rstrip('/')}{reverse('sso_callback')}"]
    assert asked["code_challenge_method"] == ["S256"]


OWN = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
GOOD: dict[str, Any] = {"sub": "t", "nonce": "n", "iat": 0, "exp": 600}
FORGED: dict[str, tuple[Any, str, dict[str, Any]]] = {
    "another key": (OTHER, "RS256", {}),
    "no signature": ("", "none", {}),
    "the client's own secret": ("secret" * 8, "HS256", {}),
    "another login's": (OWN, "RS256", {"nonce": "other"}),
    "no nonce": (OWN, "RS256", {"nonce": None}),
    "another client's": (OWN, "RS256", {"aud": "somebody"}),
    "for two": (OWN, "RS256", {"aud": ["anxiu", "somebody"]}),
    "another issuer's": (OWN, "RS256", {"iss": "https://evil.example"}),
    "over": (OWN, "RS256", {"iat": -900, "exp": -300}),
    "without an end": (OWN, "RS256", {"exp": None}),
    "nobody's": (OWN, "RS256", {"sub": None}),
}


def signed(key: Any, algorithm: str, **more: Any) -> str:
    at = int(time.time())
    body = {**GOOD, "iss": configured.SSO.issuer, "aud": "anxiu", **more}
    body = {name: value + at if name in {"iat", "exp"} else value for name, value in body.items() if value is not None}
    return jwt.encode(body, key, algorithm, headers={"kid": "own"})


@pytest.mark.parametrize("case", ["good", *FORGED])
def test_what_is_not_signed_by_the_service_for_this_login_proves_nothing(case: str, sso: Any) -> None:
    url = f"{sso.SSO.issuer}/own-keys"
    public = {**json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(OWN.public_key())), "kid": "own", "use": "sig"}
    provider._HELD[url] = (time.monotonic(), {"keys": [public]})
    if case == "good":
        assert provider._proven(signed(OWN, "RS256"), url, "n")["sub"] == "t"
        return
    key, algorithm, more = FORGED[case]
    with pytest.raises(provider.Untrusted):
        provider._proven(signed(key, algorithm, **more), url, "n")


def test_ones_own_second_step_is_asked_unless_the_services_counts(sso: Any, knows: Callable[..., None]) -> None:
    person, browser = a_person("agent"), Client()
    TOTP.activate(person, auth.generate_totp_secret())
    knows("mf-1", **claims(person.email))
    assert come(browser, "mf-1")["Location"].startswith(reverse("mfa_authenticate"))
    assert not is_in(browser)
    sso.SSO = replace(sso.SSO, mfa=True)
    assert come(browser, "mf-1")["Location"] == "/"
    assert is_in(browser)


def test_whether_a_password_still_opens_is_the_companys_choice(sso: Any) -> None:
    person, other = a_person("agent"), a_person("agent")
    Person.objects.filter(pk=other.pk).update(email="a@other.example")
    for each in (person, other):
        each.refresh_from_db()
        each.set_password("wheels of autumn")
        each.save()
    said = {"login": person.email, "password": "wheels of autumn"}
    assert Client().post(reverse("account_login"), said).status_code == 302
    sso.SSO = replace(sso.SSO, only=True)
    assert Client().post(reverse("account_login"), said).status_code == 200
    assert Client().post(reverse("account_login"), {**said, "login": other.email}).status_code == 302


def test_without_a_login_service_there_is_no_such_page() -> None:
    assert {Client().get(reverse(name)).status_code for name in ("sso_login", "sso_callback")} == {404}
    assert b"/accounts/sso/" not in Client().get(reverse("account_login")).content


def test_a_service_is_not_asked_without_tls(sso: Any) -> None:
    sso.SSO = replace(sso.SSO, issuer="http://login.example.com")
    assert Client().get(reverse("sso_login")).status_code == 403
