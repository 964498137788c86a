"""What content is taken, how large it may be, and which part of a file a request asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from anxiu.files.choices import Family, Purpose

MEGABYTE: Final = 1_000_000
# source: own choice; a 48-megapixel telephone photo is about 12 MB, a minute of 1080p video about 90 MB
LARGEST: Final[Mapping[Family, int]] = {
    Family.IMAGE: 20 * MEGABYTE,
    Family.VIDEO: 100 * MEGABYTE,
    Family.PDF: 20 * MEGABYTE,
    Family.DATA: MEGABYTE,
}
# source: own choice; 64 million pixels decode to 192 MB, and telephones send at most 50 unless told otherwise
MOST_PIXELS: Final = 64_000_000
LONGEST_NAME: Final = 120  # source: the column's width


@dataclass(frozen=True, slots=True)
class MediaType:
    """A type of content that is taken, and the endings its name may have, the usual one first."""

    name: str
    family: Family
    endings: tuple[str, ...]


ALLOWED: Final[Mapping[str, MediaType]] = {
    each.name: each
    for each in (
        MediaType("image/jpeg", Family.IMAGE, ("jpg", "jpeg", "jpe", "jfif")),
        MediaType("image/png", Family.IMAGE, ("png",)),
        MediaType("image/webp", Family.IMAGE, ("webp",)),
        MediaType("video/mp4", Family.VIDEO, ("mp4", "m4v")),
        MediaType("video/quicktime", Family.VIDEO, ("mov", "qt")),
        MediaType("video/webm", Family.VIDEO, ("webm",)),
        MediaType("application/pdf", Family.PDF, ("pdf",)),
    )
}
# Kept exactly as they come, because somebody signed them or we made them; never shown inside a page.
VERBATIM: Final[Mapping[str, MediaType]] = {
    **ALLOWED,
    "application/json": MediaType("application/json", Family.DATA, ("json",)),
    "text/plain": MediaType("text/plain", Family.DATA, ("txt",)),
}
# source: ISO/IEC 23008-12, annex B: the brands of HEIF pictures and picture sequences
HEIC_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})

_PICTURES: Final = frozenset({Family.IMAGE})
FAMILIES: Final[Mapping[Purpose, frozenset[Family]]] = {
    Purpose.INTAKE_PHOTO: _PICTURES,
    Purpose.INTAKE_VIDEO: frozenset({Family.VIDEO}),
    Purpose.EVIDENCE_PHOTO: _PICTURES,
    Purpose.EVIDENCE_VIDEO: frozenset({Family.VIDEO}),
    Purpose.SIGNATURE: _PICTURES,
    Purpose.SIGNED_DOCUMENT: frozenset({Family.PDF, Family.DATA}),
    Purpose.REPORT: frozenset({Family.PDF}),
    Purpose.GUARANTEE: frozenset({Family.PDF}),
    Purpose.DOCUMENT: frozenset({Family.PDF, Family.IMAGE}),
    Purpose.PORTRAIT: _PICTURES,
}


def family_of(media_type: str) -> Family:
    """The family of a type of content that is kept."""
    return VERBATIM[media_type].family


def plain_name(name: str, media_type: MediaType) -> str:
    """A file name fit to be shown and sent: no folders, no control characters, an ending that is true."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    last = "".join(each for each in last if each.isprintable() and each not in '"<>|:*?').strip(". ")
    stem, dot, ending = last.rpartition(".")
    if not dot or ending.lower() not in media_type.endings:
        stem, ending = last, media_type.endings[0]
    if stem in media_type.endings:
        stem = ""
    return f"{(stem or 'file')[: LONGEST_NAME - len(ending) - 1]}.{ending.lower()}"


def ending_fits(name: str, media_type: MediaType) -> bool:
    """Whether a name's ending says what the content is; a name without one says nothing wrong."""
    _, dot, ending = name.replace("\\", "/").rsplit("/", 1)[-1].rpartition(".")
    return not dot or ending.lower() in media_type.endings


@dataclass(frozen=True, slots=True)
class Span:
    """Part of a file in bytes: `start` included, `stop` not."""

    start: int
    stop: int

    @property
    def length(self) -> int:
        return self.stop - self.start


def span(header: str, size: int) -> Span | None:
    """The part a `Range` header asks for; None when it asks for nothing we answer, so that the whole is sent.

    A span with no length means the request cannot be satisfied. Several ranges are answered with the whole.
    Source: RFC 9110, section 14.
    """
    unit, _, wanted = header.partition("=")
    first, dash, last = wanted.strip().partition("-")
    numbers = all(not part or (part.isascii() and part.isdigit()) for part in (first, last))
    if unit.strip().lower() != "bytes" or not dash or not (first or last) or not numbers:
        return None
    if not first:
        return Span(max(size - int(last), 0), size)
    start, stop = int(first), min(int(last) + 1, size) if last else size
    if last and int(last) < start:
        return None
    return Span(start, stop) if start < size else Span(0, 0)
