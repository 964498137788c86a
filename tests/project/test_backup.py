"""Backup and restore with real processes: taken while orders are opened, killed in the middle, damaged, restored."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from anxiu.project.backup import folder, programs
from anxiu.project.backup.checking import faults
from anxiu.project.backup.manifest import DUMP, MANIFEST, SUMS, BackupError, read_manifest, read_sums
from anxiu.project.backup.restoring import restore
from tests.given.databases import database
from tests.project.conftest import anxiu, eventually

# django_db: pytest-django makes the test database, which ours is a copy of, only if a test asks for it.
pytestmark = [pytest.mark.processes, pytest.mark.django_db]

WRITER = """
import sys
from datetime import timedelta
import django; django.setup()
from django.db import transaction
from anxiu.files.actions import NewAttachment, attach
from anxiu.files.choices import Purpose
from anxiu.kernel.actor import Subject
from anxiu.kernel.sequencer import catch_up
from tests.given.orders import MONDAY, Walk, a_company, a_picture, opened
company = a_company()
for number in range(10_000):
    at = MONDAY + timedelta(hours=number)
    order = opened(company, at)
    Walk(company, order, at).contacted()
    with transaction.atomic():
        photo = a_picture(f"#{number * 1237 % 0xFFFFFF:06x}")
        new = NewAttachment(photo, Subject("order", order.pk), company.region.pk, Purpose.EVIDENCE_PHOTO)
        attach(actor=company.agent, at=at, new=new)
    if number % 3:
        catch_up()
    print(number, flush=True)
"""
FACTS = """
import json
import django; django.setup()
from anxiu.kernel.sequencer import catch_up
from anxiu.kernel.subscribers import rebuild
from anxiu.kpi import models
from anxiu.files.models import Blob
from django.core.files.storage import default_storage
def facts():
    tables = [models.OrderFact, models.CaseFact, models.VisitFact, models.DayCell, models.DayHours, models.DayFault, models.DayCase]
    rows = [list(each.objects.values(*[f.attname for f in each._meta.fields if f.name != "id"])) for each in tables]
    return [sorted(map(str, each)) for each in rows]
catch_up()
kept = facts()
rebuild("kpi.facts")
there = [default_storage.exists(each.path) for each in Blob.objects.filter(erased_at=None)]
print(json.dumps({"orders": len(kept[0]), "cases": len(kept[1]), "same": facts() == kept, "files": len(there), "there": all(there)}))
"""


def end_gently(process: "subprocess.Popen[str]") -> None:
    process.kill()
    process.communicate()


@dataclass
class Site:
    """An installation: its database, its folders, and its `anxiu` command."""

    url: str
    base: Path
    env: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.env = {
            "DATABASE_URL": self.url, "DATABASE_OWNER_URL": self.url, "ANXIU_DATA_DIR": str(self.base / "data"),
            "ANXIU_MEDIA_DIR": str(self.base / "media"), "ANXIU_TEST": "1", "DJANGO_SETTINGS_MODULE": "anxiu.project.settings",
        }  # fmt: skip

    def run(self, *arguments: object, typed: str = "") -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "anxiu.project.cli", *map(str, arguments)], env={**os.environ, "LANG": "C.UTF-8", **self.env},
            input=typed, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout

    def python(self, script: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-c", script]
        return subprocess.Popen(command, env={**os.environ, **self.env}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def one(self, statement: str) -> object:
        with psycopg.connect(self.url) as connection:
            return connection.execute(statement).fetchone()[0]


@pytest.fixture(scope="module")
def live(own_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An installation in which another process opens orders all the time."""
    site = Site(own_database, tmp_path_factory.mktemp("live"))
    writer = site.python(WRITER)
    for line in writer.stdout:
        if line.strip() == "4":
            break
    else:
        pytest.fail("the writer ended")
    yield site
    end_gently(writer)


@pytest.fixture
def fresh(own_database: str, tmp_path: Path) -> Iterator[Site]:
    """An empty database, and folders with nothing in them."""
    with database(own_database, f"{urlsplit(own_database).path.lstrip('/')}_restored") as address:
        yield Site(address, tmp_path)


@pytest.fixture(scope="module")
def taken(live: Site) -> Path:
    """A folder with one backup, taken while orders are opened."""
    place = live.base / "backups"
    before = live.one("select count(*) from orders_order")
    code, said = live.run("backup", place, "--with-keys")
    assert code == 0, said
    after = live.one("select count(*) from orders_order")
    assert after > before  # it was no quiet moment
    return place


def copy(taken: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(folder.named(taken), tmp_path / folder.named(taken).name))


def test_a_backup_taken_under_load_restores_whole(taken: Path, fresh: Site) -> None:
    backup = folder.named(taken)
    manifest = read_manifest(backup)
    assert manifest.lost == manifest.erased == []
    assert manifest.files >= 4
    code, said = fresh.run("restore", taken, "--into-empty", "--with-keys")
    assert code == 0, said
    assert "Put in place: secret-key." in said
    assert (fresh.base / "data/secret-key").read_bytes() == (backup / "keys/secret-key").read_bytes()
    assert f"Restored the database of {manifest.made_at}" in said
    assert "The chain holds" in said
    assert f"All {manifest.files} files are in place." in said
    assert fresh.one("select max(position) from kernel_position") == manifest.position
    asked = fresh.python(FACTS)
    told, _ = asked.communicate(timeout=120)
    facts = json.loads(told.splitlines()[-1])
    assert facts["same"]
    assert facts["there"]
    assert facts["orders"] >= 4
    assert facts["cases"] >= 4
    # Somebody has worked here now: neither asked nor unasked is it overwritten by mistake.
    code, said = fresh.run("restore", taken, "--into-empty")
    assert code == 1
    assert "holds data and was left as it is" in said
    code, said = fresh.run("restore", taken, typed="no\n")
    assert code == 1
    name = urlsplit(fresh.url).path.lstrip("/")
    code, said = fresh.run("restore", taken, typed=f"{name}\n")
    assert code == 0, said
    assert fresh.one("select max(position) from kernel_position") == manifest.position


def test_verify_says_what_a_backup_holds(taken: Path, live: Site) -> None:
    code, said = live.run("backup", "--verify", taken)
    assert code == 0, said
    assert "is whole" in said
    done = subprocess.run(["sha256sum", "--quiet", "-c", SUMS], cwd=folder.named(taken), check=False)
    assert done.returncode == 0  # nothing of ours is needed to check it


@pytest.mark.parametrize("which", ["file", DUMP, MANIFEST, SUMS])
def test_a_flipped_byte_is_found_and_named(taken: Path, fresh: Site, tmp_path: Path, which: str) -> None:
    backup = copy(taken, tmp_path)
    name = next(path for path in read_sums(backup) if path.startswith("media/")) if which == "file" else which
    data = bytearray((backup / name).read_bytes())
    data[len(data) // 2] ^= 1
    (backup / name).write_bytes(data)
    found = list(faults(backup))
    assert found
    if which != SUMS:
        assert f"{name}: changed" in found
    with pytest.raises(BackupError, match=r"damaged|cannot be read"):
        restore(backup, owner_url=fresh.url, may_clear=lambda _: True)
    assert fresh.one("select count(*) from pg_class where relnamespace = 'public'::regnamespace") == 0


def test_what_is_missing_or_was_added_is_named(taken: Path, live: Site, tmp_path: Path) -> None:
    backup = copy(taken, tmp_path)
    name = next(path for path in read_sums(backup) if path.startswith("media/"))
    (backup / name).unlink()
    (backup / "intruder").write_text("x")
    code, said = live.run("backup", "--verify", backup)
    assert code == 1
    assert f"✗ {name}: missing" in said
    assert f"✗ intruder: not named in {SUMS}" in said


def test_a_backup_killed_in_the_middle_is_none(live: Site, fresh: Site, tmp_path: Path) -> None:
    place = tmp_path / "backups"
    killed = anxiu("backup", str(place), **live.env)
    assert eventually(lambda: any(place.glob("*.part/database.dump")), 60)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    (part,) = place.glob("*.part")
    with pytest.raises(BackupError, match="was not finished"):
        folder.named(part)
    code, said = fresh.run("restore", place, "--into-empty")
    assert code == 1
    assert "Not restored: There is no whole backup" in said
    code, said = live.run("backup", place)
    assert code == 0, said
    assert not list(place.glob("*.part"))  # what was left is gone
    assert len(folder.whole(place)) == 1


def test_the_next_backup_shares_files_and_old_ones_go(live: Site, taken: Path, tmp_path: Path) -> None:
    place = tmp_path / "backups"
    place.mkdir()
    first = Path(shutil.copytree(folder.named(taken), place / folder.named(taken).name))
    code, said = live.run("backup", place)
    assert code == 0, said
    second = folder.named(place)
    shared = [path for path in read_sums(first) if path.startswith("media/")]
    assert shared
    for path in shared:
        assert (first / path).stat().st_ino == (second / path).stat().st_ino
    code, said = live.run("backup", place, "--keep", "2")
    assert code == 0, said
    assert first.name in said
    assert folder.whole(place)[0].name == second.name
    assert len(folder.whole(place)) == 2
    assert list(faults(second)) == []


def test_a_damaged_copy_is_not_handed_on(live: Site, taken: Path, tmp_path: Path) -> None:
    place = tmp_path / "backups"
    first = Path(shutil.copytree(folder.named(taken), place / folder.named(taken).name))
    path = next(path for path in read_sums(first) if path.startswith("media/"))
    (first / path).write_bytes(b"rotten")
    assert live.run("backup", place)[0] == 0
    second = folder.named(place)
    assert sha256((second / path).read_bytes()).hexdigest() == read_sums(second)[path]


def test_a_file_that_storage_lost_is_named_and_nothing_old_goes(live: Site, taken: Path, tmp_path: Path) -> None:
    place = tmp_path / "backups"
    old = Path(shutil.copytree(folder.named(taken), place / folder.named(taken).name))
    path = next(path for path in read_sums(old) if path.startswith("media/")).removeprefix("media/")
    source = live.base / "media" / path
    (old / "media" / path).unlink()  # or it would be taken from there
    kept = source.read_bytes()
    source.write_bytes(b"something else")
    try:
        code, said = live.run("backup", place, "--keep", "1")
        assert code == 1
        assert f"✗ {path}" in said
        assert read_manifest(folder.named(place)).lost == [path]
        assert old in folder.whole(place)
    finally:
        source.write_bytes(kept)


def test_private_keys_are_only_in_it_when_asked_for(live: Site, taken: Path, tmp_path: Path, fresh: Site) -> None:
    code, said = live.run("backup", tmp_path / "backups")
    assert code == 0
    plain = folder.named(tmp_path / "backups")
    assert not (plain / "keys").exists()
    assert str(live.base / "data/secret-key") in said  # named, so that it is kept elsewhere
    kept = folder.named(taken)
    assert read_manifest(kept).keys == ["secret-key"]
    assert (kept / "keys/secret-key").stat().st_mode & 0o077 == 0
    assert (kept / DUMP).stat().st_mode & 0o077 == 0
    assert fresh.run("backup", tmp_path / "none")[0] == 1  # an empty database


def test_restore_refuses_a_database_in_use_and_one_of_something_else(taken: Path, fresh: Site) -> None:
    with psycopg.connect(fresh.url, autocommit=True) as somebody:
        code, said = fresh.run("restore", taken, "--into-empty")
        assert code == 1
        assert "connections to this database are open" in said
        somebody.execute("create table shop (id int)")
    code, said = fresh.run("restore", taken, "--into-empty")
    assert code == 1
    assert "tables that are not Anxiu's" in said


def test_missing_client_programs_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BackupError, match=r"pg_dump of PostgreSQL 99 or later is needed.*postgresql-client-99"):
        programs.find("pg_dump", at_least=99, best=99)


def test_two_backups_at_once_are_refused(live: Site, tmp_path: Path) -> None:
    with folder.held(tmp_path):
        code, said = live.run("backup", tmp_path)
    assert code == 1
    assert "under way" in said
