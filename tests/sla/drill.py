"""Run as processes of their own by test_processes.py: fill a database with due clocks, and let workers tick them."""

import sys
import time
from datetime import UTC, datetime, timedelta

import django

AT = datetime(2026, 5, 11, 1, 0, tzinfo=UTC)
DUE = AT + timedelta(minutes=30)
PATIENCE = 300  # seconds; minutes more than a loaded machine takes


def fill(number: int) -> None:
    """Clocks of `number` things, all due at the same instant, with somebody to call on each level."""
    from anxiu.accounts.actions import NewPerson, add_person
    from anxiu.accounts.models import Region
    from anxiu.customers.choices import Tier
    from anxiu.kernel.actor import SYSTEM, Subject
    from anxiu.regulation.choices import Severity
    from anxiu.regulation.queries import in_force
    from anxiu.sla.actions import start
    from anxiu.sla.choices import ClockKind
    from anxiu.sla.models import Clock
    from anxiu.sla.rules.case import Case

    region = Region.objects.create(code="north", name_zh="华北", name_en="North")
    people = [
        add_person(actor=SYSTEM, at=AT, new=NewPerson(post, f"{post}@example.com", ((post, None),), region_id=region.pk))
        for post in ("agent", "supervisor", "management")
    ]
    case = Case(
        Subject("drill", 0), region.pk, Severity.URGENT, Tier.STANDARD, in_force(None, "", AT).pk, people[0].pk,
        "Asia/Shanghai",
    )  # fmt: skip
    [clock] = start(case, [ClockKind.FIRST_RESPONSE], at=AT, actor=SYSTEM)
    copies = []
    for each in range(1, number):
        clock.pk, clock.subject_id = None, each
        copies.append(Clock(**{field.attname: getattr(clock, field.attname) for field in Clock._meta.concrete_fields}))
    Clock.objects.bulk_create(copies, batch_size=2000)


def work() -> None:
    """Tick until every clock was broken, whatever happens to the database meanwhile."""
    from django.db import InterfaceError, OperationalError, connection

    from anxiu.sla.actions import tick
    from anxiu.sla.models import Clock

    began = time.monotonic()
    while time.monotonic() - began < PATIENCE:  # a test that ended early leaves nobody behind who tries for ever
        try:
            if not tick(DUE).taken and not Clock.objects.filter(breached_at=None).exists():
                return
        except (OperationalError, InterfaceError):
            connection.close()
            time.sleep(0.1)
    sys.exit("not every clock was broken in time")


if __name__ == "__main__":
    django.setup()
    if sys.argv[1] == "fill":
        fill(int(sys.argv[2]))
    else:
        work()
