"""Facts: what is stored of them, what is sealed, and how old shapes are read."""

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from hashlib import sha256

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from anxiu.kernel import events
from anxiu.kernel.actor import SYSTEM, Subject
from anxiu.kernel.events import KINDS, UPCASTERS, Event, Fact, Sealed, canonical, event, read, record_many, upcast
from anxiu.kernel.events import record as recorded
from anxiu.kernel.models import EventRow, PendingEvent, SealedText
from anxiu.kernel.time import moved_to

AT = datetime(2026, 5, 11, 1, 0, tzinfo=UTC)
ORDER = Subject("order", 7)


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True)
class Rich(Event):
    """Every type a body may hold."""

    kind = "kernel_test.rich"
    colour: Colour = Colour.RED
    codes: tuple[str, ...] = ("b", "a")
    some: frozenset[str] = frozenset({"b", "a"})
    lasts: timedelta = timedelta(minutes=2)
    at: datetime = datetime(2026, 5, 11, 9, 0, tzinfo=timezone(timedelta(hours=8)))
    on: date = date(2026, 5, 11)
    flag: bool = True
    nothing: int | None = None
    table: dict[str, int] = field(default_factory=lambda: {"z": 1, "a": 2})


def stored(fact: Event) -> EventRow:
    return recorded(fact, subject=ORDER, region_id=3, actor=SYSTEM, at=AT)


def test_a_body_is_one_canonical_text(db):
    assert stored(Rich()).body == (
        '{"at":"2026-05-11T01:00:00.000000Z","codes":["b","a"],"colour":"red","flag":true,"lasts":120,'
        '"nothing":null,"on":"2026-05-11","some":["a","b"],"table":{"a":2,"z":1}}'
    )


@pytest.mark.parametrize("bad", [1.5, object(), b"x"])
def test_what_has_no_canonical_text_is_refused(db, bad):
    with pytest.raises(TypeError):
        stored(Rich(nothing=bad))
    assert not EventRow.objects.filter(kind="kernel_test.rich").exists()


def test_when_it_happened_and_when_it_was_recorded_are_two_things(db):
    with moved_to(AT + timedelta(hours=1)):
        row = stored(Rich())
    assert (row.occurred_at, row.recorded_at) == (AT, AT + timedelta(hours=1))


def test_sealed_text_lies_beside_the_event(db, noted):
    row = stored(noted(Sealed("王建国"), 5))
    kept = SealedText.objects.get(event=row)
    digest = sha256(bytes(kept.salt) + "王建国".encode()).hexdigest()
    assert json.loads(row.body) == {"number": 5, "words": {"sealed": digest}}
    assert "王建国" not in row.body
    assert len(bytes(kept.salt)) == 16


def test_the_same_text_is_sealed_differently_each_time(db, noted):
    assert stored(noted(Sealed("王建国"), 5)).body != stored(noted(Sealed("王建国"), 5)).body


def test_empty_sealed_text_leaves_nothing(db, noted):
    row = stored(noted(Sealed(""), 5))
    assert json.loads(row.body) == {"number": 5}
    assert not SealedText.objects.filter(event=row).exists()


def test_many_facts_are_written_like_single_ones_with_few_statements(db, noted, django_assert_num_queries):
    facts = [Fact(noted(Sealed(f"text {number}"), number), ORDER, 3, AT) for number in range(20)]
    with django_assert_num_queries(2):
        rows = record_many(facts, actor=SYSTEM)
    assert [json.loads(row.body)["number"] for row in rows] == list(range(20))
    assert [row.sealed.get().text for row in rows] == [f"text {number}" for number in range(20)]
    assert PendingEvent.objects.filter(event__in=rows).count() == 20


def test_a_change_that_is_rolled_back_leaves_no_event(db, noted):
    with transaction.atomic():
        stored(noted(Sealed("x"), 1))
        transaction.set_rollback(True)
    assert not EventRow.objects.filter(kind="kernel_test.noted").exists()


def test_an_old_shape_is_read_as_the_present_one(db, noted):
    row = stored(noted(Sealed(""), 5))
    noted.version = 3
    upcast("kernel_test.noted", 1)(lambda body: {"count": body["number"]})
    upcast("kernel_test.noted", 2)(lambda body: {**body, "unit": "piece"})
    try:
        assert read(row, 1).body == {"count": 5, "unit": "piece"}
    finally:
        del UPCASTERS["kernel_test.noted", 1], UPCASTERS["kernel_test.noted", 2]


def test_a_kind_is_declared_once(noted):
    with pytest.raises(ValueError, match="twice"):
        event("kernel_test.noted")(noted)
    assert KINDS["kernel_test.noted"] is noted


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


@given(plain)
def test_canonical_text_survives_reading_and_writing(body):
    assert canonical(json.loads(canonical(body))) == canonical(body)


@given(st.text(), st.text())
def test_a_seal_tells_two_texts_apart(one, other):
    if any("\ud800" <= each <= "\udfff" for each in one + other):
        return
    salt, digest = events.seal(one)
    assert (sha256(salt + other.encode()).hexdigest() == digest) == (one == other)
