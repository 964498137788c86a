"""How an order type is worked: which states it has, in which step each lies, and where a verb leads."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from anxiu.orders.choices import ENDED, FORWARD, STAYS, TRANSITIONS, WHILE_SUSPENDED, State
from anxiu.orders.processes import ProcessStep
from anxiu.sla.choices import ClockKind


@dataclass(frozen=True, slots=True)
class Process:
    """The steps of one order type, and what follows from them."""

    steps: tuple[ProcessStep, ...]
    states: tuple[State, ...]
    places: Mapping[State, int]
    clocks: frozenset[ClockKind]

    @property
    def has_visit(self) -> bool:
        """Whether somebody goes to the customer; else the owner does the engineer's part from where they sit."""
        return State.BOOKED in self.states

    def has(self, state: State) -> bool:
        """Whether an order of this type can stand there."""
        return state in self.states

    def leads_to(self, target: State) -> State:
        """The state a verb arrives in: one that the process leaves out is passed over to the next it has."""
        if target in ENDED or target in self.states:
            return target
        if target is State.ON_SITE:  # nobody goes: what is done on site begins at the desk
            return State.ACCEPTED
        order = list(State)
        return next(each for each in order[order.index(target) :] if each in self.states)

    def stands_for(self, state: State) -> frozenset[State]:
        """The states whose verbs exist in this one: without a visit the desk is the site."""
        return frozenset({state, State.ON_SITE} if state is State.ACCEPTED and not self.has_visit else {state})

    def step_of(self, state: State) -> ProcessStep:
        """The step an order in this state is in; an ended one is in the last."""
        return self.steps[self._place(state)]

    def _place(self, state: State) -> int:
        if state in ENDED:
            return len(self.steps) - 1
        return self.places[self.leads_to(state)]

    def left_by(self, verb: str) -> ProcessStep | None:
        """The step that a verb ends, when it takes the order on to a later one or to the archive."""
        if verb not in FORWARD:
            return None
        before = self.leads_to(FORWARD[verb])
        target = move(verb, before, self, suspended=False).to
        if target is None:
            return None
        after = self.leads_to(target)
        ends = after in ENDED or self._place(after) > self._place(before)
        return self.step_of(before) if ends else None


@cache
def process(steps: tuple[ProcessStep, ...]) -> Process:
    """The process that a version of the regulation writes for an order type."""
    states = tuple(state for step in steps for state in step.states)
    places = {state: place for place, step in enumerate(steps) for state in step.states}
    return Process(steps, states, places, frozenset(clock for step in steps for clock in step.clocks))


@dataclass(frozen=True, slots=True)
class Move:
    """Where a verb leads, or the code of why it does not exist here."""

    to: State | None
    because: str = ""

    @property
    def exists(self) -> bool:
        """Whether the verb may be tried from here."""
        return not self.because


SIGNING: Final = frozenset({"sign_off", "refuse_sign_off"})
GOING: Final = frozenset(
    {"book_visit", "reschedule", "accept_visit", "decline_visit", "prepare", "depart", "arrive"}
)


def move(verb: str, state: State, process: Process, *, suspended: bool) -> Move:
    """What `verb` does to an order in `state`; a suspended order knows fewer verbs, and so does one without a visit."""
    sources, target = TRANSITIONS[verb]
    if not sources & process.stands_for(state) or (verb in GOING and not process.has_visit):
        return Move(None, "orders.archived" if state is State.ARCHIVED else "orders.wrong_state")
    if suspended and verb not in WHILE_SUSPENDED:
        return Move(None, "orders.is_suspended")
    if verb == "resume" and not suspended:
        return Move(None, "orders.not_suspended")
    if verb == "book_visit" and state is not State.ACCEPTED and not suspended:
        return Move(None, "orders.suspend_first")
    if verb in SIGNING and not process.has(State.SIGNING):
        return Move(None, "orders.wrong_state")
    if target is None or state in STAYS.get(verb, ()):
        return Move(state)
    return Move(process.leads_to(target))
