"""What the regulation says about figures: what is aimed at, and how many cases must stand behind one."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from anxiu.kernel.values import (
    ChoiceKind,
    DurationKind,
    IntegerKind,
    ListKind,
    RecordKind,
    Scope,
    TableKind,
    Value,
    percent,
)
from anxiu.kpi.choices import ScorePart, ShareCode, TimeCode


@dataclass(frozen=True, slots=True)
class TimeTarget:
    """A mean time that is aimed at: no longer than this."""

    indicator: TimeCode
    at_most: timedelta


@dataclass(frozen=True, slots=True)
class ShareTarget:
    """A share that is aimed at: at least, or for what should not happen at most."""

    indicator: ShareCode
    target: int


TIME_TARGETS: Final = Value(
    "kpi.time_targets",
    ListKind(RecordKind(TimeTarget, {"indicator": ChoiceKind(TimeCode), "at_most": DurationKind()})),
    scope=Scope.PERSON,
)
SHARE_TARGETS: Final = Value(
    "kpi.share_targets",
    ListKind(RecordKind(ShareTarget, {"indicator": ChoiceKind(ShareCode), "target": percent()})),
    scope=Scope.PERSON,
)
WEIGHTS: Final = Value("kpi.weights", TableKind(ScorePart, percent(), total=100), scope=Scope.PERSON)
MINIMUM_CASES: Final = Value("kpi.minimum_cases", IntegerKind(1, 1000, "cases"), scope=Scope.PERSON)
SATISFIED_FROM: Final = Value("kpi.satisfied_from", percent(), scope=Scope.ORDER)
ARRIVAL_GRACE: Final = Value("kpi.arrival_grace", DurationKind(), scope=Scope.ORDER)
PILOT_WEEKS_BEFORE: Final = Value("kpi.pilot_weeks_before", IntegerKind(2, 104, "weeks"), scope=Scope.COMPANY)
