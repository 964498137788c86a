"""Numbers and log lines: what they say, whom they tell, and what they never hold."""

import json
import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psycopg
import pytest
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, reverse
from prometheus_client.parser import text_string_to_metric_families

from anxiu.kernel.jobs import defer_many, job
from anxiu.kernel.time import now
from anxiu.notify.choices import State
from anxiu.notify.models import Notice
from anxiu.portal import labels
from anxiu.portal import urls as portal
from anxiu.project.environment import Environment
from anxiu.project.watching import page
from anxiu.project.watching.blotting import BLOT, blotted
from anxiu.project.watching.lines import REQUEST_ID, Json, Text, formatter
from anxiu.sla.models import Clock
from tests.given.assets import a_person, a_region
from tests.given.databases import drop
from tests.given.orders import a_company, opened
from tests.project.conftest import answers, anxiu, end, eventually, free_port

Numbers = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def parsed(text: str) -> Numbers:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def read(client: Client) -> Numbers:
    response = client.get("/metrics")
    assert response.status_code == 200
    return parsed(response.content.decode())


# ---- who may read ----------------------------------------------------------------------------------------------------
def test_only_this_machine_may_read_them_without_a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "env", Environment())
    make = RequestFactory()
    assert page.may_read(make.get("/metrics", REMOTE_ADDR="127.0.0.1"))
    assert page.may_read(make.get("/metrics", REMOTE_ADDR="::1"))
    assert not page.may_read(make.get("/metrics", REMOTE_ADDR="192.0.2.7"))
    # A proxy on this machine stands before it, and the settings do not say so.
    for header in page.FORWARDED:
        assert not page.may_read(make.get("/metrics", REMOTE_ADDR="127.0.0.1", **{header: "192.0.2.7"}))
    assert page.metrics(make.get("/metrics", REMOTE_ADDR="192.0.2.7")).status_code == 404


def test_with_a_token_only_who_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "env", Environment(metrics_token="a-long-token"))
    make = RequestFactory()
    assert page.may_read(make.get("/metrics", REMOTE_ADDR="192.0.2.7", HTTP_AUTHORIZATION="Bearer a-long-token"))
    assert not page.may_read(make.get("/metrics", REMOTE_ADDR="127.0.0.1"))
    assert not page.may_read(make.get("/metrics", HTTP_AUTHORIZATION="Bearer wrong"))


# ---- what they say ---------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_requests_are_counted_by_route_and_never_by_address(client: Client) -> None:
    before = read(client)
    client.get("/p/t/this-is-a-secret/")
    client.get("/no/such/page")
    after = read(client)
    wanted = ("anxiu_request_seconds_count", (("method", "GET"), ("route", "track"), ("status", "404")))
    assert after[wanted] == before.get(wanted, 0) + 1
    statements = ("anxiu_request_statements_sum", (("route", "track"),))
    assert after[statements] > before.get(statements, 0)
    assert "this-is-a-secret" not in client.get("/metrics").content.decode()
    assert "no/such" not in client.get("/metrics").content.decode()


@pytest.mark.django_db
def test_what_waits_and_what_failed_is_told() -> None:
    company = a_company()
    opened(company)
    person = a_person("agent", a_region())
    for number, state in enumerate((State.QUEUED, State.FAILED)):
        Notice.objects.create(
            key=f"watching:{number}", person=person, medium="email", kind="receipt", language="en", subject_kind="order",
            subject_id=1, title="t", body="b", position=1, occurred_at=now(), created_at=now(), state=state,
        )  # fmt: skip
    clock = Clock.objects.order_by("id").first()
    Clock.objects.filter(pk=clock.pk).update(next_at=now() - timedelta(hours=1), failed_at=None)
    Clock.objects.exclude(pk=clock.pk).update(next_at=None)
    numbers = read(Client())
    assert numbers["anxiu_database_up", ()] == 1
    assert numbers["anxiu_events_waiting", ()] > 0
    assert numbers["anxiu_events_oldest_seconds", ()] >= 0
    assert numbers["anxiu_projector_behind_events", (("projector", "kpi.facts"),)] == 0
    assert numbers["anxiu_notices", (("medium", "email"), ("state", "queued"))] == 1
    assert numbers["anxiu_notices", (("medium", "email"), ("state", "failed"))] == 1
    assert numbers["anxiu_clocks_due", ()] == 1
    assert 3500 < numbers["anxiu_clocks_oldest_seconds", ()] < 3700
    assert numbers["anxiu_clocks_set_aside", ()] == 0
    assert numbers["anxiu_workers", ()] == 0


@pytest.mark.django_db
def test_jobs_are_told_by_queue_and_reactor() -> None:
    defer_many("kernel.react", "react", [{"name": "notify.orders", "position": each} for each in range(3)])
    numbers = read(Client())
    assert numbers["anxiu_jobs_waiting", (("queue", "react"),)] == 3
    assert numbers["anxiu_jobs_oldest_seconds", (("queue", "react"),)] >= 0
    assert numbers["anxiu_reactor_waiting", (("reactor", "notify.orders"),)] == 3


# ---- log lines -------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_request_leaves_one_line_with_its_id(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    person = a_person("agent", a_region())
    client.force_login(person)
    with caplog.at_level(logging.INFO, "anxiu.request"):
        response = client.get("/orders/", headers={"X-Request-ID": "from-the-proxy.1"})
    assert response.headers["X-Request-ID"] == "from-the-proxy.1"
    (record,) = [each for each in caplog.records if each.name == "anxiu.request"]
    assert record.fields["route"] == "orders"
    assert record.fields["status"] == 200
    assert record.fields["person"] == person.pk
    assert record.fields["ms"] > 0
    assert record.fields["statements"] > 0
    line = Json().format(record)
    assert person.email not in line
    assert person.name not in line


@pytest.mark.django_db
def test_an_id_that_is_none_is_not_taken_over(client: Client) -> None:
    for given in ("", "a" * 65, "two words", "line\\nbreak", "王"):
        answered = client.get("/healthz", headers={"X-Request-ID": given}).headers["X-Request-ID"]
        assert re.fullmatch(r"[0-9a-f]{32}", answered)


def patterns(found: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for each in found:
        if isinstance(each, URLPattern):
            yield each
        else:
            yield from patterns(each.url_patterns)


SAMPLES = {"uid": "0198c0de-0000-7000-8000-000000000001", "number": 7, "rest": "zzz"}


def test_every_secret_of_an_address_is_blotted_out() -> None:
    seen = 0
    for pattern in [*patterns(portal.urlpatterns), *patterns(labels.urlpatterns)]:
        names = pattern.pattern.converters
        secrets = [name for name in names if name not in SAMPLES]
        if not secrets or not pattern.name:
            continue
        path = reverse(pattern.name, kwargs={name: SAMPLES.get(name, "s3cr3t-Value_x") for name in names})
        for text in (path, f"Not Found: {path}", f"https://service.example.com{path}?a=1", f'"GET {path} HTTP/1.1" 500'):
            assert "s3cr3t" not in blotted(text)
            assert BLOT in blotted(text)
        seen += 1
    assert seen >= 15
    assert "s3cr3t" not in blotted("/accounts/password/reset/key/1-s3cr3t/")


def test_rows_addresses_and_numbers_are_blotted_out() -> None:
    text = (
        'duplicate key value violates unique constraint "person_email"\nDETAIL:  Key (name)=(Wang Wu) already exists.\n'
        "recipient wang@example.com refused, 13812345678 called"
    )
    said = blotted(text)
    assert "person_email" in said
    for personal in ("Wang", "wang@", "13812345678"):
        assert personal not in said
    assert blotted("position 18342 of 1234567890123") == "position 18342 of 1234567890123"


def test_lines_are_json_or_text() -> None:
    record = logging.LogRecord("anxiu.test", logging.ERROR, __file__, 1, "Internal Server Error: %s", ("/p/s/topsecret/",), None)
    record.fields = {"status": 500}
    mark = REQUEST_ID.set("abc")
    try:
        line = json.loads(Json().format(record))
        text = Text().format(record)
    finally:
        REQUEST_ID.reset(mark)
    assert line["message"] == f"Internal Server Error: /p/s/{BLOT}/"
    assert (line["status"], line["request_id"], line["level"], line["logger"]) == (500, "abc", "ERROR", "anxiu.test")
    assert text.endswith(f"/p/s/{BLOT}/ status=500 request_id=abc")
    assert formatter("json").endswith(".Json")
    assert formatter("text").endswith(".Text")


@pytest.mark.django_db
def test_a_job_leaves_one_line(caplog: pytest.LogCaptureFixture) -> None:
    @job("tests.watched", retry=False)
    def watched(wrong: bool) -> None:
        if wrong:
            raise ValueError("no")

    with caplog.at_level(logging.INFO, "anxiu.job"):
        watched.func(wrong=False)
        with pytest.raises(ValueError, match="no"):
            watched.func(wrong=True)
    told = [record.fields for record in caplog.records if record.name == "anxiu.job"]
    assert [(each["job"], each["queue"], each["outcome"]) for each in told] == [
        ("tests.watched", "default", "done"),
        ("tests.watched", "default", "failed"),
    ]


# ---- real processes --------------------------------------------------------------------------------------------------
@pytest.mark.processes
@pytest.mark.django_db
def test_several_web_processes_add_up_and_write_json(own_database: str, tmp_path: Path) -> None:
    env = {"DATABASE_URL": own_database, "DATABASE_OWNER_URL": own_database, "ANXIU_TEST": "0", "ANXIU_DATA_DIR": str(tmp_path)}
    port = free_port()
    web = anxiu("web", "--port", str(port), "--processes", "2", **env)
    base = f"http://127.0.0.1:{port}"
    try:
        assert eventually(lambda: answers(port), 60)
        for _ in range(12):  # each on a connection of its own, so that both processes get some
            assert httpx.get(f"{base}/p/t/s3cr3t-of-a-customer/").status_code == 404
        counted = ("anxiu_request_seconds_count", (("method", "GET"), ("route", "track"), ("status", "404")))
        assert [parsed(httpx.get(f"{base}/metrics").text)[counted] for _ in range(4)] == [12] * 4
        assert httpx.get(f"{base}/metrics", headers={"X-Forwarded-For": "192.0.2.1"}).status_code == 404
    finally:
        said = end(web)
    lines = [json.loads(line) for line in said.splitlines() if '"anxiu.request"' in line]
    assert sum(line["route"] == "track" for line in lines) == 12
    assert len({line["request_id"] for line in lines}) == len(lines)
    assert "s3cr3t" not in said


@pytest.mark.processes
@pytest.mark.django_db
def test_readiness_tells_what_is_missing(own_database: str, tmp_path: Path) -> None:
    address = urlsplit(own_database)
    name = f"{address.path.lstrip('/')}_ready"
    home = address._replace(path="/postgres").geturl()
    url = address._replace(path=f"/{name}").geturl()
    with psycopg.connect(home, autocommit=True) as server:
        drop(server, name)
        server.execute(f'create database "{name}"')
    env = {"DATABASE_URL": url, "DATABASE_OWNER_URL": url, "ANXIU_DATA_DIR": str(tmp_path)}
    port = free_port()
    web = anxiu("web", "--port", str(port), **env)
    base = f"http://127.0.0.1:{port}"

    def ready() -> tuple[int, dict[str, bool]]:
        response = httpx.get(f"{base}/readyz", timeout=30)
        return response.status_code, response.json()

    try:
        assert eventually(lambda: answers(port), 60)
        assert ready() == (503, {"database": True, "migrations": False, "worker": False})
        prepared = anxiu("prepare", **env)
        assert end(prepared, number=0, seconds=300) is not None
        assert ready() == (503, {"database": True, "migrations": True, "worker": False})
        worker = anxiu("worker", **env)
        try:
            assert eventually(lambda: ready() == (200, {"database": True, "migrations": True, "worker": True}), 30)
            worker.kill()
            worker.communicate()
            with psycopg.connect(url, autocommit=True) as connection:  # instead of waiting for half a minute
                connection.execute("update procrastinate_workers set last_heartbeat = now() - interval '1 minute'")
            assert ready() == (503, {"database": True, "migrations": True, "worker": False})
        finally:
            worker.kill()
        with psycopg.connect(home, autocommit=True) as server:
            drop(server, name)
        assert ready() == (503, {"database": False, "migrations": False, "worker": False})
        assert httpx.get(f"{base}/healthz").status_code == 200
        assert parsed(httpx.get(f"{base}/metrics").text)["anxiu_database_up", ()] == 0
    finally:
        end(web)
        with psycopg.connect(home, autocommit=True) as server:
            drop(server, name)


def test_the_way_to_the_database_may_ask_for_tls() -> None:
    from anxiu.project.settings import _database

    options = _database("postgresql://a:b@db.example.com/anxiu?sslmode=verify-full&sslrootcert=/etc/ca.pem")["OPTIONS"]
    assert isinstance(options, dict)
    assert (options["sslmode"], options["sslrootcert"]) == ("verify-full", "/etc/ca.pem")
    assert "sslmode" not in _database("postgresql:///anxiu")["OPTIONS"]
