"""The sixty orders of the last three weeks: what makes each unlike the plain one, and when it begins."""

from bisect import bisect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from enum import StrEnum
from itertools import accumulate
from random import Random
from typing import Final

from anxiu.accounts.models import Region
from anxiu.customers.choices import Tier
from anxiu.customers.models import Contact
from anxiu.demo.base import Base
from anxiu.demo.hours import DAY, is_day, latest, local
from anxiu.demo.words import LINES, Fault, Line
from anxiu.equipment.models import Machine
from anxiu.orders.choices import Channel
from anxiu.regulation.choices import OrderType


class Twist(StrEnum):
    """What may happen to an order beside the plain way."""

    SLOW = "slow"  # nobody calls back in time
    TARDY = "tardy"  # the engineer comes late
    UNREACHED = "unreached"  # the first call reaches nobody
    ASKS = "asks"  # the customer asks something and is answered
    WAITS = "waits"  # … and is not answered yet
    CANCELLED = "cancelled"
    DECLINED = "declined"  # the first engineer declines
    MOVED = "moved"  # the customer wants another time
    HANDED = "handed"  # another agent takes over
    BOUNCED = "bounced"  # another agent is asked and declines
    OFFERED = "offered"  # … and has not said yet
    UPGRADED = "upgraded"  # worse than it was taken for
    PAUSED = "paused"  # the site is not ready for some hours
    AGAIN = "again"  # a part has to come, a second visit ends it
    BY_LINK = "by_link"  # the customer signs by link
    REFUSED = "refused"  # not repaired, not signed
    DISPUTED = "disputed"  # repaired, not signed
    LOW = "low"  # rated three or less
    UNRATED = "unrated"
    UNKNOWN = "unknown"  # from the web, no machine named
    NIGHT = "night"  # in the evening, and it cannot wait
    COSTLY = "costly"  # the plan is beyond the engineer's limit and waits for approval
    MAINTENANCE = "maintenance"
    INSPECTION = "inspection"
    INSTALLATION = "installation"
    TRAINING = "training"
    REMOTE = "remote"  # the agent helps by telephone, nobody is sent
    FORGOTTEN = "forgotten"  # nobody asks in time how it went
    IGNORED = "ignored"  # it cannot wait, and nobody has called back: the promise broke minutes ago


# What is asked for where it is no repair, and in which words.
KINDS: Final = {
    Twist.MAINTENANCE: (OrderType.MAINTENANCE, "季度保养，请安排"),
    Twist.INSPECTION: (OrderType.INSPECTION, "合同约定的月度巡检"),
    Twist.INSTALLATION: (OrderType.INSTALLATION, "新设备到货，请安排安装调试"),
    Twist.TRAINING: (OrderType.TRAINING, "新操作人员上岗，请安排培训"),
}
# The orders of the last weeks, oldest first. `repeat 6`: the same fault on the machine of the seventh of them again.
PAST: Final = (
    "maintenance", "asks", "inspection", "slow", "handed", "", "", "declined", "again", "maintenance", "low tardy",
    "installation", "cancelled", "refused", "moved",
    "repeat 6", "night", "", "unknown", "slow low", "", "bounced", "paused", "", "disputed", "upgraded", "repeat 14",
    "", "unreached", "again", "by_link", "low", "", "night", "declined asks", "tardy", "repeat 25", "", "cancelled", "",
    "slow", "",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Left:
    """An order of today that is left after an act. On the way and on site it is so now; at a desk, by day."""

    after: str
    twists: str = ""
    by: tuple[time, time] | None = None
    repeats: int | None = None


_DESK: Final = (time(9, 15), time(17, 30))
_LATE: Final = (time(15), time(17, 30))
# In turn of the four regions; the engineer with the login is in the first.
TODAY: Final = (
    Left("accepted", by=_DESK), Left("opened", "unknown"), Left("contacted", "offered", by=_DESK),
    Left("booked", by=_DESK),
    Left("prepared", by=_DESK), Left("accepted", "waits", by=_DESK), Left("booked", "declined", by=_DESK, repeats=32),
    Left("departed"),
    Left("opened", "ignored"), Left("opened"), Left("arrived"), Left("assessed", "costly"),
    Left("worked"), Left("suspended", by=_LATE), Left("completed", by=_LATE), Left("signed", by=_LATE),
    Left("rated", "low", by=_LATE), Left("followed_up", by=_LATE),
)  # fmt: skip
# Minutes from the act before to each act, at least and at most.
WAITS: Final[Mapping[str, tuple[int, int]]] = {
    "opened": (0, 0), "contacted": (3, 14), "booked": (5, 20), "accepted": (2, 9), "prepared": (4, 11),
    "departed": (3, 12), "arrived": (18, 50), "assessed": (6, 18), "suspended": (10, 25), "worked": (25, 80),
    "completed": (4, 12), "signed": (3, 14), "rated": (20, 90), "followed_up": (60 * 24, 60 * 25),
}  # fmt: skip
# The same where time does not press, because the order is not one of today.
UNHURRIED: Final[Mapping[str, tuple[int, int]]] = {
    "solved": (8, 35), "resumed": (90, 200), "rebooked": (60 * 18, 60 * 40), "rated": (20, 300),
    "followed_up": (60 * 3, 60 * 18), "archived": (60 * 8, 60 * 60), "cancelled": (10, 40),
}  # fmt: skip
# Hours at which faults are reported, the likely ones more than once.
HOURS: Final = (7, 8, 8, 9, 9, 9, 10, 10, 11, 11, 12, 13, 14, 14, 15, 15, 16, 17, 18)
# How long from now the visit is, at least, of an order that is left so early.
VISIT_IN: Final[Mapping[str, timedelta]] = {
    "contacted": timedelta(), "booked": timedelta(hours=2), "accepted": timedelta(hours=3),
    "prepared": timedelta(minutes=40),
}  # fmt: skip
IGNORED: Final = timedelta(minutes=34)  # half an hour is promised where it cannot wait
# Faults for which somebody comes at night.
PRESSING: Final = frozenset({"lift_trapped", "pump_trip", "air_comp"})


@dataclass(slots=True)
class Plan:
    """How an order goes: on which machine, with which twists, and after which act it is left, if at all."""

    opens_at: datetime
    machine: Machine
    contact: Contact
    line: Line
    fault: Fault
    fault_id: int
    channel: Channel
    twists: frozenset[Twist] = frozenset()
    stops_after: str = ""
    urgent: bool = False
    score: int | None = None
    waits: dict[str, timedelta] = field(default_factory=dict)
    visit_after: datetime | None = None
    is_early: bool = False

    @property
    def kind(self) -> OrderType:
        """What was asked for."""
        return next((KINDS[each][0] for each in self.twists if each in KINDS), OrderType.REPAIR)

    def has(self, *twists: Twist) -> bool:
        """Whether any of these happens."""
        return not self.twists.isdisjoint(twists)


def plans(dice: Random, base: Base, regions: list[Region], until: datetime) -> list[Plan]:
    """The orders of the last weeks, and those of today, of which one stands at every step."""
    found: list[Plan] = []
    for words, opens_at in zip(PAST, _beginnings(dice, len(PAST), until), strict=True):
        twists, repeats = _twists(words)
        region = dice.choice(regions)
        plan = _plan(dice, base, region, opens_at, twists)
        found.append(like(found[repeats], plan) if repeats is not None else plan)
    for number, left in enumerate(TODAY):
        line = LINES[number % len(LINES)]
        plan = _of_today(dice, base, (regions[number % len(regions)], line), left, until)
        found.append(like(found[left.repeats], plan) if left.repeats is not None else plan)
    return found


def like(before: Plan, plan: Plan) -> Plan:
    """The same fault on the same machine again."""
    return replace(
        plan, machine=before.machine, contact=before.contact, line=before.line, fault=before.fault,
        fault_id=before.fault_id,
    )  # fmt: skip


def _twists(words: str) -> tuple[frozenset[Twist], int | None]:
    repeated = words.removeprefix("repeat ") if words.startswith("repeat ") else ""
    return frozenset() if repeated else frozenset(map(Twist, words.split())), int(repeated) if repeated else None


def _beginnings(dice: Random, number: int, until: datetime) -> Iterator[datetime]:
    """When orders of the last weeks came in: more of late, fewer at weekends, by day."""
    back = range(22, 0, -1)
    days = [until - DAY * each for each in back]
    is_free = [local(day).weekday() > 4 for day in days]
    weights = [(2.0 if each < 15 else 1.0) * (0.5 if free else 1) for each, free in zip(back, is_free, strict=True)]
    ends = list(accumulate(weights))
    chosen = [days[bisect(ends, (each + dice.random()) * ends[-1] / number)] for each in range(number)]
    times = sorted(
        local(day).replace(hour=dice.choice(HOURS), minute=dice.randrange(60), second=dice.randrange(60))
        for day in chosen
    )
    return (each.astimezone(until.tzinfo) for each in times)


def _plan(
    dice: Random, base: Base, region: Region, opens_at: datetime, twists: frozenset[Twist], only: Line | None = None
) -> Plan:
    machines = [each for each in base.machines[region.pk] if only in (None, each[2])]
    if Twist.IGNORED in twists:
        machines = [each for each in machines if each[1].customer.tier == Tier.STANDARD]
    machine, contact, line = dice.choice(machines)
    fault, row = dice.choice(base.faults[line.code])
    channel = dice.choice((Channel.PHONE, Channel.PHONE, Channel.PHONE, Channel.H5, Channel.H5))
    if Twist.UNKNOWN in twists:
        channel = Channel.WEB
    if set(KINDS) & twists:
        channel = Channel.PHONE
    if Twist.NIGHT in twists:
        opens_at = local(opens_at).replace(hour=dice.randint(19, 23)).astimezone(opens_at.tzinfo)
    score = None
    if Twist.LOW in twists:
        score = dice.choice((1, 2, 3))
    elif Twist.UNRATED not in twists and dice.random() < 0.75:
        score = dice.choice((5, 5, 5, 5, 4))
    plan = Plan(opens_at, machine, contact, line, fault, row.pk, channel, twists, score=score)
    return pressing(plan, base) if Twist.NIGHT in twists else plan


def pressing(plan: Plan, base: Base) -> Plan:
    """The same, but what is broken cannot wait; such things are reported by telephone."""
    fault, row = next(each for each in base.faults[plan.line.code] if each[0].code in PRESSING)
    return replace(plan, fault=fault, fault_id=row.pk, channel=Channel.PHONE, urgent=True)


def _calm(plan: Plan, base: Base, dice: Random) -> Plan:
    """The same, but what is broken can wait until tomorrow, and an agent took the call."""
    fault, row = dice.choice([each for each in base.faults[plan.line.code] if each[0].code not in PRESSING])
    channel = plan.channel if Twist.UNKNOWN in plan.twists else Channel.PHONE
    return replace(plan, fault=fault, fault_id=row.pk, channel=channel)


def _of_today(dice: Random, base: Base, about: tuple[Region, Line], left: Left, until: datetime) -> Plan:
    """An order that gets as far as it should shortly before now, or before the last desk closed."""
    twists, _ = _twists(left.twists)
    plan = _plan(dice, base, about[0], until, twists, about[1])
    plan.waits = {act: timedelta(minutes=dice.randint(*span)) for act, span in WAITS.items()}
    now = until - timedelta(minutes=dice.randint(2, 9))
    reached = latest(now, *left.by) - timedelta(minutes=dice.randint(0, 25)) if left.by else now
    taken = timedelta()
    for act, wait in plan.waits.items():
        if act != "suspended" or left.after == act:
            taken += wait
        if act == left.after:
            break
    plan.opens_at, plan.stops_after = reached - taken, left.after
    if left.by:
        plan = _calm(plan, base, dice)
        plan.visit_after = until + VISIT_IN[left.after] if left.after in VISIT_IN else None
    elif left.after != "opened" and not (is_day(plan.opens_at) and is_day(until)):
        plan = pressing(plan, base)
    if left.after in ("rated", "followed_up"):
        plan.score = plan.score or 5
    if Twist.DECLINED in twists:
        plan.opens_at -= timedelta(minutes=30)
    if Twist.IGNORED in twists:
        plan = replace(pressing(plan, base), opens_at=until - IGNORED)
    return plan
