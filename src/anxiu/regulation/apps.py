"""Puts a regulation in force on a new installation, brings addenda on upgrade, and answers the kernel's read port."""

from typing import Any

from django.apps import AppConfig
from django.db import connection
from django.db.models.signals import post_migrate

from anxiu.kernel.values import use_source


def _install(**kwargs: Any) -> None:
    from anxiu.regulation.actions import install
    from anxiu.regulation.models import Figure

    # Migrating one app alone, or backwards, may leave these tables away.
    if Figure._meta.db_table in connection.introspection.table_names():
        install()


class RegulationConfig(AppConfig):
    """The regulation is data, but each release may bring values that every version must say."""

    name = "anxiu.regulation"

    def ready(self) -> None:
        """Answer for the figures of a version, and install or amend whenever tables are brought up to date."""
        from anxiu.regulation.queries import figures

        use_source(figures)
        post_migrate.connect(_install, sender=self)
