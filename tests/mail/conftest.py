"""A real IMAP server in a process of its own, the real SMTP server of the notices, and a company with a mailbox."""

import imaplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from itertools import count
from typing import Any

import pytest

from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.time import moved_to
from anxiu.mail.actions import NewMailbox, add_mailbox
from anxiu.mail.choices import Security, Strangers
from anxiu.mail.models import Mail, Mailbox
from anxiu.mail.tasks import read_mailbox
from anxiu.orders.models import Order
from tests.given.orders import MONDAY, Company, a_company, opened, react_all
from tests.notify.conftest import mailbox as outgoing
from tests.notify.conftest import send_all

__all__ = ["MONDAY", "Post", "opened", "outgoing", "react_all", "send_all"]
USER, PASSWORD = "service@anxiu.test", 'sesame "öffne" \\dich'.replace("ö", "oe")
_folders = count(1)


@dataclass
class Server:
    """The IMAP server: where it is, and how to put a mail into it."""

    port: int
    process: Any = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from pymap.main import main; main()", "--host", "127.0.0.1", "--port", str(self.port),
             "--no-tls", "dict", "--demo-user", USER, "--demo-password", PASSWORD],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        for _ in range(200):
            try:
                with socket.create_connection(("127.0.0.1", self.port), 0.2):
                    return
            except OSError:
                time.sleep(0.05)
        raise AssertionError("the IMAP server did not start")

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()

    def connected(self) -> imaplib.IMAP4:
        client = imaplib.IMAP4("127.0.0.1", self.port)
        client.login(USER, PASSWORD)
        return client


@pytest.fixture(scope="session")
def imap() -> Iterator[Server]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        server = Server(probe.getsockname()[1])
    server.start()
    yield server
    server.stop()


@dataclass
class Post:
    """A company whose mail comes in: put something into its mailbox, read it, see what came of it."""

    company: Company
    server: Server
    row: Mailbox
    folder: str
    at: Any = MONDAY
    sent: list[EmailMessage] = field(default_factory=list)

    def put(self, message: EmailMessage | bytes, folder: str = "") -> None:
        raw = message if isinstance(message, bytes) else message.as_bytes()
        client = self.server.connected()
        when = imaplib.Time2Internaldate(self.at)
        assert client.append(folder or self.folder, "", when, raw)[0] == "OK"
        client.logout()

    def read(self) -> int:
        with moved_to(self.at):
            return read_mailbox(self.row.pk)

    def comes(self, message: EmailMessage | bytes) -> Mail:
        """A mail comes in, is read, and every reactor and sender has acted."""
        self.put(message)
        assert self.read() == 1
        self.settle()
        return Mail.objects.latest("pk")

    def settle(self) -> None:
        with moved_to(self.at):
            while react_all():
                pass
            send_all()

    @property
    def orders(self) -> list[Order]:
        return list(Order.objects.order_by("pk"))


_numbers = count(1)


def a_mail(text: str = "电梯停了，报警灯亮。", **headers: str) -> EmailMessage:
    """A mail as a customer's program writes it."""
    made = EmailMessage()
    given = {
        "From": "王小明 <wang@example.com>", "To": USER, "Subject": "电梯故障", "Date": "Mon, 11 May 2026 09:00:00 +0800",
        "Message-ID": f"<m{next(_numbers)}.{time.time_ns()}@example.com>", **{name.replace("_", "-"): value for name, value in headers.items()},
    }  # fmt: skip
    for name, value in given.items():
        made[name] = value
    made.set_content(text)
    return made


@pytest.fixture
def post(db: object, imap: Server, outgoing: Any, settings: Any) -> Post:
    settings.MAIL_SERVERS_INSIDE = True
    company, folder = a_company(), f"F{next(_folders)}"
    client = imap.connected()
    client.create(folder)
    client.logout()
    new = NewMailbox(
        USER, "localhost", imap.port, USER, PASSWORD, company.region.pk, security=Security.NONE, folder=folder,
        strangers=Strangers.OPEN,
    )  # fmt: skip
    made = Post(company, imap, add_mailbox(actor=SYSTEM, at=MONDAY, new=new), folder)
    made.sent = outgoing.taken
    return made
