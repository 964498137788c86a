"""Keeps the built-in posts in step with the verbs after every migration."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def _install(**kwargs: Any) -> None:
    from anxiu.accounts.actions import install_posts

    install_posts()


class AccountsConfig(AppConfig):
    """Posts are data, but each release may bring verbs that somebody must hold."""

    name = "anxiu.accounts"

    def ready(self) -> None:
        """Offer new permissions whenever tables are brought up to date."""
        post_migrate.connect(_install, sender=self)
