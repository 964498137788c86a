"""Bulk import: rows of other systems under their natural keys, one event a batch, and its undoing."""

from anxiu.equipment.actions.imports.files import (
    Columns,
    NewFile,
    drop_import,
    map_import,
    open_import,
    start_import,
)
from anxiu.equipment.actions.imports.lines import (
    CustomerLine,
    FileFacts,
    Line,
    Lines,
    MachineLine,
    ModelLine,
    OrderLine,
    PartLine,
    PersonLine,
    Placement,
    Problem,
    QualificationLine,
)
from anxiu.equipment.actions.imports.undoing import Undone
from anxiu.equipment.actions.imports.verbs import Imported, import_batch, undo_import

__all__ = [
    "Columns", "CustomerLine", "FileFacts", "Imported", "Line", "Lines", "MachineLine", "ModelLine", "NewFile",
    "OrderLine", "PartLine", "PersonLine",
    "Placement", "Problem", "QualificationLine", "Undone", "drop_import", "import_batch", "map_import",
    "open_import", "start_import", "undo_import",
]  # fmt: skip
