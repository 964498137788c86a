"""A file as a browser gets it: the bytes or the part asked for, with headers that let nothing in it run.

No view here: a surface checks who asks through `queries.open_attachment`, writes the access row, and sends this answer.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Final
from urllib.parse import quote

from django.core.files.storage import default_storage

from anxiu.files.choices import Family, Variant
from anxiu.files.models import Blob
from anxiu.files.rules import Span, family_of, span
from anxiu.kernel.errors import NotFound

PIECE_BYTES: Final = 256 * 1024  # source: own choice; one read of a network disk
INLINE: Final = frozenset({Family.IMAGE, Family.VIDEO, Family.PDF})
YEAR_SECONDS: Final = 31_536_000  # the bytes of a digest never change


@dataclass(frozen=True, slots=True)
class Content:
    """Open bytes with their type and size; whoever opens closes, or reads to the end through `pieces`."""

    file: IO[bytes]
    media_type: str
    size: int

    def pieces(self, part: Span | None = None) -> Iterator[bytes]:
        """The bytes, or a part of them, in pieces; closes the file at the end."""
        left = part.length if part else self.size
        try:
            self.file.seek(part.start if part else 0)
            while left and (piece := self.file.read(min(PIECE_BYTES, left))):
                left -= len(piece)
                yield piece
        finally:
            self.file.close()

    def read(self) -> bytes:
        """All bytes at once, for making documents."""
        return b"".join(self.pieces())


@dataclass(frozen=True, slots=True)
class Answer:
    """What to send: status, headers and body."""

    status: int
    headers: Mapping[str, str]
    body: Iterator[bytes]


def has_thumbnail(blob: Blob) -> bool:
    """Whether the small form is there; it is made by a job soon after a picture comes."""
    return blob.thumbnail_size is not None


def open_content(blob: Blob, variant: Variant = Variant.ORIGINAL) -> Content:
    """Open the bytes. A thumbnail that is not made yet is answered by the picture itself."""
    if blob.erased_at:
        raise NotFound("files.erased")
    if variant == Variant.THUMBNAIL and blob.thumbnail_size is not None:
        return Content(default_storage.open(blob.thumbnail_path), "image/webp", blob.thumbnail_size)
    return Content(default_storage.open(blob.path), blob.media_type, blob.size)


def answer(blob: Blob, name: str, *, variant: Variant = Variant.ORIGINAL, wanted: str = "", known: str = "") -> Answer:
    """The answer to a request; `wanted` is its Range header, `known` its If-None-Match header."""
    small = variant == Variant.THUMBNAIL and has_thumbnail(blob)
    tag = f'"{blob.digest[:32]}{"-small" if small else ""}"'
    if blob.erased_at is None and tag in [each.strip().removeprefix("W/") for each in known.split(",")]:
        return Answer(304, {"ETag": tag, "Cache-Control": _cache(blob, variant)}, iter(()))
    content = open_content(blob, variant)
    inline = family_of(content.media_type) in INLINE
    headers = {
        "Content-Type": content.media_type,
        "Content-Length": str(content.size),
        "Content-Disposition": f"{'inline' if inline else 'attachment'}; filename*=UTF-8''{quote(name)}",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        "Cache-Control": _cache(blob, variant),
        "ETag": tag,
        "Accept-Ranges": "bytes",
    }
    if content.media_type == "application/pdf":
        del headers["Content-Security-Policy"]  # browsers' own viewers do not open a sandboxed document
    part = span(wanted, content.size) if wanted else None
    if part is None:
        return Answer(200, headers, content.pieces())
    if not part.length:
        content.file.close()
        return Answer(416, {"Content-Range": f"bytes */{content.size}"}, iter(()))
    headers["Content-Length"] = str(part.length)
    headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{content.size}"
    return Answer(206, headers, content.pieces(part))


def _cache(blob: Blob, variant: Variant) -> str:
    """The bytes of an address never change, unless a thumbnail is still to be made."""
    if variant == Variant.THUMBNAIL and not has_thumbnail(blob):
        return "private, no-store"
    return f"private, max-age={YEAR_SECONDS}, immutable"
