"""Writing a few rows with statements that are put together once, as `prepared` keeps them for reading.

Django puts every insert and update together anew, which for a row or two takes longer than writing them. Columns and
values are those its own would have; what the database is to work out (an expression) is left to Django.
"""

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any, Final

from django.db import DatabaseError, connection
from django.db.models import Field, Model

MOST_ROWS: Final = 100  # source: own choice; of more than a few, the statement is the smaller part of the work
KEPT: Final = 2048  # source: own choice; more than there are tables with their usual numbers of rows


def insert(*rows: Model) -> None:
    """Write new rows of one model with one statement; each then has the key the database gave it."""
    if not rows:
        return
    model = type(rows[0])
    with_key = rows[0].pk is not None
    fields = _fields(model, with_key=with_key)
    values = [_stored(field, field.pre_save(row, add=True)) for row in rows for field in fields]
    if len(rows) > MOST_ROWS or any(map(_is_expression, values)):
        model._default_manager.bulk_create(rows)
        return
    with connection.cursor() as cursor:
        cursor.execute(_insert(model, len(rows), with_key=with_key), values)
        keys = [] if with_key else cursor.fetchall()
    for row, (key,) in zip(rows, keys, strict=not with_key):
        row.pk = key
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def update(row: Model, names: Collection[str]) -> None:
    """Write some fields of a row that is there."""
    model, written = type(row), tuple(sorted(names))
    fields = [model._meta.get_field(name) for name in written]
    values = [_stored(field, field.pre_save(row, add=False)) for field in fields]  # type: ignore[union-attr]
    if any(map(_is_expression, values)):
        row.save(update_fields=written)
        return
    with connection.cursor() as cursor:
        cursor.execute(_update(model, written), [*values, row.pk])
        if not cursor.rowcount:
            raise DatabaseError(f"the {model._meta.model_name} {row.pk} is gone")


def _stored(field: Any, value: Any) -> Any:
    return value if _is_expression(value) else field.get_db_prep_save(value, connection)


def _is_expression(value: object) -> bool:
    return hasattr(value, "resolve_expression")


@lru_cache(KEPT)
def _fields(model: type[Model], *, with_key: bool) -> Sequence["Field[Any, Any]"]:
    return [each for each in model._meta.concrete_fields if not each.generated and (with_key or not each.primary_key)]


@lru_cache(KEPT)
def _insert(model: type[Model], number: int, *, with_key: bool) -> str:
    columns = [_quoted(each.column) for each in _fields(model, with_key=with_key)]
    row = f"({', '.join(['%s'] * len(columns))})"
    text = f"insert into {_table(model)} ({', '.join(columns)}) values {', '.join([row] * number)}"  # noqa: S608
    return text if with_key else f"{text} returning {_quoted(model._meta.pk.column)}"


@lru_cache(KEPT)
def _update(model: type[Model], names: Sequence[str]) -> str:
    columns = [_quoted(model._meta.get_field(name).column) for name in names]  # type: ignore[union-attr]
    changed = ", ".join(f"{each} = %s" for each in columns)
    return f"update {_table(model)} set {changed} where {_quoted(model._meta.pk.column)} = %s"  # noqa: S608


def _table(model: type[Model]) -> str:
    return _quoted(model._meta.db_table)


def _quoted(name: str | None) -> str:
    return connection.ops.quote_name(str(name))
