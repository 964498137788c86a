"""Every event has a sentence in both languages, a privacy rule, and a golden sample per version."""

import json
import string
import typing
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.utils import translation

from anxiu.kernel.events import KINDS, Audience, Event, Sealed, read
from anxiu.kernel.messages import SENTENCES
from anxiu.kernel.models import EventRow
from tests.shape.golden import present, stored

OURS = {kind: cls for kind, cls in KINDS.items() if cls.__module__.startswith("anxiu.")}
AGAIN = "python -m tests.shape.golden adds what is new; what is there must not change: raise the version and upcast"


def test_there_are_events() -> None:
    assert len(OURS) > 60


@pytest.mark.parametrize("kind", sorted(OURS))
def test_an_event_has_a_sentence_in_both_languages_and_a_privacy_rule(kind: str) -> None:
    cls = OURS[kind]
    assert is_dataclass(cls)
    assert cls.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert issubclass(cls, Event)
    assert isinstance(cls.audience, Audience)
    assert kind.split(".", maxsplit=1)[0] == cls.__module__.split(".")[1]
    with translation.override("en"):
        english = str(SENTENCES[kind])
    with translation.override("zh-hans"):
        chinese = str(SENTENCES[kind])
    assert any("\u4e00" <= each <= "\u9fff" for each in chinese), f"no Chinese: {chinese}"
    assert not any("\u4e00" <= each <= "\u9fff" for each in english)
    placed = {name for _, name, _, _ in string.Formatter().parse(english) if name}
    hints = typing.get_type_hints(cls)
    assert {each for each in placed if hints.get(each) is Sealed} == set()  # personal text is shown beside, if at all


@pytest.mark.parametrize("kind", sorted(OURS))
def test_free_text_is_sealed(kind: str) -> None:
    """A `str` in a body is a code; a name, a reason in words or a note would outlive its erasure."""
    hints = typing.get_type_hints(OURS[kind])
    free = {"name", "note", "text", "words", "remarks", "email", "phone", "address", "comment", "signer", "finding"}
    assert {each.name for each in fields(OURS[kind]) if each.name in free and hints[each.name] is not Sealed} == set()


def test_every_sentence_belongs_to_an_event() -> None:
    assert sorted(SENTENCES.keys() - OURS.keys()) == []


@pytest.mark.parametrize("kind", sorted(OURS))
def test_the_shape_of_an_event_is_the_golden_one(kind: str) -> None:
    golden, now = stored(), present()[kind]
    for version, body in now.items():
        assert golden.get(kind, {}).get(version) == body, AGAIN
    for version, body in golden[kind].items():
        row = EventRow(
            id=1, uid=uuid4(), kind=kind, version=int(version), subject_kind="order", subject_id=7, actor_kind="system",
            occurred_at=datetime(2026, 5, 11, tzinfo=UTC), recorded_at=datetime(2026, 5, 11, tzinfo=UTC), body=body,
        )  # fmt: skip
        assert read(row, 1).body.keys() == json.loads(next(iter(now.values()))).keys()


def test_no_golden_kind_has_gone() -> None:
    assert sorted(stored().keys() - OURS.keys()) == []
