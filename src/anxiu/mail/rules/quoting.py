"""What of a mail is new: quoted history and a signature are laid aside only where they cannot hold anything new.

Whatever is decided, the two parts are the whole text: nothing is lost, the part laid aside is shown on demand.
"""

import re
from dataclasses import dataclass
from typing import Final

_WROTE: Final = re.compile(
    r"^\s*(?:on\b.{4,200}\bwrote|在.{2,120}(?:写道|寫道)|.{2,160}(?:写道|寫道|schrieb|wrote)|于.{2,120}(?:写道|寫道))\s*[:：]\s*$",
    re.IGNORECASE,
)
_LINE: Final = re.compile(
    r"^\s*(?:-{2,}\s*(?:original message|forwarded message|原始邮件|原始郵件|转发邮件|原邮件)\s*-{2,}|_{20,})\s*$",
    re.IGNORECASE,
)
_FIELD: Final = re.compile(
    r"^[\s*]*(?:from|sent|date|to|cc|subject|发件人|發件人|发送时间|发送日期|寄件者|日期|时间|收件人|抄送|主题|主旨)"
    r"\s*\*?\s*[:：]",
    re.IGNORECASE,
)
_FROM: Final = re.compile(r"^[\s*]*(?:from|发件人|發件人|寄件者)\s*\*?\s*[:：]", re.IGNORECASE)
FIELDS: Final = 3  # source: own choice; a block of at least so many header lines is no sentence of anybody
WRAPPED: Final = 2  # source: mail programs break the line that says who wrote into two at most
LONG_SIGNATURE: Final = 12  # source: own choice; RFC 3676, section 4.3 says four lines, people write more


@dataclass(frozen=True, slots=True)
class Split:
    """The new part of a text and the rest behind it; together they are the text."""

    new: str
    rest: str


def split(text: str) -> Split:
    """Where a mail's own words end. Answers between quoted lines keep the text whole."""
    lines = text.split("\n")
    cut = _history(lines)
    if cut is None:
        cut = _signature(lines)
    if cut is None or not "".join(lines[:cut]).strip():
        return Split(text, "")
    return Split("\n".join(lines[:cut]), "\n" + "\n".join(lines[cut:]))


def _history(lines: list[str]) -> int | None:
    """Where the quoted history begins that goes on to the end."""
    for at, line in enumerate(lines):
        if _WROTE.match(line) and _all_quoted(lines[at + 1 :]):
            return at
        if _starts_wrapped(lines, at) and _all_quoted(lines[at + WRAPPED :]):
            return at
        if (_LINE.match(line) and _is_block(lines[at + 1 :])) or (_FROM.match(line) and _is_block(lines[at:])):
            return at
    ending = len(lines)
    while ending > 0 and (not lines[ending - 1].strip() or _is_quoted(lines[ending - 1])):
        ending -= 1
    return ending if any(_is_quoted(each) for each in lines[ending:]) and not _quotes_before(lines, ending) else None


def _starts_wrapped(lines: list[str], at: int) -> bool:
    """Whether a line and the next are one line that says who wrote, broken by the mail program."""
    following = lines[at + 1 : at + WRAPPED]
    return bool(lines[at].strip() and following and not _is_quoted(lines[at])
                and re.match(r"^\s*(?:on\b|在|于)", lines[at], re.IGNORECASE)
                and _WROTE.match(f"{lines[at].strip()} {following[0].strip()}"))  # fmt: skip


def _is_quoted(line: str) -> bool:
    return line.lstrip().startswith((">", "＞"))


def _all_quoted(lines: list[str]) -> bool:
    """Whether nothing but quoted lines follows, and some do."""
    said = [each for each in lines if each.strip()]
    return bool(said) and all(_is_quoted(each) for each in said)


def _quotes_before(lines: list[str], ending: int) -> bool:
    """Whether somebody answered between the lines."""
    return any(_is_quoted(each) for each in lines[:ending])


def _is_block(lines: list[str]) -> bool:
    """Whether what follows are the headers of an earlier mail."""
    said = [each for each in lines if each.strip()][: FIELDS + FIELDS]
    block = 0
    for each in said:
        if not _FIELD.match(each):
            break
        block += 1
    return block >= FIELDS


def _signature(lines: list[str]) -> int | None:
    """Where the signature begins after its mark. Source: RFC 3676, section 4.3."""
    found = [at for at, line in enumerate(lines) if line in ("-- ", "--\u00a0")]
    if not found:
        return None
    behind = [each for each in lines[found[-1] + 1 :] if each.strip()]
    return found[-1] if len(behind) <= LONG_SIGNATURE else None
