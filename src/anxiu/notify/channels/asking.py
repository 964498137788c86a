"""One HTTP request to a vendor, and its answer as JSON.

The address is one an administrator set up; it may be inside the company (private deployments), never a metadata
server or, but for trying out, this very machine. No redirect is followed and no proxy is used. What goes wrong is
told apart by whether the vendor may have taken the message.
"""

import http.client
import json
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from django.conf import settings

from anxiu.hooks.rules import Place, place_of
from anxiu.hooks.sending import Direct
from anxiu.kernel.errors import Invalid
from anxiu.kernel.network import METADATA, innermost, is_in
from anxiu.notify.channels import Undelivered
from anxiu.notify.choices import Reason

WHOLE: Final = 15.0  # seconds; source: own choice; vendors answer within one
MOST: Final = 200_000  # bytes of an answer; source: own choice; the longest documented ones are far shorter
BUSY: Final = 429  # source: RFC 6585, section 4
BROKEN: Final = 500  # source: RFC 9110, section 15.6
SAID: Final = 200
MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Ask:
    """A request: `repeats` where the vendor tells a repeated one from a new one, or nothing is sent by it."""

    url: str
    body: Mapping[str, Any] | bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    repeats: bool = True


def asked(ask: Ask) -> dict[str, Any]:
    """The vendor's answer; `Undelivered` where there is none to be read."""
    body = ask.body if isinstance(ask.body, bytes) else None if ask.body is None else json.dumps(ask.body).encode()
    status, raw, headers = _exchanged(ask, body)
    if status == BUSY:
        raise Undelivered(Reason.RATE, "HTTP 429", again=True, after=_retry_after(headers))
    try:
        found = json.loads(raw)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise _unclear(Reason.SERVER_BUSY if status >= BROKEN else Reason.MALFORMED, f"HTTP {status}", ask)
    if status >= BROKEN and not found:
        raise _unclear(Reason.SERVER_BUSY, f"HTTP {status}", ask)
    return found


def _unclear(reason: Reason, detail: str, ask: Ask) -> Undelivered:
    """The message may have been taken: it is sent again only where the vendor knows it again."""
    return Undelivered(reason, detail, again=True) if ask.repeats else Undelivered(
        Reason.UNCERTAIN, f"{reason}: {detail}", again=False
    )


def _retry_after(headers: Mapping[str, str]) -> timedelta:
    given = headers.get("Retry-After") or ""
    return timedelta(seconds=int(given)) if given.isdigit() else MINUTE


def place(url: str) -> Place:
    """Where a request goes, or `Invalid`."""
    return place_of(url, to_loopback=settings.HOOKS_TO_LOOPBACK)


def may_ask(ip: str) -> bool:
    """Whether an address may be asked: not a metadata server, and this very machine only for trying out."""
    found = innermost(ip)
    if found.is_loopback:
        return bool(settings.HOOKS_TO_LOOPBACK)
    return not (is_in(found, METADATA) or found.is_link_local or found.is_multicast or found.is_unspecified)


def _reachable(where: Place) -> list[str]:
    try:
        found = socket.getaddrinfo(where.host, where.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Undelivered(Reason.UNREACHABLE, f"unknown host {where.host}", again=True) from error
    ips = list(dict.fromkeys(str(each[4][0]) for each in found))
    if not all(may_ask(ip) for ip in ips):
        raise Undelivered(Reason.SETTINGS, "the base address leads where nothing may be asked", again=False)
    return ips


def _exchanged(ask: Ask, body: bytes | None) -> tuple[int, bytes, Mapping[str, str]]:
    try:
        where = place(ask.url)
    except Invalid as refusal:
        raise Undelivered(Reason.SETTINGS, refusal.code, again=False) from refusal
    connection = Direct(where, _reachable(where))
    watch = threading.Timer(WHOLE, connection.end)
    watch.daemon = True
    watch.start()
    left = False  # whether anything of the request may have reached the vendor
    try:
        connection.connect()
        left = True
        headers = {"Accept": "application/json", "Content-Type": "application/json; charset=utf-8", **ask.headers}
        connection.request("GET" if body is None else "POST", where.path, body=body, headers=headers)
        response = connection.getresponse()
        return response.status, response.read(MOST), dict(response.headers.items())
    except ssl.SSLCertVerificationError as error:
        raise Undelivered(Reason.UNREACHABLE, f"certificate: {error.verify_message}"[:SAID], again=True) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        is_late = connection.over.is_set() or isinstance(error, TimeoutError)
        reason = Reason.TIMEOUT if is_late else Reason.UNREACHABLE
        if not left:
            raise Undelivered(reason, type(error).__name__, again=True) from error
        raise _unclear(reason, type(error).__name__, ask) from error
    finally:
        watch.cancel()
        connection.close()
