"""What the regulation says about time: how long, by which calendar, who is called when it runs out."""

from typing import Final

from anxiu.customers.choices import Tier
from anxiu.kernel.values import (
    DurationKind,
    HoursKind,
    IntegerKind,
    ListKind,
    MapKind,
    RecordKind,
    Scope,
    TableKind,
    TargetKind,
    TextKind,
    Value,
    Words,
    percent,
)  # fmt: skip
from anxiu.regulation.choices import Severity
from anxiu.regulation.rules.controls import guard
from anxiu.sla.rules.ladder import Rung

_BY_SEVERITY: Final = TableKind(Severity, TargetKind())

FIRST_RESPONSE: Final = Value("sla.first_response", _BY_SEVERITY, scope=Scope.ORDER)
HAND_OVER: Final = Value("sla.hand_over", _BY_SEVERITY, scope=Scope.ORDER)
ACCEPTANCE: Final = Value("sla.acceptance", _BY_SEVERITY, scope=Scope.ORDER)
ARRIVAL: Final = Value("sla.arrival", _BY_SEVERITY, scope=Scope.ORDER)
PREPARE_BEFORE: Final = Value("sla.prepare_before", TableKind(Severity, DurationKind()), scope=Scope.ORDER)
PREPARE_AT_LEAST: Final = Value("sla.prepare_at_least", DurationKind(), scope=Scope.ORDER)
APPROVAL: Final = Value("sla.approval", _BY_SEVERITY, scope=Scope.ORDER)
RESOLUTION: Final = Value("sla.resolution", _BY_SEVERITY, scope=Scope.ORDER)
SIGN_OFF: Final = Value("sla.sign_off", _BY_SEVERITY, scope=Scope.ORDER)
FOLLOW_UP: Final = Value("sla.follow_up", _BY_SEVERITY, scope=Scope.ORDER)
ARCHIVE: Final = Value("sla.archive", _BY_SEVERITY, scope=Scope.ORDER)
ANSWER: Final = Value("sla.answer", _BY_SEVERITY, scope=Scope.ORDER)
TIER_SHARE: Final = Value("sla.tier_share", TableKind(Tier, IntegerKind(10, 100, "%")), scope=Scope.ORDER)
WARNING_SHARE: Final = Value("sla.warning_share", percent(), scope=Scope.ORDER)
WORKING_HOURS: Final = Value("sla.working_hours", MapKind(ListKind(HoursKind())), scope=Scope.ORDER)
QUIET_HOURS: Final = Value("sla.quiet_hours", TableKind(Severity, ListKind(HoursKind())), scope=Scope.ORDER)
LADDER: Final = Value(
    "sla.ladder",
    TableKind(
        Severity,
        ListKind(
            RecordKind(Rung, {"after": DurationKind(), "to": TextKind(), "acknowledge_within": DurationKind()})
        ),
    ),
    scope=Scope.ORDER,
)

guard(
    "sla.clock_outcome", "clock_ends_with_an_outcome",
    Words("数据库约束：每个时钟以履行、违反或免除结束", "Database constraint: every clock ends kept, broken or exempt"),
)  # fmt: skip
