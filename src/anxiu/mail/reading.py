"""A mail as it came, read: who, what, which files. Nothing in a mail is trusted, nothing of it is ever shown as HTML.

The library parses the structure; characters are decoded here, for many a mail names another character set than its own.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes, policy
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from hashlib import sha256
from io import BytesIO
from typing import Final

from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.validators import validate_email
from django.utils import timezone

from anxiu.files.intake import Prepared, prepare
from anxiu.kernel.errors import Invalid
from anxiu.mail.choices import Reason
from anxiu.mail.plain import from_html
from anxiu.mail.rules import Headers, Split, split, why_automatic

MOST_BYTES: Final = 25_000_000  # source: own choice; what large providers take for a mail
MOST_PARTS: Final = 100  # source: own choice; beyond anything a person sends
DEEPEST: Final = 12
MOST_FILES: Final = 12  # source: as many as a report may bring
LONGEST_TEXT: Final = 50_000  # characters; what lies beyond is kept with the raw mail only
LONGEST_SUBJECT: Final = 250
LONGEST_NAME: Final = 80
SMALL_PICTURE: Final = 6_000  # bytes; source: own choice; a picture inside the text that is smaller is a logo
# Mails labelled with the narrower set hold characters of the wider one.
CHARSETS: Final = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "big5": "big5hkscs"}
RECIPIENTS: Final = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")
FALLBACKS: Final = ("utf-8", "gb18030")
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff]")
_SPACE: Final = re.compile(r"[ \t]+$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A part of a mail that is not kept, and why."""

    name: str
    code: str


@dataclass(slots=True)
class Letter:
    """A mail as we read it. `own_words` is what is new in it."""

    key: str
    size: int
    message_id: str = ""
    references: str = ""
    sender: str = ""
    sender_name: str = ""
    recipients: str = ""
    subject: str = ""
    sent_at: datetime | None = None
    words: Split = field(default_factory=lambda: Split("", ""))
    files: list[Prepared] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    reason: Reason | None = None
    report: str = ""


def read(raw: bytes, *, size: int = 0) -> Letter:
    """Read a mail; `size` is larger than `raw` where only the headers were fetched. Nothing in it makes this fail."""
    digest = sha256(raw).hexdigest()
    try:
        message = message_from_bytes(raw, policy=policy.compat32)
        letter = _headers(message, digest, size or len(raw))
    except Exception:  # the library meets what nobody thought of
        return Letter(digest, size or len(raw), reason=Reason.BROKEN)
    try:
        if letter.size > len(raw):
            letter.reason = letter.reason or Reason.TOO_LARGE
        elif letter.reason is Reason.BOUNCE:
            letter.report = raw.decode("ascii", "replace")[:LONGEST_TEXT]
            _content(message, letter)
        else:
            _content(message, letter)
    except _TooMany:
        letter.reason = letter.reason or Reason.TOO_MANY_PARTS
    except Exception:
        letter.reason = letter.reason or Reason.BROKEN
    return letter


class _TooMany(Exception):
    """More parts, or deeper ones, than a person sends."""


def _headers(message: "Message[str, str]", digest: str, size: int) -> Letter:
    sender_name, sender = _sender(message)
    identifier = header(message, "Message-ID").strip()
    subject = " ".join(header(message, "Subject").split())[:LONGEST_SUBJECT]
    date = header(message, "Date")
    key = sha256("\n".join((identifier, sender, date, subject)).encode()).hexdigest() if identifier else digest
    letter = Letter(
        key, size, message_id=identifier[:LONGEST_SUBJECT], sender=sender, sender_name=sender_name, subject=subject,
        references=f"{header(message, 'References')} {header(message, 'In-Reply-To')}"[:LONGEST_TEXT],
        recipients=" ".join(header(message, each) for each in RECIPIENTS),
        sent_at=_date(date),
    )  # fmt: skip
    letter.reason = why_automatic(
        Headers(
            sender=sender, content_type=message.get_content_type(),
            report_type=str(message.get_param("report-type", "") or "").lower(),
            return_path=_return_path(message), auto_submitted=header(message, "Auto-Submitted"),
            precedence=header(message, "Precedence"), suppress=header(message, "X-Auto-Response-Suppress"),
            autoreply="X-Autoreply" in message or "X-Autorespond" in message,
            is_list="List-Id" in message or "List-Unsubscribe" in message,
        )
    )  # fmt: skip
    if not sender:
        letter.reason = letter.reason or Reason.BROKEN
    return letter


def _return_path(message: "Message[str, str]") -> str | None:
    return header(message, "Return-Path").strip().strip("<>").strip() if "Return-Path" in message else None


def header(message: "Message[str, str]", name: str) -> str:
    """A header in plain characters on one line; empty where there is none."""
    found = message.get(name)
    return clean(" ".join(_words(found).split())) if found is not None else ""


def _words(raw: object) -> str:
    try:
        parts = decode_header(raw)  # type: ignore[arg-type]  # a str, or what the library makes of eight bits
    except Exception:
        return str(raw)
    return "".join(each if isinstance(each, str) else decoded(each, charset) for each, charset in parts)


def decoded(data: bytes, charset: str | None) -> str:
    """Bytes as characters: by the character set that is named if it fits, else by those mails mostly have."""
    named = (charset or "").strip().strip("\"'").lower()
    for each in (CHARSETS.get(named, named), *FALLBACKS):
        try:
            return data.decode(each)
        except (LookupError, UnicodeError, ValueError):
            continue
    return data.decode("utf-8", "replace")


def clean(text: str) -> str:
    """A text without what cannot be stored or shown: controls, half characters, marks that turn the writing round."""
    return _CONTROLS.sub("", text)


def _sender(message: "Message[str, str]") -> tuple[str, str]:
    """The name and the address a mail says it comes from; no address where it says none that can be answered."""
    for name, address in getaddresses([str(message.get("From", "")).replace("\n", " ").replace("\r", " ")]):
        plain = address.strip().lower()
        try:
            validate_email(plain)
        except ValidationError:
            continue
        return clean(" ".join(_words(name).split()))[:LONGEST_NAME], plain
    return "", ""


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
        return found if timezone.is_aware(found) else None
    except (TypeError, ValueError, IndexError, OverflowError):
        return None


def _content(message: "Message[str, str]", letter: Letter) -> None:
    """The text, and the files that are taken."""
    plain, pages, files = [], [], []
    for part in _parts(message):
        kind = part.get_content_type()
        is_file = part.get_content_disposition() == "attachment" or bool(part.get_filename())
        if kind == "text/plain" and not is_file:
            plain.append(_text(part))
        elif kind == "text/html" and not is_file:
            pages.append(_text(part))
        else:
            files.append(part)
    text = "\n".join(each for each in plain if each.strip())
    if not text.strip():
        text = "\n".join(from_html(each) for each in pages)
    text = _SPACE.sub("", clean(text.replace("\r\n", "\n").replace("\r", "\n")).replace("\n-- \n", "\n--\u00a0\n"))
    letter.words = split(text.strip("\n")[:LONGEST_TEXT])
    _files(files, letter)


def _parts(message: "Message[str, str]") -> Iterator["Message[str, str]"]:
    """The parts that hold something, in their order. A mail within a mail is one part."""
    waiting, seen = [(message, 0)], 0
    while waiting:
        part, depth = waiting.pop(0)
        seen += 1
        if seen > MOST_PARTS or depth > DEEPEST:
            raise _TooMany
        payload = part.get_payload()
        if isinstance(payload, list) and part.get_content_maintype() == "multipart":
            waiting[:0] = [(each, depth + 1) for each in payload if isinstance(each, Message)]
        else:
            yield part


def _text(part: "Message[str, str]") -> str:
    data = part.get_payload(decode=True)
    return decoded(data, part.get_content_charset()) if isinstance(data, bytes) else ""


def _files(parts: list["Message[str, str]"], letter: Letter) -> None:
    for part in parts:
        name = _name(part)
        data = part.get_payload(decode=True)
        if not isinstance(data, bytes) or part.get_content_maintype() in ("message", "multipart"):
            letter.left_out.append(LeftOut(name or part.get_content_type(), "mail.nested"))
        elif part.get_content_disposition() != "attachment" and "Content-ID" in part and len(data) < SMALL_PICTURE:
            letter.left_out.append(LeftOut(name or part.get_content_type(), "mail.logo"))
        elif len(letter.files) >= MOST_FILES:
            letter.left_out.append(LeftOut(name or part.get_content_type(), "mail.too_many_files"))
        else:
            try:
                letter.files.append(prepare(File(BytesIO(data), name=name)))
            except Invalid as refusal:
                letter.left_out.append(LeftOut(name or part.get_content_type(), refusal.code))


def _name(part: "Message[str, str]") -> str:
    """The name a file was sent under; only its last part, for it names no place on any disk."""
    try:
        found = part.get_filename() or ""
    except Exception:
        return ""
    return clean(_words(found)).replace("\\", "/").rpartition("/")[2].strip()[:LONGEST_NAME]
