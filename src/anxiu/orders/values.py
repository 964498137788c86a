"""What the regulation says about the service order."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from anxiu.kernel.values import (
    ChoiceKind,
    DurationKind,
    FlagKind,
    IntegerKind,
    ListKind,
    MapKind,
    RecordKind,
    Scope,
    TableKind,
    TextKind,
    Value,
    Words,
    WordsKind,
)  # fmt: skip
from anxiu.orders.processes import ITEM, STEP, carried_evidence, carried_lists, faults
from anxiu.regulation.choices import OrderType, Severity


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion of severity: what people read, and the words by which a report meets it."""

    code: str
    severity: Severity
    words: Words
    keywords: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """A listed reason."""

    code: str
    words: Words


@dataclass(frozen=True, slots=True)
class SuspendReason:
    """A listed reason to interrupt work: whether it stops the clocks, and for how long at most."""

    code: str
    words: Words
    pauses: bool
    longest: timedelta


@dataclass(frozen=True, slots=True)
class Authority:
    """Up to what cost (yuan) a post may approve a plan; `unlimited` may approve any."""

    post: str
    limit: int
    unlimited: bool


@dataclass(frozen=True, slots=True)
class PromiseWords:
    """A promise by the words it is made with, and the posts that may make it to a customer.

    `unless_free`: on an order that is free under a guarantee anybody may say so.
    """

    code: str
    words: Words
    keywords: tuple[str, ...]
    posts: tuple[str, ...]
    unless_free: bool


MOST_YUAN: Final = 100_000_000  # source: own choice; dearer than any repair


def _reasons(key: str) -> Value[tuple[Reason, ...]]:
    kind = ListKind(RecordKind(Reason, {"code": TextKind(), "words": WordsKind()}))
    return Value(key, kind, scope=Scope.ORDER)


SEVERITY_CRITERIA: Final = Value(
    "orders.severity_criteria",
    ListKind(
        RecordKind(
            Criterion,
            {
                "code": TextKind(), "severity": ChoiceKind(Severity), "words": WordsKind(),
                "keywords": ListKind(TextKind()),
            },
        )
    ),
    scope=Scope.ORDER,
)  # fmt: skip
SEVERITY_DEFAULT: Final = Value("orders.severity_default", ChoiceKind(Severity), scope=Scope.ORDER)
PROMISE_WORDS: Final = Value(
    "orders.promise_words",
    ListKind(
        RecordKind(
            PromiseWords,
            {
                "code": TextKind(), "words": WordsKind(), "keywords": ListKind(TextKind()),
                "posts": ListKind(TextKind()), "unless_free": FlagKind(),
            },
        )
    ),
    scope=Scope.ORDER,
)  # fmt: skip
ASK_BACK_PAUSES: Final = Value("orders.ask_back_pauses", FlagKind(), scope=Scope.ORDER)
ASK_BACK_LONGEST: Final = Value("orders.ask_back_longest", DurationKind(), scope=Scope.ORDER)
ASK_BACK_REMINDER: Final = Value("orders.ask_back_reminder", DurationKind(), scope=Scope.ORDER)
REPEAT_WINDOW: Final = Value("orders.repeat_window", DurationKind(), scope=Scope.ORDER)
DUPLICATE_WINDOW: Final = Value("orders.duplicate_window", DurationKind(), scope=Scope.ORDER)
GUARANTEE_DAYS: Final = Value("orders.guarantee_days", IntegerKind(0, 1825, "d"), scope=Scope.ORDER)
VISIT_LENGTH: Final = Value("orders.visit_length", TableKind(Severity, DurationKind()), scope=Scope.ORDER)
CHECKLISTS: Final = Value("orders.checklists", MapKind(ListKind(ITEM)), scope=Scope.ORDER, carry=carried_lists)
PROCESSES: Final = Value(
    "orders.processes", TableKind(OrderType, ListKind(STEP)), scope=Scope.ORDER,
    check=lambda processes, figures: faults(processes, figures(CHECKLISTS)), carry=carried_evidence,
)  # fmt: skip
ARRIVAL_RADIUS: Final = Value("orders.arrival_radius", IntegerKind(10, 5000, "m"), scope=Scope.ORDER)
ARRIVAL_ACCURACY: Final = Value("orders.arrival_accuracy", IntegerKind(5, 5000, "m"), scope=Scope.ORDER)
SUSPEND_REASONS: Final = Value(
    "orders.suspend_reasons",
    ListKind(
        RecordKind(
            SuspendReason,
            {"code": TextKind(), "words": WordsKind(), "pauses": FlagKind(), "longest": DurationKind()},
        )
    ),
    scope=Scope.ORDER,
)
CANCEL_REASONS: Final = _reasons("orders.cancel_reasons")
DECLINE_REASONS: Final = _reasons("orders.decline_reasons")
RESCHEDULE_REASONS: Final = _reasons("orders.reschedule_reasons")
REFUSAL_REASONS: Final = _reasons("orders.refusal_reasons")
FOLLOW_UP_RESULTS: Final = _reasons("orders.follow_up_results")
HIGH_RISK_WORK: Final = _reasons("orders.high_risk_work")
APPROVAL_LIMITS: Final = Value(
    "orders.approval_limits",
    ListKind(RecordKind(Authority, {"post": TextKind(), "limit": IntegerKind(0, MOST_YUAN), "unlimited": FlagKind()})),
    scope=Scope.ORDER,
)
UNRESOLVED_REASONS: Final = _reasons("orders.unresolved_reasons")
TRACKING_LINK_LIFE: Final = Value("orders.tracking_link_life", DurationKind(), scope=Scope.ORDER)
SIGNING_LINK_LIFE: Final = Value("orders.signing_link_life", DurationKind(), scope=Scope.ORDER)
