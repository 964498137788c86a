"""The app of notices."""

from django.apps import AppConfig


class NotifyConfig(AppConfig):
    """Notices to customers and staff."""

    name = "anxiu.notify"
