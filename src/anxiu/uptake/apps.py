"""The app of taking up a regulation."""

from django.apps import AppConfig


class UptakeConfig(AppConfig):
    """Reading, quiz and acknowledgement; remarks on clauses; reviews; sessions."""

    name = "anxiu.uptake"

    def ready(self) -> None:
        """Have every page know whether its reader owes a reading; name the tables that only grow."""
        from anxiu.accounts.queries import read_along
        from anxiu.kernel import append_only
        from anxiu.uptake.queries.reading import OWES

        read_along("owes_reading", OWES)
        append_only.TABLES.extend(["uptake_attempt", "uptake_reply", "uptake_decided"])
