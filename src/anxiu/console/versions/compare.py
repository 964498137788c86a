"""Two versions side by side, in words and figures: any version, draft or preset with any other."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from anxiu.console.pages import page, show
from anxiu.console.versions.words import language, name_of, state_of
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import NotFound
from anxiu.kernel.time import now
from anxiu.regulation.models import Version
from anxiu.regulation.queries import VIEW, preset_sheets, presets, sheets, versions
from anxiu.regulation.rules.compare import FigurePair, Mark, Pair, Piece, Sheet, Status, compare, side

PRESET = "preset:"


@dataclass(frozen=True, slots=True)
class Side:
    """What is compared, by the name its address has."""

    key: str
    name: str
    state: str


@dataclass(frozen=True, slots=True)
class Row:
    """A clause as it stands on both sides."""

    pair: Pair
    left_title: tuple[Piece, ...]
    right_title: tuple[Piece, ...]
    left: tuple[Piece, ...]
    right: tuple[Piece, ...]
    left_held: tuple[Piece, ...]
    right_held: tuple[Piece, ...]
    figures: tuple[FigurePair, ...]


@page(VIEW)
def compare_versions(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Clause by clause; only what differs, unless everything is asked for."""
    at, known = now(), list(versions(actor))
    sides = [_side(each, at) for each in known]
    shipped = presets().items()
    sides += [Side(f"{PRESET}{code}", each.name.in_language(language()), _("Preset")) for code, each in shipped]
    everything = request.GET.get("all") == "1"
    left, right = _asked(request, sides)
    context: dict[str, Any] = {
        "title": _("Compare"), "sides": sides, "left": left, "right": right, "all": everything,
        "counts": None, "rows": (),
    }  # fmt: skip
    if left and right:
        pairs = compare(_sheets(actor, left, known), _sheets(actor, right, known))
        rows = rows_of([each for each in pairs if everything or each.status is not Status.SAME])
        context |= {
            "rows": rows,
            "counts": {status.value: sum(1 for each in pairs if each.status is status) for status in Status},
        }  # fmt: skip
    return show(request, "console/versions/compare.html", context)


def _side(version: Version, at: datetime) -> Side:
    return Side(version.code, name_of(version), state_of(version, at)[0])


def _asked(request: HttpRequest, sides: list[Side]) -> tuple[Side | None, Side | None]:
    """The two sides the address names; one that is not there is not found."""
    found = []
    for name in ("left", "right"):
        key = request.GET.get(name, "")
        chosen = next((each for each in sides if each.key == key), None)
        if key and chosen is None:
            raise NotFound("kernel.not_found")
        found.append(chosen)
    return found[0], found[1]


def _sheets(actor: Actor, chosen: Side, known: list[Version]) -> list[Sheet]:
    if chosen.key.startswith(PRESET):
        return preset_sheets(actor, chosen.key.removeprefix(PRESET), language())
    version = next(each for each in known if each.code == chosen.key)
    return sheets(actor, version.pk, language())


def rows_of(pairs: list[Pair]) -> list[tuple[str, list[Row]]]:
    """Pairs of clauses as they are shown side by side, by chapter."""
    return _headed([_row(each) for each in pairs])


def _row(pair: Pair) -> Row:
    old, new = Mark.OLD, Mark.NEW
    return Row(
        pair, side(pair.title, old), side(pair.title, new), side(pair.text, old), side(pair.text, new),
        side(pair.held, old), side(pair.held, new), tuple(each for each in pair.figures if each.lines),
    )  # fmt: skip


def _headed(rows: list[Row]) -> list[tuple[str, list[Row]]]:
    """The rows by chapter, each under its title."""
    chapters: dict[str, list[Row]] = {}
    for row in rows:
        chapters.setdefault(f"{row.pair.chapter} {row.pair.chapter_title}", []).append(row)
    return list(chapters.items())
