"""Whatever verb ends a step asks what the step asks for; a step that nothing can end is refused when it is written."""

from copy import deepcopy
from itertools import pairwise
from typing import Any

import pytest
from django.utils import translation

from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.errors import GateShut, Invalid
from anxiu.kernel.messages import explain
from anxiu.kernel.time import moved_to, now
from anxiu.kernel.values import Words
from anxiu.orders.choices import FORWARD, EntryKind, Role, State, StepGate
from anxiu.orders.processes import CheckItem, Evidence, ProcessStep, faults
from anxiu.orders.queries import needed
from anxiu.orders.rules import process
from anxiu.regulation.actions import Source, set_figure, start_draft
from anxiu.regulation.choices import OrderType
from anxiu.regulation.queries import preset
from tests.api.conftest import Caller
from tests.given.browsing import browser, do
from tests.given.orders import a_company
from tests.orders.test_process import Figures, ruled, step, work

pytestmark = pytest.mark.django_db
WAY = {"book_visit": ["accepted"], "accept_visit": ["booked"], "prepare": ["preparing"], "depart": ["prepared"]}


@pytest.fixture
def company():
    return a_company()


def every_state_a_step(processes: dict[str, list[Figures]]) -> None:
    """The way to the customer in steps of one state, each with a gate; nothing else is asked."""
    first = step(processes, "repair", "accept")
    rest = [each for each in processes["repair"] if each["code"] not in ("accept", "prepare")]
    ways = [
        {**deepcopy(first), "code": verb, "states": states, "gates": ["no_open_questions"], "checklists": []}
        for verb, states in WAY.items()
    ]
    processes["repair"] = [*ways, *rest]


@pytest.mark.requirement("ORD-02")
@pytest.mark.parametrize("verb", ["book_visit", "accept_visit", "prepare"])
def test_every_verb_that_ends_a_step_asks_its_gates(company, verb):
    ruled(every_state_a_step)
    worker = work(company)
    names = list(WAY)
    for each in names[: names.index(verb)]:
        assert worker.forward() == each
    worker.do("ask_question", company.agent, text="几点到？")
    doing = worker.forward
    with pytest.raises(GateShut) as shut:
        doing()
    assert [each.code for each in shut.value.missing] == ["orders.questions_open"]
    with moved_to(worker.at):
        assert needed(worker.order, company.hands, worker.at).missing
    question = worker.order.questions.get()
    with moved_to(worker.at):
        from anxiu.orders.actions import answer_question

        answer_question(actor=company.agent, at=worker.at, question_uid=question.uid, text="十点")
    assert doing() == verb


@pytest.mark.requirement("ORD-02")
def test_console_and_api_name_what_is_missing_before_a_booking(company):
    ruled(every_state_a_step)
    worker = work(company)
    worker.do("ask_question", company.agent, text="几点到？")
    starts, ends = "2026-05-11T13:00:00+08:00", "2026-05-11T15:00:00+08:00"
    with moved_to(worker.at):
        asked = {"engineer": company.engineer.pk, "starts_at": starts[:16], "ends_at": ends[:16]}
        page = do(browser(company.dispatcher), worker.order, "book_visit", **asked)
        assert page.status_code == 422
        assert "1 question(s) of the customer are open." in page.content.decode()
        body = {"engineer": str(company.engineer.uid), "starts_at": starts, "ends_at": ends}
        caller = Caller(company.dispatcher)
        answers = [
            caller.post(f"/orders/{worker.order.uid}/actions/book_visit", body, key="5f1c8d3e0b6a4c7e9a2f4b1d8e7c6a50")
            for _ in range(2)
        ]
    assert [each.status_code for each in answers] == [409, 409]
    assert [each["code"] for each in answers[0].json()["errors"]] == ["orders.questions_open"]


@pytest.mark.requirement("ORD-02")
def test_getting_ready_asks_its_items_and_its_gates_at_once(company):
    def change(processes: dict[str, list[Figures]]) -> None:
        every_state_a_step(processes)
        step(processes, "repair", "prepare")["checklists"] = ["preparation"]

    ruled(change)
    worker = work(company)
    worker.to("accept_visit")
    worker.do("ask_question", company.agent, text="几点到？")
    with pytest.raises(GateShut) as shut:
        worker.do("prepare", company.hands, checked=())
    assert (shut.value.code, {each.code for each in shut.value.missing}) == (
        "orders.not_prepared", {"orders.item_missing", "orders.questions_open"},
    )  # fmt: skip


NEVER = {
    "orders.process_gate_early": lambda all_: step(all_, "repair", "prepare")["gates"].append("signed"),
    "orders.process_gate_late": lambda all_: step(all_, "repair", "archive")["gates"].append("customer_contacted"),
    "orders.process_gate_absent": lambda all_: step(all_, "remote", "solve")["gates"].append("customer_contacted"),
    "orders.process_evidence_early": lambda all_: step(all_, "repair", "accept")["evidence"].append(
        {"kinds": ["photo"], "least": 1}
    ),
    "orders.process_evidence_late": lambda all_: step(all_, "repair", "archive")["evidence"].append(
        {"kinds": ["photo"], "least": 1}
    ),
    "orders.process_evidence_items": lambda all_: step(all_, "repair", "repair")["evidence"].append(
        {"kinds": ["check"], "least": 50}
    ),
}


@pytest.mark.requirement("ORD-02", "REG-01")
@pytest.mark.parametrize("code", sorted(NEVER))
def test_what_can_never_be_there_is_refused_when_the_figure_is_written(company, code):
    draft = start_draft(actor=SYSTEM, at=now(), source=Source(preset_code="default"), why="try")
    processes: Any = deepcopy(preset("default").figures["orders.processes"])
    NEVER[code](processes)
    with pytest.raises(Invalid) as refused:
        set_figure(actor=SYSTEM, at=now(), version_id=draft.pk, key="orders.processes", raw=processes, why="try")
    first, *_ = refused.value.errors
    assert (first.code, first.field) == ("regulation.figure_unfit", "raw")
    for language, said in (("zh-hans", "5.1"), ("en", "Clause 5.1: The process of “")):
        with translation.override(language):
            assert said in explain(first)
    with pytest.raises(Invalid) as adopted:
        ruled(NEVER[code])
    assert code in {each.code for each in adopted.value.errors}


@pytest.mark.requirement("ORD-02", "REG-01")
def test_a_list_that_a_process_names_is_not_taken_out_from_under_it(company):
    draft = start_draft(actor=SYSTEM, at=now(), source=Source(preset_code="default"), why="try")
    lists: Any = deepcopy(preset("default").figures["orders.checklists"])
    del lists["preparation"]
    with pytest.raises(Invalid) as refused:
        set_figure(actor=SYSTEM, at=now(), version_id=draft.pk, key="orders.checklists", raw=lists, why="try")
    with translation.override("en"):
        assert "no checklist is called “preparation”" in explain(refused.value.errors[0])


def _steps(cuts: tuple[int, ...], states: tuple[State, ...]) -> tuple[ProcessStep, ...]:
    ends = [0, *cuts, len(states)]
    return tuple(
        ProcessStep(f"s{a}", Words("步", "step"), states[a:b], Role.OWNER, (), (), (), ()) for a, b in pairwise(ends)
    )


@pytest.mark.requirement("ORD-01", "ORD-02")
def test_every_step_of_a_whole_process_is_ended_by_a_verb():
    ways = [(), (State.BOOKED, State.PREPARED, State.TRAVELLING, State.ON_SITE),
            (State.BOOKED, State.PREPARING, State.PREPARED, State.TRAVELLING, State.ON_SITE)]  # fmt: skip
    for way in ways:
        for some in range(8):
            optional = [
                each for bit, each in enumerate((State.APPROVING, State.SIGNING, State.FOLLOWING_UP)) if some >> bit & 1
            ]
            chosen = {State.ACCEPTED, *way, *optional, State.REPAIRING, State.CLOSING}
            states = tuple(each for each in State if each in chosen)
            for bits in range(1 << (len(states) - 1)):
                steps = _steps(tuple(n + 1 for n in range(len(states) - 1) if bits >> n & 1), states)
                assert not faults({OrderType.REPAIR: steps}, {})
                way_of = process(steps)
                left = {each.code for verb in FORWARD if (each := way_of.left_by(verb))}
                assert left == {each.code for each in steps}, states


@pytest.mark.requirement("ORD-02")
def test_a_visits_list_is_not_asked_after_the_visit():
    item = CheckItem("tools", Words("工具", "Tools"), mandatory=True, customer=False)
    steps = _steps((1,), tuple(each for each in State if each not in (State.ARCHIVED, State.CANCELLED, State.MERGED)))
    late = (steps[0], ProcessStep("all", Words("全", "all"), steps[1].states, Role.ENGINEER, (), ("list",), (), ()))
    assert [each.code for each in faults({OrderType.REPAIR: late}, {"list": (item,)})] == ["orders.process_items_late"]


@pytest.mark.parametrize(
    ("gate", "last", "fault"),
    [
        (StepGate.SUMMARY_WRITTEN, State.REPAIRING, True), (StepGate.SUMMARY_WRITTEN, State.SIGNING, False),
        (StepGate.REPORT_ISSUED, State.SIGNING, True), (StepGate.REPORT_ISSUED, State.FOLLOWING_UP, False),
        (StepGate.PLAN_APPROVED, State.ON_SITE, True), (StepGate.PLAN_APPROVED, State.APPROVING, False),
        (StepGate.CUSTOMER_CONTACTED, State.BOOKED, True), (StepGate.CUSTOMER_CONTACTED, State.SIGNING, False),
        (StepGate.NO_OPEN_QUESTIONS, State.ACCEPTED, False),
    ],
)  # fmt: skip
def test_a_gate_stands_where_it_can_open(gate, last, fault):
    states = tuple(each for each in State if each not in (State.ARCHIVED, State.CANCELLED, State.MERGED))
    first, second = _steps((states.index(last) + 1,), states)
    asked = ProcessStep(first.code, first.words, first.states, first.owner, (), (), (), (gate,))
    assert bool(faults({OrderType.REPAIR: (asked, second)}, {})) is fault


@pytest.mark.parametrize(
    ("kinds", "last", "fault"),
    [
        ((EntryKind.NOTE,), State.CLOSING, False), ((EntryKind.LABOUR,), State.SIGNING, True),
        ((EntryKind.LABOUR,), State.PREPARING, False), ((EntryKind.READING,), State.BOOKED, True),
    ],
)  # fmt: skip
def test_evidence_is_asked_while_it_can_be_recorded(kinds, last, fault):
    states = tuple(each for each in State if each not in (State.ARCHIVED, State.CANCELLED, State.MERGED))
    cuts = () if last is State.CLOSING else (states.index(last) + 1,)
    first, *rest = _steps(cuts, states)
    asked = ProcessStep(first.code, first.words, first.states, first.owner, (), (), (Evidence(kinds, 1),), ())
    assert bool(faults({OrderType.REPAIR: (asked, *rest)}, {})) is fault
