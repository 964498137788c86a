"""The process of an order type as the regulation writes it, and what makes a written one whole.

The states and their order are the program's; which of them a process has, how they are grouped into steps, and what
each step asks for, is data.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from anxiu.kernel.errors import Invalid
from anxiu.kernel.values import ChoiceKind, FlagKind, IntegerKind, ListKind, RecordKind, TextKind, Words, WordsKind
from anxiu.orders.choices import ENDED, VISIT, EntryKind, Role, State, StepGate
from anxiu.orders.messages import STATES, TYPES
from anxiu.regulation.choices import OrderType
from anxiu.sla.choices import ClockKind
from anxiu.workforce.messages import spoken

MOST_ENTRIES: Final = 50  # source: own choice; more photos than this prove nothing more


@dataclass(frozen=True, slots=True)
class CheckItem:
    """One line of a checklist; `customer` marks what the customer is asked to tick as well."""

    code: str
    words: Words
    mandatory: bool
    customer: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """So many lines of the work record of one of these kinds."""

    kinds: tuple[EntryKind, ...]
    least: int


@dataclass(frozen=True, slots=True)
class ProcessStep:
    """One step: its states, who answers for it, its clocks, and what must be there before it is left."""

    code: str
    words: Words
    states: tuple[State, ...]
    owner: Role
    clocks: tuple[ClockKind, ...]
    checklists: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    gates: tuple[StepGate, ...]


ITEM: Final = RecordKind(
    CheckItem, {"code": TextKind(), "words": WordsKind(), "mandatory": FlagKind(), "customer": FlagKind()}
)
STEP: Final = RecordKind(
    ProcessStep,
    {
        "code": TextKind(), "words": WordsKind(), "states": ListKind(ChoiceKind(State)), "owner": ChoiceKind(Role),
        "clocks": ListKind(ChoiceKind(ClockKind)), "checklists": ListKind(TextKind()),
        "evidence": ListKind(
            RecordKind(
                Evidence, {"kinds": ListKind(ChoiceKind(EntryKind)), "least": IntegerKind(1, MOST_ENTRIES)}
            )
        ),
        "gates": ListKind(ChoiceKind(StepGate)),
    },
)  # fmt: skip
Steps = tuple[ProcessStep, ...]
MUST: Final = (State.ACCEPTED, State.REPAIRING, State.CLOSING)
MAY_LACK: Final = frozenset({State.PREPARING})


def faults(processes: Mapping[OrderType, Steps], checklists: Mapping[str, tuple[CheckItem, ...]]) -> list[Invalid]:
    """What is wrong with the processes of a version, each fault with its order type; none where they hold together."""
    return [each for kind, steps in processes.items() for each in _faults(kind, steps, checklists)]


def _faults(
    kind: OrderType, steps: Steps, checklists: Mapping[str, tuple[CheckItem, ...]]
) -> Iterator[Invalid]:
    where: dict[str, Any] = {"order_type": TYPES[kind]}
    for code, number in Counter(step.code for step in steps).items():
        if number > 1:
            yield Invalid("orders.process_step_twice", step=code, **where)
    yield from _faults_of_states(steps, where)
    named = [(step, code) for step in steps for code in step.checklists]
    for step, code in named:
        if code not in checklists:
            yield Invalid("orders.process_checklist", step=spoken(step.words), checklist=code, **where)
    items = Counter(each.code for _, code in named for each in checklists.get(code, ()))
    for code, number in items.items():
        if number > 1:
            yield Invalid("orders.process_item_twice", item=code, **where)
    for step in steps:
        if not step.states:
            yield Invalid("orders.process_step_empty", step=spoken(step.words), **where)
        if any(not each.kinds for each in step.evidence):
            yield Invalid("orders.process_evidence", step=spoken(step.words), **where)


def _faults_of_states(steps: Steps, where: Mapping[str, Any]) -> Iterator[Invalid]:
    canonical, place = list(State), -1
    states = [(step, state) for step in steps for state in step.states]
    for step, state in states:
        if state in ENDED:
            yield Invalid("orders.process_state_ends", step=spoken(step.words), state=STATES[state], **where)
        elif canonical.index(state) <= place:
            yield Invalid("orders.process_state_order", step=spoken(step.words), state=STATES[state], **where)
        place = max(place, canonical.index(state))
    there = {state for _, state in states}
    lacking = [each for each in MUST if each not in there]
    if State.APPROVING not in there and any(StepGate.PLAN_APPROVED in step.gates for step in steps):
        yield Invalid("orders.process_approval", **where)
    if there & set(VISIT):
        lacking += [each for each in VISIT if each not in there | MAY_LACK]
    for state in lacking:
        yield Invalid("orders.process_state_missing", state=STATES[state], **where)
