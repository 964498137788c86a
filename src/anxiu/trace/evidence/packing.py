"""A ZIP with a signed list of its members."""

import json
from collections.abc import Iterable
from hashlib import sha256
from typing import IO, Any, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.utils import timezone

from anxiu.kernel.time import now
from anxiu.trace.heads import public_key, signed
from anxiu.trace.standalone.verify_anxiu import MANIFEST, PACKAGE, PACKAGE_VERSION, SIGNATURE, manifest_message

READABLE: Final = 0o644 << 16  # where ZIP keeps the rights of a file


class Packer:
    """Writes members one after the other and remembers what they are; only the piece at hand is held in memory."""

    def __init__(self, file: IO[bytes]) -> None:
        self.bundle = ZipFile(file, "w", allowZip64=True)
        self.members: list[dict[str, Any]] = []

    def add(self, path: str, pieces: Iterable[bytes], *, packed: bool = True) -> str:
        """One member out of pieces; its digest."""
        digest, size = sha256(), 0
        with self.bundle.open(self._named(path, packed=packed), "w", force_zip64=True) as member:
            for piece in pieces:
                member.write(piece)
                digest.update(piece)
                size += len(piece)
        self.members.append({"path": path, "size": size, "sha256": digest.hexdigest()})
        return digest.hexdigest()

    def add_text(self, path: str, text: str) -> None:
        """One member of text."""
        self.add(path, [text.encode()])

    def add_json(self, path: str, said: object) -> None:
        """One member as people and programs read it."""
        self.add_text(path, json.dumps(said, ensure_ascii=False, indent=1) + "\n")

    def _named(self, path: str, *, packed: bool) -> ZipInfo:
        info = ZipInfo(path, timezone.localtime(now()).timetuple()[:6])
        info.compress_type = ZIP_DEFLATED if packed else ZIP_STORED
        info.external_attr = READABLE
        return info

    def seal(self, about: dict[str, object]) -> None:
        """Add the list of the members and its signature; nothing can be added after."""
        key = public_key()
        assert key is not None
        said = {
            "format": PACKAGE, "version": PACKAGE_VERSION, **about, "public_key": key.hex(),
            "members": sorted(self.members, key=lambda each: str(each["path"])),
        }  # fmt: skip
        content = (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode()
        for path, each in ((MANIFEST, content), (SIGNATURE, signed(manifest_message(content)).hex().encode())):
            self.bundle.writestr(self._named(path, packed=True), each)
        self.bundle.close()
