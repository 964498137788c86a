"""Web and worker as real processes: pages, live streams, and how they stop."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import uuid4

import httpx
import psycopg
import pytest

from tests.project.conftest import answers, anxiu, end, eventually, free_port

# django_db: pytest-django makes the test database, which ours is a copy of, only if a test asks for it.
pytestmark = [pytest.mark.processes, pytest.mark.django_db]

PEOPLE = """
import django; django.setup()
import json
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.conf import settings
from anxiu.accounts.models import Holding, Person, Post, Region
from anxiu.kernel.time import now

def log_in(person):
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return session.session_key

here, there = [Region.objects.create(code=code, name_zh=code, name_en=code) for code in ("live-here", "live-there")]
post = Post.objects.create(code="live-post", name_zh="岗位", name_en="post", reach="region")
person = Person.objects.create(email="live@example.com", name="Live", region=here, created_at=now())
Holding.objects.create(person=person, post=post, region=here)
gone = Person.objects.create(email="gone@example.com", name="Gone", created_at=now(), is_active=False)
print(json.dumps({"here": here.pk, "there": there.pk, "session": log_in(person), "gone": log_in(gone)}))
"""
EVENT = """
insert into kernel_event (uid, kind, version, subject_kind, subject_id, region_id, actor_kind, occurred_at, recorded_at, body)
values (%s, 'test.happened', 1, 'orders', %s, %s, 'system', now(), now(), '{}')
"""


@dataclass
class Running:
    """A web process and a worker on one database, a person who is logged in, and the two regions."""

    port: int
    url: str
    web: "subprocess.Popen[str]"
    facts: dict[str, str]

    def happen(self, subject: int, region: int | str | None) -> None:
        with psycopg.connect(self.url) as connection:
            connection.execute(EVENT, [uuid4(), subject, region])

    def is_settled(self) -> bool:
        with psycopg.connect(self.url) as connection:
            return connection.execute("select from kernel_pending limit 1").fetchone() is None

    def last_position(self) -> int:
        with psycopg.connect(self.url) as connection:
            return connection.execute("select coalesce(max(position), 0) from kernel_position").fetchone()[0]


@dataclass
class Listener:
    """A browser's stream, read on a thread."""

    running: Running
    headers: dict[str, str] = field(default_factory=dict)
    query: str = ""
    frames: list[tuple[int, list[str]]] = field(default_factory=list)
    open: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)

    def start(self) -> "Listener":
        threading.Thread(target=self._read, daemon=True).start()
        assert self.open.wait(60)
        return self

    def _read(self) -> None:
        cookies = {"anxiu_session": self.running.facts["session"]}
        address = f"http://127.0.0.1:{self.running.port}/live{self.query}"
        try:
            with httpx.stream("GET", address, cookies=cookies, headers=self.headers, timeout=60) as response:
                assert response.headers["content-type"].startswith("text/event-stream")
                position = 0
                for line in response.iter_lines():
                    if line.startswith("retry:"):
                        self.open.set()
                    if line.startswith("id:"):
                        position = int(line[3:])
                    if line.startswith("data:"):
                        self.frames.append((position, json.loads(line[5:])["topics"]))
        except httpx.HTTPError:
            pass
        self.ended.set()

    @property
    def topics(self) -> list[str]:
        return [topic for _, topics in self.frames for topic in topics]


@pytest.fixture(scope="module")
def running(own_database: str) -> Iterator[Running]:
    env = {"DATABASE_URL": own_database, "DATABASE_OWNER_URL": own_database}
    port = free_port()
    web, worker = anxiu("web", "--port", str(port), **env), anxiu("worker", **env)
    try:
        settings = {**os.environ, **env, "DJANGO_SETTINGS_MODULE": "anxiu.project.settings"}
        said = subprocess.run([sys.executable, "-c", PEOPLE], env=settings, capture_output=True, text=True, check=False)
        assert said.returncode == 0, said.stderr
        assert eventually(lambda: answers(port), 30)
        yield Running(port, own_database, web, json.loads(said.stdout))
    finally:
        end(web)
        end(worker)


def test_pages_and_health(running: Running) -> None:
    base = f"http://127.0.0.1:{running.port}"
    assert eventually(lambda: httpx.get(f"{base}/readyz").status_code == 200)
    assert httpx.get(f"{base}/readyz").json() == {"database": True, "migrations": True, "worker": True}
    assert httpx.get(f"{base}/accounts/login/").status_code == 200
    assert httpx.get(f"{base}/no/such/page").status_code == 404
    refused = httpx.post(f"{base}/accounts/login/", data={"login": "x"})
    assert refused.status_code == 403
    assert "server" not in refused.headers


def test_only_a_logged_in_active_person_gets_a_stream(running: Running) -> None:
    address = f"http://127.0.0.1:{running.port}/live"
    for cookies in ({}, {"anxiu_session": "nonsense"}, {"anxiu_session": running.facts["gone"]}):
        assert httpx.get(address, cookies=cookies).status_code == 403


def test_stream_tells_of_ones_own_regions_and_of_none(running: Running) -> None:
    listener = Listener(running).start()
    running.happen(101, running.facts["there"])
    running.happen(102, running.facts["here"])
    running.happen(103, None)
    assert eventually(lambda: "orders.103" in listener.topics)
    assert listener.topics == ["orders.102", "orders.103"]
    assert listener.frames[-1][0] == running.last_position()


def test_whoever_comes_back_gets_exactly_what_was_missed(running: Running) -> None:
    assert eventually(running.is_settled)  # of what tests before us left
    before = running.last_position()
    for subject in range(200, 207):
        running.happen(subject, running.facts["here"])
    running.happen(299, running.facts["there"])
    assert eventually(lambda: running.last_position() == before + 8)
    missed = [f"orders.{subject}" for subject in range(200, 207)]
    for listener in (
        Listener(running, headers={"Last-Event-ID": str(before)}).start(),
        Listener(running, query=f"?since={before}").start(),
    ):
        assert eventually(lambda listener=listener: bool(listener.frames))
        assert listener.frames == [(before + 8, missed)]
    assert Listener(running, headers={"Last-Event-ID": "9" * 30}).start().frames == []


def test_streams_end_when_listening_breaks_and_work_again(running: Running) -> None:
    listener = Listener(running).start()
    with psycopg.connect(running.url, autocommit=True) as connection:
        connection.execute("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'anxiu live'")
    assert listener.ended.wait(30)
    again = Listener(running).start()
    running.happen(301, running.facts["here"])
    assert eventually(lambda: again.topics == ["orders.301"])


def test_web_stops_within_four_seconds_with_streams_open(running: Running) -> None:
    listeners = [Listener(running).start() for _ in range(5)]
    began = time.monotonic()
    assert "Traceback" not in end(running.web)
    assert time.monotonic() - began < 4
    assert all(listener.ended.wait(2) for listener in listeners)
