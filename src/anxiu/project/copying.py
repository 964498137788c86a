"""`anxiu copy-files FOLDER`: from a folder of files to where files are kept now, before or after a move."""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Final

from django.core.files.storage import default_storage
from django.db import transaction

from anxiu.files import storage
from anxiu.files.models import Blob
from anxiu.project.terminal import words

SHOWN: Final = 10
BATCH: Final = 200
PASSING: Final = ("exports", "imports", "person-exports")


def main(arguments: list[str]) -> int:
    """Copy files; safe to repeat, for what is there is left. 1 when files that the database knows are missing."""
    parser = argparse.ArgumentParser(
        prog="anxiu copy-files",
        description=words(
            "Copy the files of a folder, a former media folder or that of a backup, to where files are kept now.",
            "将某个目录（原媒体目录或备份中的媒体目录）中的文件复制到当前的存储位置。",
        ),
    )
    parser.add_argument("folder", type=Path)
    chosen = parser.parse_args(arguments)
    if not chosen.folder.is_dir():
        print(words(f"{chosen.folder} is not a folder.", f"{chosen.folder} 不是目录。"), file=sys.stderr)
        return 1
    try:
        done, lacking = copy(chosen.folder)
    except OSError as error:
        said = words(f"Stopped: {error}. Call it again to go on.", f"已中断：{error}。再次执行即可继续。")
        print(said, file=sys.stderr)
        return 1
    print(
        words(
            f"{done['copied']} copied, {done['there']} there already, {len(lacking)} in neither place.",
            f"已复制 {done['copied']} 个，已存在 {done['there']} 个，两处均缺失 {len(lacking)} 个。",
        )
    )
    for path in lacking[:SHOWN]:
        print(f"  {path}", file=sys.stderr)
    if (more := len(lacking) - SHOWN) > 0:
        print(words(f"  and {more} more", f"  另有 {more} 个"), file=sys.stderr)
    return 1 if lacking else 0


def copy(folder: Path) -> tuple[Counter[str], list[str]]:
    """How many were copied and were there, and the paths of those that are in neither place or damaged here."""
    done: Counter[str] = Counter()
    lacking: list[str] = []
    blobs = Blob.objects.filter(erased_at=None).only("digest", "size", "thumbnail_size").order_by("pk")
    for number, blob in enumerate(blobs.iterator(BATCH), start=1):
        wanted = [(blob.path, blob.size, blob.digest)]
        if blob.thumbnail_size is not None:
            wanted.append((blob.thumbnail_path, blob.thumbnail_size, ""))
        for path, size, digest in wanted:
            with transaction.atomic():
                storage.hold(blob.digest)
                outcome = _one(folder / path, path, size, digest)
            if outcome:
                done[outcome] += 1
            else:
                lacking.append(path)
        if number % BATCH == 0:
            print(words(f"- {number} files", f"- {number} 个文件"), file=sys.stderr, flush=True)
    for source in _passing(folder):
        done[_one(source, source.relative_to(folder).as_posix(), source.stat().st_size)] += 1
    return done, lacking


def _passing(folder: Path) -> Iterator[Path]:
    """Files that are kept for days only, under paths of their own: lists that were exported, files to be imported."""
    for top in PASSING:
        yield from (each for each in sorted((folder / top).glob("*")) if each.is_file())


def _one(source: Path, path: str, size: int, digest: str = "") -> str:
    """What was done for one file; nothing said means that it is missing here too, or not what its name says."""
    try:
        if default_storage.size(path) == size:
            return "there"
    except FileNotFoundError:
        pass
    if not source.is_file() or source.stat().st_size != size:
        return ""
    with source.open("rb") as file:
        if digest and file_digest(file, sha256).hexdigest() != digest:
            return ""
        storage.write(path, file)
    return "copied"
