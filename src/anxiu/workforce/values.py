"""Figures of the regulation about people: grades, certificates, induction, on-call work."""

from dataclasses import dataclass

from anxiu.kernel.values import (
    ChoiceKind,
    FlagKind,
    IntegerKind,
    ListKind,
    RecordKind,
    Scope,
    TextKind,
    Value,
    Words,
    WordsKind,
)
from anxiu.regulation.choices import OrderType, Severity
from anxiu.regulation.rules.controls import guard
from anxiu.workforce.choices import Difficulty


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade: what somebody of it does alone, what it asks for, and up to which cost they may plan by themselves.

    `plan_limit` is in whole units of the company's currency; `skills` are codes that must be held to get the grade.
    """

    code: str
    name: Words
    rank: int
    order_types: tuple[OrderType, ...]
    difficulty: Difficulty
    skills: tuple[str, ...]
    plan_limit: int


@dataclass(frozen=True, slots=True)
class CertificateRule:
    """A certificate the company knows, and for which product families and order types it must be valid."""

    code: str
    name: Words
    families: tuple[str, ...]
    order_types: tuple[OrderType, ...]


GRADES = Value(
    "workforce.grades",
    ListKind(
        RecordKind(
            Grade,
            {
                "code": TextKind(),
                "name": WordsKind(),
                "rank": IntegerKind(1, 99),
                "order_types": ListKind(ChoiceKind(OrderType)),
                "difficulty": ChoiceKind(Difficulty),
                "skills": ListKind(TextKind()),
                "plan_limit": IntegerKind(0, 100_000_000),
            },
        )
    ),
    scope=Scope.PERSON,
)
CERTIFICATES = Value(
    "workforce.certificates",
    ListKind(
        RecordKind(
            CertificateRule,
            {
                "code": TextKind(),
                "name": WordsKind(),
                "families": ListKind(TextKind()),
                "order_types": ListKind(ChoiceKind(OrderType)),
            },
        )
    ),
    scope=Scope.PERSON,
)
CERTIFICATE_REMINDERS = Value(
    "workforce.certificate_reminders", ListKind(IntegerKind(1, 366, "days")), scope=Scope.PERSON
)
INDUCTION_REQUIRED = Value("workforce.induction_required", FlagKind(), scope=Scope.PERSON)
ON_CALL_SEVERITIES = Value("workforce.on_call_severities", ListKind(ChoiceKind(Severity)), scope=Scope.PERSON)

guard(
    "workforce.no_double_booking", "no_double_booking",
    Words("数据库约束：同一工程师的时间不得重复占用", "Database constraint: an engineer's time is never booked twice"),
)  # fmt: skip
