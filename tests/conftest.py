"""What every test may rely on: no jobs and no language are left of the test before; a database to commit into."""

import os
from collections.abc import Iterator

import pytest
from django.utils import translation
from hypothesis import HealthCheck, settings
from pytest_django import DjangoDbBlocker

from tests.given.databases import database

# How long an example takes says something of the machine, not of the program.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


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


@pytest.fixture(scope="module")
def unguarded() -> Iterator[None]:
    """Playwright keeps an event loop in this thread, where Django would refuse the database. Nothing here is async."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


@pytest.fixture(scope="module")
def migrated(unguarded: None, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The name of the test database. pytest-django makes it only for tests that ask it for one, so here we may have to."""
    from django.db import connection
    from django.test.utils import setup_databases, teardown_databases

    name = connection.settings_dict["NAME"]
    if name.startswith("test_"):
        yield name
        return
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False, aliases=["default"])
        yield connection.settings_dict["NAME"]
        teardown_databases(made, verbosity=0)


@pytest.fixture(scope="module")
def committed(migrated: str, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The address of a copy of the test database. This process works in it too, and what it does is committed."""
    from django.db import connection

    with django_db_blocker.unblock():
        source = migrated
        copy = f"{source}_browser"
        connection.close()
        with database(os.environ["DATABASE_URL"], copy, template=source) as address:
            connection.settings_dict["NAME"] = copy
            try:
                yield address
            finally:
                connection.close()
                connection.settings_dict["NAME"] = source
