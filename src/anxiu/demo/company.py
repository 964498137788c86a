"""Plays the demo company: real actions, ticks and reactors in the order of simulated time, ending now."""

import gc
import heapq
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Final

from django.db import connection, transaction

from anxiu.accounts.models import Person, Post
from anxiu.customers.models import Customer
from anxiu.demo import stories
from anxiu.demo.base import furnish
from anxiu.demo.hours import DAY
from anxiu.demo.learning import learning
from anxiu.demo.plans import plans
from anxiu.demo.quarter import HELPED, earlier
from anxiu.demo.reforms import reforms
from anxiu.demo.staff import LOGINS, PASSWORD, Hiring, Names, hire, reinforce
from anxiu.demo.stage import Case, Stage, Story
from anxiu.demo.words import DOMAIN
from anxiu.kernel.errors import Invalid
from anxiu.kernel.sequencer import catch_up, is_pending, sequence
from anxiu.kernel.subscribers import react
from anxiu.kernel.time import moved_to, now
from anxiu.notify import quiet
from anxiu.orders.models import Order
from anxiu.sla.actions import tick_all
from anxiu.sla.models import Escalation

SEED: Final = 20261121  # any fixed number: the same company every time
BEFORE: Final = 100 * DAY  # how long before the present the company began to work with us
UNREAD: Final = timedelta(hours=20)  # notices of these last hours have not been read yet
RECENT: Final = 22 * DAY  # the weeks in which what happens is acted on at once
AT_EASE: Final = timedelta(minutes=40)  # how far reactors may be behind before that, as on a busy day
ANSWERED: Final = 0.7  # share of calls about broken promises that somebody answers


def has_data() -> bool:
    """Whether somebody has worked here already: a person, a customer or an order."""
    return Person.objects.exists() or Customer.objects.exists() or Order.objects.exists()


def logins() -> Sequence[tuple[str, str, str, str]]:
    """English and Chinese name of the post, address and password of one login a post; nothing without a demo."""
    boxes = {f"{box}@{DOMAIN}": post for post, box in LOGINS.items()}
    there = set(Person.objects.filter(email__in=boxes, is_active=True).values_list("email", flat=True))
    posts = Post.objects.in_bulk(LOGINS, field_name="code")
    return [
        (posts[post].name_en, posts[post].name_zh, email, PASSWORD) for email, post in boxes.items() if email in there
    ]


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without Python's collector, which would go through the whole program again and again."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@_uncollected()
@transaction.atomic
def play() -> int:
    """Make the company and let thirteen weeks pass; how many orders there are. Refused where there is real data.

    All of it or nothing: a play that is interrupted leaves the database as empty as it was.
    """
    if has_data():
        raise Invalid("demo.has_data", field="database")
    dice, until = Random(SEED), now()
    with quiet():
        beginning = until - BEFORE
        with moved_to(beginning):
            names = Names(dice)
            hiring = Hiring(dice, names, beginning, until)
            staff = hire(hiring)
            stage = Stage(dice, staff, furnish(dice, names, staff, beginning))
        known = plans(dice, stage.base, staff.regions, until)
        known = [*earlier(Random(SEED), stage.base, staff.regions, until), *known]
        told = [stories.order(Case(stage, plan)) for plan in known]
        joins = stories.reinforcement(until - HELPED * DAY, lambda at: reinforce(replace(hiring, at=at), staff))
        taught = [*reforms(stage, beginning, until), *learning(stage, beginning, until)]
        Run(stage, until).all([joins, *stories.absences(stage, until), *taught, *told])
    catch_up()
    return Order.objects.count()


class Run:
    """Takes up stories in the order of their next acts; clocks tick and reactors act in between, as they would."""

    def __init__(self, stage: Stage, until: datetime) -> None:
        self.stage, self.until = stage, until
        self._waiting: list[tuple[datetime, int, Story]] = []
        self._count = self._calls = 0
        self._settled = until - BEFORE

    def all(self, told: Sequence[Story]) -> None:
        """Play these stories, and those they begin, up to the present."""
        self._settle(self.until - BEFORE)
        for story in told:
            self._follow(story)
        while (due := self._due()) or self._waiting:
            at = self._waiting[0][0] if self._waiting else self.until
            if due and due <= at:
                self._tick(due)
            elif at > self.until or not self._waiting:
                break
            else:
                _, _, story = heapq.heappop(self._waiting)
                with quiet(unread=at > self.until - UNREAD), moved_to(at):
                    self._follow(story)
                if at > self.until - RECENT or at > self._settled + AT_EASE:
                    self._settle(at)

    def _follow(self, story: Story) -> None:
        """A story names its time first and then acts: taken up again, it acts and names the next."""
        following = next(story, None)
        begun, self.stage.extras = self.stage.extras, []
        for each, at in [(story, following), *((each, next(each, None)) for each in begun)]:
            if at is not None:
                self._count += 1
                heapq.heappush(self._waiting, (at, self._count, each))

    def _due(self) -> datetime | None:
        """When the next clock does something by itself, if that is past."""
        with connection.cursor() as cursor:
            cursor.execute("select min(next_at) from sla_clock where next_at <= %s and failed_at is null", [self.until])
            found: datetime | None = cursor.fetchone()[0]
        return found

    def _tick(self, at: datetime) -> None:
        """Let the clocks that are due do what they do, and those who are called answer."""
        with moved_to(at):
            if not tick_all(at):
                raise RuntimeError("a clock is due and does nothing")
        self._settle(at)
        self._call()

    def _call(self) -> None:
        """Most who were called about a broken promise answer a little later; what is new waits for the login shown."""
        calls = Escalation.objects.filter(pk__gt=self._calls, acknowledge_by__isnull=False).select_related("person")
        for call in calls.order_by("pk"):
            self._calls = call.pk
            is_shown = call.person_id == self.stage.staff.shown["supervisor"].pk
            if self.stage.dice.random() < ANSWERED and not (is_shown and call.called_at > self.until - UNREAD):
                self._follow(stories.called(self.stage, call))

    def _settle(self, at: datetime) -> None:
        """Sequence what was recorded and let reactors act on it now, instead of leaving their jobs to a worker."""
        self._settled = at
        with quiet(unread=at > self.until - UNREAD), moved_to(at):
            while is_pending() and sequence():
                with connection.cursor() as cursor:
                    cursor.execute(
                        "delete from procrastinate_jobs where task_name = 'kernel.react' and status = 'todo'"
                        " returning id, args"
                    )
                    jobs = sorted(cursor.fetchall())
                for _, args in jobs:
                    given = args if isinstance(args, dict) else json.loads(args)
                    react(given["name"], given["position"])


def say(text: str) -> None:
    """Tell the person at the terminal."""
    sys.stdout.write(f"{text}\n")
