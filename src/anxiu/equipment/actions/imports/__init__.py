"""Bulk import: rows of other systems under their natural keys, one event a batch, and its undoing."""

from anxiu.equipment.actions.imports.lines import (
    CustomerLine,
    FileFacts,
    Line,
    Lines,
    MachineLine,
    OrderLine,
    Placement,
    Problem,
)
from anxiu.equipment.actions.imports.verbs import Imported, Undone, import_batch, undo_import

__all__ = [
    "CustomerLine", "FileFacts", "Imported", "Line", "Lines", "MachineLine", "OrderLine", "Placement", "Problem",
    "Undone", "import_batch", "undo_import",
]  # fmt: skip
