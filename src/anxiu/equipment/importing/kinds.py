"""Kinds of files that higher apps take in: said once at start, they come in by the same pages, jobs and commands."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, Q
from django.utils.functional import Promise

from anxiu.equipment.actions import Line
from anxiu.equipment.actions.imports.taking import Taking
from anxiu.equipment.actions.imports.undoing import TOUCHED
from anxiu.equipment.actions.imports.verbs import TAKERS
from anxiu.equipment.choices import ImportKind
from anxiu.equipment.importing.headings import HEADINGS
from anxiu.equipment.importing.mapping import NEEDED
from anxiu.equipment.importing.parsing import PARSERS, Texts
from anxiu.equipment.messages import IMPORT_FIELDS, MADE_KINDS
from anxiu.equipment.queries import BROUGHT_BY, MADE, SEEN_WITH


@dataclass(frozen=True, slots=True)
class Importer:
    """All there is to say of a kind of file.

    `headings` are the names columns go by (`headings.py`), `fields` their words; `parse` makes a line of a row's texts,
    `take` rows of lines, of the tables in `made`, the highest first. Who sees such rows sees the files, who may add one
    by hand brings them in. `touched` says of rows that they were used since, where nothing refers to them.
    """

    kind: ImportKind
    headings: Mapping[str, tuple[str, ...]]
    needed: frozenset[str]
    fields: Mapping[str, Promise]
    parse: Callable[[int, Texts, str], Line]
    take: Callable[[Taking, Sequence[Any]], None]
    made: Mapping[str, tuple[type[Model], Promise]]
    seen_with: str
    brought_by: str
    touched: Mapping[str, Q] = field(default_factory=dict)


def register_importer(new: Importer) -> None:
    """Take in files of this kind from now on; refuses a kind that is taken in already."""
    if new.kind in TAKERS:
        raise ValueError(f"files of {new.kind} are taken in already")
    HEADINGS[new.kind], NEEDED[new.kind] = dict(new.headings), new.needed
    IMPORT_FIELDS[new.kind], PARSERS[new.kind], TAKERS[new.kind] = new.fields, new.parse, new.take
    SEEN_WITH[new.kind], BROUGHT_BY[new.kind] = new.seen_with, new.brought_by
    # An import is taken back from the top: what a higher app made goes before what it stands on.
    below = dict(MADE)
    MADE.clear()
    MADE.update({name: model for name, (model, _words) in new.made.items()} | below)
    TOUCHED.update(new.touched)
    MADE_KINDS.update({name: words for name, (_model, words) in new.made.items()})
