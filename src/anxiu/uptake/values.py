"""What the regulation says about its own reading, its quiz and its review."""

from typing import Final

from anxiu.kernel.values import DurationKind, FlagKind, IntegerKind, ListKind, Scope, TextKind, Value, percent

POSTS: Final = Value("uptake.posts", ListKind(TextKind()), scope=Scope.PERSON)
DUE: Final = Value("uptake.due", DurationKind(), scope=Scope.PERSON)
REMINDERS: Final = Value("uptake.reminders", ListKind(IntegerKind(1, 366, "days")), scope=Scope.PERSON)
QUESTIONS: Final = Value("uptake.questions", IntegerKind(0, 50, "questions"), scope=Scope.PERSON)
PASS_MARK: Final = Value("uptake.pass_mark", percent(), scope=Scope.PERSON)
BAR_OVERDUE: Final = Value("uptake.bar_overdue", FlagKind(), scope=Scope.PERSON)
REVIEW_EVERY: Final = Value("uptake.review_every", IntegerKind(1, 60, "months"), scope=Scope.COMPANY)
REVIEW_NOTICE: Final = Value("uptake.review_notice", DurationKind(), scope=Scope.COMPANY)
