"""What a backup says about itself: `manifest.json`, and the digest of every file in it in `SHA256SUMS`."""

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

FORMAT, VERSION = "anxiu backup", 1
MANIFEST, SUMS, DUMP, MEDIA, KEYS = "manifest.json", "SHA256SUMS", "database.dump", "media", "keys"
PIECE_BYTES = 1024 * 1024


class BackupError(RuntimeError):
    """It cannot be backed up, or the backup cannot be used; the text says why and what to do."""


@dataclass(frozen=True)
class Manifest:
    """The moment a backup is of. `server` is PostgreSQL's number, 180002 for 18.2; `dumped_with` a major version.

    `position` and `hash` are the chain's end; `lost` are files the media folder did not have or had changed; `erased`
    those whose time of keeping ended between the dump and their turn. `keys` are the private ones inside.
    """

    made_at: str
    anxiu: str
    database: str
    server: int
    dumped_with: int
    position: int
    hash: str
    head_key: str
    migrations: list[str]
    files: int
    bytes: int
    lost: list[str] = field(default_factory=list)
    erased: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    def text(self) -> str:
        """As it is kept."""
        return json.dumps({"format": FORMAT, "version": VERSION, **dataclasses.asdict(self)}, indent=1) + "\n"


def read_manifest(backup: Path) -> Manifest:
    """What a backup says about itself; refuses what is none, and what was not finished."""
    path = backup / MANIFEST
    if not path.exists() or not (backup / SUMS).exists():
        raise BackupError(f"{backup} is not a whole backup: it has no {MANIFEST} or no {SUMS}.")
    try:
        known: dict[str, Any] = json.loads(path.read_text("utf-8"))
        if (known.pop("format"), known.pop("version")) != (FORMAT, VERSION):
            raise BackupError(f"{path} was written by another version of Anxiu.")
        return Manifest(**known)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupError(f"{path} cannot be read: {error}") from error


def read_sums(backup: Path) -> dict[str, str]:
    """The digest of every file of a backup, by its path below it; as `sha256sum -c` reads them."""
    sums: dict[str, str] = {}
    try:
        for line in (backup / SUMS).read_text("utf-8").splitlines():
            digest, _, path = line.partition("  ")
            sums[path] = digest
    except (OSError, ValueError) as error:
        raise BackupError(f"{backup / SUMS} cannot be read: {error}") from error
    return sums


def write_sums(backup: Path, sums: Mapping[str, str]) -> None:
    """Write down the digests; the last thing before a backup is whole."""
    (backup / SUMS).write_text("".join(f"{digest}  {path}\n" for path, digest in sorted(sums.items())), "utf-8")


def digest_of(path: Path) -> str:
    """The SHA-256 of a file."""
    total = sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE_BYTES):
            total.update(piece)
    return total.hexdigest()
