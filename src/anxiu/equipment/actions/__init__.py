"""The only way to change the installed base."""

from anxiu.equipment.actions.imports import (
    Columns,
    CustomerLine,
    FileFacts,
    Imported,
    Line,
    Lines,
    MachineLine,
    ModelLine,
    NewFile,
    OrderLine,
    PartLine,
    PersonLine,
    Placement,
    Problem,
    QualificationLine,
    Undone,
    drop_import,
    import_batch,
    map_import,
    open_import,
    start_import,
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
    "Columns", "CustomerLine", "FileFacts", "Imported", "Line", "Lines", "MachineLine", "ModelLine", "NewFile",
    "NewMachine", "OrderLine", "PartLine", "PersonLine", "Placement", "Problem", "QualificationLine", "Undone",
    "add_document", "add_machine", "change_machine",
    "drop_import", "import_batch", "machine_row", "map_import", "move_machine", "open_import",
    "renew_label", "retire_machine", "start_import", "undo_import",
]  # fmt: skip
