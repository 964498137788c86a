"""Input that does not fit its column is refused by name, before the database would."""

from collections.abc import Mapping
from typing import Any

from django.db.models import CharField, Model, TextField

from anxiu.kernel.errors import Invalid, Refusal


def require_fitting(row: Model) -> None:
    """Refuse a row with a text that is missing, too long, or not one of its column's choices; all of them at once."""
    wrong: list[Refusal] = []
    for column in row._meta.concrete_fields:
        if not isinstance(column, CharField | TextField):
            continue
        value, name = getattr(row, column.attname), column.name
        if not value:
            if not column.blank and not column.null:
                wrong.append(Invalid("kernel.required", field=name))
        elif column.max_length and len(value) > column.max_length:
            wrong.append(Invalid("kernel.too_long", field=name, limit=column.max_length))
        elif column.choices and value not in {each for each, _ in column.flatchoices}:
            wrong.append(Invalid("kernel.not_a_choice", field=name, given=value))
    if wrong:
        raise Invalid(wrong[0].code, field=wrong[0].field, errors=tuple(wrong), **wrong[0].params)


def change(row: Model, changes: Mapping[str, Any], allowed: frozenset[str]) -> tuple[str, ...]:
    """Set allowed fields on a row and answer, sorted, the names of those that differ from before."""
    if wrong := changes.keys() - allowed:
        raise Invalid("kernel.not_changeable", field=sorted(wrong)[0])
    different = sorted(name for name, value in changes.items() if getattr(row, name) != value)
    for name in different:
        setattr(row, name, changes[name])
    return tuple(different)
