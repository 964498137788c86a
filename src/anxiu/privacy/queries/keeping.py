"""How long each class of data is kept, and what the daily job let go."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from anxiu.accounts.models import Person
from anxiu.kernel.actor import Actor
from anxiu.kernel.values import reading
from anxiu.privacy.choices import Data
from anxiu.privacy.models import RetentionRun
from anxiu.privacy.queries.held import VIEW_PERSON
from anxiu.privacy.values import KEEP_PEOPLE, KEPT_FOR
from anxiu.regulation.queries import in_force


@dataclass(frozen=True, slots=True)
class Kept:
    """A class of data: how long it is kept by which value, the last look at it, and how many wait for somebody."""

    data: Data
    value_key: str
    period: timedelta
    run: RetentionRun | None
    by_hand: int = 0


def kept(actor: Actor, at: datetime) -> list[Kept]:
    """Every class of data with its figure in the regulation in force; three statements."""
    actor.require(VIEW_PERSON)
    figures, last = reading(in_force(None, "", at).pk), _last()
    gone = Person.objects.filter(is_service=False, erased_at=None, retired_at__lt=at - figures(KEEP_PEOPLE)).count()
    return [
        Kept(data, value.key, figures(value), last.get(data), gone if data is Data.PEOPLE else 0)
        for data, value in KEPT_FOR.items()
    ]


def _last() -> Mapping[str, RetentionRun]:
    rows = RetentionRun.objects.order_by("data", "-id").distinct("data")
    return {each.data: each for each in rows}
