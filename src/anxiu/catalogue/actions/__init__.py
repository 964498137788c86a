"""The only way to change the catalogue."""

from anxiu.catalogue.actions.families import (
    NewFamily,
    NewModel,
    add_family,
    add_model,
    change_family,
    change_model,
    retire_family,
    retire_model,
)
from anxiu.catalogue.actions.faults import NewFaultClass, add_fault_class, change_fault_class, retire_fault_class
from anxiu.catalogue.actions.parts import NewPart, add_part, change_part, retire_part
from anxiu.catalogue.actions.rows import family_row, fit_parts, model_row, part_row

__all__ = [
    "NewFamily", "NewFaultClass", "NewModel", "NewPart", "add_family", "add_fault_class", "add_model", "add_part",
    "change_family", "change_fault_class", "change_model", "change_part", "family_row", "fit_parts", "model_row",
    "part_row", "retire_family", "retire_fault_class", "retire_model", "retire_part",
]  # fmt: skip
