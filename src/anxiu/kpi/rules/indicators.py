"""Every indicator, declared once: what it is counted from, which way is good, and which moment it belongs to.

Each is a sum over a number of cases. A fact holds one column for each indicator, empty where the fact does not count;
so the figure is the sum of that column over the facts that are not empty, and the facts are its orders.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from anxiu.kpi.choices import NPS, Better, ShareCode, Source, TimeCode, Unit, Whose


@dataclass(frozen=True, slots=True)
class Indicator:
    """`column` holds what a fact adds, `at` the moment that says in which period it counts.

    Times are measured with and without pauses: `column` is held against the target, `other` shown beside it.
    `keys` are the values of the regulation whose cases are counted, where those are clocks.
    """

    code: str
    source: Source
    unit: Unit
    better: Better
    column: str
    at: str
    whose: Whose = Whose.ENGINEER
    other: str = ""
    keys: tuple[str, ...] = ()
    symbol: str = "target"


def _time(code: TimeCode, at: str, symbol: str, *columns: str, whose: Whose = Whose.ENGINEER) -> Indicator:
    source, column, other = Source.ORDER, columns[0], columns[-1]
    return Indicator(code, source, Unit.TIME, Better.LESS, column, at, whose, other, symbol=symbol)


def _share(
    code: ShareCode, at: str, symbol: str, source: Source = Source.ORDER, better: Better = Better.MORE
) -> Indicator:
    return Indicator(code, source, Unit.SHARE, better, code.value, at, symbol=symbol)


def _clock(code: ShareCode, *keys: str, whose: Whose = Whose.ENGINEER) -> Indicator:
    return Indicator(
        code, Source.CASE, Unit.SHARE, Better.MORE, code.value, "at", whose, keys=keys, symbol="clock-hour-4"
    )


CLOCKS: Final = (
    _clock(ShareCode.CLOCK_FIRST_RESPONSE, "sla.first_response", whose=Whose.OWNER),
    _clock(ShareCode.CLOCK_HAND_OVER, "sla.hand_over", whose=Whose.OWNER),
    _clock(ShareCode.CLOCK_ACCEPTANCE, "sla.acceptance"),
    _clock(ShareCode.CLOCK_PREPARE, "sla.prepare_before", "sla.prepare_at_least"),
    _clock(ShareCode.CLOCK_ARRIVAL, "sla.arrival"),
    _clock(ShareCode.CLOCK_APPROVAL, "sla.approval", whose=Whose.OWNER),
    _clock(ShareCode.CLOCK_RESOLUTION, "sla.resolution"),
    _clock(ShareCode.CLOCK_SIGN_OFF, "sla.sign_off"),
    _clock(ShareCode.CLOCK_FOLLOW_UP, "sla.follow_up", whose=Whose.OWNER),
    _clock(ShareCode.CLOCK_ARCHIVE, "sla.archive", whose=Whose.OWNER),
    _clock(ShareCode.CLOCK_ANSWER, "sla.answer", whose=Whose.OWNER),
)
CLOCK_OF: Final[Mapping[str, Indicator]] = {key: each for each in CLOCKS for key in each.keys}
REQUESTS: Final = Indicator(
    "requests", Source.ORDER, Unit.COUNT, Better.NEITHER, "", "opened_at", symbol="phone-incoming"
)
_ALL: Final = (
    REQUESTS,
    _time(
        TimeCode.RESPONSE, "responded_at", "phone-call", "response_net_seconds", "response_seconds", whose=Whose.OWNER
    ),
    Indicator(
        TimeCode.ACCEPTANCE, Source.VISIT, Unit.TIME, Better.LESS, "acceptance_seconds", "answered_at",
        symbol="user-check",
    ),
    _time(TimeCode.WAIT, "arrived_at", "hourglass", "wait_seconds", "wait_net_seconds"),
    _time(TimeCode.HANDLING, "completed_at", "tool", "handling_net_seconds", "handling_seconds"),
    _share(ShareCode.ON_TIME, "arrived_at", "map-pin-check", Source.VISIT),
    _share(ShareCode.ACCEPTED, "answered_at", "thumb-up", Source.VISIT),
    _share(ShareCode.COMPLETION, "ended_at", "circle-check"),
    _share(ShareCode.RESOLUTION, "completed_at", "shield-check"),
    _share(ShareCode.FIRST_FIX, "completed_at", "target"),
    _share(ShareCode.REPEAT, "completed_at", "repeat", better=Better.LESS),
    Indicator(
        ShareCode.REMOTE, Source.ORDER, Unit.SHARE, Better.MORE, "remote", "remote_at", Whose.OWNER, symbol="headset"
    ),
    Indicator(
        ShareCode.SATISFACTION, Source.ORDER, Unit.SCORE, Better.MORE, "satisfaction", "rated_at", symbol="star"
    ),
    _share(ShareCode.SATISFIED, "rated_at", "mood-happy"),
    Indicator(NPS, Source.ORDER, Unit.POINTS, Better.MORE, "nps", "rated_at", symbol="heart"),
    _clock(ShareCode.CLOCKS, *CLOCK_OF),
    *CLOCKS,
)
INDICATORS: Final[Mapping[str, Indicator]] = {each.code: each for each in _ALL}
# A score is kept in hundredths of a percent of the best one, so that sums stay whole.
WHOLE_SCORE: Final = 10_000  # source: own choice; finer than any scale of ratings


def columns(source: Source) -> tuple[tuple[str, str], ...]:
    """What facts of a source add up in: columns with their moments."""
    return tuple(
        (column, each.at)
        for each in _ALL
        if each.source is source and source is not Source.CASE
        for column in (each.column, each.other)
        if column
    )


# The sums that are kept by day: of each column how much and how many; `opened` counts requests.
OPENED: Final = "opened"
SUMMED: Final = (
    OPENED,
    *(column for source in (Source.ORDER, Source.VISIT) for column, _ in columns(source)),
    *(each.column for each in CLOCKS),
)
# The hours of a day, as requests are counted by them.
HOURS: Final = tuple(f"h{hour}" for hour in range(24))  # source: a day has 24 hours
