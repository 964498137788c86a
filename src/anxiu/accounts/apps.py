"""Keeps the built-in posts in step with the verbs after every migration, and in each session when it began."""

from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Exists, OuterRef
from django.db.models.signals import post_migrate
from django.http import HttpRequest

from anxiu.accounts.choices import PostCode
from anxiu.kernel.time import now


def _install(**kwargs: Any) -> None:
    from anxiu.accounts.actions import install_posts

    install_posts()


def _note_login(request: HttpRequest | None = None, **kwargs: Any) -> None:
    """Keep in the session when somebody logged in: from then on its ends are counted."""
    if request is not None:
        at = now().timestamp()
        request.session["began"], request.session["seen"] = at, at


class AccountsConfig(AppConfig):
    """Posts are data, but each release may bring verbs that somebody must hold."""

    name = "anxiu.accounts"

    def ready(self) -> None:
        """Offer new permissions whenever tables are brought up to date."""
        post_migrate.connect(_install, sender=self)
        user_logged_in.connect(_note_login)
        if unknown := settings.MFA_POSTS - {each.value for each in PostCode}:
            raise ImproperlyConfigured(f"ANXIU_MFA_POSTS: there is no post {', '.join(sorted(unknown))}")
        if settings.MFA_POSTS:
            from allauth.mfa.models import Authenticator

            from anxiu.accounts.queries import read_along

            steps = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
            read_along("has_second_step", Exists(steps))
