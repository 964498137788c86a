"""Keeps the calendar in step with the published holidays, and says who is away."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def _seed(**kwargs: Any) -> None:
    from anxiu.sla.actions import seed_calendar

    seed_calendar()


class SlaConfig(AppConfig):
    """A release of chinesecalendar may bring a year that was not published before."""

    name = "anxiu.sla"

    def ready(self) -> None:
        """Take over published years whenever tables are brought up to date; pass over who is on leave."""
        from anxiu.sla import ports
        from anxiu.sla.queries import on_leave

        ports.absent(on_leave)
        post_migrate.connect(_seed, sender=self)
