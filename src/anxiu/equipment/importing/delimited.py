"""Text files as tables: commas, semicolons or tabs between cells, in UTF-8, UTF-16 or the national standard."""

import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, cast

from anxiu.equipment.importing.cells import Cell, cell
from anxiu.kernel.errors import Invalid

GZIP: Final = b"\x1f\x8b"  # source: RFC 1952
UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
BLOCK: Final = 1 << 20
LARGEST: Final = 2 << 30  # source: own choice; ten million rows, and no disk is filled by a bomb
DELIMITERS: Final = (",", ";", "\t")
SEPARATOR: Final = re.compile(r"sep=(.)\s*", re.IGNORECASE)  # Excel's own first line
QUOTED: Final = re.compile(r'"[^"]*"')


def rows(path: Path) -> Iterator[tuple[int, list[Cell]]]:
    """Rows with the line they end on, as a stream; blank ones too."""
    try:
        with _text(path) as text:
            delimiter, skipped = _delimiter(text)
            reader = csv.reader(text, strict=True, delimiter=delimiter)
            try:
                for row in reader:
                    if reader.line_num > skipped:
                        yield reader.line_num, [cell(each) for each in row]
            except csv.Error as error:
                raise Invalid("equipment.broken_quotes", field="file", line=reader.line_num) from error
    except UnicodeDecodeError as error:
        raise Invalid("equipment.not_text", field="file") from error
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise Invalid("equipment.unreadable", field="file") from error


def _delimiter(text: io.TextIOWrapper) -> tuple[str, int]:
    """What stands between cells, by the first line; and how many lines do not belong to the table."""
    line = "\n"
    while line and not line.strip():
        line = text.readline()
    text.seek(0)
    if said := SEPARATOR.fullmatch(line.strip("\r\n")):
        return said[1], 1
    bare = QUOTED.sub("", line)
    return max(DELIMITERS, key=bare.count), 0


@contextmanager
def _bytes(path: Path) -> Iterator[IO[bytes]]:
    with path.open("rb") as file:
        is_packed = file.read(len(GZIP)) == GZIP
        file.seek(0)
        if is_packed:
            with gzip.GzipFile(fileobj=file) as unpacked:
                yield cast("IO[bytes]", unpacked)
        else:
            yield file


@contextmanager
def _text(path: Path) -> Iterator[io.TextIOWrapper]:
    encoding = _encoding(path)
    with _bytes(path) as file, io.TextIOWrapper(file, encoding, newline="") as text:
        yield text


def _encoding(path: Path) -> str:
    """UTF-8 when all of the file is, else the national standard, in which Chinese Excel writes CSV."""
    with _bytes(path) as file:
        if file.read(len(UTF16[0])) in UTF16:
            return "utf-16"
        file.seek(0)
        read = 0
        with io.TextIOWrapper(file, "utf-8-sig", newline="") as text:
            try:
                while block := text.read(BLOCK):
                    read += len(block)
                    if read > LARGEST:
                        raise Invalid("equipment.too_large", field="file")
            except UnicodeDecodeError:
                return "gb18030"
    return "utf-8-sig"
