"""Bytes in storage, a folder or a bucket. A path is made of a digest, so writing it twice writes the same bytes.

Whoever writes or sweeps a digest holds its lock until the transaction ends: the row and the bytes always agree.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from django.core.files import File
from django.core.files.storage import default_storage, storages
from django.db import connection

from anxiu.files.bucket import Bucket

_FOLDER = re.compile(r"[0-9a-f]{2}")
# source: FIPS 180-4, 256 bits in hexadecimal
_PATH = re.compile(r"(?:thumbnails/)?(?P<folders>[0-9a-f]{2}/[0-9a-f]{2})/(?P<digest>[0-9a-f]{64})(?:\.webp)?")
LOCK_DIGITS: Final = 15  # source: 60 bits, which fit the signed 64 of an advisory lock


def hold(digest: str) -> None:
    """Let nobody else write or sweep these bytes until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [int(digest[:LOCK_DIGITS], 16)])


def write(path: str, content: IO[bytes]) -> None:
    """Write bytes so that they survive a power cut; what a killed process left half written is replaced.

    Where they cannot be written, nothing is left: half of a file would keep a full disk full until the night's sweep.
    """
    content.seek(0)
    if isinstance(storages["default"], Bucket):  # it answers when the bytes are safe, and has all of them or none
        default_storage.save(path, File(content))
        return
    if default_storage.exists(path):
        default_storage.delete(path)
    try:
        stored = default_storage.save(path, File(content))
    except OSError:
        erase(path)
        raise
    if stored != path:
        default_storage.delete(stored)
        raise RuntimeError(f"storage kept {path} under another name")
    place = Path(default_storage.path(path))
    for each in (place, place.parent):
        descriptor = os.open(each, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def erase(path: str) -> None:
    """Remove bytes; nothing when they are gone already."""
    if default_storage.exists(path):
        default_storage.delete(path)


def kept() -> Iterator[tuple[str, str]]:
    """Every digest there are bytes of, and their path; originals and thumbnails."""
    for path in _paths():
        found = _PATH.fullmatch(path)
        if found and found["digest"].startswith(found["folders"].replace("/", "")):
            yield found["digest"], path


def _paths() -> Iterator[str]:
    store = storages["default"]
    if isinstance(store, Bucket):
        yield from store.paths()
        return
    for top in ("", "thumbnails/"):
        for first in _folders(top):
            for second in _folders(f"{top}{first}/"):
                for name in default_storage.listdir(f"{top}{first}/{second}")[1]:
                    yield f"{top}{first}/{second}/{name}"


def _folders(path: str) -> list[str]:
    if path and not default_storage.exists(path):
        return []
    return sorted(each for each in default_storage.listdir(path)[0] if _FOLDER.fullmatch(each))
