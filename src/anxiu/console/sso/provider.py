"""The company's login service, as OpenID Connect has it: where it is, what it was asked, what its answer proves."""

import json
import secrets
import urllib.request
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from http.client import HTTPException, HTTPMessage
from time import monotonic
from typing import IO, Any, Final
from urllib.parse import urlencode, urlsplit

from django.conf import settings

from anxiu.accounts.actions import Claimed

# Asymmetric ones only: with a shared secret whoever knows the client's could sign.
SIGNED: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
WELL_KNOWN: Final = "/.well-known/openid-configuration"
HELD: Final = 600.0
SECONDS: Final = 10
MOST_BYTES: Final = 512 * 1024
LEEWAY: Final = 60
RANDOM: Final = 32
LOOPBACK: Final = {"127.0.0.1", "localhost", "::1"}


class Untrusted(Exception):
    """The answer proves nothing, or there was none. Its text is for the log, never for a page."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a login was begun with; kept in the session, used once."""

    state: str
    nonce: str
    verifier: str
    at: float
    next: str


class _Stays(urllib.request.HTTPRedirectHandler):
    """What is asked with a secret is not sent on to elsewhere."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        return None


_OPENER: Final = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Stays)
_HELD: Final[dict[str, tuple[float, dict[str, Any]]]] = {}


def _fetched(url: str, body: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None) -> Any:
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise Untrusted("not asked without TLS")
    data = urlencode(body).encode() if body is not None else None
    asked = urllib.request.Request(url, data, {"Accept": "application/json", **(headers or {})})  # noqa: S310 - above
    try:
        with _OPENER.open(asked, timeout=SECONDS) as answer:
            return json.loads(answer.read(MOST_BYTES))
    except (OSError, HTTPException, ValueError) as error:
        raise Untrusted(f"{parts.hostname}: {type(error).__name__}") from None


def _held(url: str, *, anew: bool = False) -> dict[str, Any]:
    """What stands at an address, asked for again after a while."""
    at, found = _HELD.get(url, (0.0, {}))
    if anew or not found or monotonic() - at > HELD:
        answer = _fetched(url)
        if not isinstance(answer, dict):
            raise Untrusted("no object")
        found = answer
        _HELD[url] = (monotonic(), found)
    return found


def described() -> dict[str, Any]:
    """The service's own description; one that names another issuer is not believed."""
    issuer = settings.SSO.issuer
    said = _held(issuer.rstrip("/") + WELL_KNOWN)
    if said.get("issuer") != issuer:
        raise Untrusted("described by another issuer")
    return said


def begun(after: str, redirect_uri: str) -> tuple[Asked, str]:
    """A login to begin: what to remember, and where to send the browser."""
    state, nonce, verifier = (secrets.token_urlsafe(RANDOM) for _ in range(3))
    asked = Asked(state, nonce, verifier, at=0.0, next=after)
    challenge = urlsafe_b64encode(sha256(asked.verifier.encode()).digest()).rstrip(b"=").decode()
    query = {
        "response_type": "code", "client_id": settings.SSO.client_id, "redirect_uri": redirect_uri,
        "scope": "openid email profile", "state": asked.state, "nonce": asked.nonce, "code_challenge": challenge,
        "code_challenge_method": "S256",
    }  # fmt: skip
    url = str(described()["authorization_endpoint"])
    return asked, f"{url}{'&' if '?' in url else '?'}{urlencode(query)}"


def kept(asked: Asked, at: float) -> dict[str, Any]:
    """What is remembered of a login, for the session."""
    return {**asdict(asked), "at": at}


def claimed(code: str, asked: Asked, redirect_uri: str) -> Claimed:
    """Who comes, as the service's signed answer to this very login proves it."""
    sso, said = settings.SSO, described()
    body = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri,
        "code_verifier": asked.verifier, "client_id": sso.client_id, "client_secret": sso.client_secret,
    }  # fmt: skip
    answer = _fetched(str(said["token_endpoint"]), body)
    if not isinstance(answer, dict) or not isinstance(answer.get("id_token"), str):
        raise Untrusted("no ID token")
    claims = _proven(answer["id_token"], str(said["jwks_uri"]), asked.nonce)
    if "email" not in claims and "userinfo_endpoint" in said:
        bearer = {"Authorization": f"Bearer {answer.get('access_token', '')}"}
        more = _fetched(str(said["userinfo_endpoint"]), headers=bearer)
        if not isinstance(more, dict) or more.get("sub") != claims["sub"]:
            raise Untrusted("told about somebody else")
        claims = {**more, **claims}
    is_confirmed = claims.get("email_verified") is True
    return Claimed(sso.issuer, str(claims["sub"]), str(claims.get("email") or "") if is_confirmed else "")


def _proven(token: str, keys_url: str, nonce: str) -> dict[str, Any]:
    """The claims of an ID token: signed by the issuer, for us, for this login, in time."""
    import jwt  # only where somebody comes this way

    sso = settings.SSO
    try:
        header = jwt.get_unverified_header(token)
        algorithm = header.get("alg")
        if algorithm not in SIGNED:
            raise Untrusted("not signed as it must be")
        claims = jwt.decode(
            token, _key(keys_url, header.get("kid"), algorithm), algorithms=[algorithm],
            audience=sso.client_id, issuer=sso.issuer, leeway=LEEWAY,
            options={"require": ["exp", "iat", "iss", "aud", "sub"]},
        )  # fmt: skip
    except jwt.PyJWTError as error:
        raise Untrusted(type(error).__name__) from None
    if not secrets.compare_digest(str(claims.get("nonce", "")), nonce):
        raise Untrusted("not for this login")
    if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != sso.client_id:
        raise Untrusted("for another client too")
    return claims


def _key(url: str, kid: str | None, algorithm: str) -> Any:
    """The issuer's key of this name, or its only one; asked for once more where it is not known yet."""
    import jwt

    for anew in (False, True):
        keys = [each for each in _held(url, anew=anew).get("keys", []) if each.get("use", "sig") == "sig"]
        found = keys if kid is None else [each for each in keys if each.get("kid") == kid]
        if len(found) == 1:
            return jwt.PyJWK(found[0], algorithm).key
    raise Untrusted("signed by another key")
