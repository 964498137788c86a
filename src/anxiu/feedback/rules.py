"""Pure decisions about ratings."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a score means under a regulation, and the value keys that say so."""

    is_bad: bool
    needs_recovery: bool
    because: tuple[str, ...]


def judge(score: int, *, bad_rating: int, recovery_at: int) -> Judgement:
    """Whether a score counts as bad, and whether somebody has to make good. Scores run from 1 up; both limits belong
    to what they limit.
    """
    is_bad, needs_recovery = score <= bad_rating, score <= recovery_at
    return Judgement(is_bad, needs_recovery, ("feedback.bad_rating", "feedback.recovery_at"))
