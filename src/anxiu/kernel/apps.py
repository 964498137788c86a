"""Loads every app's registrations once, so that what is declared anywhere is known everywhere."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.utils.module_loading import autodiscover_modules

from anxiu.kernel.time import set_by_database


class KernelConfig(AppConfig):
    """The kernel is first in the list of apps; the others' declarations are loaded when all models are."""

    name = "anxiu.kernel"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import the modules whose decorators and calls fill the kernel's registries; go by the database's clock."""
        connection_created.connect(set_by_database, dispatch_uid="anxiu.clock")
        autodiscover_modules("values", "events", "messages", "queries", "actions", "gates", "subscribers", "tasks")
