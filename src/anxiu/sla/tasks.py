"""The jobs of the service clocks."""

from procrastinate.contrib.django import app

from anxiu.kernel.jobs import job, periodic
from anxiu.kernel.time import now
from anxiu.sla import actions


def tick(timestamp: int) -> int:
    """Let due clocks warn, break and escalate."""
    return actions.tick_all(now())


# Not `kernel.jobs.periodic`: that lets only one run at a time, and the tick of a killed worker would hold up all others
# until it is revived. Several at once are harmless here.
app.periodic(cron="* * * * * */2")(job("sla.tick", queue="tick", retry=False, queueing_lock="sla.tick")(tick))


@job("sla.reckon_again", queue="default")
def reckon_again() -> int:
    """Reckon open clocks anew after the calendar changed."""
    return actions.reckon_again(now())


@periodic("23 2 * * *", "sla.seed_calendar")
def seed_calendar(timestamp: int) -> list[int]:
    """Take over a year that was published with a new release."""
    return actions.seed_calendar()
