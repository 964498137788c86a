"""Plays the demo company: real actions, ticks and reactors in the order of simulated time, ending now."""

import heapq
import json
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Final

from django.db import connection
from django.db.models import Min

from anxiu.accounts.models import Person
from anxiu.customers.models import Customer
from anxiu.demo.base import Base, furnish
from anxiu.demo.staff import PASSWORD, ROLES, Names, Staff, hire
from anxiu.demo.stories import SHANGHAI, Plan, Stage, Story, Telling
from anxiu.demo.words import PINYIN_DOMAIN
from anxiu.kernel.errors import Invalid
from anxiu.kernel.sequencer import catch_up
from anxiu.kernel.subscribers import react
from anxiu.kernel.time import moved_to, now
from anxiu.orders.choices import Channel
from anxiu.orders.models import Order
from anxiu.sla.actions import tick_all
from anxiu.sla.models import Clock

SEED: Final = 20261121  # source: any fixed number; the same company every time
DAYS: Final = 21
PAST_ORDERS: Final = 44
# Orders of the last hours, each left after another act, so that one stands at every step.
LEFT: Final = (
    "contact", "contact", "booked", "booked", "accepted", "prepared", "departed", "departed", "arrived", "assessed",
    "suspended", "worked", "completed", "signed", "rated", "followed_up",
)  # fmt: skip


def has_data() -> bool:
    """Whether somebody has worked here already: a person, a customer or an order."""
    return Person.objects.exists() or Customer.objects.exists() or Order.objects.exists()


def logins() -> Sequence[tuple[str, str, str]]:
    """Role, address and password of one login a role; nothing where no demo was played."""
    boxes = {f"{box}@{PINYIN_DOMAIN}": post for post, box in ROLES}
    there = set(Person.objects.filter(email__in=boxes, is_active=True).values_list("email", flat=True))
    return [(post, email, PASSWORD) for email, post in boxes.items() if email in there]


def play() -> int:
    """Make the company and let three weeks pass; how many orders there are. Refused where there is real data."""
    if has_data():
        raise Invalid("demo.has_data", field="database")
    dice, until = Random(SEED), now()  # noqa: S311  a simulation, no secret
    beginning = until - timedelta(days=400)
    with moved_to(beginning):
        names = Names(dice)
        staff = hire(dice, names, beginning, until)
        base = furnish(dice, names, staff, beginning, until)
    _after(beginning)
    stage = Stage(dice, staff, base, {})
    _run([(plan, Telling(stage, plan).play()) for plan in _plans(stage, until)], until)
    return Order.objects.count()


def _plans(stage: Stage, until: datetime) -> list[Plan]:
    """Forty-odd orders over three weeks, some of them slow, declined, suspended or repeated; and those of today."""
    dice = stage.dice
    plans: list[Plan] = []
    for number in range(PAST_ORDERS):
        day = until - timedelta(days=DAYS - number * (DAYS - 2) / PAST_ORDERS)
        local = day.astimezone(SHANGHAI).replace(hour=dice.randint(8, 16), minute=dice.randrange(60))
        plan = _plan(stage, local.astimezone(until.tzinfo))
        plan.slow, plan.declined = number % 9 == 4, number % 11 == 6
        plan.suspended, plan.cancelled = number % 8 == 3, number % 22 == 10
        plan.refused, plan.asks = number % 15 == 7, number % 10 == 2
        plan.score = None if number % 4 == 1 else dice.choice((5, 5, 5, 4, 4)) if number % 7 else dice.choice((1, 2, 3))
        if number % 12 == 9 and number > 12:  # the same fault on the same machine again: a repeat under guarantee
            before = plans[number - 7]
            plan.machine, plan.contact, plan.line = before.machine, before.contact, before.line
            plan.fault, plan.fault_id = before.fault, before.fault_id
        plans.append(plan)
    for number, left in enumerate(LEFT):
        plan = _plan(stage, until - timedelta(minutes=dice.randint(5, 40) + 18 * LEFT.index(left) + (0 if number % 2 else 9)))
        plan.urgent, plan.stops_after, plan.score = True, left, 4 if left in ("rated", "followed_up") else None
        plan.suspended = left == "suspended"
        if left in ("signed", "rated", "followed_up", "suspended", "completed", "worked"):
            plan.opens_at -= timedelta(hours=30 if left == "followed_up" else 8)
        plans.append(plan)
    return plans


def _plan(stage: Stage, opens_at: datetime) -> Plan:
    dice = stage.dice
    machine, contact, line = dice.choice(stage.base.machines)
    fault, row = dice.choice(stage.base.faults[line.code])
    channel = dice.choice((Channel.PHONE, Channel.PHONE, Channel.H5, Channel.WEB))
    return Plan(opens_at, machine, contact, line, fault, row.pk, channel=channel)


def _run(stories: list[tuple[Plan, Story]], until: datetime) -> None:
    """Take up stories in the order of their next acts; clocks tick and reactors act in between, as they would."""
    waiting = [(plan.opens_at, number, story) for number, (plan, story) in enumerate(stories)]
    heapq.heapify(waiting)
    while waiting:
        at, number, story = heapq.heappop(waiting)
        if at > until:
            break
        _tick(at)
        with moved_to(at):
            # A story first names its time and then acts: taken up again, it acts and names the next.
            following = next(story, None)
        _after(at)
        if following is not None:
            heapq.heappush(waiting, (max(following, at), number, story))
    _tick(until)
    _after(until)


def _tick(at: datetime) -> None:
    """Let every clock that is due before this instant do what it does, at its own time."""
    while due := Clock.objects.filter(next_at__lte=at, failed_at=None).aggregate(Min("next_at"))["next_at__min"]:
        with moved_to(due):
            if not tick_all(due):
                return
        _after(due)


def _after(at: datetime) -> None:
    """Sequence what was recorded and let reactors act on it now, instead of leaving their jobs to a worker."""
    with moved_to(at):
        while catch_up():
            with connection.cursor() as cursor:
                cursor.execute(
                    "delete from procrastinate_jobs where task_name = 'kernel.react' and status = 'todo' returning id, args"
                )
                jobs = sorted(cursor.fetchall())
            for _, args in jobs:
                given = args if isinstance(args, dict) else json.loads(args)
                react(given["name"], given["position"])


def say(text: str) -> None:
    """Tell the person at the terminal."""
    sys.stdout.write(f"{text}\n")
