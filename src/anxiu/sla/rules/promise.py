"""Which figure of the regulation each clock answers to. Not exported with the arithmetic: it reads the values."""

from collections.abc import Mapping
from datetime import datetime
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


def promise(case: Case, kind: ClockKind, reading: Reading) -> Promise:
    """How long this case may take for one kind of clock: the figure of its severity, shortened to its tier's share."""
    value = TARGETS[kind]
    target = reading(value)[case.severity]
    share = reading(values.TIER_SHARE)[case.tier or Tier.STANDARD]
    return Promise(value.key, target.duration * share / PERCENT, target.working)


def readiness(case: Case, before_at: datetime, reading: Reading) -> Readiness:
    """The promise to be prepared before `before_at`."""
    lead = reading(values.PREPARE_BEFORE)[case.severity]
    return Readiness(values.PREPARE_BEFORE.key, before_at, lead, reading(values.PREPARE_AT_LEAST))
