"""Files in a folder of this machine, or of a disk that several machines share."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from django.core.files import File
from django.core.files.storage import FileSystemStorage
from django.utils.deconstruct import deconstructible


@deconstructible
class Folder(FileSystemStorage):
    """Django's own, which also writes so that bytes survive a power cut."""

    def put(self, path: str, content: IO[bytes]) -> None:
        """Write bytes; what a killed process left half written is replaced.

        Where they cannot be written, nothing is left: half of a file would keep a full disk full until the night's
        sweep.
        """
        if self.exists(path):
            self.delete(path)
        try:
            stored = self.save(path, File(content))
        except OSError:
            self.delete(path)
            raise
        if stored != path:
            self.delete(stored)
            raise RuntimeError(f"storage kept {path} under another name")
        place = Path(self.path(path))
        for each in (place, place.parent):
            descriptor = os.open(each, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    def paths(self) -> Iterator[str]:
        """Every path there are bytes at; a folder at a time."""
        for folder, below, names in os.walk(self.location):
            below.sort()
            for name in names:
                yield (Path(folder) / name).relative_to(self.location).as_posix()
