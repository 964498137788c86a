"""The app of mail that comes in."""

from django.apps import AppConfig


class MailConfig(AppConfig):
    """Mailboxes, what came by them, and what we answered."""

    name = "anxiu.mail"
