"""Databases of a test's own, beside the one pytest-django made."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import psycopg


def _alone(server: "psycopg.Connection[Any]", name: str) -> None:
    """End our own connections to a database: those of another thread, or of a process that is still at work."""
    server.execute(
        "select pg_terminate_backend(pid, 5000) from pg_stat_activity"
        " where datname = %s and backend_type = 'client backend' and pid <> pg_backend_pid()",
        (name,),
    )


def drop(server: "psycopg.Connection[Any]", name: str) -> None:
    """Drop a database where there is one, whoever is in it.

    Not `with (force)`: that wants to end autovacuum's worker as well, which only a superuser may. A plain drop sends
    it away by itself.
    """
    if server.execute("select from pg_database where datname = %s", (name,)).fetchone() is None:
        return
    server.execute(f'alter database "{name}" with allow_connections false')
    _alone(server, name)
    server.execute(f'drop database "{name}"')


@contextmanager
def database(address: str, name: str, template: str = "") -> Iterator[str]:
    """A database on the server of this address, empty or a copy of another; it is dropped afterwards. Gives its address."""
    place = urlsplit(address)
    with psycopg.connect(place._replace(path="/postgres").geturl(), autocommit=True) as server:
        drop(server, name)
        if template:  # a copy needs its source left alone
            _alone(server, template)
        server.execute(f'create database "{name}"' + (f' template "{template}"' if template else ""))
    try:
        yield place._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(place._replace(path="/postgres").geturl(), autocommit=True) as server:
            drop(server, name)
