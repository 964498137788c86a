"""The world is built once for all walks, in a transaction that is never committed; each test's changes are undone."""

from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.test.utils import setup_databases, teardown_databases
from pytest_django import DjangoDbBlocker

from anxiu.kernel.time import moved_to
from tests.given.undone import undone
from tests.walk.world import NOW, World, build


@pytest.fixture(scope="package")
def migrated(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test database. pytest-django makes it only for tests that ask it for one, so here we may have to."""
    if connection.settings_dict["NAME"].startswith("test_"):
        yield
        return
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False, aliases=["default"])
        yield
        teardown_databases(made, verbosity=0)


@pytest.fixture(scope="package")
def world(migrated: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with django_db_blocker.unblock():
        block = transaction.atomic()
        block._from_testcase = True  # type: ignore[attr-defined]
        with block:
            yield build()
            transaction.set_rollback(True)
        connection.close()


@pytest.fixture(autouse=True)
def _as_it_was(world: World) -> Iterator[None]:
    with moved_to(NOW), undone():
        yield
