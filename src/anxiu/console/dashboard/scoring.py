"""The service score on the dashboard: each part with its weight, its figure and its points, and the regions beside."""

from dataclasses import dataclass
from typing import Any

from anxiu.console.dashboard.asking import Question, local_name
from anxiu.console.dashboard.said import plain_words
from anxiu.kpi.messages import MISSING, PARTS
from anxiu.kpi.queries import weights_of
from anxiu.kpi.rules.figures import Figure, Sheet, every
from anxiu.kpi.rules.weighing import Score, Weighed, score


@dataclass(frozen=True, slots=True)
class PartShown:
    """A part as a row: what it is, how much it weighs, what it came to."""

    name: object
    weight: int
    words: str
    count: int | None
    points: str
    missing: object
    url: str


def scored(question: Question, figures: dict[str, Figure], found: Sheet) -> dict[str, Any]:
    """What `console/dashboard/score.html` shows."""
    weights = weights_of(question.version)
    whole = score(weights, figures)
    of_regions = [
        (each, score(weights, every(found.regions[each.pk], question.aims)))
        for each in question.regions
        if each.pk in found.regions and question.is_team and not question.person
    ]
    return {
        "points": _points(whole), "score": whole, "parts": [_shown(question, each) for each in whole.parts],
        "regions": [
            {"name": local_name(each), "points": _points(its), "score": its, "url": question.home(region=each.code)}
            for each, its in of_regions
        ]
        if len(of_regions) > 1 else [],
    }  # fmt: skip


def _points(found: Score) -> str:
    return "" if found.points is None else f"{found.points:.1f}"


def _shown(question: Question, each: Weighed) -> PartShown:
    figure = each.figure
    return PartShown(
        name=PARTS[each.part], weight=each.weight,
        words=plain_words(figure.indicator, figure.value, question.scale) if figure else "",
        count=figure.count if figure else None, points="" if each.points is None else f"{each.points:.1f}",
        missing=MISSING[each.missing] if each.missing else "",
        url=question.to("indicator", figure.indicator.code) if figure and figure.count else "",
    )  # fmt: skip
