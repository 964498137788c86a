"""What the regulation says about ratings and recoveries."""

from dataclasses import dataclass
from typing import Final

from anxiu.kernel.values import (
    DurationKind,
    FlagKind,
    IntegerKind,
    ListKind,
    RecordKind,
    Scope,
    TextKind,
    Value,
    Words,
    WordsKind,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RatingTag:
    """A phrase a customer may tick beside the score; praise or complaint."""

    code: str
    words: Words
    praise: bool


SCALE: Final = Value("feedback.scale", IntegerKind(3, 100), scope=Scope.ORDER)
BAD_RATING: Final = Value("feedback.bad_rating", IntegerKind(1, 99), scope=Scope.ORDER)
RECOVERY_AT: Final = Value("feedback.recovery_at", IntegerKind(0, 99), scope=Scope.ORDER)
RECOVERY_DUE: Final = Value("feedback.recovery_due", DurationKind(), scope=Scope.ORDER)
TAGS: Final = Value(
    "feedback.tags",
    ListKind(RecordKind(RatingTag, {"code": TextKind(), "words": WordsKind(), "praise": FlagKind()})),
    scope=Scope.ORDER,
)
RATING_LINK_LIFE: Final = Value("feedback.rating_link_life", DurationKind(), scope=Scope.ORDER)
