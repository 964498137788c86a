"""Figures in words, for every kind."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

import pytest

from anxiu.kernel.values import (
    ChoiceKind,
    DurationKind,
    FlagKind,
    IntegerKind,
    Kind,
    ListKind,
    MapKind,
    RecordKind,
    TableKind,
    Target,
    TargetKind,
    TextKind,
    Words,
    WordsKind,
    percent,
)
from anxiu.regulation.rules.words import Grid, Terms, duration_in_words, grid, in_words, row_in_words


class Level(StrEnum):
    HIGH = "high"
    LOW = "low"


@dataclass(frozen=True)
class Step:
    after: timedelta
    to: str


@dataclass(frozen=True)
class Choice:
    code: str
    words: Words
    stops: bool


TERMS = Terms(
    {
        "Level": {"high": Words("高", "high"), "low": Words("低", "low")},
        "Step": {"after": Words("之后", "after"), "to": Words("至", "to")},
        "Choice": {"words": Words("内容", "entry"), "stops": Words("停表", "stops")},
        "units": {"d": Words("天", "day|days"), "m": Words("米", "m")},
        "codes": {"boss": Words("主管", "supervisor")},
    }
)
STEP = RecordKind(Step, {"after": DurationKind(), "to": TextKind()})
CHOICE = RecordKind(Choice, {"code": TextKind(), "words": WordsKind(), "stops": FlagKind()})
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("kind", "value", "zh", "en"),
    [
        (TargetKind(), Target(8 * HOUR, working=True), "8 个工作小时", "8 working hours"),
        (TargetKind(), Target(HOUR), "1 小时", "1 hour"),
        (DurationKind(), timedelta(minutes=90), "90 分钟", "90 minutes"),
        (IntegerKind(0, 9), 4, "4", "4"),
        (IntegerKind(0, 9, "d"), 1, "1 天", "1 day"),
        (IntegerKind(0, 9, "d"), 4, "4 天", "4 days"),
        (IntegerKind(0, 9, "m"), 4, "4 米", "4 m"),
        (percent(), 70, "70%", "70 %"),
        (FlagKind(), True, "是", "yes"),
        (FlagKind(), False, "否", "no"),
        (ChoiceKind(Level), Level.HIGH, "高", "high"),
        (TextKind(), "boss", "主管", "supervisor"),
        (TextKind(), "A-17", "A-17", "A-17"),
        (WordsKind(), Words("水", "water"), "水", "water"),
        (ListKind(IntegerKind(0, 9)), (1, 2, 3), "1、2、3", "1, 2 and 3"),
        (ListKind(IntegerKind(0, 9)), (), "无", "none"),
        (TableKind(Level, IntegerKind(0, 9)), {Level.HIGH: 1, Level.LOW: 2}, "1（高）、2（低）", "1 (high) and 2 (low)"),
        (TableKind(Level, IntegerKind(0, 9)), {Level.HIGH: 1, Level.LOW: 1}, "1", "1"),
        (MapKind(IntegerKind(0, 9)), {"boss": 1, "x": 2}, "1（主管）、2（x）", "1 (supervisor) and 2 (x)"),
        (STEP, Step(HOUR, "boss"), "之后 1 小时，至 主管", "after 1 hour, to supervisor"),
        (ListKind(STEP), (Step(HOUR, "a"), Step(HOUR, "b")), "之后 1 小时，至 a；之后 1 小时，至 b", "after 1 hour, to a; after 1 hour, to b"),
        (CHOICE, Choice("x", Words("等", "wait"), stops=True), "内容 等，停表 是", "entry wait, stops yes"),
    ],
)  # fmt: skip
def test_a_figure_reads_in_both_languages(kind: Kind[Any], value: Any, zh: str, en: str):
    assert (in_words(kind, value, "zh-hans", TERMS), in_words(kind, value, "en", TERMS)) == (zh, en)


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(0), "0 minutes"),
        (timedelta(seconds=45), "45 seconds"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=60), "1 hour"),
        (timedelta(minutes=120), "2 hours"),
        (timedelta(minutes=150), "150 minutes"),
        (timedelta(hours=72), "72 hours"),
        (timedelta(days=4), "4 days"),
        (timedelta(days=30), "30 days"),
    ],
)
def test_a_span_is_said_in_its_usual_unit(span: timedelta, words: str):
    assert duration_in_words(span, "en") == words


def test_working_time_is_never_said_in_days():
    assert duration_in_words(timedelta(hours=96), "zh-hans", working=True) == "96 个工作小时"


def test_one_row_of_a_table_can_be_said_alone():
    kind = TableKind(Level, TargetKind())
    assert row_in_words(kind, {Level.HIGH: Target(HOUR), Level.LOW: Target(2 * HOUR)}, "low", "en", TERMS) == "2 hours"
    assert row_in_words(STEP, Step(HOUR, "boss"), "to", "en", TERMS) == "supervisor"
    with pytest.raises(KeyError):
        row_in_words(FlagKind(), True, "low", "en", TERMS)


def test_a_list_of_records_is_a_table_without_the_machines_code():
    listed = (Choice("x", Words("等", "wait"), stops=True), Choice("y", Words("急", "haste"), stops=False))
    assert grid(ListKind(CHOICE), listed, "en", TERMS) == Grid(("entry", "stops"), (("wait", "yes"), ("haste", "no")))


def test_records_by_row_say_the_row_once():
    ladder = {Level.HIGH: (Step(HOUR, "boss"), Step(2 * HOUR, "z")), Level.LOW: (Step(HOUR, "z"),)}
    table = grid(TableKind(Level, ListKind(STEP)), ladder, "en", TERMS)
    assert table == Grid(
        ("", "after", "to"),
        (("high", "1 hour", "supervisor"), ("", "2 hours", "z"), ("low", "1 hour", "z")),
    )


def test_a_plain_figure_is_a_table_of_one_cell():
    assert grid(percent(), 70, "en", TERMS) == Grid((), (("70 %",),))
    assert grid(MapKind(ListKind(TextKind())), {"boss": ("a", "b")}, "en", TERMS) == Grid((), (("supervisor", "a, b"),))
    assert grid(STEP, Step(HOUR, "z"), "en", TERMS) == Grid((), (("after", "1 hour"), ("to", "z")))


def test_codes_that_are_data_come_in_our_order_whatever_the_database_keeps():
    terms = Terms({"codes": {"mon": Words("一", "Mon"), "fri": Words("五", "Fri")}})
    kind = MapKind(IntegerKind(0, 9))
    assert grid(kind, {"a": 0, "fri": 2, "mon": 1}, "en", terms).rows == (("Mon", "1"), ("Fri", "2"), ("a", "0"))
    assert in_words(kind, {"fri": 2, "mon": 1}, "en", terms) == "1 (Mon) and 2 (Fri)"


def test_a_code_without_a_word_is_an_error_not_a_guess():
    with pytest.raises(KeyError):
        in_words(ChoiceKind(Level), Level.HIGH, "en", Terms({"Level": {}}))
