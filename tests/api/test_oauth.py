"""OAuth 2 client credentials: access for an hour, given back, limited, described."""

import base64
from typing import Any

import pytest
from django.test import Client as Browser

from anxiu.accounts import actions
from anxiu.accounts.choices import Bundle
from anxiu.accounts.models import ApiToken
from anxiu.accounts.queries import digest
from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.time import now
from tests.given.assets import a_region

pytestmark = pytest.mark.django_db
TOKEN, REVOKE, FORM = "/oauth/token", "/oauth/revoke", "application/x-www-form-urlencoded"
GRANT = "grant_type=client_credentials"


@pytest.fixture
def made() -> tuple[str, str]:
    """A client that may read and report faults: its id and secret."""
    service = actions.add_service(
        actor=SYSTEM, at=now(), name="ERP", posts=(("administrator", None), ("agent", None)), region_id=a_region().pk
    )
    client, secret = actions.add_client(
        actor=SYSTEM, at=now(), service_id=service.pk, label="nightly", bundles=[Bundle.READ, Bundle.INTAKE]
    )
    return client.client_id, secret


def basic(client_id: str, secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()}


def ask(body: str = GRANT, path: str = TOKEN, **headers: str) -> Any:
    return Browser(enforce_csrf_checks=True).post(path, body, FORM, headers=headers)


def call(access: str) -> int:
    answer = Browser().get("/api/v1/me", headers={"Authorization": f"Bearer {access}"})
    return int(answer.status_code)


@pytest.mark.requirement("PF-02", "PF-04")
def test_a_program_gets_access_for_its_id_and_secret_and_calls(made: tuple[str, str]) -> None:
    client_id, secret = made
    for answer in (
        ask(**basic(*made)), ask(f"{GRANT}&client_id={client_id}&client_secret={secret}"),
    ):  # fmt: skip
        assert answer.status_code == 200
        said = answer.json()
        assert (said["token_type"], said["expires_in"], set(said["scope"].split())) == ("Bearer", 3600, {"read", "intake"})
        assert "refresh_token" not in said
        assert (answer["Cache-Control"], answer["Pragma"]) == ("no-store", "no-cache")
        access = said["access_token"]
        me = Browser().get("/api/v1/me", headers={"Authorization": f"Bearer {access}"}).json()
        assert me["person"]["name"] == "ERP"
        assert "orders.open_order" in me["permissions"]
        assert "accounts.change_post" not in me["permissions"]
        row = ApiToken.objects.get(digest=digest(access))
        assert row.client is not None
        assert not ApiToken.objects.filter(digest=access).exists()


def test_access_is_for_the_scopes_that_are_asked_and_never_for_more(made: tuple[str, str]) -> None:
    narrow = ask(f"{GRANT}&scope=read", **basic(*made)).json()
    assert narrow["scope"] == "read"
    for scope in ("everything", "read+orders", "admin"):
        answer = ask(f"{GRANT}&scope={scope}", **basic(*made))
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")


def test_access_ends_with_its_hour(made: tuple[str, str]) -> None:
    access = ask(**basic(*made)).json()["access_token"]
    assert call(access) == 200
    ApiToken.objects.filter(digest=digest(access)).update(expires_at=now())
    assert call(access) == 401


def test_access_ends_with_its_client_and_is_given_back(made: tuple[str, str]) -> None:
    client_id, _ = made
    one, two = (ask(**basic(*made)).json()["access_token"] for _ in range(2))
    other = actions.add_service(actor=SYSTEM, at=now(), name="CRM", posts=(("agent", None),), region_id=a_region().pk)
    stranger, secret = actions.add_client(actor=SYSTEM, at=now(), service_id=other.pk, label="x", bundles=[Bundle.READ])
    # Another client's is not touched, and nothing tells whether it was there.
    assert ask(f"token={one}", REVOKE, **basic(stranger.client_id, secret)).status_code == 200
    assert call(one) == 200
    assert ask(f"token={one}", REVOKE, **basic(*made)).status_code == 200
    assert ask("token=never", REVOKE, **basic(*made)).status_code == 200
    assert ask(f"token={two}", REVOKE).status_code == 401
    assert (call(one), call(two)) == (401, 200)
    actions.revoke_client(actor=SYSTEM, at=now(), client_id=client_id)
    assert call(two) == 401
    assert ask(**basic(*made)).status_code == 401


WRONG = {
    "no client": (GRANT, {}, 401, "invalid_client"),
    "a wrong secret": (GRANT, basic("anxiu-0", "x"), 401, "invalid_client"),
    "no base64": (GRANT, {"Authorization": "Basic ü?"}, 401, "invalid_client"),
    "a null": (GRANT, basic("anxiu\0", "x"), 401, "invalid_client"),
    "another grant": ("grant_type=password&username=a&password=b", {}, 400, "unsupported_grant_type"),
    "none": ("", {}, 400, "invalid_request"),
    "one thing twice": (f"{GRANT}&scope=read&scope=orders", {}, 400, "invalid_request"),
}


@pytest.mark.parametrize("case", WRONG)
def test_errors_are_those_of_the_standard(case: str) -> None:
    body, headers, status, error = WRONG[case]
    answer = ask(body, **headers)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer["Content-Type"] == "application/json"
    assert ("Basic" in answer.get("WWW-Authenticate", "")) == (status == 401)


def test_a_secret_in_the_address_or_in_two_places_is_refused(made: tuple[str, str]) -> None:
    client_id, secret = made
    twice = ask(f"{GRANT}&client_id={client_id}&client_secret={secret}", **basic(*made))
    assert twice.status_code == 401
    assert ask("", f"{TOKEN}?{GRANT}&client_id={client_id}&client_secret={secret}").status_code == 400
    assert Browser().get(f"{TOKEN}?{GRANT}").status_code == 400
    as_json = Browser().post(TOKEN, {"grant_type": "client_credentials"}, "application/json", headers=basic(*made))
    assert as_json.status_code == 400


def test_who_guesses_waits_and_the_right_client_elsewhere_does_not(made: tuple[str, str]) -> None:
    client_id, _ = made
    for _ in range(10):
        assert ask(**basic(client_id, "guess")).status_code == 401
    answer = ask(**basic(*made))  # right at last, and too late
    assert answer.status_code == 429
    assert 1 <= int(answer["Retry-After"]) <= 300
    elsewhere = Browser(REMOTE_ADDR="198.51.100.7").post(TOKEN, GRANT, FORM, headers=basic(*made))
    assert elsewhere.status_code == 200


def test_an_address_that_floods_waits(made: tuple[str, str]) -> None:
    answers = [ask(f"{GRANT}&client_id=c{n}&client_secret=x").status_code for n in range(61)]
    assert answers[59:] == [401, 429]


def test_where_all_of_this_is_stands_in_the_open() -> None:
    said = Browser().get("/.well-known/oauth-authorization-server").json()
    assert said["token_endpoint"] == said["issuer"] + TOKEN
    assert said["revocation_endpoint"] == said["issuer"] + REVOKE
    assert said["grant_types_supported"] == ["client_credentials"]
    described = Browser().get("/api/v1/openapi.json").json()
    flow = described["components"]["securitySchemes"]["OAuth"]["flows"]["clientCredentials"]
    assert set(flow["scopes"]) == set(said["scopes_supported"]) == {each.value for each in Bundle}
    assert {"OAuth": []} in described["paths"]["/api/v1/me"]["get"]["security"]


def test_what_ended_long_ago_is_dropped(made: tuple[str, str]) -> None:
    access = ask(**basic(*made)).json()["access_token"]
    ApiToken.objects.filter(digest=digest(access)).update(expires_at=now() - 2 * actions.clients.KEPT_AFTER)
    ask(**basic(*made))
    assert not ApiToken.objects.filter(digest=digest(access)).exists()
