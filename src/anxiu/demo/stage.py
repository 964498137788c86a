"""What the stories of the demo company play on: people, chance, and one order with all that is known of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Final

from anxiu.accounts.models import Person
from anxiu.accounts.queries import actor_of
from anxiu.demo.base import Base
from anxiu.demo.hours import awake, office
from anxiu.demo.plans import UNHURRIED, WAITS, Plan, Twist
from anxiu.demo.staff import Staff
from anxiu.kernel.actor import Actor
from anxiu.orders.models import Order
from anxiu.workforce.models import Engineer

# A story yields the instant of its next act and is taken up again when the simulated clock gets there.
Story = Iterator[datetime]
BY_PHONE: Final = frozenset({"contacted", "booked", "accepted", "prepared", "rated", "cancelled", "solved"})
AT_A_DESK: Final = frozenset({"rebooked", "followed_up", "archived"})
LEAVES_BEFORE: Final = timedelta(minutes=45)


@dataclass(slots=True)
class Stage:
    """Everything a story plays on; `extras` are stories that others begin."""

    dice: Random
    staff: Staff
    base: Base
    actors: dict[int, Actor] = field(default_factory=dict)
    extras: list[Story] = field(default_factory=list)

    def actor(self, person: Person) -> Actor:
        """The actor behind a person; posts do not change while we play."""
        if person.pk not in self.actors:
            self.actors[person.pk] = actor_of(person)
        return self.actors[person.pk]

    def minutes(self, least: int, most: int) -> timedelta:
        """Some minutes."""
        return timedelta(minutes=self.dice.randint(least, most), seconds=self.dice.randrange(60))


class Case:
    """One order under way, and who deals with it."""

    order: Order
    engineer: Engineer | None = None
    starts_at: datetime
    agent: Actor
    secret: str

    def __init__(self, stage: Stage, plan: Plan) -> None:
        self.stage, self.plan, self.at = stage, plan, plan.opens_at
        region = plan.machine.region_id
        self.person = stage.dice.choice(stage.staff.agents[region])
        if plan.has(Twist.LOW, Twist.WAITS) and plan.stops_after:
            self.person = stage.staff.shown["agent"]  # the login that is shown has something to do
        self.agent = stage.actor(self.person)
        self.dispatcher = stage.actor(stage.staff.dispatchers[region])

    @property
    def hands(self) -> Actor:
        """The engineer who was booked; the agent where nobody was sent."""
        return self.stage.actor(self.engineer.person) if self.engineer else self.agent

    @property
    def is_pressing(self) -> bool:
        """Whether nobody waits for the morning."""
        return self.plan.urgent or self.order.severity == "urgent"

    def left(self, act: str) -> bool:
        """Whether the order is left as it is after this act."""
        return self.plan.stops_after == act

    def after(self, least: int, most: int) -> datetime:
        """Some minutes later."""
        self.at += self.stage.minutes(least, most)
        return self.at

    def due(self, act: str) -> datetime:
        """When the next act is due: after its wait, and for an order of the past, when people do such a thing."""
        plan = self.plan
        if act in plan.waits:
            self.at += plan.waits[act]
            return self.at
        self.at += self._wait(act)
        if act == "departed":
            self.at = max(self.at, self.starts_at - LEAVES_BEFORE + self.stage.minutes(0, 8))
        elif act in AT_A_DESK:
            self.at = office(self.at)
        elif act in BY_PHONE and not self.is_pressing:
            self.at = awake(self.at)
        return self.at

    def _wait(self, act: str) -> timedelta:
        if act == "contacted" and self.plan.has(Twist.SLOW):
            return self.stage.minutes(150, 240)
        if act == "arrived" and self.plan.has(Twist.TARDY):
            return self.stage.minutes(95, 150)
        if act == "followed_up" and self.plan.has(Twist.FORGOTTEN):
            return self.stage.minutes(60 * 52, 60 * 90)
        if act == "accepted" and self.plan.is_early and self.engineer in self.stage.staff.slow_to_answer:
            return self.stage.minutes(6, 34)
        return self.stage.minutes(*(UNHURRIED.get(act) or WAITS[act]))
