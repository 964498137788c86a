"""Kinds read what a person wrote, refuse what is out of range in words, and write it back."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anxiu.kernel.errors import Invalid
from anxiu.kernel.messages import explain
from anxiu.kernel.values import (
    REGISTRY,
    ChoiceKind,
    DurationKind,
    FlagKind,
    HoursKind,
    IntegerKind,
    Kind,
    ListKind,
    MapKind,
    Reading,
    RecordKind,
    Scope,
    TableKind,
    Target,
    TargetKind,
    TextKind,
    Value,
    Words,
    WordsKind,
    percent,
)  # fmt: skip


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True)
class Rule:
    code: str
    within: Target


RECORD = RecordKind(Rule, {"code": TextKind(), "within": TargetKind()})
GOOD = [
    (TargetKind(), "30 min", Target(timedelta(minutes=30))),
    (TargetKind(), "8 working h", Target(timedelta(hours=8), working=True)),
    (TargetKind(), "45 s", Target(timedelta(seconds=45))),
    (DurationKind(), "30 d", timedelta(days=30)),
    (IntegerKind(1, 5), 5, 5),
    (percent(), 100, 100),
    (FlagKind(), False, False),
    (ChoiceKind(Colour), "red", Colour.RED),
    (ListKind(IntegerKind(0, 9)), [3, 1], (3, 1)),
    (ListKind(IntegerKind(0, 9)), [], ()),
    (TableKind(Colour, percent()), {"red": 1, "blue": 2}, {Colour.RED: 1, Colour.BLUE: 2}),
    (MapKind(FlagKind()), {"senior": True}, {"senior": True}),
    (TextKind(), "x" * 200, "x" * 200),
    (WordsKind(), {"zh": "原因", "en": "Reason"}, Words("原因", "Reason")),
    (RECORD, {"code": "a", "within": "2 h"}, Rule("a", Target(timedelta(hours=2)))),
]
BAD = [
    (TargetKind(), "30"), (TargetKind(), "1.5 h"), (TargetKind(), "30 minutes"), (TargetKind(), -5),
    (TargetKind(), "-3 h"), (TargetKind(), None), (TargetKind(), "30 min\n"), (TargetKind(), "９ h"), (TargetKind(), "99999999999999 d"), (DurationKind(), "8 working h"),
    (IntegerKind(1, 5), 0), (IntegerKind(1, 5), 6), (IntegerKind(1, 5), True), (IntegerKind(1, 5), 2.0),
    (IntegerKind(1, 5), "2"), (percent(), 101), (FlagKind(), 1), (FlagKind(), "yes"), (ChoiceKind(Colour), "green"),
    (ListKind(percent()), "12"), (ListKind(percent()), [1, 101]), (TableKind(Colour, percent()), {"red": 1}),
    (TableKind(Colour, percent()), {"red": 1, "blue": 2, "green": 3}), (MapKind(FlagKind()), []),
    (TextKind(), ""), (TextKind(), "  "), (TextKind(), "x" * 201), (TextKind(), 5), (WordsKind(), {"zh": "原因"}),
    (WordsKind(), {"zh": "", "en": "Reason"}), (RECORD, {"code": "a"}), (RECORD, {"code": "a", "within": "2 h", "x": 1}),
    (RECORD, "a"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "raw", "figure"), GOOD)
def test_a_kind_reads_and_writes_back(kind: Kind, raw: object, figure: object) -> None:
    assert kind.parse(raw) == figure
    assert kind.parse(kind.dump(figure)) == figure


@pytest.mark.parametrize(("kind", "raw"), BAD)
def test_a_kind_refuses_in_words_that_name_what_was_given(kind: Kind, raw: object) -> None:
    with pytest.raises(Invalid) as refused:
        kind.parse(raw)
    assert refused.value.code == "kernel.value_expected"
    said = explain(refused.value)
    assert str(refused.value.params["given"]) in said
    assert str(refused.value.params["expected"]) in said


@given(st.integers(0, 10**6 - 1), st.sampled_from(["s", "min", "h", "d"]), st.booleans())
def test_any_target_survives_writing_and_reading(count, unit, working):
    target = TargetKind().parse(f"{count} {'working ' if working else ''}{unit}")
    assert TargetKind().parse(TargetKind().dump(target)) == target


@given(st.integers(-5, 15), st.integers(0, 5), st.integers(5, 10))
def test_a_whole_number_is_taken_exactly_within_its_bounds(given_number, least, most):
    kind = IntegerKind(least, most)
    if least <= given_number <= most:
        assert kind.parse(given_number) == given_number
    else:
        with pytest.raises(Invalid):
            kind.parse(given_number)


def test_every_figure_of_the_default_preset_survives_writing_and_reading(db):
    from anxiu.kernel.time import now
    from anxiu.kernel.values import reading
    from anxiu.regulation.queries import in_force

    figures = reading(in_force(None, "", now()).pk)
    for value in REGISTRY.values():
        figure = figures(value)
        assert value.kind.parse(value.kind.dump(figure)) == figure, value.key


def test_a_key_is_declared_once():
    key = next(iter(REGISTRY))
    with pytest.raises(ValueError, match="twice"):
        Value(key, FlagKind(), scope=Scope.COMPANY)


def test_a_reading_notes_what_was_asked_for_and_parses_once():
    value = REGISTRY.pop(Value("kernel_test.flag", FlagKind(), scope=Scope.COMPANY).key)
    figures = Reading(1, {"kernel_test.flag": True})
    assert figures(value) is True
    assert figures.used == {"kernel_test.flag"}
    again = figures.fresh()
    assert again.used == set()
    assert again(value) is True


def test_words_are_given_in_the_readers_language():
    words = Words("原因", "Reason")
    assert [words.in_language(each) for each in ("zh-hans", "zh", "en")] == ["原因", "原因", "Reason"]


@pytest.mark.parametrize("raw", ["09:00-12:00", "22:00-07:00", "18:30-24:00"])
def test_hours_of_a_day_are_read_as_written(raw: str) -> None:
    assert HoursKind().dump(HoursKind().parse(raw)) == raw


@pytest.mark.parametrize(
    "raw", ["", "9:00-12:00", "09:00-09:00", "24:00-07:00", "09:00-25:00", "09:00", "09:00-12:60", 9]
)
def test_hours_that_no_day_has_are_refused(raw: object) -> None:
    with pytest.raises(Invalid):
        HoursKind().parse(raw)
