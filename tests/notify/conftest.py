"""A real mail server in this process, which can be told to refuse."""

import asyncio
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from anxiu.notify import tasks
from anxiu.notify.choices import Medium
from anxiu.notify.models import Notice
from tests.notify.vendors import vendor


@dataclass
class Mailbox:
    """What the server took, and what it will answer next."""

    taken: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    to_recipient: list[str] = field(default_factory=list)
    before_answer: Callable[[], object] | None = None

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if self.to_recipient and not (said := self.to_recipient.pop(0)).startswith("2"):
            return said
        if self.before_answer is not None:
            await asyncio.to_thread(self.before_answer)
            return "421 closing"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        said = self.answers.pop(0) if self.answers else "250 taken"
        if said.startswith("2"):
            self.taken.append(message_from_bytes(envelope.content, policy=policy.default))
            self.recipients += envelope.rcpt_tos
        return said


@pytest.fixture
def mailbox(settings: Any) -> Any:
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    settings.DEFAULT_FROM_EMAIL = "安修 <service@anxiu.test>"
    yield box
    server.stop()


def send_all() -> list[str]:
    """Run every send job, as the worker would."""
    from procrastinate.contrib.django.models import ProcrastinateJob

    jobs = ProcrastinateJob.objects.filter(task_name="notify.send", status="todo").order_by("id")
    return [tasks.deliver(job.args["notice_id"]) for job in list(jobs)]


def mails(**wanted: Any) -> list[Notice]:
    return list(Notice.objects.filter(medium=Medium.EMAIL, **wanted).order_by("id"))


def pages(**wanted: Any) -> list[Notice]:
    return list(Notice.objects.filter(medium=Medium.INAPP, **wanted).order_by("id"))


@pytest.fixture
def shop(settings: Any) -> Any:
    """A server that answers as the vendors do, and the permission to ask this very machine."""
    settings.HOOKS_TO_LOOPBACK = True
    with vendor() as made:
        yield made
