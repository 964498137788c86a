"""What a higher app does after an event: projectors fold events into rows, reactors act once per event."""

import json
import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db import connection, transaction

from anxiu.kernel.events import Event, Recorded, read
from anxiu.kernel.models import Cursor, EventRow, Position
from anxiu.kernel.prepared import Prepared
from anxiu.kernel.time import now

log = logging.getLogger(__name__)

Fold = Callable[[Sequence[Recorded]], None]
React = Callable[[Recorded], None]
BATCH: Final = 1000  # source: measured; larger batches gain nothing and hold their transaction longer
TRY_AGAIN: Final = timedelta(seconds=10)  # source: own choice; a projector that fails is tried and logged this often


@dataclass(frozen=True, slots=True)
class Projector:
    """Folds events of some kinds into rows, in order, replayable from zero; `reset` empties those rows."""

    name: str
    kinds: frozenset[str]
    fold: Fold
    reset: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Reactor:
    """Acts once for each event of some kinds, as a job; no network inside, a send is a job of its own.

    `wanted` answers the kinds where they are data; it is asked once for a batch of new events.
    """

    name: str
    kinds: frozenset[str]
    act: React
    wanted: Callable[[], Collection[str]] | None = None


_PLACE: Final = Prepared(lambda position: Position.objects.select_related("event").filter(position=position))
PROJECTORS: Final[dict[str, Projector]] = {}
REACTORS: Final[dict[str, Reactor]] = {}


def projector(name: str, *events: type[Event], reset: Callable[[], None]) -> Callable[[Fold], Fold]:
    """Declare a projector under a name that is never changed: its cursor is kept under it."""

    def declare(fold: Fold) -> Fold:
        PROJECTORS[name] = Projector(name, frozenset(each.kind for each in events), fold, reset)
        return fold

    return declare


def reactor(
    name: str, *events: type[Event], wanted: Callable[[], Collection[str]] | None = None
) -> Callable[[React], React]:
    """Declare a reactor under a name that is never changed: its effects are counted under it."""

    def declare(act: React) -> React:
        REACTORS[name] = Reactor(name, frozenset(each.kind for each in events), act, wanted)
        return act

    return declare


def project(name: str) -> int:
    """Fold one batch into a projector's rows; how many positions were read. A failing one waits, the others go on."""
    this = PROJECTORS[name]
    try:
        with transaction.atomic():
            Cursor.objects.bulk_create([Cursor(name=name)], ignore_conflicts=True)
            cursor = Cursor.objects.select_for_update(skip_locked=True).filter(name=name).first()
            if cursor is None or (cursor.failed_at and now() < cursor.failed_at + TRY_AGAIN):
                return 0
            places = list(
                Position.objects.filter(position__gt=cursor.position).order_by("position").select_related("event")[:BATCH]
            )
            if not places:
                return 0
            facts = [read(place.event, place.position) for place in places if place.event.kind in this.kinds]
            if facts:
                this.fold(facts)
            cursor.position, cursor.failed_at, cursor.error = places[-1].position, None, ""
            cursor.save(update_fields=["position", "failed_at", "error"])
            return len(places)
    except Exception as error:
        if connection.connection is None or connection.connection.closed:
            raise
        log.exception("projector %s failed", name)
        Cursor.objects.filter(name=name).update(failed_at=now(), error=repr(error)[:2000])
        return 0


def rebuild(name: str) -> int:
    """Empty a projector's rows and fold everything again; how many positions were read."""
    with transaction.atomic():
        Cursor.objects.get_or_create(name=name, defaults={"position": 0})
        cursor = Cursor.objects.select_for_update().get(name=name)  # nobody folds while the rows are emptied
        PROJECTORS[name].reset()
        cursor.position, cursor.failed_at, cursor.error = 0, None, ""
        cursor.save(update_fields=["position", "failed_at", "error"])
    total = 0
    while read_now := project(name):
        total += read_now
    return total


def react(name: str, position: int) -> bool:
    """Let a reactor act on the event at a position, unless it already has; whether it acted."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "insert into kernel_done (reactor, position) values (%s, %s) on conflict do nothing", [name, position]
        )
        if not cursor.rowcount:
            return False
        (place,) = _PLACE(position)
        REACTORS[name].act(read(place.event, position))
        return True


def reaction_jobs(facts: Sequence[tuple[int, EventRow]]) -> list[dict[str, object]]:
    """The jobs that a batch of newly placed events asks for: one for each reactor that listens to each event."""
    listening = [(each.name, each.wanted() if each.wanted else each.kinds) for each in REACTORS.values()]
    return [
        {"name": name, "position": position}
        for position, row in facts
        for name, kinds in listening
        if row.kind in kinds
    ]


def frame(facts: Sequence[tuple[int, EventRow]]) -> str:
    """What listening browsers are told of a batch: its last position, and which things changed in which region."""
    topics = sorted({(row.subject_kind, str(row.subject_id), row.region_id or 0) for _, row in facts})
    return json.dumps({"p": facts[-1][0], "t": topics}, separators=(",", ":"))
