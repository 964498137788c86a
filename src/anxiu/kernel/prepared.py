"""Statements that are asked again and again, put into SQL once.

Django puts a query together anew each time it is asked, and where a dozen tables are joined that takes longer than the
answer. A `Prepared` query keeps the statement, and how its columns become rows, for as long as the process runs.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators

M = TypeVar("M", bound=Model)

# What stands for a parameter while the statement is put together; none of these is ever a real value.
_NUMBER: Final = -7_300_000
_TEXT: Final = "\ue000 parameter {}"
_UID: Final = 0x7300_0000
_INSTANT: Final = datetime(1, 1, 3, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Statement:
    """A statement, where its parameters come from, and how to read a row.

    A parameter is its place among those given with the type the statement wants it in, or -1 and its own value.
    """

    model: type[Model]
    text: str
    parameters: Sequence[tuple[int, Any]]
    columns: slice
    names: Sequence[str]
    related: Sequence[Any]
    annotations: Sequence[tuple[str, int]]
    converters: Any
    compiler: Any

    def rows(self, given: Sequence[object]) -> list[Any]:
        """Ask, and make the rows as Django's own iteration does."""
        values = [wanted(given[place]) if place >= 0 else wanted for place, wanted in self.parameters]
        with connection.cursor() as cursor:
            cursor.execute(self.text, values)
            found: Any = cursor.fetchall()
        if self.converters:
            found = self.compiler.apply_converters(found, self.converters)
        made = []
        for row in found:
            one = self.model.from_db(DEFAULT_DB_ALIAS, self.names, row[self.columns])
            for each in self.related:
                each.populate(row, one)
            for name, place in self.annotations:
                setattr(one, name, row[place])
            made.append(one)
        return made


class Prepared(Generic[M]):
    """`Prepared(build)(a, b)`: the rows of `build(a, b)`, whose statement was put together for the first caller.

    Parameters are numbers, texts, uids, instants, or tuples of these, never empty; another length of a tuple is
    another statement. Whatever else `build` looks at (settings, the language) must never change.
    """

    def __init__(self, build: Callable[..., QuerySet[M]]) -> None:
        self.build = build
        self.kept: dict[object, _Statement] = {}

    def __call__(self, *given: Any) -> list[M]:
        """The rows."""
        flat: list[object] = []
        shape: list[object] = []
        for each in given:
            if isinstance(each, tuple):
                flat.extend(each)
                shape.append((len(each), type(each[0])))
            else:
                flat.append(each)
                shape.append(type(each))
        key = tuple(shape)
        if key not in self.kept:
            self.kept[key] = self._put_together(given)
        return self.kept[key].rows(flat)

    def first(self, *given: Any) -> M | None:
        """The first row, if there is one."""
        rows = self(*given)
        return rows[0] if rows else None

    def _put_together(self, given: tuple[Any, ...]) -> _Statement:
        marks: list[object] = []

        def mark(value: object) -> object:
            marks.append(_mark(value, len(marks)))
            return marks[-1]

        rows = self.build(*(tuple(map(mark, each)) if isinstance(each, tuple) else mark(each) for each in given))
        compiler: Any = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        text, parameters = compiler.as_sql()
        found = [(_place(value, marks), value) for value in parameters]
        if {place for place, _ in found if place >= 0} != set(range(len(marks))):
            raise TypeError("a parameter was lost or changed on its way into the statement")
        # Numbers are given to the server with their width, which their wrapper says; the rest goes as it is.
        wanted = [
            (place, value if place < 0 else type(value) if isinstance(value, int) else _as_it_is)
            for place, value in found
        ]
        own = compiler.klass_info["select_fields"]
        columns = slice(own[0], own[-1] + 1)
        return _Statement(
            model=rows.model, text=text, parameters=wanted, columns=columns,
            names=[column[0].target.attname for column in compiler.select[columns]],
            related=get_related_populators(compiler.klass_info, compiler.select, DEFAULT_DB_ALIAS),  # type: ignore[call-arg]
            annotations=list((compiler.annotation_col_map or {}).items()),
            converters=compiler.get_converters([column[0] for column in compiler.select[: compiler.col_count]]),
            compiler=compiler,
        )  # fmt: skip


def _mark(value: object, number: int) -> object:
    match value:
        case bool():
            raise TypeError("whether or not is no parameter but another statement")
        case int():
            return _NUMBER - number
        case str():
            return _TEXT.format(number)
        case UUID():
            return UUID(int=_UID + number)
        case datetime():
            return _INSTANT.replace(day=_INSTANT.day + number)
    raise TypeError(f"{type(value).__name__} cannot be a parameter of a prepared query")


def _place(value: object, marks: Sequence[object]) -> int:
    same = (place for place, mark in enumerate(marks) if isinstance(value, type(mark)) and mark == value)
    return next(same, -1)


def _as_it_is(value: object) -> object:
    return value
