"""Email over SMTP. Sending twice cannot be excluded (a server may take a message and the answer be lost), so the second
one carries the same Message-ID, by which mail programs show it once.
"""

import re
import smtplib
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Final

from django.conf import settings
from django.core.mail import BadHeaderError, EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.utils import translation

from anxiu.mail.queries import reply_address, thread_of
from anxiu.mail.sealing import token
from anxiu.notify.channels import Account, Undelivered
from anxiu.notify.choices import Kind, Reason
from anxiu.notify.models import Notice
from anxiu.orders.models import Order

PERMANENT: Final = 500  # source: RFC 5321, section 4.2.1: 5yz is a permanent negative completion reply
DETAIL_LENGTH: Final = 500
# A label ends with a colon of either writing; one without a space behind it is a time of day or an address.
_LINE: Final = re.compile(r"^(?P<label>[^:：]{1,40})(?:：\s*|:\s+)(?P<value>\S.*)$")


class Email:
    """Sends by the configured mail server."""

    def waits_for(self, account: Account | None) -> Reason | None:
        """A mail server."""
        return None if settings.EMAIL_HOST else Reason.NO_SERVER

    def send(self, notice: Notice, account: Account | None) -> None:
        """Hand the message to the mail server."""
        try:
            with get_connection() as connection:
                message(notice, connection).send()
        except Exception as error:
            raise undelivered(error) from error


def host() -> str:
    """The right-hand side of our message ids: the domain we write from."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"


def message(notice: Notice, connection: object = None) -> EmailMultiAlternatives:
    """The notice as a message: text and HTML, in one thread with the others about the same thing."""
    with translation.override(notice.language):
        context = {
            "title": notice.title, "blocks": blocks(notice.body), "text": notice.body,
            "company": company(notice.language), "phone": settings.ENV.company_phone,
            "is_customer": notice.person_id is None,
        }  # fmt: skip
        plain = render_to_string("notify/email.txt", context)
        html = render_to_string("notify/email.html", context)
    made = EmailMultiAlternatives(
        notice.title, plain, to=[notice.address], connection=connection,
        headers={**threaded(notice), "Content-Language": "zh-CN" if _chinese(notice.language) else "en"},
        reply_to=[answers] if (answers := answers_to(notice)) else None,
    )
    made.attach_alternative(html, "text/html")
    return made


def threaded(notice: Notice) -> dict[str, str]:
    """By which headers a message is known, and stands in one thread with others about the same thing.

    A customer's message about an order bears the order's token: whoever answers it finds the order. It answers the
    mails that came from this address.
    """
    automatic = {} if notice.kind == Kind.MAIL_REPLY else {"Auto-Submitted": "auto-generated"}
    if notice.subject_kind != "order" or notice.person_id is not None:
        thread = f"<{notice.subject_kind}-{notice.subject_id}@{host()}>"
        return {"Message-ID": f"<{notice.uid}@{host()}>", "References": thread, "In-Reply-To": thread, **automatic}
    mark = token(notice.subject_id)
    thread = f"<{mark}@{host()}>"
    theirs = thread_of(notice.subject_id, notice.address)
    return {
        "Message-ID": f"<{notice.uid}.{mark}@{host()}>", "References": " ".join([thread, *theirs]),
        "In-Reply-To": theirs[-1] if theirs else thread, **automatic,
    }  # fmt: skip


def answers_to(notice: Notice) -> str:
    """Where an answer to a customer's message is to go: a mailbox that is read; empty without one."""
    if notice.subject_kind != "order" or notice.person_id is not None:
        return ""
    order = Order.objects.filter(pk=notice.subject_id).first()
    return reply_address(order) if order else ""


def _chinese(language: str) -> bool:
    return language.startswith("zh")


def company(language: str) -> str:
    """Our name as the reader knows it."""
    return settings.ENV.company_zh if _chinese(language) else settings.ENV.company_en


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a body: a paragraph, a small table, or a button, of which the first is the main one."""

    kind: str
    lines: tuple[str, ...] = ()
    rows: tuple[tuple[str, str], ...] = ()
    label: str = ""
    url: str = ""
    is_main: bool = False


def blocks(body: str) -> list[Block]:
    """A body as it is drawn in HTML; the rules are those of `texts`."""
    ours = settings.ENV.public_url.rstrip("/") + "/"  # a customer's words never become a button
    found: list[Block] = []
    for paragraph in body.split("\n\n"):
        lines = tuple(paragraph.splitlines())
        pairs = [_LINE.match(line) for line in lines]
        if len(lines) == 1 and pairs[0] and pairs[0]["value"].startswith(ours):
            is_main = all(each.kind != "button" for each in found)
            found.append(Block("button", label=pairs[0]["label"], url=pairs[0]["value"], is_main=is_main))
        elif all(pairs):
            found.append(Block("table", rows=tuple((each["label"], each["value"]) for each in pairs if each)))
        else:
            found.append(Block("text", lines=lines))
    return found


def undelivered(error: Exception) -> Undelivered:
    """What an error of the mail library means: the address, the message, the server, or the way to it."""
    detail = _detail(error)
    match error:
        case smtplib.SMTPAuthenticationError():
            return Undelivered(Reason.LOGIN, detail, again=True)  # ours to put right, not the message's fault
        case smtplib.SMTPConnectError() | smtplib.SMTPHeloError():
            return Undelivered(Reason.UNREACHABLE, detail, again=True)
        case smtplib.SMTPRecipientsRefused():
            codes = [code for code, _ in error.recipients.values()]
            if all(code >= PERMANENT for code in codes):
                return Undelivered(Reason.BAD_ADDRESS, detail, again=False)
            return Undelivered(Reason.SERVER_BUSY, detail, again=True)
        case smtplib.SMTPResponseException():
            if error.smtp_code >= PERMANENT:
                return Undelivered(Reason.REFUSED, detail, again=False)
            return Undelivered(Reason.SERVER_BUSY, detail, again=True)
        case BadHeaderError() | UnicodeError() | ValueError():
            return Undelivered(Reason.BAD_ADDRESS, detail, again=False)
        case smtplib.SMTPException() | OSError():
            return Undelivered(Reason.UNREACHABLE, detail, again=True)
    raise error


def _detail(error: Exception) -> str:
    """What the server said, without the address it said it about."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            said = [f"{code} {_words(text)}" for code, text in error.recipients.values()]
            return "; ".join(said)[:DETAIL_LENGTH]
        case smtplib.SMTPResponseException():
            return f"{error.smtp_code} {_words(error.smtp_error)}"[:DETAIL_LENGTH]
    return f"{type(error).__name__}: {error}"[:DETAIL_LENGTH]


def _words(text: bytes | str) -> str:
    return text.decode(errors="replace") if isinstance(text, bytes) else str(text)
