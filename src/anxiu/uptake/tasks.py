"""What is kept about readings by the clock."""

from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.jobs import periodic
from anxiu.kernel.time import now
from anxiu.uptake.actions import keep_readings, keep_review


@periodic("* * * * *", "uptake.keep_readings")
def keep(timestamp: int) -> int:
    """Once a minute: people come and move, versions take effect, days pass."""
    return keep_readings(actor=SYSTEM, at=now())


@periodic("20 * * * *", "uptake.keep_review")
def review(timestamp: int) -> None:
    """Once an hour: whether the regulation is to be reviewed."""
    keep_review(actor=SYSTEM, at=now())
