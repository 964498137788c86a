"""The app of to-dos."""

from django.apps import AppConfig


class DutiesConfig(AppConfig):
    """Kinds of to-dos are declared by the apps that open them."""

    name = "anxiu.duties"
