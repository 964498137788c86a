"""Reading a mailbox by IMAP, and changing nothing in it: no mark is set, no mail is moved.

A name is resolved once, every address it has is checked, and the connection goes to a checked one. Whatever a server
does, an exchange ends after a fixed time.
"""

import base64
import contextlib
import imaplib
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.conf import settings

from anxiu.mail.choices import Fault, Security
from anxiu.mail.models import Mailbox
from anxiu.mail.reading import MOST_BYTES
from anxiu.mail.rules import may_connect
from anxiu.mail.sealing import opened

EACH: Final = 15.0  # seconds for one step of the network; source: own choice
WHOLE: Final = 240.0  # seconds for reading once; source: own choice, shorter than the claim
MOST: Final = 50  # mails at a time; source: own choice, the rest a minute later
HEADER_BYTES: Final = 64_000
ERROR: Final = 200
_UID: Final = re.compile(rb"UID (\d+)")
_SIZE: Final = re.compile(rb"RFC822\.SIZE (\d+)")
# source: RFC 2971; some large providers refuse a program that does not name itself
imaplib.Commands.setdefault("ID", ("NONAUTH", "AUTH", "SELECTED"))


class Unread(Exception):
    """A mailbox could not be read."""

    def __init__(self, fault: Fault, error: object = "") -> None:
        super().__init__(str(error)[:ERROR])
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Came:
    """What a trial found: nothing wrong, or what; and how many mails the folder holds."""

    fault: str = ""
    error: str = ""
    count: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """A mail on the server: its key in the folder, its size, and when the server got it."""

    uid: int
    size: int
    at: datetime


def addresses(host: str, port: int) -> list[str]:
    """The addresses of a name; none of them is used where one leads where it must not."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unread(Fault.UNKNOWN_HOST, error) from error
    ips = list(dict.fromkeys(str(each[4][0]) for each in found))
    for ip in ips:
        if not may_connect(ip, to_inside=settings.MAIL_SERVERS_INSIDE):
            raise Unread(Fault.INSIDE, ip)
    return ips


class _Direct(imaplib.IMAP4):
    """A connection to a checked address, for a name: the certificate is the name's."""

    def __init__(self, row: Mailbox, ip: str) -> None:
        self._ip, self._is_tls = ip, row.security == Security.TLS
        super().__init__(row.host, row.port, timeout=EACH)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        plain = socket.create_connection((self._ip, self.port), timeout)
        return ssl.create_default_context().wrap_socket(plain, server_hostname=self.host) if self._is_tls else plain

    def end(self) -> None:
        """Have whatever waits for this connection wait no longer; called from the watch's thread."""
        with contextlib.suppress(OSError, AttributeError):
            self.sock.shutdown(socket.SHUT_RDWR)


class Folder:
    """An opened folder of a mailbox."""

    def __init__(self, server: imaplib.IMAP4, count: int) -> None:
        self._server = server
        self.count = count
        [validity] = server.response("UIDVALIDITY")[1][:1]
        self.uid_validity = int(validity or 0)

    def after(self, last_uid: int, since: datetime) -> Iterator[Found]:
        """The mails behind the last one that was read, the oldest first; none that came before a moment."""
        day = imaplib.Time2Internaldate(since - timedelta(days=1)).strip('"').split()[0]
        found = _ok(self._server.uid("SEARCH", f"UID {last_uid + 1}:*", "SINCE", day))
        uids = sorted(int(each) for each in (found[0] or b"").split())
        for uid in [each for each in uids if each > last_uid][:MOST]:
            said = b" ".join(_lines(_ok(self._server.uid("FETCH", str(uid), "(UID INTERNALDATE RFC822.SIZE)"))))
            size, at = _SIZE.search(said), imaplib.Internaldate2tuple(said)
            if size and at:
                yield Found(uid, int(size[1]), datetime.fromtimestamp(time.mktime(at), UTC))

    def content(self, found: Found) -> bytes:
        """A mail byte for byte; of one that is too large the headers only."""
        part = f"BODY.PEEK[]<0.{MOST_BYTES}>" if found.size <= MOST_BYTES else f"BODY.PEEK[HEADER]<0.{HEADER_BYTES}>"
        for each in _ok(self._server.uid("FETCH", str(found.uid), f"({part})")):
            if isinstance(each, tuple):
                return bytes(each[1])
        raise Unread(Fault.PROTOCOL, "no content")


def _lines(data: list[Any]) -> list[bytes]:
    return [each if isinstance(each, bytes) else bytes(each[0]) for each in data if each]


def _ok(answer: tuple[str, list[Any]]) -> list[Any]:
    if answer[0] != "OK":
        raise Unread(Fault.PROTOCOL, _said(answer[1]))
    return answer[1]


def _said(data: list[Any]) -> str:
    return b" ".join(_lines(data)).decode("utf-8", "replace").replace("\x00", "")[:ERROR]


@contextmanager
def folder(row: Mailbox) -> Iterator[Folder]:
    """The folder of a mailbox, opened for reading; everything that goes wrong is `Unread`."""
    over = threading.Event()
    server: _Direct | None = None
    watch: threading.Timer | None = None
    try:
        server = _connected(row)

        def end(connection: _Direct = server) -> None:
            over.set()
            connection.end()

        watch = threading.Timer(WHOLE, end)
        watch.daemon = True
        watch.start()
        yield _opened(server, row)
    except ssl.SSLCertVerificationError as error:
        raise Unread(Fault.CERTIFICATE, error.verify_message) from error
    except TimeoutError as error:
        raise Unread(Fault.TIMEOUT, error) from error
    except (OSError, imaplib.IMAP4.error, ValueError, UnicodeError) as error:
        fault = Fault.TIMEOUT if over.is_set() else Fault.UNREACHABLE if isinstance(error, OSError) else Fault.PROTOCOL
        raise Unread(fault, error) from error
    finally:
        if watch is not None:
            watch.cancel()
        if server is not None:
            with contextlib.suppress(Exception):
                server.logout() if not over.is_set() else server.shutdown()


def _connected(row: Mailbox) -> _Direct:
    if row.security == Security.NONE and not settings.MAIL_SERVERS_INSIDE:
        raise Unread(Fault.NO_TLS)
    ips = addresses(row.host, row.port)
    server = _Direct(row, ips[0])
    if row.security == Security.STARTTLS:
        if "STARTTLS" not in server.capabilities:
            raise Unread(Fault.NO_TLS)
        server.starttls(ssl.create_default_context())
    return server


def _opened(server: _Direct, row: Mailbox) -> Folder:
    password = opened(row.password, row.uid)
    if not password:
        raise Unread(Fault.NO_SECRET)
    try:
        server.login(row.login, password)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        raise Unread(Fault.LOGIN, error) from error
    if "ID" in server.capabilities:
        with contextlib.suppress(imaplib.IMAP4.error):
            server._simple_command("ID", '("name" "anxiu")')
    status, data = server.select(f'"{modified_utf7(row.folder)}"', readonly=True)
    if status != "OK":
        raise Unread(Fault.FOLDER, _said(data))
    return Folder(server, int(data[0] or 0))


def modified_utf7(name: str) -> str:
    """A folder's name as IMAP writes it. Source: RFC 3501, section 5.1.3."""
    made, other = [], ""

    def close() -> None:
        nonlocal other
        if other:
            coded = base64.b64encode(other.encode("utf-16-be")).decode().rstrip("=").replace("/", ",")
            made.append(f"&{coded}-")
            other = ""

    for each in name.replace('"', "").replace("\\", "").replace("\r", "").replace("\n", ""):
        if " " <= each <= "~":
            close()
            made.append("&-" if each == "&" else each)
        else:
            other += each
    close()
    return "".join(made)


def probe(row: Mailbox) -> Came:
    """Try a mailbox: connect, log in, open the folder. What goes wrong is said, nothing is raised."""
    try:
        with folder(row) as opened_folder:
            return Came(count=opened_folder.count)
    except Unread as failure:
        return Came(failure.fault, str(failure))
