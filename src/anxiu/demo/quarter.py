"""The ten weeks before the last three: what each region is good and bad at, and what changed there.

A manager should see it on the board without being told: the south came late until it got two more engineers; the north
forgets to ask how it went, and its customers say so; Puxi is steady; Pudong is the largest and learns slowly.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from random import Random
from typing import Final

from anxiu.accounts.models import Region
from anxiu.demo.base import Base
from anxiu.demo.hours import DAY, local
from anxiu.demo.plans import KINDS, PRESSING, Plan, Twist, like, pressing
from anxiu.orders.choices import Channel

WEEKS: Final = 10
LAST_DAY: Final = 23  # how many days ago the newest of these is; then come the weeks that are told one by one
ORDERS: Final = 65  # source: own choice; with the newest sixty what two cores play in less than a minute
HELPED: Final = 40  # how many days ago the south got two more engineers
Share = Callable[[int], float]  # how likely it is, by how many days ago


def _always(share: float) -> Share:
    return lambda _days_ago: share


def _until_helped(before: float, after: float) -> Share:
    return lambda days_ago: before if days_ago > HELPED else after


def _learning(first: float, last: float) -> Share:
    """From much to little, evenly."""
    span = WEEKS * 7
    return lambda days_ago: last + (first - last) * (days_ago - LAST_DAY) / span


@dataclass(frozen=True, slots=True)
class Manner:
    """How things go in a region: how many orders it has beside others, and how likely each mishap is."""

    weight: int
    mishaps: Mapping[Twist, Share]
    best: tuple[int, ...] = (5, 5, 5, 5, 4)  # scores of those who are content


MANNERS: Final[Mapping[str, Manner]] = {
    "pudong": Manner(
        30,
        {
            Twist.SLOW: _learning(0.3, 0.04), Twist.TARDY: _always(0.05), Twist.AGAIN: _learning(0.16, 0.06),
            Twist.LOW: _always(0.04), Twist.FORGOTTEN: _always(0.05),
        },
    ),
    "puxi": Manner(
        26,
        {
            Twist.SLOW: _always(0.05), Twist.TARDY: _always(0.05), Twist.AGAIN: _always(0.07),
            Twist.LOW: _always(0.03), Twist.FORGOTTEN: _always(0.04),
        },
        best=(5, 5, 5, 5, 5, 4),
    ),
    "south": Manner(
        28,
        {
            Twist.SLOW: _always(0.08), Twist.TARDY: _until_helped(0.7, 0.03), Twist.AGAIN: _always(0.1),
            Twist.LOW: _until_helped(0.14, 0.04), Twist.FORGOTTEN: _always(0.06),
        },
    ),
    "north": Manner(
        22,
        {
            Twist.SLOW: _always(0.07), Twist.TARDY: _always(0.08), Twist.AGAIN: _always(0.1),
            Twist.LOW: _always(0.16), Twist.FORGOTTEN: _always(0.55),
        },
        best=(5, 5, 4, 4),
    ),
}  # fmt: skip
# What else an order may be, of a hundred; the rest are repairs.
OTHERS: Final = (
    (Twist.MAINTENANCE, 12), (Twist.INSPECTION, 10), (Twist.REMOTE, 10), (Twist.INSTALLATION, 6), (Twist.TRAINING, 4),
)  # fmt: skip
ASIDES: Final = (
    Twist.CANCELLED, Twist.DECLINED, Twist.MOVED, Twist.UNREACHED, Twist.PAUSED, Twist.NIGHT, Twist.BY_LINK,
)  # fmt: skip
ASIDE, REPEATED, UNRATED = 0.3, 0.05, 0.35
# Mondays bring most, Sundays least; the hours as they are told.
BY_WEEKDAY: Final = (1.5, 1.15, 1.0, 1.0, 1.05, 0.55, 0.35)
HOURS: Final = (7, 8, 8, 8, 9, 9, 9, 9, 10, 10, 10, 11, 11, 12, 13, 14, 14, 14, 15, 15, 16, 17, 18, 20)
NOT_FROM_AFAR: Final = frozenset({Twist.TARDY, Twist.AGAIN, Twist.PAUSED, Twist.DECLINED, Twist.MOVED, Twist.NIGHT})


@dataclass(frozen=True, slots=True)
class Day:
    """When an order comes in, and how many days ago that is."""

    opens_at: datetime
    ago: int


def earlier(dice: Random, base: Base, regions: list[Region], until: datetime) -> list[Plan]:
    """Orders from thirteen weeks ago to three, the oldest first; all of them have been closed since."""
    found: list[Plan] = []
    weights = [MANNERS[each.code].weight for each in regions]
    for (opens_at, days_ago), kind in zip(_beginnings(dice, until), _kinds(dice), strict=False):
        region = dice.choices(regions, weights)[0]
        plan = _plan(dice, base, region, kind, Day(opens_at, days_ago))
        before = [each for each in found[-40:] if _may_come_back(each, plan)]
        if before and not plan.twists & KINDS.keys() and dice.random() < REPEATED:
            plan = like(dice.choice(before), plan)
        found.append(plan)
    return found


def _may_come_back(before: Plan, plan: Plan) -> bool:
    gone = plan.opens_at - before.opens_at
    plain = not before.twists & (KINDS.keys() | {Twist.CANCELLED, Twist.REMOTE, Twist.NIGHT})
    return plain and before.machine.region_id == plan.machine.region_id and 6 * DAY < gone < 24 * DAY


def _kinds(dice: Random) -> Iterator[Twist | None]:
    """What is asked for, hundred by hundred, so that there is some of each."""
    while True:
        deck = [kind for kind, number in OTHERS for _ in range(number)]
        hundred: list[Twist | None] = [*deck, *[None] * (100 - len(deck))]
        dice.shuffle(hundred)
        yield from hundred


def _beginnings(dice: Random, until: datetime) -> list[tuple[datetime, int]]:
    """When orders came in, the oldest first, each with how many days ago."""
    days = [(until - DAY * back, back) for back in range(LAST_DAY + WEEKS * 7, LAST_DAY - 1, -1)]
    ends = list(accumulate(BY_WEEKDAY[local(day).weekday()] for day, _back in days))
    found = []
    for day, back in dice.choices(days, cum_weights=ends, k=ORDERS):
        at = local(day).replace(hour=dice.choice(HOURS), minute=dice.randrange(60), second=dice.randrange(60))
        found.append((at.astimezone(until.tzinfo), back))
    return sorted(found)


def _plan(dice: Random, base: Base, region: Region, kind: Twist | None, day: Day) -> Plan:
    manner = MANNERS[region.code]
    twists = {each for each, share in manner.mishaps.items() if dice.random() < share(day.ago)}
    if kind is not None:
        twists.add(kind)
    elif dice.random() < ASIDE:
        twists.add(dice.choice(ASIDES))
    if Twist.REMOTE in twists:
        twists -= NOT_FROM_AFAR
    if Twist.AGAIN in twists:
        twists.discard(Twist.PAUSED)
    if Twist.CANCELLED in twists or twists & KINDS.keys():
        twists -= {Twist.AGAIN, Twist.LOW}
    machine, contact, line = dice.choice(base.machines[region.pk])
    faults = [each for each in base.faults[line.code] if Twist.REMOTE not in twists or each[0].code not in PRESSING]
    fault, row = dice.choices(faults, [len(faults) - place + (place == 0) * 2 for place in range(len(faults))])[0]
    score = dice.choice((1, 2, 2, 3)) if Twist.LOW in twists else None
    if score is None and Twist.FORGOTTEN not in twists and dice.random() > UNRATED:
        score = dice.choice(manner.best)
    channel = dice.choice((Channel.PHONE, Channel.PHONE, Channel.H5))
    if twists & {*KINDS, Twist.REMOTE, Twist.NIGHT}:
        channel = Channel.PHONE
    plan = Plan(
        day.opens_at, machine, contact, line, fault, row.pk, channel, frozenset(twists), score=score, is_early=True
    )
    return pressing(plan, base) if Twist.NIGHT in twists else plan
