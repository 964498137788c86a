"""The app of traces."""

from django.apps import AppConfig


class TraceConfig(AppConfig):
    """What happened, provable; and what leaves the house."""

    name = "anxiu.trace"

    def ready(self) -> None:
        """Name the table whose rows are never changed."""
        from anxiu.kernel import append_only

        append_only.TABLES.append("trace_root")
