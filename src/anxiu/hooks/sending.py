"""One HTTP request to an address outside that somebody typed in.

A name is resolved once, every address it has is checked, and the connection goes to a checked one: a name that answers
differently the second time gains nothing. No redirect is followed, no proxy is used, an answer is read as far as the
log keeps it, and the whole exchange ends after a fixed time however slowly bytes come.
"""

import contextlib
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.conf import settings

from anxiu.hooks.choices import Reason
from anxiu.hooks.rules import PORTS, Place, may_connect, place_of
from anxiu.kernel.errors import Invalid

WHOLE: Final = 15.0  # seconds; source: own choice; a receiver takes the request and works afterwards
EACH: Final = 10.0  # seconds for one step of the network
ADDRESSES: Final = 3  # of one name; source: own choice
READ: Final = 2000  # bytes: 500 characters of up to four bytes
KEPT: Final = 500
ERROR: Final = 200
OK: Final = range(200, 300)  # source: RFC 9110, section 15: successful answers
REDIRECTS: Final = range(300, 400)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a target answered; `reason` is empty where it took the delivery."""

    reason: Reason | str
    error: str = ""
    status: int | None = None
    text: str = ""
    took_ms: int = 0


class _Unsent(Exception):
    def __init__(self, reason: Reason, error: object = "") -> None:
        super().__init__(str(error))
        self.reason = reason


def post(url: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """Send one request and say what came of it; nothing that a target does is raised."""
    began = time.monotonic()
    try:
        place = place_of(url, to_loopback=settings.HOOKS_TO_LOOPBACK)
        status, text = _exchanged(place, checked(place), headers, body)
    except Invalid as refusal:
        return Answer(Reason.BAD_ADDRESS, refusal.code)
    except _Unsent as failure:
        return Answer(failure.reason, str(failure)[:ERROR], took_ms=_since(began))
    reason: Reason | str = Reason.REDIRECT if status in REDIRECTS else "" if status in OK else Reason.ANSWER
    return Answer(reason, status=status, text=text, took_ms=_since(began))


def _since(began: float) -> int:
    return int((time.monotonic() - began) * 1000)


def checked(place: Place) -> list[str]:
    """The addresses of a name; none of them is used where one leads inside."""
    try:
        found = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise _Unsent(Reason.UNKNOWN_HOST, error) from error
    ips = list(dict.fromkeys(str(each[4][0]) for each in found))
    for ip in ips:
        if not may_connect(ip, place, to_loopback=settings.HOOKS_TO_LOOPBACK):
            raise _Unsent(Reason.INSIDE, ip)
    return ips


class Direct(http.client.HTTPConnection):
    """A connection to checked addresses, for a name: the certificate and the `Host` header are the name's.

    `over` is set when the time for the whole exchange has passed.
    """

    def __init__(self, place: Place, ips: list[str]) -> None:
        super().__init__(place.host, place.port, timeout=EACH)
        self.default_port = PORTS["https" if place.is_tls else "http"]  # which the `Host` header leaves out
        self.over = threading.Event()
        self._place, self._ips = place, ips
        self._wire: socket.socket | None = None

    def connect(self) -> None:
        self.sock = self._wire = self._reached()
        if self._place.is_tls:
            # Without the handshake, so that a slow one can be ended too.
            self.sock = self._wire = ssl.create_default_context().wrap_socket(
                self.sock, server_hostname=self._place.host, do_handshake_on_connect=False
            )
            self.sock.do_handshake()

    def _reached(self) -> socket.socket:
        """A connection to the first address that takes one."""
        for ip in self._ips[:-1]:
            with contextlib.suppress(OSError):
                return socket.create_connection((ip, self._place.port), EACH)
            if self.over.is_set():
                raise TimeoutError
        return socket.create_connection((self._ips[-1], self._place.port), EACH)

    def end(self) -> None:
        """Have whatever waits for this connection wait no longer; called from the watch's thread."""
        self.over.set()
        if self._wire is not None:  # kept here: the library lets go of it while the answer is still being read
            with contextlib.suppress(OSError):
                self._wire.shutdown(socket.SHUT_RDWR)


def _exchanged(place: Place, ips: list[str], headers: Mapping[str, str], body: bytes) -> tuple[int, str]:
    """The status and the beginning of the answer."""
    connection = Direct(place, ips[:ADDRESSES])
    watch = threading.Timer(WHOLE, connection.end)
    watch.daemon = True
    watch.start()
    try:
        connection.request("POST", place.path, body=body, headers=dict(headers))
        response = connection.getresponse()
        if connection.over.is_set():  # what came by then may be the half of a line
            raise TimeoutError
        return response.status, _beginning(response)
    except ssl.SSLCertVerificationError as error:
        raise _Unsent(Reason.CERTIFICATE, error.verify_message) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        if connection.over.is_set() or isinstance(error, TimeoutError):
            raise _Unsent(Reason.TIMEOUT) from error
        raise _Unsent(Reason.UNREACHABLE, error) from error
    finally:
        watch.cancel()
        connection.close()


def _beginning(response: http.client.HTTPResponse) -> str:
    """As much of an answer as is kept. The status is known: what goes wrong from here on is not our loss."""
    got = b""
    with contextlib.suppress(OSError, http.client.HTTPException, ValueError):
        while len(got) < READ and (part := response.read1(READ - len(got))):
            got += part
    return got.decode("utf-8", "replace").replace("\x00", "�")[:KEPT]
