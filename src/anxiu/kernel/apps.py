"""Loads every app's registrations once, so that what is declared anywhere is known everywhere."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class KernelConfig(AppConfig):
    """The kernel is first in the list of apps; the others' declarations are loaded when all models are."""

    name = "anxiu.kernel"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import the modules whose decorators and calls fill the kernel's registries."""
        autodiscover_modules("values", "events", "messages", "queries", "actions", "gates", "subscribers", "tasks")
