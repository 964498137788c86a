"""The sequencer's loop: nearly nothing while nothing happens, and nobody stays behind."""

import threading

import pytest
from django.db import connection

from anxiu.kernel import sequencer
from anxiu.kernel.actor import SYSTEM, Subject
from anxiu.kernel.events import Sealed, record
from anxiu.kernel.sequencer import behind, run_forever, sequence
from anxiu.kernel.subscribers import PROJECTORS, projector
from anxiu.kernel.time import now


class Turns(threading.Event):
    """Lets the loop run for some turns, and notes the statements of each."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.left, self.turns, self.statements = number, [], []

    def wait(self, timeout: float | None = None) -> bool:
        self.turns.append(self.statements)
        self.statements = []
        self.left -= 1
        if not self.left:
            self.set()
        return self.is_set()

    def run(self) -> list[list[str]]:
        def note(execute, sql, params, many, context):
            self.statements.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(note):
            run_forever(self)
        return self.turns


@pytest.fixture
def read(noted):
    """A projector that keeps the numbers it has read."""
    numbers: list[int] = []

    @projector("kernel_test.reads", noted, reset=numbers.clear)
    def fold(facts):
        numbers.extend(fact["number"] for fact in facts)

    yield numbers
    del PROJECTORS["kernel_test.reads"]


def tell(noted, number: int) -> None:
    record(noted(Sealed(""), number), subject=Subject("order", 7), region_id=None, actor=SYSTEM, at=now())


def test_an_idle_turn_costs_one_statement(quiet):
    assert [len(turn) for turn in Turns(5).run()][1:] == [1, 1, 1, 1]


def test_what_is_placed_is_projected_in_the_same_turn(quiet, noted, read):
    tell(noted, 1)
    Turns(2).run()
    assert read == [1]
    assert behind() == []


def test_who_was_left_behind_is_looked_for(quiet, noted, read, monkeypatch):
    Turns(1).run()
    tell(noted, 2)
    sequence()  # by a process that died before it could project
    assert "kernel_test.reads" in behind()
    monkeypatch.setattr(sequencer, "LOOK_SECONDS", 0)
    Turns(1).run()
    assert read == [2]
    assert behind() == []
