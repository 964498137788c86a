"""Trying an import: all of it is done and then rolled back, so that what it says is what would happen."""

from typing import Any

from django.db import transaction

from anxiu.equipment.actions import Imported, import_batch


def dry_run(**given: Any) -> Imported:
    """What `import_batch` would answer with the same arguments; nothing is kept."""
    with transaction.atomic():
        imported = import_batch(**given)
        transaction.set_rollback(True)
    return Imported(None, imported.accepted, imported.unchanged, imported.problems)
