"""What happens to to-dos. A to-do is closed by a fact of the app that opened it."""

from dataclasses import dataclass
from datetime import datetime

from anxiu.kernel.events import Event, event


@event("duties.opened")
@dataclass(frozen=True)
class DutyOpened(Event):
    """Somebody has to do something by a moment."""

    duty_id: int
    duty_kind: str
    owner_id: int
    due_at: datetime


@event("duties.moved")
@dataclass(frozen=True)
class DutyMoved(Event):
    """Somebody else has to do it now."""

    duty_id: int
    duty_kind: str
    from_owner_id: int
    to_owner_id: int
