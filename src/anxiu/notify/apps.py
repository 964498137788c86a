"""The app of notices."""

from django.apps import AppConfig


class NotifyConfig(AppConfig):
    """Notices to customers and staff."""

    name = "anxiu.notify"

    def ready(self) -> None:
        """Have every page know whether notices wait."""
        from anxiu.accounts.queries import read_along
        from anxiu.notify.queries import UNREAD

        read_along("has_unread", UNREAD)
