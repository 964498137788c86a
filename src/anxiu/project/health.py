"""Whether the parts this installation needs are there; read by `/readyz` and by `anxiu doctor`."""

from datetime import datetime

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

HEARTBEAT_SECONDS = 30  # a worker writes one every 10 s; after three missed ones it counts as dead

_migrated = False  # once true it stays true: no release removes a migration while it runs


def database_answers() -> bool:
    """Whether the database answers a question now; raises its error otherwise."""
    with connection.cursor() as cursor:
        cursor.execute("select 1")
        return bool(cursor.fetchone())


def pending_migrations() -> list[str]:
    """Names of the migrations this program needs and the database does not have."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def is_migrated() -> bool:
    """Whether no migration is pending; the answer yes is remembered, for the question costs a read of every file."""
    global _migrated  # noqa: PLW0603 - one answer for the process
    _migrated = _migrated or not pending_migrations()
    return _migrated


def last_heartbeat() -> datetime | None:
    """When a worker last said that it lives, by the database's own clock; None if none is registered."""
    with connection.cursor() as cursor:
        cursor.execute("select max(last_heartbeat) from procrastinate_workers")
        row = cursor.fetchone()
    return row[0] if row else None


def has_worker() -> bool:
    """Whether a worker gave a sign of life lately."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select exists (select from procrastinate_workers"
            " where last_heartbeat > now() - make_interval(secs => %s))",
            [HEARTBEAT_SECONDS],
        )
        row = cursor.fetchone()
    return bool(row and row[0])
