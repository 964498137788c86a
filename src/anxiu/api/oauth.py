"""OAuth 2 for programs: short-lived access for a client's id and secret (RFC 6749 4.4), its return (RFC 7009), and
where all of this is (RFC 8414). oauthlib reads the requests and words the answers; what is granted is decided here.
"""

import base64
import secrets
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import unquote_plus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET
from oauthlib.common import Request  # type: ignore[import-untyped]
from oauthlib.oauth2 import BackendApplicationServer, OAuth2Error, RequestValidator  # type: ignore[import-untyped]

from anxiu.accounts.actions import give_access_back, grant_access
from anxiu.accounts.choices import Bundle
from anxiu.accounts.models import Client
from anxiu.accounts.queries import ACCESS_LASTS, client_by
from anxiu.kernel.limits import Limit, is_spent, spend
from anxiu.kernel.time import now

TOKEN, REVOKE, METADATA = "/oauth/token", "/oauth/revoke", "/.well-known/oauth-authorization-server"
# Asked by one address altogether; and wrong secrets for one client from one address, which then waits.
ASKED: Final = Limit("oauth", 60, timedelta(minutes=1))
FAILED: Final = Limit("oauth_failed", 10, timedelta(minutes=5))
LONGEST: Final = 500
SECRET_BYTES: Final = 24
FORM: Final = "application/x-www-form-urlencoded"


def _basic(header: str) -> tuple[str, str]:
    """Id and secret out of `Authorization: Basic …`, decoded as RFC 6749 2.3.1 says."""
    try:
        text = base64.b64decode(header.partition(" ")[2], validate=True).decode()
    except ValueError:
        return "", ""
    client_id, _, secret = text.partition(":")
    return unquote_plus(client_id), unquote_plus(secret)


def _named(request: Request) -> tuple[str, str]:
    """Who a client says it is, in one of the two ways; in both at once it is nobody."""
    header = request.headers.get("Authorization", "")
    inside = request.client_id or "", request.client_secret or ""
    if header[:6].lower() == "basic ":
        return ("", "") if request.client_secret else _basic(header)
    return inside


class Validator(RequestValidator):  # type: ignore[misc]  # oauthlib ships no types
    """What oauthlib asks about clients: answered from service accounts."""

    def client_authentication_required(self, request: Request, *args: Any, **kwargs: Any) -> bool:
        """Every client has a secret."""
        return True

    def authenticate_client(self, request: Request, *args: Any, **kwargs: Any) -> bool:
        """Whether the secret is one of the client's."""
        client_id, secret = _named(request)
        if not client_id or not secret or "\x00" in client_id + secret or len(client_id + secret) > LONGEST:
            return False
        request.client = client_by(client_id, secret)
        return request.client is not None

    def validate_grant_type(
        self, client_id: str, grant_type: str, client: Client, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        """Nobody is asked for consent here: programs act for themselves."""
        return grant_type == "client_credentials"

    def get_default_scopes(self, client_id: str, request: Request, *args: Any, **kwargs: Any) -> list[str]:
        """All that the client was given."""
        return list(request.client.bundles)

    def validate_scopes(
        self, client_id: str, scopes: list[str], client: Client, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        """Parts of what the client was given, never more."""
        return set(scopes) <= set(client.bundles)

    def save_bearer_token(self, token: dict[str, Any], request: Request, *args: Any, **kwargs: Any) -> None:
        """Keep the digest of what is handed out."""
        bundles = [Bundle(each) for each in token["scope"].split()]
        grant_access(request.client, token["access_token"], bundles, now())

    def revoke_token(self, token: str, token_type_hint: str, request: Request, *args: Any, **kwargs: Any) -> None:
        """End access of this client."""
        give_access_back(request.client, token, now())


def _made(_request: Request) -> str:
    return f"anxiu_{secrets.token_urlsafe(SECRET_BYTES)}"


SERVER: Final = BackendApplicationServer(
    Validator(), token_generator=_made, token_expires_in=int(ACCESS_LASTS.total_seconds())
)


def _asked(request: HttpRequest) -> tuple[str, str, str, dict[str, str]]:
    headers = {"Authorization": request.headers.get("Authorization", ""), "Content-Type": request.content_type or ""}
    body = request.body.decode("utf-8", "replace") if request.content_type == FORM else ""
    return request.build_absolute_uri(), request.method or "", body, headers


def _limited(address: str, guesser: str, at: datetime) -> HttpResponse | None:
    """The answer to who asks too often, or guesses; counted in the database, for all web processes together."""
    if not spend(ASKED, address, at):
        limit = ASKED
    elif is_spent(FAILED, guesser, at):
        limit = FAILED
    else:
        return None
    said = {"error": "temporarily_unavailable", "error_description": "Too many requests."}
    return JsonResponse(said, status=429, headers={"Retry-After": str(limit.wait(at)), "Cache-Control": "no-store"})


def _answered(request: HttpRequest, respond: Any) -> HttpResponse:
    uri, method, body, headers = _asked(request)
    asked = Request(uri, method, body, headers)
    address, at = str(request.META.get("REMOTE_ADDR", "")), now()
    guesser = f"{_named(asked)[0][:LONGEST]}:{address}"
    if refused := _limited(address, guesser, at):
        return refused
    try:
        given, said, status = respond(uri, method, body, headers)
    except OAuth2Error as error:  # of some the library makes no answer
        given, said, status = error.headers, error.json, error.status_code
    if status == 401:
        spend(FAILED, guesser, at)
        given = {**given, "WWW-Authenticate": 'Basic realm="anxiu"'}
    given = {name: value for name, value in given.items() if name != "Content-Type"}
    return HttpResponse(
        said or "", status=status, content_type="application/json",
        headers={**given, "Cache-Control": "no-store", "Pragma": "no-cache"},
    )  # fmt: skip


@csrf_exempt
def token(request: HttpRequest) -> HttpResponse:
    """Short-lived access for a client's id and secret, within the scopes it asks for and was given."""
    return _answered(request, SERVER.create_token_response)


@csrf_exempt
def revoke(request: HttpRequest) -> HttpResponse:
    """End access before its time."""
    return _answered(request, lambda uri, method, body, headers: SERVER.create_revocation_response(
        uri, http_method=method, body=body, headers=headers
    ))  # fmt: skip


@require_GET
def metadata(request: HttpRequest) -> HttpResponse:
    """Where access is asked for and given back, and which scopes there are."""
    site = settings.ENV.public_url.rstrip("/")
    ways = ["client_secret_basic", "client_secret_post"]
    return JsonResponse(
        {
            "issuer": site,
            "token_endpoint": site + TOKEN,
            "token_endpoint_auth_methods_supported": ways,
            "revocation_endpoint": site + REVOKE,
            "revocation_endpoint_auth_methods_supported": ways,
            "grant_types_supported": ["client_credentials"],
            "response_types_supported": [],
            "scopes_supported": [each.value for each in Bundle],
            "service_documentation": site + "/api/v1/docs",
        }
    )


def described(schema: dict[str, Any]) -> None:
    """Write this way in beside the keys into the description of the API."""
    from anxiu.accounts.messages import BUNDLES

    schemes = schema["components"]["securitySchemes"]
    scopes = {each.value: str(BUNDLES[each]) for each in Bundle}
    schemes["OAuth"] = {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": TOKEN, "scopes": scopes}}}
    for operations in schema["paths"].values():
        for each in operations.values():
            if each.get("security") == [{"Token": []}]:
                each["security"] = [{"Token": []}, {"OAuth": []}]


urlpatterns = [
    path(TOKEN[1:], token, name="token"),
    path(REVOKE[1:], revoke, name="revoke"),
    path(METADATA[1:], metadata, name="metadata"),
]
