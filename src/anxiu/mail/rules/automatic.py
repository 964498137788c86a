"""Which mails no person wrote, or wrote to us: answering them would make machines talk to machines."""

from dataclasses import dataclass
from typing import Final

from anxiu.mail.choices import Reason

# source: RFC 3834, section 2 and 5; Precedence is older, not standard, and widely set
_BULK: Final = frozenset({"bulk", "junk", "list"})
_POSTMEN: Final = ("mailer-daemon@", "postmaster@")


@dataclass(frozen=True, slots=True)
class Headers:
    """What of the headers decides whether a person wrote. Empty where a header is not there."""

    sender: str
    content_type: str = ""
    report_type: str = ""
    return_path: str | None = None
    auto_submitted: str = ""
    precedence: str = ""
    suppress: str = ""
    autoreply: bool = False
    is_list: bool = False


def why_automatic(headers: Headers) -> Reason | None:
    """Why nobody is behind a mail; nothing where somebody seems to be.

    Source: RFC 3834 (Auto-Submitted), RFC 3464 (delivery reports), RFC 5321 (the null return path), RFC 2369 (lists).
    """
    if headers.content_type == "multipart/report" and headers.report_type in ("delivery-status", ""):
        return Reason.BOUNCE
    if headers.sender.lower().startswith(_POSTMEN):
        return Reason.BOUNCE
    if headers.auto_submitted.lower().split(";")[0].strip() not in ("", "no"):
        return Reason.AUTOMATIC
    precedence = headers.precedence.strip().lower()
    if precedence == "auto_reply" or headers.autoreply or headers.suppress.strip().lower() not in ("", "none"):
        return Reason.AUTOMATIC
    if headers.content_type == "multipart/report" or headers.return_path == "":
        return Reason.AUTOMATIC
    return Reason.BULK if precedence in _BULK or headers.is_list else None
