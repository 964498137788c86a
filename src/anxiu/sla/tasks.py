"""The jobs of the service clocks."""

from anxiu.kernel.jobs import job, periodic
from anxiu.kernel.time import now
from anxiu.sla import actions


@job("sla.reckon_again", queue="default")
def reckon_again() -> int:
    """Reckon open clocks anew after the calendar changed."""
    return actions.reckon_again(now())


@periodic("23 2 * * *", "sla.seed_calendar")
def seed_calendar(timestamp: int) -> list[int]:
    """Take over a year that was published with a new release."""
    return actions.seed_calendar()
