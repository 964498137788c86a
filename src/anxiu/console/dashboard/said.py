"""Figures as people read them: a value with its unit, a target, a change, and what is said where there is nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from anxiu.console.dashboard.asking import Question
from anxiu.console.templatetags._words import duration_words
from anxiu.kpi.choices import NPS, Better, Rank, ShareCode, TimeCode, Unit
from anxiu.kpi.messages import MEANINGS, RANKS
from anxiu.kpi.rules.figures import Figure
from anxiu.kpi.rules.indicators import Indicator

GROUPS: Final[tuple[tuple[Promise, tuple[str, ...]], ...]] = (
    (gettext_lazy("How quickly"), (TimeCode.RESPONSE, TimeCode.ACCEPTANCE, TimeCode.WAIT, TimeCode.HANDLING)),
    (
        gettext_lazy("How well"),
        (ShareCode.FIRST_FIX, ShareCode.REPEAT, ShareCode.RESOLUTION, ShareCode.REMOTE, ShareCode.COMPLETION),
    ),
    (gettext_lazy("How reliably"), (ShareCode.CLOCKS, ShareCode.ON_TIME, ShareCode.ACCEPTED)),
    (gettext_lazy("What customers say"), (ShareCode.SATISFACTION, ShareCode.SATISFIED, NPS)),
)  # fmt: skip
TONES: Final = {
    Rank.MET: "green", Rank.MISSED: "red", Rank.TOO_FEW: "grey", Rank.NO_DATA: "grey", Rank.NO_TARGET: "blue",
}  # fmt: skip
MARKS: Final = {
    Rank.MET: "circle-check", Rank.MISSED: "alert-triangle", Rank.TOO_FEW: "circle-dashed",
    Rank.NO_DATA: "circle-dashed", Rank.NO_TARGET: "point",
}  # fmt: skip
BEST_WITHOUT_PART: Final = 10  # scores of ten and less are told with two places


def value_words(indicator: Indicator, value: float, scale: int) -> tuple[str, str]:
    """A value and its unit: `2 h 5 min`, `93.4` `%`, `4.52` `/ 5`, `+28`, `1,204`."""
    match indicator.unit:
        case Unit.TIME:
            return duration_words(timedelta(seconds=value)), ""
        case Unit.SHARE:
            return f"{value * 100:.1f}", "%"
        case Unit.SCORE:
            return f"{value * scale:.{2 if scale <= BEST_WITHOUT_PART else 1}f}", f"/ {scale}"
        case Unit.POINTS:
            return f"{value:+.0f}".replace("-", "−"), ""
    return f"{value:,.0f}", ""


def plain_words(indicator: Indicator, value: float | None, scale: int) -> str:
    """A value with its unit in one text; `–` for nothing."""
    return " ".join(filter(None, value_words(indicator, value, scale))) if value is not None else "–"


def target_words(indicator: Indicator, target: float | None, scale: int) -> str:
    """`≥ 95 %`, `≤ 4 h`; empty without a target."""
    if target is None:
        return ""
    sign = "≤" if indicator.better is Better.LESS else "≥"
    if indicator.unit is Unit.SHARE:
        return f"{sign} {target:.0%}".replace("%", " %")
    if indicator.unit is Unit.SCORE:
        return f"{sign} {target * scale:g} / {scale}"
    return f"{sign} {plain_words(indicator, target, scale)}"


def change_words(figure: Figure, scale: int) -> str:
    """How much a figure moved since the period before, without its sign: the arrow has that."""
    return "" if figure.change is None else size_words(figure.indicator, abs(figure.change), scale)


def size_words(indicator: Indicator, size: float, scale: int) -> str:
    """How large a difference is, without its sign."""
    if indicator.unit is Unit.SHARE:
        return _("{n} points").format(n=f"{size * 100:.1f}")
    if indicator.unit is Unit.SCORE:
        return f"{size * scale:.2f}"
    return plain_words(indicator, size, scale).removeprefix("+")


def count_words(figure: Figure) -> str:
    """How many cases stand behind it."""
    return ngettext("{n} case", "{n} cases", figure.count).format(n=f"{figure.count:,}")


@dataclass(frozen=True, slots=True)
class Tile:
    """One indicator at a glance."""

    code: str
    name: object
    symbol: str
    value: str
    unit: str
    rank: Rank
    tone: str
    mark: str
    note: object
    target: str
    change: str
    direction: str
    is_better: bool | None
    count: str
    cases: int
    beside: str
    team: str
    trend: Sequence[float]
    url: str
    orders_url: str


def tile(question: Question, figure: Figure, trend: Sequence[float], team: Figure | None = None) -> Tile:
    """An indicator as a tile; without data it says so."""
    indicator, scale = figure.indicator, question.scale
    value, unit = value_words(indicator, figure.value, scale) if figure.value is not None else ("", "")
    moved = figure.change if figure.is_judged else None
    return Tile(
        code=indicator.code, name=MEANINGS[indicator.code].name, symbol=indicator.symbol, value=value, unit=unit,
        rank=figure.rank, tone=TONES[figure.rank], mark=MARKS[figure.rank], note=RANKS[figure.rank],
        target=target_words(indicator, figure.target, scale),
        change=change_words(figure, scale) if moved else "", direction="up" if (moved or 0) > 0 else "down",
        is_better=figure.is_better, count=count_words(figure), cases=figure.count, beside=beside_words(figure, scale),
        team=_team(team, scale), trend=trend, url=question.to("indicator", indicator.code),
        orders_url=question.to("indicator_orders", indicator.code),
    )  # fmt: skip


def _team(team: Figure | None, scale: int) -> str:
    """The mean around one person, where there are cases enough that it tells of nobody else."""
    if team is None or not team.is_judged:
        return ""
    return _("region: {value}").format(value=plain_words(team.indicator, team.value, scale))


def beside_words(figure: Figure, scale: int) -> str:
    """The same time with, or without, what the regulation lets stand outside; only where it differs."""
    if figure.beside is None or figure.value is None:
        return ""
    words = plain_words(figure.indicator, figure.beside, scale)
    if words == plain_words(figure.indicator, figure.value, scale):
        return ""
    said = _("without pauses {value}") if figure.beside < figure.value else _("with pauses {value}")
    return said.format(value=words)


def targets_met(figures: Sequence[Figure]) -> dict[str, Any]:
    """How many targets are met, of those that can be judged."""
    judged = [each for each in figures if each.rank in (Rank.MET, Rank.MISSED)]
    return {"met": sum(1 for each in judged if each.rank is Rank.MET), "judged": len(judged)}
