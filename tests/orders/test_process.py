"""Steps, clocks, checklists, evidence and gates are figures: whoever changes them changes what orders need."""

from collections.abc import Callable
from copy import deepcopy
from datetime import timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

import pytest
from django.utils import translation

from anxiu.accounts.choices import LinkPurpose
from anxiu.accounts.queries import LINK_PERMISSIONS
from anxiu.kernel.actor import SYSTEM, Actor, ActorKind, Subject
from anxiu.kernel.errors import GateShut, Invalid, NotAllowed, Refusal, WrongState
from anxiu.kernel.events import Audience
from anxiu.kernel.messages import explain
from anxiu.kernel.time import moved_to
from anxiu.orders import actions
from anxiu.orders.actions import NewEntry, NewPlan, Signing
from anxiu.orders.choices import ContactResult, EntryKind, SignOffMeans, State, StepGate
from anxiu.orders.models import Document, Entry, Visit
from anxiu.orders.queries import document_to_sign, history, items_at, items_of, needed, process_of, ticked, verbs
from anxiu.orders.queries.next_step import following
from anxiu.regulation.actions import adopt_preset
from anxiu.regulation.choices import OrderType
from anxiu.regulation.queries import preset
from anxiu.sla.models import Clock
from tests.given.orders import MONDAY, PLACE, a_company, a_picture, a_signature, opened, react_all

pytestmark = pytest.mark.django_db
Figures = dict[str, Any]


@pytest.fixture
def company():
    return a_company()


def ruled(change: Callable[[dict[str, list[Figures]]], None], **more: object) -> None:
    """Put a regulation in force whose processes differ from the default."""
    figures = deepcopy(dict(preset("default").figures))
    processes: Any = figures["orders.processes"]
    change(processes)
    before = MONDAY - timedelta(days=1)
    with moved_to(before):
        adopt_preset(
            actor=SYSTEM, at=before, preset_code="default", in_force_from=before,
            changes={"orders.processes": processes, **more},
        )  # fmt: skip


def step(processes: dict[str, list[Figures]], kind: str, code: str) -> Figures:
    return next(each for each in processes[kind] if each["code"] == code)


class Worker:
    """Takes an order of any type on, doing whatever its process asks for."""

    def __init__(self, company: Any, order: Any) -> None:
        self.company, self.order, self.at = company, order, MONDAY
        self.plan: NewPlan | None = None

    def do(self, verb: str, actor: Actor, **more: object) -> Any:
        self.at += timedelta(minutes=5)
        with moved_to(self.at):
            done = getattr(actions, verb)(actor=actor, at=self.at, order_uid=self.order.uid, **more)
        self.order.refresh_from_db()
        return done

    @property
    def hands(self) -> Actor:
        return self.company.hands if process_of(self.order).has_visit else self.company.agent

    def forward(self) -> str:
        """The next verb, with what it asks for."""
        verb, _ = following(self.order)
        arguments: dict[str, Callable[[], dict[str, object]]] = {
            "book_visit": lambda: {
                "engineer_id": self.company.engineer.pk, "starts_at": self.at + timedelta(hours=3),
                "ends_at": self.at + timedelta(hours=5),
            },
            "prepare": lambda: {"checked": tuple(each.code for each in items_at(self.order, State.PREPARING))},
            "arrive": lambda: {"place": PLACE}, "assess": lambda: {"finding": "正常", "plan": self.plan},
            "complete_repair": lambda: {"resolved": True, "cause": "按计划", "solution": "已完成"},
            "sign_off": self.signature, "follow_up": lambda: {"result": "all_good"},
        }  # fmt: skip
        ends = process_of(self.order).left_by(verb)
        if ends and (items := items_of(self.order, ends)):
            self.do("check_items", self.hands, checked=tuple(each.code for each in items))
        for asked in ends.evidence if ends else ():
            for _ in range(asked.least):
                self.do("add_entry", self.hands, entry=self.line(asked.kinds[0]))
        gates = set(ends.gates) if ends else set()
        if StepGate.CUSTOMER_CONTACTED in gates:
            self.do("contact_customer", self.hands, result=ContactResult.REACHED)
        if StepGate.SUMMARY_WRITTEN in gates:
            self.do("write_summary", self.company.agent, text="皮带每两年更换")
        if verb == "archive":
            with moved_to(self.at):
                react_all()
        office = {
            "approve_plan": self.company.supervisor, "book_visit": self.company.dispatcher,
            "follow_up": self.company.agent, "archive": self.company.agent,
        }  # fmt: skip
        who = SYSTEM if verb == "sign_off" and self.hands is self.company.agent else office.get(verb, self.hands)
        self.do(verb, who, **arguments.get(verb, dict)())
        return verb

    def to(self, verb: str) -> list[str]:
        done: list[str] = []
        while verb not in done:
            done.append(self.forward())
        return done

    def line(self, kind: EntryKind) -> NewEntry:
        photo = a_picture() if kind is EntryKind.PHOTO else None
        return NewEntry(kind, text="电流", value=Decimal(1), minutes=30, photo=photo)

    def signature(self) -> dict[str, object]:
        digest = sha256(document_to_sign(self.order).encode()).hexdigest()
        return {"signing": Signing(SignOffMeans.SCREEN, digest, signer="王小明"), "signature": a_signature()}


def work(company: Any, kind: OrderType = OrderType.REPAIR, **more: object) -> Worker:
    return Worker(company, opened(company, order_type=kind, **more))


VISIT = ["book_visit", "accept_visit", "prepare", "depart", "arrive", "assess", "complete_repair", "sign_off"]
WAYS = {
    OrderType.REPAIR: [*VISIT, "follow_up", "archive"],
    OrderType.INSTALLATION: [*VISIT, "follow_up", "archive"],
    OrderType.MAINTENANCE: [*VISIT, "archive"],
    OrderType.INSPECTION: [*VISIT, "archive"],
    OrderType.TRAINING: [each for each in VISIT if each != "prepare"] + ["follow_up", "archive"],
    OrderType.REMOTE: ["assess", "complete_repair", "sign_off", "archive"],
}


@pytest.mark.requirement("ORD-02", "ORD-18")
@pytest.mark.parametrize("kind", OrderType)
def test_every_order_type_runs_its_own_process_to_the_archive(company, kind):
    worker = work(company, kind)
    assert worker.to("archive") == WAYS[kind]
    assert worker.order.state == State.ARCHIVED
    named = process_of(worker.order).clocks
    begun = set(Clock.objects.filter(subject_kind="order", subject_id=worker.order.pk).values_list("kind", flat=True))
    assert begun == named - {"approval"}
    assert Document.objects.filter(order=worker.order, kind="report").exists()
    assert hasattr(worker.order, "guarantee") == (kind in {OrderType.REPAIR, OrderType.REMOTE})


@pytest.mark.requirement("ORD-02")
def test_a_process_without_a_visit_is_the_owners(company):
    worker = work(company, OrderType.REMOTE)
    assert "book_visit" not in verbs(worker.order, company.dispatcher)
    with pytest.raises(WrongState):
        worker.do(
            "book_visit",
            company.dispatcher,
            engineer_id=company.engineer.pk,
            starts_at=MONDAY + timedelta(hours=2),
            ends_at=MONDAY + timedelta(hours=3),
        )
    with pytest.raises(Refusal):
        worker.do("assess", company.hands, finding="x")
    assert "assess" in verbs(worker.order, company.agent)
    worker.do("assess", company.agent, finding="客户误操作")
    assert worker.order.state == State.REPAIRING


@pytest.mark.requirement("ORD-22")
def test_contact_before_leaving_is_a_gate_where_the_regulation_says_so(company):
    ruled(lambda all_: step(all_, "repair", "prepare")["gates"].append("customer_contacted"))
    worker = work(company)
    worker.do("contact_customer", company.agent, result=ContactResult.REACHED)  # before anybody accepted
    worker.to("prepare")
    with moved_to(worker.at):
        assert needed(worker.order, company.hands, worker.at).missing
    for result in (None, ContactResult.NO_ANSWER):
        if result:
            worker.do("contact_customer", company.hands, result=result)
        with pytest.raises(GateShut) as shut:
            worker.do("depart", company.hands)
        assert [each.code for each in shut.value.missing] == ["orders.not_contacted"]
    worker.do("contact_customer", company.hands, result=ContactResult.REACHED, symptom_confirmed=True, time_agreed=True)
    said = [each.sentence for each in history(worker.order, Audience.STAFF, "en")]
    assert "Customer contacted: reached · symptom confirmed · time agreed" in said
    worker.do("depart", company.hands)
    assert worker.order.state == State.TRAVELLING


@pytest.mark.requirement("ORD-22")
def test_an_arrival_without_the_word_before_is_kept_and_flagged(company):
    ruled(lambda all_: step(all_, "repair", "prepare")["gates"].append("customer_contacted"))
    worker = work(company)
    worker.to("prepare")
    worker.do("arrive", company.hands, place=PLACE)
    assert Visit.objects.get(order=worker.order).arrival_flag == "not_contacted"


@pytest.mark.requirement("ORD-02", "ORD-08")
def test_the_evidence_a_step_needs_is_the_regulations(company):
    def photo_or_reading(all_):
        step(all_, "repair", "repair")["evidence"] = [{"kinds": ["photo", "reading"], "least": 3}]

    ruled(photo_or_reading)
    worker = work(company)
    worker.to("assess")
    for _ in range(2):
        worker.do("add_entry", company.hands, entry=worker.line(EntryKind.READING))
    done = {"resolved": True, "cause": "x", "solution": "x"}
    with pytest.raises(GateShut) as shut:
        worker.do("complete_repair", company.hands, **done)
    with translation.override("en"):
        assert explain(shut.value.missing[0]) == "The work record lacks 1 of: photo / reading."
    worker.do("add_entry", company.hands, entry=worker.line(EntryKind.PHOTO))
    worker.do("complete_repair", company.hands, **done)


@pytest.mark.requirement("ORD-21")
def test_the_customer_ticks_the_visit_protocol_too_and_only_what_is_theirs(company):
    worker = work(company)
    worker.to("assess")
    subject = Subject("order", worker.order.pk)
    link = Actor(ActorKind.LINK, 1, LINK_PERMISSIONS[LinkPurpose.TRACK], subject=subject)
    worker.do("check_items", link, checked=("badge_shown", "test_run"))
    ticks = Entry.objects.filter(order=worker.order, by_customer=True)
    assert {each.code for each in ticks} == {"badge_shown", "test_run"}
    assert {each.author_id for each in ticks} == {None}
    assert "badge_shown" not in ticked([worker.order])[worker.order.pk]  # the engineer's own tick is another
    for actor, checked in ((link, ("tools",)), (company.hands, ("nonsense",)), (company.hands, ())):
        with pytest.raises(Invalid):
            worker.do("check_items", actor, checked=checked)
    with pytest.raises(NotAllowed):
        worker.do("check_items", company.supervisor, checked=("badge_shown",))


@pytest.mark.requirement("ORD-21")
def test_a_mandatory_protocol_holds_the_work_until_it_is_ticked(company):
    lists: Any = deepcopy(preset("default").figures["orders.checklists"])
    for each in lists["visit_protocol"]:
        each["mandatory"] = True
    ruled(lambda _: None, **{"orders.checklists": lists})
    worker = work(company)
    worker.to("assess")
    for kind in (EntryKind.PHOTO, EntryKind.PHOTO, EntryKind.LABOUR):
        worker.do("add_entry", company.hands, entry=worker.line(kind))
    done = {"resolved": True, "cause": "x", "solution": "x"}
    with pytest.raises(GateShut) as shut:
        worker.do("complete_repair", company.hands, **done)
    assert len(shut.value.missing) == 5
    worker.do("check_items", company.hands, checked=tuple(each["code"] for each in lists["visit_protocol"]))
    worker.do("complete_repair", company.hands, **done)


@pytest.mark.requirement("ORD-02", "KNW-01")
def test_the_summary_is_a_gate_where_the_regulation_says_so(company):
    ruled(lambda all_: step(all_, "repair", "archive")["gates"].append("summary_written"))
    worker = work(company)
    worker.to("follow_up")
    with moved_to(worker.at):
        react_all()
    with pytest.raises(GateShut) as shut:
        worker.do("archive", company.agent)
    assert [each.code for each in shut.value.missing] == ["orders.summary_missing"]
    with pytest.raises(Invalid):
        worker.do("write_summary", company.agent, text=" ")
    worker.do("write_summary", company.agent, text="皮带每两年更换")
    worker.do("archive", company.agent)


@pytest.mark.requirement("ORD-02", "ORD-11")
def test_a_refused_signature_does_not_open_the_gate_for_one(company):
    ruled(lambda all_: step(all_, "repair", "follow_up")["gates"].append("signed"))
    worker = work(company)
    worker.to("complete_repair")
    signing = {"signing": worker.signature()["signing"], "reason": "no_authority"}
    worker.do("refuse_sign_off", company.hands, **signing)
    with pytest.raises(GateShut) as shut:
        worker.do("follow_up", company.agent, result="all_good")
    assert [each.code for each in shut.value.missing] == ["orders.not_signed"]
    assert "sign_off" in verbs(worker.order, company.hands)
    worker.do("sign_off", company.hands, **worker.signature())  # the customer signs after all
    worker.do("follow_up", company.agent, result="all_good")
    assert worker.to("archive") == ["archive"]


@pytest.mark.requirement("ORD-01", "ORD-02")
def test_a_signature_is_a_fact_and_flagged_where_its_step_lacks_something(company):
    ruled(lambda all_: step(all_, "repair", "sign_off")["gates"].append("no_open_questions"))
    worker = work(company)
    worker.to("complete_repair")
    worker.do("ask_question", company.agent, text="几点可以用？")
    worker.do("sign_off", company.hands, **worker.signature())
    assert worker.order.state == State.FOLLOWING_UP
    [line] = [each for each in history(worker.order, Audience.STAFF, "en") if each.kind == "orders.signed_off"]
    [told] = [each for each in history(worker.order, Audience.CUSTOMER, "en") if each.kind == "orders.signed_off"]
    assert line.words[-1] == "Recorded although something was missing: an answer to the customer"
    assert not any("missing" in each for each in told.words)


@pytest.mark.requirement("ORD-02")
def test_states_that_a_process_leaves_out_are_passed_over(company):
    def short(all_):
        kept = ("accept", "prepare", "arrive", "repair", "archive")
        all_["inspection"] = [each for each in all_["repair"] if each["code"] in kept]
        step(all_, "inspection", "prepare")["states"] = ["prepared"]

    ruled(short)
    worker = work(company, OrderType.INSPECTION)
    assert worker.to("archive") == [
        "book_visit", "accept_visit", "depart", "arrive", "assess", "complete_repair", "archive",
    ]  # fmt: skip
    assert Visit.objects.get(order=worker.order).state == "done"


WRONG = {
    "orders.process_checklist": lambda all_: step(all_, "repair", "repair")["checklists"].append("nothing"),
    "orders.process_item_twice": lambda all_: step(all_, "repair", "repair")["checklists"].append("preparation"),
    "orders.process_state_order": lambda all_: step(all_, "repair", "archive")["states"].append("signing"),
    "orders.process_state_missing": lambda all_: step(all_, "repair", "arrive")["states"].remove("travelling"),
    "orders.process_state_ends": lambda all_: step(all_, "repair", "archive")["states"].append("archived"),
    "orders.process_step_twice": lambda all_: step(all_, "repair", "archive").update(code="repair"),
    "orders.process_step_empty": lambda all_: step(all_, "repair", "follow_up").update(states=[]),
    "orders.process_evidence": lambda all_: step(all_, "repair", "repair")["evidence"].append(
        {"kinds": [], "least": 1}
    ),
    "orders.process_approval": lambda all_: step(all_, "training", "arrive")["gates"].append("plan_approved"),
}


@pytest.mark.requirement("ORD-02", "REG-01")
@pytest.mark.parametrize("code", sorted(WRONG))
def test_a_process_that_does_not_hold_together_is_refused_in_words(company, code):
    with pytest.raises(Invalid) as refused:
        ruled(WRONG[code])
    assert code in {each.code for each in refused.value.errors}
    first = next(each for each in refused.value.errors if each.code == code)
    for language, said in (("zh-hans", "培训" if code == "orders.process_approval" else "维修"), ("en", "“")):
        with translation.override(language):
            assert said in explain(first)


@pytest.mark.requirement("ORD-02")
def test_every_process_must_be_there(company):
    with pytest.raises(Invalid) as refused:
        ruled(lambda all_: all_.pop("remote"))
    assert refused.value.code == "regulation.figure_wrong"
