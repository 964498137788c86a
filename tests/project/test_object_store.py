"""Files in an object store: pages, commands, backup and the move into it, with real processes and a real server."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pydantic import ValidationError

from anxiu.files.bucket import Bucket
from anxiu.files.models import Attachment
from anxiu.kernel.time import now
from anxiu.orders.models import Entry
from anxiu.project.environment import Environment
from tests.given.browsing import browser, do
from tests.given.buckets import SECRET, Store, store
from tests.given.databases import database
from tests.given.orders import Walk, a_company, a_film, opened

pytestmark = pytest.mark.requirement("PF-02")

KEEP = """
import django; django.setup()
from io import BytesIO
from django.db import transaction
from django.utils import timezone
from anxiu.files.actions import store
from anxiu.files.intake import verbatim
for number in range(3):
    with transaction.atomic():
        store(verbatim(b'{"n": %d}' % number, media_type="application/json", name="shown"), at=timezone.now())
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Store]:
    with store(tmp_path) as started:
        yield started


@pytest.mark.django_db
def test_a_video_goes_in_and_comes_out_in_parts_and_waits_while_the_store_is_away(server, settings) -> None:
    settings.STORAGES = {**settings.STORAGES, "default": server.settings()}
    company = a_company()
    start = now() - timedelta(hours=3)
    walk = Walk(company, opened(company, start), start)
    walk.to("assessed")
    hands, order = browser(company.hands), walk.order
    hands.raise_request_exception = False

    def send():
        film = SimpleUploadedFile("door.mp4", a_film(b"\7").content.read(), "video/mp4")
        return do(hands, order, "add_entry", kind="video", text="门机异响", video=film)

    kept_before = server.files()
    server.stop()
    refused = send()
    assert (refused.status_code, refused["Retry-After"]) == (503, "5")
    assert not Entry.objects.filter(order=order, kind="video").exists()
    server.start()
    assert server.files() == kept_before
    assert send().status_code == 204
    kept = Attachment.objects.select_related("blob").get(uid=Entry.objects.get(order=order, kind="video").attachment_uid)
    assert kept.blob.path in server.files()
    url = reverse("file", args=[kept.uid])
    part = hands.get(url, headers={"Range": "bytes=4-7"})
    assert (part.status_code, b"".join(part)) == (206, a_film(b"\7").content.read()[4:8])
    assert b"".join(hands.get(url)) == a_film(b"\7").content.read()
    server.stop()
    assert hands.get(url).status_code == 503
    assert hands.get(reverse("order", args=[order.uid])).status_code == 200  # all but the files is there


class Machine:
    """An installation on a database of its own."""

    def __init__(self, url: str, base: Path, **files: str) -> None:
        own = {key: value for key, value in os.environ.items() if key != "ANXIU_MEDIA_DIR"}
        self.base = base
        self.env = {
            **own, "DATABASE_URL": url, "DATABASE_OWNER_URL": url, "ANXIU_DATA_DIR": str(base / "data"), "LANG": "C.UTF-8",
            "DJANGO_SETTINGS_MODULE": "anxiu.project.settings", **files,
        }  # fmt: skip

    def __call__(self, *arguments: object) -> tuple[int, str]:
        return self._run("-m", "anxiu.project.cli", *arguments)

    def python(self, script: str) -> None:
        code, said = self._run("-c", script)
        assert code == 0, said

    def _run(self, *words: object) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, *map(str, words)], env=self.env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
        return done.returncode, done.stdout


@pytest.mark.processes
def test_moving_into_a_bucket_backing_it_up_and_restoring_it(untouched_database: str, tmp_path: Path) -> None:
    url, name = untouched_database, urlsplit(untouched_database).path[1:]
    with store(tmp_path, with_bucket=False) as server:
        before = Machine(url, tmp_path / "before")
        before.python(KEEP)
        media = tmp_path / "before/data/media"
        (media / "exports").mkdir()
        (media / "exports/a.csv").write_text("waiting to be fetched")
        lying = {str(each.relative_to(media)) for each in media.rglob("*") if each.is_file()}
        assert len(lying) == 4

        after = Machine(url, tmp_path / "after", **server.environment())
        code, said = after("prepare")
        assert code == 0, said
        assert "The bucket anxiu was made." in said
        assert "The bucket" not in after("prepare")[1]

        code, said = after("copy-files", media)
        assert (code, server.files()) == (0, lying), said
        assert said.splitlines()[-1] == f"{len(lying)} copied, 0 there already, 0 in neither place."
        assert after("copy-files", media)[1].splitlines()[-1] == f"0 copied, {len(lying)} there already, 0 in neither place."
        torn = sorted(lying - {"exports/a.csv"})[-1]
        whole = (media / torn).read_bytes()
        (media / torn).write_bytes(b"half")  # the folder's may be damaged: where it went it is whole
        assert after("copy-files", media)[0] == 0
        (media / torn).write_bytes(whole)
        lost = sorted(lying - {"exports/a.csv"})[0]
        whole = (media / lost).read_bytes()
        Bucket(**server.options()).delete(lost)
        (media / lost).write_bytes(b"something else")
        code, said = after("copy-files", media)
        assert (code, "1 in neither place" in said, lost in said) == (1, True, True)
        (media / lost).write_bytes(whole)
        assert after("copy-files", media)[0] == 0
        assert server.files() == lying

        backups = tmp_path / "backups"
        backups.mkdir(mode=0o700)
        code, said = after("backup", backups)
        assert code == 0, said
        with database(url, f"{name}_again") as empty:
            again = Machine(empty, tmp_path / "again", **{**server.environment(), "ANXIU_FILES_PREFIX": "again"})
            code, said = again("restore", backups, "--into-empty")
            assert code == 0, said
            server.stop()
            code, said = again("prepare")
            assert (code, "Files have no place: the object store does not answer" in said, "Traceback" in said) == (1, True, False)
            assert {f"again/{each}" for each in lying - {"exports/a.csv"}} == {each for each in server.files() if each.startswith("again/")}


@pytest.mark.processes
def test_the_doctor_tries_the_store(own_database: str, tmp_path: Path) -> None:
    with store(tmp_path) as server:
        machine = Machine(own_database, tmp_path, **server.environment())
        said = machine("doctor")[1]
        assert f"✓ Files are kept in anxiu ({server.endpoint})." in said
        assert "without TLS" in said
        assert server.files() == set()
        server.stop()
        code, said = machine("doctor")
        assert (code, bool(re.search(r"✗ Files cannot be kept in anxiu .*does not answer", said))) == (1, True)
        assert SECRET not in said


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"files_endpoint": "http://127.0.0.1"}, "need ANXIU_FILES_BUCKET"),
        ({"files_bucket": "a", "media_dir": "/x"}, "in one of them"),
        ({"files_bucket": "a", "files_access_key": "k"}, "go together"),
        ({"files_bucket": "a", "files_endpoint": "ftp://x"}, "http or https"),
    ],
)
def test_half_a_bucket_is_refused_at_start(given: dict[str, str], said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANXIU_MEDIA_DIR", raising=False)
    with pytest.raises(ValidationError, match=said):
        Environment(**given)
