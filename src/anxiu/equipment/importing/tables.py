"""Files as tables: CSV, plain or packed with gzip, in UTF-8 or as Chinese Excel writes it; read as a stream."""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO, Final, cast

from anxiu.equipment.actions import FileFacts, Line, Problem
from anxiu.equipment.importing.mapping import Layout, places
from anxiu.equipment.importing.parsing import PARSERS, texts_of
from anxiu.kernel.errors import Invalid, Refusal

GZIP: Final = b"\x1f\x8b"  # source: RFC 1952
BLOCK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Table:
    """A file whose lines can be read as often as needed."""

    path: Path
    layout: Layout
    currency: str

    def __iter__(self) -> Iterator[Line | Problem]:
        parse = PARSERS[self.layout.kind]
        try:
            with self._text() as text:
                rows = csv.reader(text, strict=True)
                header = next(rows, [])
                where, width = places(self.layout, header), len(header)
                for row in rows:
                    if not any(each.strip() for each in row):
                        continue
                    try:
                        yield parse(rows.line_num, texts_of(row, where, width), self.currency)
                    except Refusal as refusal:
                        yield Problem(rows.line_num, refusal)
        except (csv.Error, UnicodeDecodeError, gzip.BadGzipFile, zlib.error, EOFError) as error:
            raise Invalid("equipment.unreadable", field="file", reason=str(error)) from error

    def facts(self) -> FileFacts:
        """The file's name and the digest of its bytes."""
        digest = sha256()
        with self.path.open("rb") as file:
            while block := file.read(BLOCK):
                digest.update(block)
        return FileFacts(self.path.name, digest.hexdigest())

    @contextmanager
    def _bytes(self) -> Iterator[IO[bytes]]:
        with self.path.open("rb") as file:
            is_packed = file.read(len(GZIP)) == GZIP
            file.seek(0)
            if is_packed:
                with gzip.GzipFile(fileobj=file) as unpacked:
                    yield cast("IO[bytes]", unpacked)
            else:
                yield file

    @contextmanager
    def _text(self) -> Iterator[io.TextIOWrapper]:
        encoding = self._encoding()
        with self._bytes() as file, io.TextIOWrapper(file, encoding, newline="") as text:
            yield text

    def _encoding(self) -> str:
        """UTF-8 when all of the file is, else the national standard, in which Chinese Excel writes CSV."""
        with self._bytes() as file, io.TextIOWrapper(file, "utf-8-sig", newline="") as text:
            try:
                while text.read(BLOCK):
                    pass
            except UnicodeDecodeError:
                return "gb18030"
        return "utf-8-sig"
