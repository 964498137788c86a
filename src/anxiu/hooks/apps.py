"""The app of webhooks."""

from django.apps import AppConfig


class HooksConfig(AppConfig):
    """Events, told to other programs."""

    name = "anxiu.hooks"
