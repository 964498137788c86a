"""The app of figures."""

from django.apps import AppConfig


class KpiConfig(AppConfig):
    """Facts and indicators."""

    name = "anxiu.kpi"

    def ready(self) -> None:
        """Let the projector be known."""
        from anxiu.kpi import subscribers  # noqa: F401
