"""Writing a few rows with statements whose columns are put together once, as `prepared` keeps them for reading.

Django puts every insert and update together anew, which for a row or two takes longer than writing them. Columns and
values are those that its own would have.
"""

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any, Final

from django.db import DatabaseError, connection
from django.db.models import Field, Model

MOST_ROWS: Final = 100  # source: own choice; of more than a few, the statement is the smaller part of the work
KEPT: Final = 1024  # source: own choice; more than there are tables, with the fields that are written together


def insert(*rows: Model) -> None:
    """Write new rows of one model with one statement; each then has the key the database gave it."""
    if not rows:
        return
    model = type(rows[0])
    if len(rows) > MOST_ROWS:
        model._default_manager.bulk_create(rows)
        return
    with_key = rows[0].pk is not None
    fields, beginning, end = _insert(model, with_key=with_key)
    lines, parameters = [], []
    for row in rows:
        written = [_written(model, each, each.pre_save(row, add=True)) for each in fields]
        lines.append(f"({', '.join(text for text, _ in written)})")
        parameters += [value for _, values in written for value in values]
    with connection.cursor() as cursor:
        cursor.execute(f"{beginning} {', '.join(lines)} {end}", parameters)
        keys = [row.pk for row in rows] if with_key else [key for (key,) in cursor.fetchall()]
    for row, key in zip(rows, keys, strict=True):
        row.pk = key
        row._state.adding, row._state.db = False, connection.alias


def update(row: Model, names: Collection[str]) -> None:
    """Write some fields of a row that is there."""
    model = type(row)
    fields, beginning, columns, end = _update(model, frozenset(names))
    written = [_written(model, each, each.pre_save(row, add=False)) for each in fields]
    changed = ", ".join(f"{column} = {text}" for column, (text, _) in zip(columns, written, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(f"{beginning} {changed} {end}", [*(value for _, values in written for value in values), row.pk])
        if not cursor.rowcount:
            raise DatabaseError(f"the {model._meta.model_name} {row.pk} is gone")


def _written(model: type[Model], field: "Field[Any, Any]", value: Any) -> tuple[str, Sequence[Any]]:
    """What stands for a value in a statement, with its parameters: the database works an expression out."""
    if not hasattr(value, "resolve_expression"):
        return "%s", (field.get_db_prep_save(value, connection),)
    compiler: Any = model._default_manager.all().query.get_compiler(connection=connection)
    text, parameters = compiler.compile(value.resolve_expression(compiler.query, allow_joins=False, for_save=True))
    return text, parameters


@lru_cache(KEPT)
def _insert(model: type[Model], *, with_key: bool) -> tuple[list["Field[Any, Any]"], str, str]:
    """The fields of a new row, and what stands before and after its values."""
    every = model._meta.concrete_fields
    fields = [each for each in every if not each.generated and (with_key or not each.primary_key)]
    columns = ", ".join(_quoted(each.column) for each in fields)
    end = "" if with_key else f"returning {_quoted(model._meta.pk.column)}"
    return fields, f"insert into {_quoted(model._meta.db_table)} ({columns}) values", end


@lru_cache(KEPT)
def _update(model: type[Model], names: frozenset[str]) -> tuple[list["Field[Any, Any]"], str, list[str], str]:
    """The named fields, what stands before their values, their columns, and what stands after."""
    fields: list[Any] = [model._meta.get_field(name) for name in sorted(names)]
    columns = [_quoted(each.column) for each in fields]
    end = f"where {_quoted(model._meta.pk.column)} = %s"
    return fields, f"update {_quoted(model._meta.db_table)} set", columns, end


def _quoted(name: str | None) -> str:
    return connection.ops.quote_name(str(name))
