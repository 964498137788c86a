"""The first release's database, with a company's data in it, brought up to this release by `anxiu prepare`."""

import json
import lzma
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from anxiu.project.backup import programs
from anxiu.project.backup.manifest import BackupError
from tests.given.databases import database
from tests.project.conftest import anxiu, end

pytestmark = pytest.mark.processes
ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "tests" / "data" / "first_release.dump.xz"
ORDERS, EVENTS, MIGRATIONS, MADE_BY = 60, 2573, 90, 18


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of an installation whose database is the first release's."""
    folder = tmp_path_factory.mktemp("old")
    name = f"anxiu_old{os.environ.get('ANXIU_TEST_SUFFIX', '')}"
    with database(os.environ["DATABASE_URL"], name) as address:
        with psycopg.connect(address) as connection:
            server = connection.info.server_version // programs.MAJOR
        if server < MADE_BY:
            pytest.skip(f"the dump is of PostgreSQL {MADE_BY}, this server is {server}")
        try:
            program, _ = programs.find("pg_restore", at_least=MADE_BY, best=MADE_BY)
        except BackupError as missing:
            if "ANXIU_TEST_ADMIN_URL" in os.environ:  # our own server comes with its programs
                raise
            pytest.skip(str(missing))
        to, secret = programs.reach(address)
        restore = [program, "--no-owner", "--no-privileges", "--exit-on-error", "--dbname", to]
        subprocess.run(restore, input=lzma.decompress(KEPT.read_bytes()), env=secret, check=True)
        yield {"DATABASE_URL": address, "DATABASE_OWNER_URL": address, "ANXIU_DATA_DIR": str(folder), "ANXIU_TEST": "1"}


def counted(env: dict[str, str], table: str) -> int:
    with psycopg.connect(env["DATABASE_URL"]) as connection:
        return connection.execute(f"select count(*) from {table}").fetchone()[0]


@pytest.mark.requirement("PF-02")
def test_the_first_releases_data_works_in_this_release(old: dict[str, str]) -> None:
    assert [counted(old, each) for each in ("orders_order", "kernel_position", "django_migrations")] == [ORDERS, EVENTS, MIGRATIONS]
    process = anxiu("prepare", **old)
    said = end(process, number=0, seconds=600)
    assert process.returncode == 0, said
    assert counted(old, "django_migrations") > MIGRATIONS
    environment = {**os.environ, **old, "DJANGO_SETTINGS_MODULE": "anxiu.project.settings"}
    looked = subprocess.run(
        [sys.executable, "-m", "tests.project.upgraded"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert looked.returncode == 0, looked.stderr
    found = json.loads(looked.stdout)
    assert (found["unread"], found["projectors"], found["wrong"]) == ([], [], {})
    assert found["looked_at"] > 20
    assert (found["facts"], found["facts_same"]) == (ORDERS, True)
    assert found["verified"] >= EVENTS
    assert found["done"] == [201, 200]
    assert found["verified_after"] > found["verified"]
