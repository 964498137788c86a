"""Which figure of the regulation each clock answers to. Not exported with the arithmetic: it reads the values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from anxiu.customers.choices import Tier
from anxiu.kernel.values import Reading, Target, Value
from anxiu.regulation.choices import Severity
from anxiu.sla import values
from anxiu.sla.choices import ClockKind
from anxiu.sla.rules.case import Case, Promise, Readiness
from anxiu.sla.rules.clock import PERCENT

TARGETS: Final[Mapping[ClockKind, Value[Mapping[Severity, Target]]]] = MappingProxyType(
    {
        ClockKind.FIRST_RESPONSE: values.FIRST_RESPONSE,
        ClockKind.HAND_OVER: values.HAND_OVER,
        ClockKind.ACCEPTANCE: values.ACCEPTANCE,
        ClockKind.ARRIVAL: values.ARRIVAL,
        ClockKind.APPROVAL: values.APPROVAL,
        ClockKind.RESOLUTION: values.RESOLUTION,
        ClockKind.SIGN_OFF: values.SIGN_OFF,
        ClockKind.FOLLOW_UP: values.FOLLOW_UP,
        ClockKind.ARCHIVE: values.ARCHIVE,
        ClockKind.ANSWER: values.ANSWER,
    }
)


class Decides(StrEnum):
    """What decides a deadline. They decide in this order: which version holds (for region and kind of service, for the
    region, for the kind of service, for all), its figure for the severity, and the tier's share of that figure.
    """

    VERSION = "version"
    SEVERITY = "severity"
    TIER = "tier"


@dataclass(frozen=True, slots=True)
class Limit:
    """How a promise comes about. `figure`: of this severity in the version; `share`: percent of it, by the tier."""

    value_key: str
    severity: Severity
    figure: timedelta
    working: bool
    tier: Tier | None
    share: int

    @property
    def target(self) -> timedelta:
        """What is left of the figure."""
        return self.figure * self.share / PERCENT


def limit(case: Case, kind: ClockKind, reading: Reading) -> Limit:
    """The figure of the case's severity, shortened to its tier's share; a customer who is not known is standard."""
    value = TARGETS[kind]
    figure = reading(value)[case.severity]
    share = reading(values.TIER_SHARE)[case.tier or Tier.STANDARD]
    return Limit(value.key, case.severity, figure.duration, figure.working, case.tier, share)


def promise(case: Case, kind: ClockKind, reading: Reading) -> Promise:
    """How long this case may take for one kind of clock."""
    found = limit(case, kind, reading)
    return Promise(found.value_key, found.target, found.working)


def readiness(case: Case, before_at: datetime, reading: Reading) -> Readiness:
    """The promise to be prepared before `before_at`."""
    lead = reading(values.PREPARE_BEFORE)[case.severity]
    return Readiness(values.PREPARE_BEFORE.key, before_at, lead, reading(values.PREPARE_AT_LEAST))
