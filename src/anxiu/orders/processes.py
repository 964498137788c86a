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
from anxiu.orders.choices import (
    AFTER_THE_WORK,
    ENDED,
    TRANSITIONS,
    VISIT,
    EntryKind,
    Role,
    State,
    StepGate,
)  # fmt: skip
from anxiu.orders.messages import GATES, STATES, TYPES, kinds_in_words
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
    yield from _faults_of_what_is_asked(steps, checklists, where)


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


# ---- what can never be there when a step is left ---------------------------------------------------------------------
# The states in which lines join the work record; afterwards they are only set right.
RECORDING: Final = frozenset(TRANSITIONS["add_entry"][0] - AFTER_THE_WORK)
OVER: Final = frozenset({State.FOLLOWING_UP, State.CLOSING})  # the visit has ended by then
# From which state on each gate can open; the report follows the sign-off, or the work where nobody signs.
OPENS_AT: Final[Mapping[StepGate, State]] = {
    StepGate.CUSTOMER_CONTACTED: State.PREPARING,
    StepGate.PLAN_APPROVED: State.APPROVING,
    StepGate.SIGNED: State.SIGNING,
    StepGate.REPORT_ISSUED: State.FOLLOWING_UP,
    StepGate.SUMMARY_WRITTEN: State.SIGNING,
}
NEEDS: Final = {StepGate.CUSTOMER_CONTACTED: State.BOOKED, StepGate.SIGNED: State.SIGNING}


def _faults_of_what_is_asked(
    steps: Steps, checklists: Mapping[str, tuple[CheckItem, ...]], where: Mapping[str, Any]
) -> Iterator[Invalid]:
    """What a step asks for although it cannot be there when the step is left: the order would stand still for ever."""
    there = frozenset(state for step in steps for state in step.states)
    items = sum(len(checklists.get(code, ())) for step in steps for code in step.checklists)
    for step in steps:
        if not step.states or not set(step.states).isdisjoint(ENDED):
            continue
        said = {"step": spoken(step.words), **where}
        for gate in step.gates:
            if code := _never_opens(gate, step.states[-1], there):
                yield Invalid(code, gate=GATES[gate], **said)
        for evidence in step.evidence:
            if code := _never_recorded(evidence, step.states[-1], there, items):
                yield Invalid(code, kinds=kinds_in_words(evidence.kinds), **said)
        mandatory = any(each.mandatory for code in step.checklists for each in checklists.get(code, ()))
        if mandatory and step.states[-1] in OVER and set(step.states) & set(VISIT) - {State.ON_SITE}:
            yield Invalid("orders.process_items_late", **said)


def _never_opens(gate: StepGate, last: State, there: frozenset[State]) -> str:
    """Why a gate cannot open before a step that ends with this state; nothing where it can."""
    if gate is StepGate.PLAN_APPROVED and State.APPROVING not in there:
        return ""  # named already
    if gate in NEEDS and NEEDS[gate] not in there:
        return "orders.process_gate_absent"
    if gate is StepGate.CUSTOMER_CONTACTED and last in OVER:
        return "orders.process_gate_late"
    canonical = list(State)
    if gate in OPENS_AT and canonical.index(last) < canonical.index(OPENS_AT[gate]):
        return "orders.process_gate_early"
    return ""


def _never_recorded(evidence: Evidence, last: State, there: frozenset[State], items: int) -> str:
    """Why the record cannot hold the evidence before a step that ends with this state; nothing where it can."""
    if EntryKind.CHECK in evidence.kinds and evidence.least <= items:
        return ""
    if evidence.kinds == (EntryKind.CHECK,):
        return "orders.process_evidence_items"
    if EntryKind.NOTE in evidence.kinds and last in AFTER_THE_WORK:
        return ""  # the summary is a note
    if last in AFTER_THE_WORK:
        return "orders.process_evidence_late"
    at_the_desk = last is State.ACCEPTED and State.BOOKED not in there
    return "" if at_the_desk or last in RECORDING else "orders.process_evidence_early"


# ---- figures of older releases ---------------------------------------------------------------------------------------
def carried_lists(gone: Mapping[str, Any], shipped: Mapping[str, Any]) -> Mapping[str, Any]:
    """The lists of this release with the company's own list for getting ready, which was a figure of its own."""
    if "orders.preparation" not in gone:
        return shipped
    others = {each["code"] for name, items in shipped.items() if name != "preparation" for each in items}
    mine = [
        {**each, "code": f"preparation_{each['code']}" if each["code"] in others else each["code"], "customer": False}
        for each in gone["orders.preparation"]
    ]
    return {**shipped, "preparation": mine}


def carried_evidence(gone: Mapping[str, Any], shipped: Mapping[str, Any]) -> Mapping[str, Any]:
    """The processes of this release with the company's own number of photos, and whether labour is recorded."""
    least = {
        EntryKind.PHOTO: gone.get("orders.photos_required"),
        EntryKind.LABOUR: 0 if gone.get("orders.labour_required") is False else None,
    }

    def asked(evidence: Mapping[str, Any]) -> Mapping[str, Any]:
        wanted = least.get(evidence["kinds"][0]) if len(evidence["kinds"]) == 1 else None
        return evidence if wanted is None else {**evidence, "least": wanted}

    def with_own(step: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**step, "evidence": [now for each in step["evidence"] if (now := asked(each))["least"]]}

    return {kind: [with_own(each) for each in steps] for kind, steps in shipped.items()}
