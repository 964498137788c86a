"""What every test may rely on: no jobs and no language are left of the test before."""

from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def no_jobs_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Jobs are not Django's tables: the flush after a test that commits leaves them, and they name events that are gone."""
    yield
    marker = request.node.get_closest_marker("django_db")
    commits = bool({"transactional_db", "live_server", "committed"} & set(request.fixturenames))
    if not commits and not (marker and marker.kwargs.get("transaction")):
        return
    from django.db import connection

    with request.getfixturevalue("django_db_blocker").unblock(), connection.cursor() as cursor:
        cursor.execute("select to_regclass('procrastinate_jobs') is not null")
        if cursor.fetchone()[0]:
            cursor.execute("truncate procrastinate_jobs, procrastinate_periodic_defers cascade")


@pytest.fixture(autouse=True)
def no_language_left() -> Iterator[None]:
    """A request leaves its thread in the reader's language; the next request sets its own, the next test would not."""
    yield
    translation.deactivate()
