"""What makes a function a verb: atomic, keyword-only, named, permitted, and tried again on a deadlock."""

import inspect
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Final, ParamSpec, TypeVar

import psycopg
from django.db import OperationalError, connection, transaction

from anxiu.kernel import refused
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import Refusal

P = ParamSpec("P")
R = TypeVar("R")

DEADLOCK_RETRIES: Final = 3  # source: own choice; a third deadlock in a row is a design error worth seeing
DEADLOCK_PAUSE: Final = 0.03  # source: own choice; tried at once, the victim may take the lock from the survivor again


@dataclass(frozen=True, slots=True)
class Verb:
    """A public action: its name is also its permission; `posts` are the posts that hold it by default."""

    name: str
    posts: frozenset[str]
    function: Callable[..., object]


VERBS: Final[dict[str, Verb]] = {}
VIEWS: Final[dict[str, frozenset[str]]] = {}


def view(name: str, *, posts: set[str]) -> str:
    """Declare a permission to see something, `app.view_what`, and the posts that hold it by default."""
    if name in VIEWS:
        raise ValueError(f"view {name} is declared twice")
    VIEWS[name] = frozenset(posts)
    return name


def default_posts() -> dict[str, frozenset[str]]:
    """Every permission there is, with the posts that hold it by default."""
    return {**{verb.name: verb.posts for verb in VERBS.values()}, **VIEWS}


def in_transaction(work: Callable[[], R]) -> R:
    """Run `work` in one transaction; when the database names us the victim of a deadlock, run it again."""
    if any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks):
        return work()  # part of a larger change, which commits or rolls back as a whole
    for remaining in reversed(range(DEADLOCK_RETRIES)):
        try:
            with transaction.atomic():
                return work()
        except OperationalError as error:
            if not remaining or not isinstance(error.__cause__, psycopg.errors.DeadlockDetected):
                raise
        time.sleep(DEADLOCK_PAUSE)
    raise AssertionError("unreachable")


def action(*, posts: set[str]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare a verb and the posts that hold its permission by default; the system always may.

    The function takes `actor` and `at` and only keywords; its name, with the app's, is the permission.
    """

    def declare(function: Callable[P, R]) -> Callable[P, R]:
        parameters = inspect.signature(function).parameters
        if not {"actor", "at"} <= parameters.keys() or any(p.kind is not p.KEYWORD_ONLY for p in parameters.values()):
            raise TypeError(f"{function.__qualname__} must take actor and at, by keyword only")
        name = f"{function.__module__.split('.')[1]}.{function.__name__}"

        @wraps(function)
        def verb(*args: P.args, **kwargs: P.kwargs) -> R:
            actor = kwargs["actor"]
            if not isinstance(actor, Actor):
                raise TypeError("actor must be an Actor")
            try:
                actor.require(name)
                return in_transaction(lambda: function(*args, **kwargs))
            except Refusal as refusal:
                refused.note(actor, name, refusal, kwargs)
                raise

        VERBS[name] = Verb(name, frozenset(posts), verb)
        return verb

    return declare
