"""What one order, and one visit that was asked of an engineer, add to each indicator; None where they do not count.

Times are whole seconds. Net times leave out the pauses that the regulation lets stand outside (clause 6), cut to the
span they are taken from, so that a fact that became known late is measured like one known at once.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol

from anxiu.kpi.choices import Answer, Source
from anxiu.kpi.rules.indicators import WHOLE_SCORE, columns
from anxiu.orders.choices import ABOUT_FAULTS
from anxiu.regulation.choices import OrderType

PROMOTER, DETRACTOR = 9, 6  # source: Reichheld, The One Number You Need to Grow, 2003: 9 and 10, and 0 to 6
_HUNDRED: Final = 100  # source: percent


class Story(Protocol):
    """What is known of an order. `pauses` holds beginnings and ends in turn; one without an end still lasts."""

    @property
    def order_type(self) -> str: ...
    @property
    def opened_at(self) -> datetime: ...
    @property
    def responded_at(self) -> datetime | None: ...
    @property
    def arrived_at(self) -> datetime | None: ...
    @property
    def completed_at(self) -> datetime | None: ...
    @property
    def cancelled_at(self) -> datetime | None: ...
    @property
    def merged_at(self) -> datetime | None: ...
    @property
    def remote_at(self) -> datetime | None: ...
    @property
    def signed_at(self) -> datetime | None: ...
    @property
    def archived_at(self) -> datetime | None: ...
    @property
    def followed_by(self) -> int | None: ...
    @property
    def pauses(self) -> Sequence[datetime]: ...
    @property
    def arrivals(self) -> int: ...
    @property
    def resolved(self) -> bool | None: ...
    @property
    def repeats(self) -> int: ...
    @property
    def score(self) -> int | None: ...
    @property
    def scale(self) -> int | None: ...
    @property
    def recommends(self) -> int | None: ...


class Ask(Protocol):
    """What is known of a visit that an engineer was asked for."""

    @property
    def asked_at(self) -> datetime: ...
    @property
    def answered_at(self) -> datetime | None: ...
    @property
    def answer(self) -> str: ...
    @property
    def starts_at(self) -> datetime: ...
    @property
    def arrived_at(self) -> datetime | None: ...


Measures = dict[str, int | None]
OF_ORDER: Final = tuple(column for column, _ in columns(Source.ORDER))


def of_order(story: Story, satisfied_from: int) -> Measures:
    """What an order adds. `satisfied_from`: a score of at least this many percent of the best is a satisfied one.

    One that was merged into another adds nothing: that one tells of the matter.
    """
    if story.merged_at:
        return dict.fromkeys(OF_ORDER)
    done = story.completed_at is not None
    fault = done and story.order_type in ABOUT_FAULTS
    visited = fault and story.arrivals > 0
    rated = story.score is not None and story.scale
    share = story.score * WHOLE_SCORE // story.scale if rated and story.score is not None and story.scale else None
    return {
        "response_seconds": _seconds(story.opened_at, story.responded_at),
        "response_net_seconds": _net(story.opened_at, story.responded_at, story.pauses),
        "wait_seconds": _seconds(story.opened_at, story.arrived_at),
        "wait_net_seconds": _net(story.opened_at, story.arrived_at, story.pauses),
        "handling_seconds": _seconds(story.arrived_at, story.completed_at),
        "handling_net_seconds": _net(story.arrived_at, story.completed_at, story.pauses),
        "completion": int(done) if done or story.cancelled_at else None,
        "resolution": int(bool(story.resolved)) if fault else None,
        "first_fix": int(bool(story.resolved) and story.arrivals == 1 and not story.repeats) if visited else None,
        "repeat": int(story.repeats > 0) if fault and story.resolved else None,
        "remote": _held(story),
        "satisfaction": share,
        "satisfied": None if share is None else int(share * _HUNDRED >= satisfied_from * WHOLE_SCORE),
        "nps": _promotes(story.recommends),
    }


def _held(story: Story) -> int | None:
    """Whether a closure from afar counts: confirmed by the customer, nobody sent out, no visit for it behind it."""
    if story.remote_at is None:
        return None
    if story.followed_by or story.order_type != OrderType.REMOTE:
        return 0
    if story.signed_at:
        return 1
    return 0 if story.archived_at else None


def of_visit(ask: Ask, grace: timedelta) -> Measures:
    """What a visit adds. `grace`: an arrival this much after the appointed time is still on time."""
    accepted = ask.answer == Answer.ACCEPTED
    judged = {Answer.ACCEPTED: 1, Answer.DECLINED: 0, Answer.UNANSWERED: 0}
    return {
        "acceptance_seconds": _seconds(ask.asked_at, ask.answered_at) if accepted else None,
        "accepted": judged.get(Answer(ask.answer)),
        "on_time": int(ask.arrived_at <= ask.starts_at + grace) if ask.arrived_at else None,
    }


def _promotes(recommends: int | None) -> int | None:
    """1 for a promoter, -1 for a detractor, 0 between."""
    if recommends is None:
        return None
    return 1 if recommends >= PROMOTER else -1 if recommends <= DETRACTOR else 0


def _seconds(since: datetime | None, until: datetime | None) -> int | None:
    """A span in seconds; nothing where one end is missing or they stand the wrong way round."""
    if since is None or until is None or until < since:
        return None
    return (until - since) // timedelta(seconds=1)


def _net(since: datetime | None, until: datetime | None, pauses: Sequence[datetime]) -> int | None:
    whole = _seconds(since, until)
    if whole is None or since is None or until is None or not pauses:
        return whole
    paused, covered = timedelta(), since
    ends = iter((*pauses, until))  # a pause that still lasts ends with the span
    for begin, end in zip(ends, ends, strict=False):
        first, last = max(begin, covered), min(end, until)
        if last > first:
            paused, covered = paused + (last - first), last
    return whole - paused // timedelta(seconds=1)
