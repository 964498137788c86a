"""What is answered while the database is away or the disk is full: that the same may be asked again, and by whom."""

import errno
import json

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, OperationalError
from django.test import RequestFactory

from anxiu.files.bucket import StoreAway
from anxiu.project import live, views

SOCKET = {"type": "http", "path": "/live", "headers": [], "query_string": b""}


def failed(error: Exception, cause: BaseException | None = None) -> Exception:
    error.__cause__ = cause
    return error


def unreachable() -> psycopg.Error:
    try:
        psycopg.connect(host="/no/such/folder", connect_timeout=2)
    except psycopg.OperationalError as error:
        return error
    raise AssertionError


def answered(path: str, error: Exception):
    try:
        raise error
    except Exception:
        return views.server_error(RequestFactory().get(path))


@pytest.mark.requirement("PF-02")
@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (failed(OperationalError(), unreachable()), 503, "api.away"),
        (failed(OperationalError(), psycopg.errors.AdminShutdown()), 503, "api.away"),
        (failed(OperationalError(), psycopg.errors.CrashShutdown()), 503, "api.away"),
        (failed(OperationalError(), psycopg.errors.CannotConnectNow()), 503, "api.away"),
        (failed(DatabaseError(), psycopg.InterfaceError("the connection is closed")), 503, "api.away"),
        (StoreAway("the object store does not answer"), 503, "api.away"),
        (OSError(errno.ENOSPC, "No space left on device"), 507, "api.full"),
        (failed(OperationalError(), psycopg.errors.DeadlockDetected()), 500, "api.fault"),
        (failed(IntegrityError(), psycopg.errors.CheckViolation()), 500, "api.fault"),
        (OSError(errno.EACCES, "Permission denied"), 500, "api.fault"),
    ],
)
def test_what_may_be_asked_again_says_so(error: Exception, status: int, code: str) -> None:
    page = answered("/orders/", error)
    assert (page.status_code, page.headers.get("Retry-After", "")) == (status, "5" if status != 500 else "")
    assert page.headers["Content-Type"].startswith("text/html")
    answer = answered("/api/v1/orders", error)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (answer.status_code, json.loads(answer.content)["code"]) == (status, code)


@pytest.mark.requirement("PF-02")
def test_a_stream_is_refused_while_the_database_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    import asyncio

    said = []

    async def send(message) -> None:
        said.append(message)

    async def receive():
        return {"type": "http.disconnect"}

    def away(cookies: str) -> None:
        raise failed(OperationalError(), unreachable())

    monkeypatch.setattr(live, "_who", away)
    asyncio.run(live.stream(SOCKET, receive, send))
    assert [each.get("status") for each in said] == [503, None]
