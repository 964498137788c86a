"""Facts: frozen dataclasses in the past tense, recorded in the transaction of the change they tell of.

A body holds ids and codes only. Personal and free text is `Sealed`: the event keeps a salted digest, the text lies
beside it and can be erased without breaking the chain.
"""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any, ClassVar, Final, TypeVar

from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.ids import uuid7
from anxiu.kernel.models import EventRow, SealedText
from anxiu.kernel.rows import insert
from anxiu.kernel.time import now

SALT_BYTES: Final = 16  # source: NIST SP 800-132, at least 128 bits


class Sealed(str):
    """Text that may name or describe a person; never part of the hashed body."""

    __slots__ = ()


class Audience(StrEnum):
    """Who reads an event's sentence in the history: everybody, the customer included, or the company only."""

    CUSTOMER = "customer"
    STAFF = "staff"


@dataclass(frozen=True)
class Event:
    """Base of all facts. `kind` and `version` name the shape; `audience` says who may read its sentence."""

    kind: ClassVar[str]
    version: ClassVar[int] = 1
    audience: ClassVar[Audience] = Audience.STAFF


E = TypeVar("E", bound=type[Event])
KINDS: Final[dict[str, type[Event]]] = {}
UPCASTERS: Final[dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]]] = {}


def event(kind: str, *, version: int = 1, audience: Audience = Audience.STAFF) -> Callable[[E], E]:
    """Register a fact under its kind, `app.past_tense`."""

    def declare(cls: E) -> E:
        if kind in KINDS:
            raise ValueError(f"event {kind} is declared twice")
        cls.kind, cls.version, cls.audience = kind, version, audience
        KINDS[kind] = cls
        return cls

    return declare


def upcast(kind: str, version: int) -> Callable[[Callable[[dict[str, Any]], dict[str, Any]]], None]:
    """Register how a body of an old `version` becomes the next one."""

    def declare(function: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
        UPCASTERS[kind, version] = function

    return declare


def _plain(value: object) -> object:
    """A body's value as canonical JSON knows it; floats are refused because their text is not one."""
    match value:
        case None | bool() | int():
            return value
        case StrEnum():
            return value.value
        case str():
            return str(value)
        case datetime():
            return instant(value)
        case date():
            return value.isoformat()
        case timedelta():
            return value // timedelta(seconds=1)
        case tuple() | list() | frozenset():
            plain = [_plain(each) for each in value]
            return sorted(plain, key=str) if isinstance(value, frozenset) else plain
        case Mapping():
            return {str(key): _plain(each) for key, each in value.items()}
    raise TypeError(f"an event body cannot hold {type(value).__name__}")


def instant(at: datetime) -> str:
    """An instant as canonical text: UTC with microseconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def canonical(body: object) -> str:
    """One text for one body: sorted keys, no spaces, real characters."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def seal(text: str) -> tuple[bytes, str]:
    """A fresh salt and the digest that stands for `text` in the event."""
    salt = os.urandom(SALT_BYTES)
    return salt, sha256(salt + text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Fact:
    """One of many facts to be written together: what, about which thing, where, and when it happened."""

    event: Event
    subject: Subject
    region_id: int | None
    at: datetime


def record(
    fact: Event, *, subject: Subject, region_id: int | None, actor: Actor, at: datetime
) -> EventRow:
    """Write a fact, in the caller's transaction. `at` is when it happened; now is when it is recorded."""
    row, sealed = _row(Fact(fact, subject, region_id, at), actor, now())
    insert(row)
    _keep([(row, sealed)])
    return row


def record_many(facts: Sequence[Fact], *, actor: Actor) -> list[EventRow]:
    """Write many facts with one statement (two where there is personal text), in the caller's transaction."""
    recorded_at = now()
    made = [_row(fact, actor, recorded_at) for fact in facts]
    rows = [row for row, _ in made]
    insert(*rows)
    _keep(made)
    return rows


def _keep(made: Sequence[tuple[EventRow, list[SealedText]]]) -> None:
    """Write the personal texts of events that have their keys now."""
    for row, sealed in made:
        for text in sealed:
            text.event = row
    insert(*(text for _, sealed in made for text in sealed))


def _row(fact: Fact, actor: Actor, recorded_at: datetime) -> tuple[EventRow, list[SealedText]]:
    """A fact as its row, and its personal texts, which still need the row's key."""
    body: dict[str, object] = {}
    sealed: list[SealedText] = []
    for each in fields(fact.event):
        value = getattr(fact.event, each.name)
        if isinstance(value, Sealed):
            if value:
                salt, digest = seal(value)
                sealed.append(SealedText(field=each.name, salt=salt, text=str(value)))
                body[each.name] = {"sealed": digest}
            continue
        body[each.name] = _plain(value)
    row = EventRow(
        uid=uuid7(), kind=fact.event.kind, version=fact.event.version,
        subject_kind=fact.subject.kind, subject_id=fact.subject.id, region_id=fact.region_id,
        actor_kind=actor.kind.value, actor_id=actor.id,
        occurred_at=fact.at, recorded_at=recorded_at, body=canonical(body),
    )  # fmt: skip
    return row, sealed


@dataclass(frozen=True, slots=True)
class Recorded:
    """A fact read back: its body at the present version, and where it stands."""

    position: int
    id: int
    kind: str
    subject: Subject
    region_id: int | None
    actor_kind: str
    actor_id: int | None
    occurred_at: datetime
    recorded_at: datetime
    body: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.body[name]


def read(row: EventRow, position: int) -> Recorded:
    """A stored row as a fact, upcast to the present version of its kind."""
    body, version = json.loads(row.body), row.version
    current = KINDS[row.kind].version if row.kind in KINDS else version
    while version < current:
        body = UPCASTERS[row.kind, version](body)
        version += 1
    return Recorded(
        position=position, id=row.id, kind=row.kind, subject=Subject(row.subject_kind, row.subject_id),
        region_id=row.region_id, actor_kind=row.actor_kind, actor_id=row.actor_id,
        occurred_at=row.occurred_at, recorded_at=row.recorded_at, body=body,
    )  # fmt: skip
