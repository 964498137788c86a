"""The flow chart of a process, as coordinates: a template draws it without a library, and it prints as it is shown.

One column of boxes, a step each, with its states as rows; a diamond where a step is left only if something is there;
ways back in lanes at the left, each with a letter that the list beneath explains. The unit is a pixel at full size.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from anxiu.orders.choices import State
from anxiu.orders.messages import state_words
from anxiu.orders.processes import ProcessStep
from anxiu.orders.rules import Process

WIDTH, LEFT, BOX, HEAD, ROW, FOOT = 344, 66, 270, 34, 28, 8
GAP, DIAMOND, TIP, LANE, FIRST_LANE = 26, 34, 96, 18, 50
TOP: Final = 4
BACK: Final = (
    ("decline_visit", State.BOOKED, State.ACCEPTED),
    ("reject_plan", State.APPROVING, State.ON_SITE),
    ("book_visit", State.REPAIRING, State.BOOKED),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A state inside a box."""

    words: str
    y: int
    is_current: bool

    @property
    def middle(self) -> int:
        """Where ways begin and end."""
        return self.y + ROW // 2 - 2

    @property
    def text_y(self) -> int:
        """The line its words stand on."""
        return self.middle + 4


@dataclass(frozen=True, slots=True)
class Box:
    """A step: done, current, blocked, next, or without an order plain."""

    number: int
    words: str
    look: str
    y: int
    height: int
    rows: tuple[Row, ...]
    asks: int
    gate_y: int
    gate_look: str

    @property
    def name_y(self) -> int:
        """The line its name stands on."""
        return self.y + 22

    @property
    def diamond(self) -> str:
        """The corners of the gate beneath."""
        x, y, half = LEFT + BOX // 2, self.gate_y, DIAMOND // 2
        return f"{x},{y} {x + TIP},{y + half} {x},{y + DIAMOND} {x - TIP},{y + half}"

    @property
    def gate_text_y(self) -> int:
        """The line the diamond's words stand on."""
        return self.gate_y + DIAMOND // 2 + 4


@dataclass(frozen=True, slots=True)
class Arrow:
    """A way down."""

    y: int
    to: int


@dataclass(frozen=True, slots=True)
class Back:
    """A way back in a lane at the left: its letter, its corners, and what it means."""

    letter: str
    path: str
    x: int
    y: int
    words: str

    @property
    def text_y(self) -> int:
        """The line the letter stands on."""
        return self.y + 4


@dataclass(frozen=True, slots=True)
class Chart:
    """All that the template draws."""

    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    backs: tuple[Back, ...]
    end_y: int
    end_look: str
    end_words: str
    width: int = WIDTH
    left: int = LEFT
    box: int = BOX
    row: int = ROW - 4
    middle: int = LEFT + BOX // 2
    row_x: int = LEFT + 12
    row_width: int = BOX - 24
    end_height: int = HEAD

    @property
    def end_text_y(self) -> int:
        """The line the last words stand on."""
        return self.end_y + 22


def chart(
    way: Process, order_type: str, language: str, *, state: State | None = None, is_held: bool = False,
    lacks: bool = False,
) -> Chart:  # fmt: skip
    """The chart of a process; with a state, of an order that stands there. `lacks`: its gate is still shut."""
    boxes, arrows, y = [], [], TOP
    current = way.steps.index(way.step_of(state)) if state else -1
    ended = state is not None and not way.has(state)
    for place, step in enumerate(way.steps):
        look = _look(place, current, is_known=state is not None, ended=ended, is_held=is_held)
        rows = _rows(step, y, order_type, state)
        gate_look = "blocked" if lacks and place == current else "done" if look == "done" else "plain"
        words = step.words.in_language(language)
        asks = len(step.checklists) + len(step.evidence) + len(step.gates)
        height = HEAD + ROW * len(rows) + FOOT
        box = Box(place + 1, words, look, y, height, rows, asks, y + height + GAP, gate_look)
        boxes.append(box)
        bottom = y + box.height
        if box.asks:
            arrows.append(Arrow(bottom, box.gate_y))
            bottom = box.gate_y + DIAMOND
        y = bottom + GAP
        arrows.append(Arrow(bottom, y))
    end_look = ("done" if state is State.ARCHIVED else "blocked" if ended else "next") if state else "plain"
    end_words = state_words(state if state and ended else State.ARCHIVED, order_type)
    return Chart(y + HEAD + TOP, tuple(boxes), tuple(arrows), tuple(_backs(way, boxes)), y, end_look, end_words)


def _look(place: int, current: int, *, is_known: bool, ended: bool, is_held: bool) -> str:
    if not is_known:
        return "plain"
    if place < current or ended:
        return "done"
    if place > current:
        return "next"
    return "blocked" if is_held else "current"


def _rows(step: ProcessStep, y: int, order_type: str, state: State | None) -> tuple[Row, ...]:
    first = y + HEAD
    return tuple(
        Row(state_words(each, order_type), first + ROW * line, each is state) for line, each in enumerate(step.states)
    )


def _backs(way: Process, boxes: Sequence[Box]) -> Iterator[Back]:
    rows = dict(zip(way.states, (row for box in boxes for row in box.rows), strict=True))
    means = {
        "decline_visit": _("The engineer declines: another is booked."),
        "reject_plan": _("The plan is sent back: it is made anew."),
        "book_visit": _("On hold, then a further visit is booked."),
    }
    there = [(verb, rows[a], rows[b]) for verb, a, b in BACK if a in rows and b in rows]
    for lane, (verb, source, target) in enumerate(there):
        x = FIRST_LANE - LANE * lane
        path = f"M{LEFT + 12} {source.middle}H{x}V{target.middle}H{LEFT + 12}"
        yield Back("abc"[lane], path, x, (source.middle + target.middle) // 2, means[verb])
