"""How a file on its way in looks: its state in words, its steps, what its first rows become, why rows are refused."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from anxiu.contracts.messages import LEVELS
from anxiu.equipment.choices import ImportKind, ImportState
from anxiu.equipment.messages import IMPORT_FIELDS, IMPORT_KINDS, IMPORT_STATES, MADE_KINDS, ROW_STATES
from anxiu.equipment.models import ImportBatch, ImportFile, ImportProblem
from anxiu.equipment.queries import kept_of, offered_columns, refusal_of
from anxiu.kernel.errors import Invalid
from anxiu.kernel.messages import explain
from anxiu.orders.messages import TYPES
from anxiu.workforce.messages import QUALIFICATION_KINDS

RUNNING: Final = frozenset({ImportState.TRYING, ImportState.TAKING})
TONES: Final = {
    ImportState.MAPPING: ("blue", "columns"), ImportState.TRYING: ("teal", "hourglass"),
    ImportState.TRIED: ("violet", "eye"), ImportState.TAKING: ("teal", "hourglass"),
    ImportState.TAKEN: ("green", "circle-check"), ImportState.FAILED: ("red", "alert-circle"),
    ImportState.DROPPED: ("grey", "trash"),
}  # fmt: skip
# Cells that are kept as codes of ours.
CODES: Final[Mapping[tuple[str, str], Mapping[Any, Any]]] = {
    (ImportKind.CONTRACTS, "level"): LEVELS, (ImportKind.CONTRACTS, "order_types"): TYPES,
    (ImportKind.QUALIFICATIONS, "kind"): QUALIFICATION_KINDS,
}  # fmt: skip
ROW_TONES: Final = {"new": "green", "known": "grey", "refused": "red"}
STEPS: Final = (_("File"), _("Columns"), _("Check"), _("Import"))
# How many steps are done in each state.
DONE: Final = {
    ImportState.MAPPING: 1, ImportState.TRYING: 2, ImportState.TRIED: 3, ImportState.TAKING: 3, ImportState.TAKEN: 4,
}  # fmt: skip
# What tables call otherwise than files do.
SAME: Final = {"code": "key", "source_id": "key", "model_id": "model", "site_id": "site"}
# A file of people has their number as its key.
SAME_OF_PEOPLE: Final = {"number": "key", "base_latitude": "latitude", "started_date": "started_on"}


def look(row: ImportFile) -> ImportFile:
    """A file with its words and tones."""
    state = ImportState(row.state)
    row.kind_words = IMPORT_KINDS[ImportKind(row.kind)]  # type: ignore[attr-defined]
    row.state_words, (row.tone, row.symbol) = IMPORT_STATES[state], TONES[state]  # type: ignore[attr-defined]
    row.url = reverse("import_file", args=[row.uid])  # type: ignore[attr-defined]
    row.is_running = state in RUNNING  # type: ignore[attr-defined]
    row.percent = 100 * row.done // row.lines if row.lines else None  # type: ignore[attr-defined]
    row.failure_words = explain(Invalid(row.failure[0], **row.failure[1])) if row.failure else ""  # type: ignore[attr-defined]
    return row


def steps_of(row: ImportFile) -> list[dict[str, object]]:
    """The way of a file, step by step."""
    done = DONE.get(ImportState(row.state), 2)
    stopped = row.state in (ImportState.FAILED, ImportState.DROPPED)
    found = []
    for place, label in enumerate(STEPS):
        state = "done" if place < done else "next"
        if place == done:
            state = "blocked" if stopped else "current"
        found.append({"label": label, "state": state, "note": ""})
    return found


def columns_of(row: ImportFile) -> list[dict[str, object]]:
    """The columns of a file with what the first rows say there, and what they are taken for."""
    fields = IMPORT_FIELDS[row.kind]
    used: dict[str, list[object]] = {}
    for name, column in offered_columns(row).items():
        used.setdefault(column, []).append(fields[name])
    return [
        {
            "name": name, "examples": [each[place] for each in row.examples if place < len(each) and each[place]],
            "used": used.get(name, ()),
        }
        for place, name in enumerate(row.header)
    ]  # fmt: skip


def _in_words(kind: str, name: str, text: str) -> str:
    """What a cell says, a code of ours in words."""
    words = CODES.get((kind, name))
    return ", ".join(str(words.get(each, each)) for each in text.split(", ")) if words and text else text


def preview_of(row: ImportFile) -> dict[str, Any]:
    """The first rows as they will become: heads, and rows of state and cells."""
    fields = [name for name in IMPORT_FIELDS[row.kind] if any(name in each["said"] for each in row.preview)]
    rows = [
        {
            "line": each["line"], "words": ROW_STATES[each["state"]], "tone": ROW_TONES[each["state"]],
            "cells": [
                {"label": IMPORT_FIELDS[row.kind][name], "text": _in_words(row.kind, name, each["said"].get(name, ""))}
                for name in fields
            ],
        }
        for each in row.preview
    ]  # fmt: skip
    return {"heads": [IMPORT_FIELDS[row.kind][name] for name in fields], "rows": rows}


# What an import makes and has a page of its own.
PAGES: Final = frozenset({"person", "engineer", "customer", "machine"})


def kept_rows(batch: ImportBatch | None) -> list[dict[str, object]]:
    """What stayed of an import that was taken back, with its page."""
    return [
        {"kind": MADE_KINDS[kind], "name": str(row), "url": reverse(kind, args=[row.uid]) if kind in PAGES else ""}
        for kind, row in (kept_of(batch) if batch else ())
    ]


def explained(file: ImportFile, rows: Iterable[ImportProblem]) -> None:
    """Put words to refusals: our field, the file's column, the reason."""
    fields = IMPORT_FIELDS[file.kind]
    for row in rows:
        name = row.field if row.field in fields else (SAME | SAME_OF_PEOPLE).get(row.field, row.field)
        row.label = fields.get(name, "")  # type: ignore[attr-defined]
        row.column = file.columns.get(name, "")  # type: ignore[attr-defined]
        row.why = explain(refusal_of(row))  # type: ignore[attr-defined]
