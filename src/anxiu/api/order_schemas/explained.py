"""What the API says about why an order's deadlines are what they are."""

from datetime import datetime

from pydantic import BaseModel

from anxiu.orders.queries import Deadline
from anxiu.regulation.choices import Severity
from anxiu.sla.choices import ClockKind, Outcome
from anxiu.sla.rules.promise import Decides


class SaidOut(BaseModel):
    """One part of an explanation; `lost`: what held as well and was less specific."""

    about: str
    text: str
    clause: str
    lost: list[str]


class DeadlineOut(BaseModel):
    """A clock of an order with what decided it, in the order of `decided`. `limit_seconds` is the figure for the
    severity, `share` what the customer's tier leaves of it in percent; both null where it hangs on another moment.
    """

    kind: ClockKind
    value_key: str
    severity: Severity
    decided: list[Decides]
    limit_seconds: int | None
    share: int | None
    target_seconds: int
    round_the_clock: bool
    started_at: datetime
    due_at: datetime | None
    outcome: Outcome
    said: list[SaidOut]

    @staticmethod
    def of(found: Deadline) -> "DeadlineOut":
        """From an explained clock."""
        clock, limit = found.clock, found.explanation.limit
        return DeadlineOut(
            kind=ClockKind(clock.kind), value_key=clock.value_key, severity=Severity(clock.severity),
            decided=list(found.explanation.decided),
            limit_seconds=int(limit.figure.total_seconds()) if limit else None, share=limit.share if limit else None,
            target_seconds=int(clock.target.total_seconds()), round_the_clock=clock.round_the_clock,
            started_at=clock.started_at, due_at=clock.due_at, outcome=Outcome(clock.outcome),
            said=[
                SaidOut(about=each.about, text=each.text, clause=each.clause, lost=list(each.lost))
                for each in found.said
            ],
        )  # fmt: skip
