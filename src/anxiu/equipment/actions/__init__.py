"""The only way to change the installed base."""

from anxiu.equipment.actions.imports import (
    CustomerLine,
    FileFacts,
    Imported,
    Line,
    Lines,
    MachineLine,
    OrderLine,
    Placement,
    Problem,
    Undone,
    import_batch,
    undo_import,
)
from anxiu.equipment.actions.machines import (
    add_document,
    add_machine,
    change_machine,
    move_machine,
    renew_label,
    retire_machine,
)
from anxiu.equipment.actions.rows import NewMachine, machine_row

__all__ = [
    "CustomerLine", "FileFacts", "Imported", "Line", "Lines", "MachineLine", "NewMachine", "OrderLine", "Placement",
    "Problem", "Undone", "add_document", "add_machine", "change_machine", "import_batch", "machine_row",
    "move_machine", "renew_label", "retire_machine", "undo_import",
]  # fmt: skip
