"""What a comparison says: one plain sentence for each indicator, its chart, its interval, and every figure's orders."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anxiu.console.dashboard.asking import OWN_DAYS, REST, TRIED
from anxiu.console.dashboard.charts import axis
from anxiu.console.dashboard.said import plain_words, size_words
from anxiu.console.on_trial import day_words
from anxiu.kpi.choices import Better, Finding
from anxiu.kpi.messages import MEANINGS
from anxiu.kpi.queries import Comparison, days_of
from anxiu.kpi.rules.figures import value_of
from anxiu.kpi.rules.indicators import Indicator
from anxiu.kpi.rules.piloting import Found, PartSums, Sum

BETTER, WORSE, OTHER = "better", "worse", "other"
CHIPS: Final[dict[str, tuple[Promise, str, str]]] = {
    BETTER: (gettext_lazy("Better"), "green", "trending-up"),
    WORSE: (gettext_lazy("Worse"), "red", "trending-down"),
    OTHER: (gettext_lazy("Changed"), "blue", "arrows-exchange"),
    Finding.NOT_DISTINGUISHABLE: (gettext_lazy("Not distinguishable"), "grey", "wave-sine"),
    Finding.TOO_FEW: (gettext_lazy("Too few parts"), "amber", "users"),
    Finding.NO_DATA: (gettext_lazy("No data yet"), "grey", "circle-dashed"),
}
HALF: Final = 46  # the reach of an interval's drawing to each side, of 50


@dataclass(frozen=True, slots=True)
class Mark:
    """An interval drawn on a line from 0 to 100, no effect in its middle."""

    at: float
    low: float
    width: float


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure with its cases and the way to its orders."""

    words: str
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class Line:
    """Figures before and since, of a side or of one part, and how much they moved."""

    name: str
    before: Cell
    after: Cell
    change: str
    tried: bool = False
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Judged:
    """One indicator compared, as a reader sees it."""

    code: str
    name: Promise
    symbol: str
    chip: str
    tone: str
    mark_symbol: str
    sentence: str
    effect: str
    interval: str
    mark: Mark | None
    sides: tuple[Line, ...]
    parts: tuple[Line, ...]
    few: int
    chart: dict[str, Any]
    chart_id: str


@dataclass(frozen=True, slots=True)
class Reader:
    """What every figure of the page is told by: the comparison, the best score, and the regions that are seen."""

    comparison: Comparison
    scale: int
    names: dict[int, str]
    regions: dict[int, str]

    def url(self, code: str, first: date, last: date, **more: str) -> str:
        """The orders behind a figure."""
        given = {
            "period": OWN_DAYS, "since": first.isoformat(), "until": last.isoformat(),
            "pilot": str(self.comparison.pilot.uid), **more,
        }  # fmt: skip
        return f"{reverse('indicator_orders', args=[code])}?{urlencode(given)}"

    def side(self, found: Found, *, tried: bool) -> dict[str, str]:
        """What an address names a side by: without regions that have too few cases, as far as they are seen."""
        codes = [self.regions[each] for each in found.left_out(tried=tried) if each in self.regions]
        return {"side": TRIED if tried else REST, **({"without": ",".join(codes)} if codes else {})}

    def cell(self, indicator: Indicator, sums: Sum, *, since: bool, **more: str) -> Cell:
        """A figure of a side before or since."""
        words = plain_words(indicator, value_of(indicator, *sums), self.scale)
        first, last = days_of(self.comparison.weeks, since=since)
        url = self.url(indicator.code, first, last, **more) if sums[1] else ""
        return Cell(words, sums[1], url)


def judged(reader: Reader, found: Found) -> Judged:
    """One indicator in words and as a chart."""
    indicator, compared = found.indicator, found.compared
    chip, tone, symbol = CHIPS[_kind(found)]
    sides = (
        _line(reader, found, _("Where it is tried"), found.tried.before, found.tried.after, tried=True),
        _line(reader, found, _("Elsewhere"), found.rest.before, found.rest.after, tried=False),
    )  # fmt: skip
    interval = ""
    if compared.low is not None and compared.high is not None:
        low, high = (signed(indicator, each, reader.scale) for each in (compared.low, compared.high))
        interval = _("{low} to {high}").format(low=low, high=high)
    return Judged(
        indicator.code, MEANINGS[indicator.code].name, indicator.symbol, str(chip), tone, symbol,
        sentence(reader, found), "" if compared.effect is None else signed(indicator, compared.effect, reader.scale),
        interval, _mark(found), sides, _parts(reader, found), sum(not each.counts for each in found.parts),
        _chart(reader, found), f"pilot-{indicator.code}",
    )  # fmt: skip


def _kind(found: Found) -> str:
    """What a finding means: of a change, whether it is a good one."""
    compared = found.compared
    if compared.finding is not Finding.CHANGED:
        return compared.finding
    if found.indicator.better is Better.NEITHER:
        return OTHER
    return BETTER if ((compared.effect or 0) < 0) == (found.indicator.better is Better.LESS) else WORSE


def signed(indicator: Indicator, value: float, scale: int) -> str:
    """A difference with its sign; none where it is nothing as it is told."""
    words = size_words(indicator, abs(value), scale).removeprefix("+")
    if words == size_words(indicator, 0, scale).removeprefix("+"):
        return words
    return f"{'−' if value < 0 else '+'}{words}"


def sentence(reader: Reader, found: Found) -> str:
    """What can be said, in one plain sentence."""
    indicator, compared = found.indicator, found.compared
    said: dict[str, object] = {"tried": compared.tried, "rest": compared.rest, "n": reader.comparison.minimum}
    if compared.effect is not None:
        said["size"] = size_words(indicator, abs(compared.effect), reader.scale).removeprefix("+")
        said["effect"] = signed(indicator, compared.effect, reader.scale)
    if compared.low is not None and compared.high is not None:
        said["low"], said["high"] = (signed(indicator, each, reader.scale) for each in (compared.low, compared.high))
    return _phrase(reader, found).format(**said)


def _phrase(reader: Reader, found: Found) -> str:
    compared = found.compared
    match compared.finding:
        case Finding.CHANGED if (compared.effect or 0) < 0:
            return _(
                "Where it was tried, it came out {size} lower than the rest would lead one to expect; "
                "the true difference lies between {low} and {high}."
            )
        case Finding.CHANGED:
            return _(
                "Where it was tried, it came out {size} higher than the rest would lead one to expect; "
                "the true difference lies between {low} and {high}."
            )
        case Finding.NOT_DISTINGUISHABLE:
            return _(
                "Not distinguishable: {effect} beside the rest was seen, but anything between {low} and {high}, "
                "no difference included, agrees with the figures."
            )
        case Finding.TOO_FEW:
            return _(
                "Too few parts to tell: {tried} tried it and {rest} did not, so chance alone could bring about any "
                "difference. Seen was {effect}; an interval cannot be given."
            )
    if not reader.comparison.weeks.after:
        return _("Nothing to compare yet: the first whole week is not over.")
    if not any(each.counts for each in found.parts):
        return _("No data: no part has {n} cases both before and since the pilot began.")
    return _("No data on both sides: {tried} parts that tried it and {rest} that did not have cases enough.")


def _mark(found: Found) -> Mark | None:
    compared = found.compared
    if compared.effect is None or compared.low is None or compared.high is None:
        return None
    most = max(abs(compared.low), abs(compared.high)) or 1
    at, low, high = (round(50 + HALF * each / most, 1) for each in (compared.effect, compared.low, compared.high))
    return Mark(at, low, round(max(high - low, 1), 1))


def _line(reader: Reader, found: Found, name: str, before: Sum, after: Sum, *, tried: bool, region: str = "") -> Line:
    indicator = found.indicator
    more = {"side": TRIED if tried else REST, "region": region} if region else reader.side(found, tried=tried)
    earlier, later = value_of(indicator, *before), value_of(indicator, *after)
    moved = "–" if earlier is None or later is None else signed(indicator, later - earlier, reader.scale)
    return Line(
        name, reader.cell(indicator, before, since=False, **more), reader.cell(indicator, after, since=True, **more),
        moved, tried,
    )  # fmt: skip


def _parts(reader: Reader, found: Found) -> tuple[Line, ...]:
    """Part by part, those that tried it first; of regions the reader sees."""
    def line(each: PartSums) -> Line:
        region, name = reader.regions[each.region], reader.names[each.region]
        told = _line(reader, found, name, each.before, each.after, tried=each.tried, region=region)
        return replace(told, counts=each.counts)

    known = [each for each in found.parts if each.region in reader.names]
    return tuple(line(each) for each in sorted(known, key=lambda each: (not each.tried, reader.names[each.region])))


def _chart(reader: Reader, found: Found) -> dict[str, Any]:
    """Week by week, both sides; each point opens to its orders."""
    indicator, span = found.indicator, reader.comparison.weeks
    sides = {TRIED: found.tried, REST: found.rest}
    names = {key: reader.side(found, tried=key == TRIED) for key in sides}
    values = {key: [value_of(indicator, *each) for each in side.weeks] for key, side in sides.items()}
    size, unit = axis(reader.scale, indicator, [*values[TRIED], *values[REST]])
    rows: list[dict[str, Any]] = []
    for number, first in enumerate(span.days):
        last = first + timedelta(days=6)
        cells = {
            key: Cell(
                plain_words(indicator, values[key][number], reader.scale), side.weeks[number][1],
                reader.url(indicator.code, first, last, **names[key]) if side.weeks[number][1] else "",
            )
            for key, side in sides.items()
        }  # fmt: skip
        rows.append({"when": day_words(first, last), "since": number >= span.before, **cells})
    return {
        "rows": rows,
        "data": {
            "labels": [f"{first:%m-%d}" for first in span.days], "unit": unit, "begins": span.before,
            "beginsName": _("Pilot begins"),
            "series": [
                {"name": str(name), "data": _plotted(values[key], size)}
                for key, name in ((TRIED, _("Where it is tried")), (REST, _("Elsewhere")))
            ],
            "links": [row[TRIED].url for row in rows], "otherLinks": [row[REST].url for row in rows],
        },
    }  # fmt: skip


def _plotted(values: Sequence[float | None], size: float) -> list[float | None]:
    return [None if each is None else round(each / size, 2) for each in values]
