"""Bytes in storage, a folder or a bucket. A path is made of a digest, so writing it twice writes the same bytes.

Whoever writes or sweeps a digest holds its lock until the transaction ends: the row and the bytes always agree.
"""

import re
from collections.abc import Iterator
from typing import IO, Final, cast

from django.core.files.storage import default_storage, storages
from django.db import connection

from anxiu.files.bucket import Bucket
from anxiu.files.folder import Folder

# source: FIPS 180-4, 256 bits in hexadecimal. What stands behind them is `.webp`, or what a writer left beside a file.
_PATH = re.compile(r"(?:thumbnails/)?(?P<folders>[0-9a-f]{2}/[0-9a-f]{2})/(?P<digest>[0-9a-f]{64})[^/]*")
LOCK_DIGITS: Final = 15  # source: 60 bits, which fit the signed 64 of an advisory lock


def hold(digest: str) -> None:
    """Let nobody else write or sweep these bytes until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [int(digest[:LOCK_DIGITS], 16)])


def write(path: str, content: IO[bytes]) -> None:
    """Write bytes so that they survive a power cut: all of them, or none where they cannot be written."""
    content.seek(0)
    _store().put(path, content)


def erase(path: str) -> None:
    """Remove bytes; nothing when they are gone already."""
    if default_storage.exists(path):
        default_storage.delete(path)


def kept() -> Iterator[tuple[str, str]]:
    """Every digest there are bytes of, and their path; originals and thumbnails."""
    for path in _store().paths():
        found = _PATH.fullmatch(path)
        if found and found["digest"].startswith(found["folders"].replace("/", "")):
            yield found["digest"], path


def _store() -> Folder | Bucket:
    return cast("Folder | Bucket", storages["default"])
