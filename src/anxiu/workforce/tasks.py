"""What happens to the workforce by the clock."""

from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.jobs import periodic
from anxiu.kernel.time import now
from anxiu.workforce.actions import remind_of_expiry


@periodic("10 * * * *", "workforce.remind_of_expiry")
def remind(timestamp: int) -> None:
    """Every hour at ten past: midnight comes at different hours in different regions."""
    remind_of_expiry(actor=SYSTEM, at=now())
