"""The only way to change the installed base."""

from anxiu.equipment.actions.machines import (
    add_machine,
    change_machine,
    move_machine,
    renew_label,
    retire_machine,
)
from anxiu.equipment.actions.rows import NewMachine, machine_row

__all__ = [
    "NewMachine", "add_machine", "change_machine", "machine_row", "move_machine", "renew_label", "retire_machine",
]  # fmt: skip
