"""Uploads: what the content really is, whether it is taken, and its safe form.

`prepare` decodes and rewrites pictures, which costs time: surfaces call it before the verb's transaction begins. What
it answers is the only thing that can be stored, so nothing unchecked is.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import file_digest, sha256
from io import BytesIO
from typing import IO, Final

import filetype
from django.core.files import File

from anxiu.files.choices import Family
from anxiu.files.pictures import sanitise
from anxiu.files.rules import ALLOWED, HEIC_BRANDS, LARGEST, MEGABYTE, VERBATIM, MediaType, ending_fits, plain_name
from anxiu.kernel.errors import Invalid
from anxiu.kernel.geo import Place

HEAD_BYTES: Final = 8192  # source: the filetype package asks for 8192
TAIL_BYTES: Final = 1024  # source: PDF readers look for the end mark in the last 1024 bytes
# A page or a program in the clothes of a film or a document.
MARKUP: Final = (b"<html", b"<script", b"<svg", b"<!doctype", b"<?xml", b"<?php", b"<body", b"<iframe")
PROGRAMS: Final = (b"/JavaScript", b"/Launch", b"/RichMedia")  # not /EmbeddedFile: electronic invoices carry their XML
BOX_HEADER: Final = 8  # source: ISO/IEC 14496-12, 4.2


@dataclass(frozen=True, slots=True)
class Prepared:
    """Content that may be stored. `content` stays open until it is; both digests are SHA-256 in hexadecimal."""

    content: IO[bytes]
    digest: str
    received_digest: str
    size: int
    media_type: str
    name: str
    width: int | None = None
    height: int | None = None
    taken_at: datetime | None = None
    place: Place | None = None


def prepare(upload: "File[bytes]") -> Prepared:
    """Check an upload and make its safe form. Refuses what is not taken, too large, damaged or not what it says."""
    file, name = upload.file, str(upload.name or "")
    size = file.seek(0, 2) if file else 0
    if file is None or not size:
        raise Invalid("files.empty", field="file")
    file.seek(0)
    head = file.read(HEAD_BYTES)
    kind = _kind(head, name)
    _require_size(size, kind.family)
    file.seek(0)
    received = file_digest(file, sha256).hexdigest()  # type: ignore[arg-type]  # uploads do have readinto
    file.seek(0)
    if kind.family == Family.IMAGE:
        picture = sanitise(file, kind.name)
        return Prepared(
            BytesIO(picture.content), sha256(picture.content).hexdigest(), received, len(picture.content), kind.name,
            plain_name(name, kind), picture.width, picture.height, picture.taken_at, picture.place,
        )  # fmt: skip
    if kind.family == Family.VIDEO:
        _check_video(file, kind, head, size)
    else:
        _check_pdf(file, head)
    file.seek(0)
    return Prepared(file, received, received, size, kind.name, plain_name(name, kind))


def verbatim(data: bytes, *, media_type: str, name: str) -> Prepared:
    """Bytes to be kept exactly as they are: documents we made, and what a device showed to be signed."""
    kind = VERBATIM[media_type]
    if not data:
        raise Invalid("files.empty", field="file")
    _require_size(len(data), kind.family)
    digest = sha256(data).hexdigest()
    return Prepared(BytesIO(data), digest, digest, len(data), kind.name, plain_name(name, kind))


def _kind(head: bytes, name: str) -> MediaType:
    """What the content is, by the content; the sender's word is only compared with it."""
    kind = ALLOWED.get(filetype.guess_mime(head) or "")
    if kind is None and head[4:8] == b"ftyp" and head[8:12] in HEIC_BRANDS:
        raise Invalid("files.heic", field="file")
    if kind is None:
        raise Invalid("files.not_taken", field="file")
    if not ending_fits(name, kind):
        raise Invalid("files.wrong_ending", field="file", ending=name.rpartition(".")[2][:12], found=kind.endings[0])
    return kind


def _require_size(size: int, family: Family) -> None:
    if size > LARGEST[family]:
        raise Invalid(
            "files.too_large", field="file", megabytes=-(-size // MEGABYTE), limit=LARGEST[family] // MEGABYTE
        )


def _check_video(file: IO[bytes], kind: MediaType, head: bytes, size: int) -> None:
    """A film is made of boxes that fill the file to its last byte; anything else between or behind is refused."""
    if any(mark in head.lower() for mark in MARKUP):
        raise Invalid("files.not_taken", field="file")
    if kind.name == "video/webm":
        return  # its head was recognised; browsers play it with `nosniff` or not at all
    position, names = 0, set()
    while position < size:
        file.seek(position)
        header = file.read(BOX_HEADER * 2)
        if len(header) < BOX_HEADER:
            raise Invalid("files.damaged", field="file")
        length, name = int.from_bytes(header[:4], "big"), header[4:BOX_HEADER]
        if length == 1:  # the real length follows in eight bytes
            length = int.from_bytes(header[BOX_HEADER:], "big")
        elif length == 0:  # to the end of the file
            length = size - position
        if length < BOX_HEADER or position + length > size:
            raise Invalid("files.damaged", field="file")
        names.add(name)
        position += length
    if not {b"ftyp", b"moov"} <= names:
        raise Invalid("files.damaged", field="file")


def _check_pdf(file: IO[bytes], head: bytes) -> None:
    """A PDF begins at its first byte, ends with its mark, and brings no program in the clear."""
    file.seek(0)
    data = file.read()
    if not head.startswith(b"%PDF-") or b"%%EOF" not in data[-TAIL_BYTES:]:
        raise Invalid("files.damaged", field="file")
    if any(mark in data[:TAIL_BYTES].lower() for mark in MARKUP[:3]) or any(mark in data for mark in PROGRAMS):
        raise Invalid("files.active_document", field="file")
