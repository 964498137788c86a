"""The office's part of an order of the demo company: intake, calls, booking, hand-over, what comes after the work."""

from datetime import datetime, timedelta
from random import Random
from typing import Final

from anxiu.accounts.actions import make_link
from anxiu.accounts.choices import LinkPurpose
from anxiu.accounts.queries import LINK_PERMISSIONS, actor_of_link, link_by_secret
from anxiu.demo.hours import next_slot
from anxiu.demo.pictures import ARCHIVED, of_the_archive, photo
from anxiu.demo.plans import KINDS, Plan, Twist
from anxiu.demo.stage import Case
from anxiu.demo.words import BLAME, ELSEWHERE, PRAISE, QUESTIONS, REACHED, RECOVERED
from anxiu.duties.models import Duty
from anxiu.equipment.queries import actor_of_label
from anxiu.feedback import actions as feedback
from anxiu.feedback.choices import RecoveryOutcome
from anxiu.feedback.messages import RECOVERY
from anxiu.feedback.values import RATING_LINK_LIFE
from anxiu.files.intake import Prepared
from anxiu.kernel.actor import Actor, ActorKind, Subject
from anxiu.kernel.errors import GateShut
from anxiu.kernel.values import reading
from anxiu.orders import actions
from anxiu.orders.actions import Report
from anxiu.orders.choices import Channel, ContactResult, State
from anxiu.orders.models import HandOver
from anxiu.orders.queries import need_of, process_of
from anxiu.orders.queries import order as one_order
from anxiu.regulation.choices import OrderType, Severity
from anxiu.workforce.models import Engineer
from anxiu.workforce.queries import candidates, figures
from anxiu.workforce.rules import Slot

VISIT: Final = timedelta(hours=2)
TRIES: Final = 60
SHORT_LIST: Final = 2  # the best of whom one is taken
VISITOR: Final = Actor(kind=ActorKind.LINK, permissions=LINK_PERMISSIONS[LinkPurpose.REPORT_FAULT])


# ---- intake ----------------------------------------------------------------------------------------------------------
def open_order(case: Case) -> None:
    """The fault is reported: by telephone to an agent, by the machine's label, or from the web without a machine."""
    plan, dice = case.plan, case.stage.dice
    words, contact, machine = dice.choice(plan.fault.words), plan.contact, plan.machine
    match plan.channel:
        case Channel.WEB:
            actor = VISITOR
            report = Report(
                channel=Channel.WEB, words=ELSEWHERE["words"], caller_name=contact.name, caller_phone=contact.phone,
                region_id=machine.region_id, place=ELSEWHERE["place"], product=ELSEWHERE["product"],
            )  # fmt: skip
        case Channel.H5:
            actor = actor_of_label(machine)
            report = Report(
                channel=Channel.H5, words=words, caller_name=contact.name, caller_phone=contact.phone,
                machine_id=machine.pk, fault_class_id=plan.fault_id, media=(_sent(plan, dice),),
            )  # fmt: skip
        case _ if plan.kind is not OrderType.REPAIR:
            actor = case.agent
            report = Report(
                channel=Channel.PHONE, words=next(KINDS[each][1] for each in plan.twists if each in KINDS),
                order_type=plan.kind, caller_name=contact.name, caller_phone=contact.phone, machine_id=machine.pk,
                contact_id=contact.pk,
            )  # fmt: skip
        case _:
            actor = case.agent
            report = Report(
                channel=Channel.PHONE, words=words, caller_name=contact.name, caller_phone=contact.phone,
                machine_id=machine.pk, contact_id=contact.pk, fault_class_id=plan.fault_id,
                severity=Severity.URGENT if plan.urgent else None,
                severity_reason="影响楼宇运行" if plan.urgent else "",
            )  # fmt: skip
    opened = actions.open_order(actor=actor, at=case.at, report=report)
    case.order, case.secret = opened.order, opened.tracking_secret
    case.person = opened.order.owner
    case.agent = case.stage.actor(case.person)


def _sent(plan: Plan, dice: Random) -> Prepared:
    """The photo that a customer sends."""
    return of_the_archive(plan.line.code, dice.randrange(ARCHIVED)) if plan.is_early else photo(plan.line.code, dice)


def contact(case: Case, result: ContactResult = ContactResult.REACHED) -> None:
    """Somebody calls back."""
    note = case.stage.dice.choice(REACHED) if result is ContactResult.REACHED else "电话无人接听"
    actions.contact_customer(actor=case.agent, at=case.at, order_uid=case.order.uid, result=result, note=note)


def identify(case: Case) -> None:
    """What came without a machine is about one of ours."""
    plan = case.plan
    actions.identify_machine(
        actor=case.agent, at=case.at, order_uid=case.order.uid, machine_id=plan.machine.pk,
        contact_id=plan.contact.pk, fault_class_id=plan.fault_id,
    )  # fmt: skip


def upgrade(case: Case) -> None:
    """It is worse than it was taken for."""
    case.order = actions.change_severity(
        actor=case.agent, at=case.at, order_uid=case.order.uid, severity=Severity.URGENT, reason="影响整栋楼使用"
    )


def cancel(case: Case) -> None:
    """The customer needs nobody any more."""
    actions.cancel(
        actor=case.agent, at=case.at, order_uid=case.order.uid, reason="solved_itself", note="客户确认已自行恢复"
    )


def offer(case: Case) -> None:
    """Another agent is asked to take the order over."""
    others = [each for each in case.stage.staff.agents[case.order.region_id] if each.pk != case.person.pk]
    actions.propose_hand_over(
        actor=case.agent, at=case.at, order_uid=case.order.uid, to_person_id=others[-1].pk,
        reason="明日调休，请接手跟进",
    )  # fmt: skip


def answer_offer(case: Case) -> None:
    """They take it, or leave it where it is."""
    asked = HandOver.objects.select_related("to_owner").get(order=case.order, answered_at=None).to_owner
    actor = case.stage.actor(asked)
    if case.plan.has(Twist.BOUNCED):
        actions.decline_hand_over(actor=actor, at=case.at, order_uid=case.order.uid)
        return
    actions.accept_hand_over(actor=actor, at=case.at, order_uid=case.order.uid)
    case.person, case.agent = asked, actor


def solve(case: Case) -> None:
    """The agent helps by telephone."""
    fault = case.plan.fault
    case.order = actions.solve_remotely(
        actor=case.agent, at=case.at, order_uid=case.order.uid, cause=fault.cause,
        solution="电话指导客户复位并观察，恢复正常", checked=("identity_confirmed", "safe_to_guide"),
    )  # fmt: skip


def ask(case: Case) -> int:
    """The customer asks something on the tracking page; which question it was."""
    number = case.stage.dice.randrange(len(QUESTIONS))
    customer = actor_of_link(link_by_secret(case.secret, LinkPurpose.TRACK, case.at))
    actions.ask_question(actor=customer, at=case.at, order_uid=case.order.uid, text=QUESTIONS[number][0])
    return number


def answer(case: Case, at: datetime, number: int) -> None:
    """The order's owner answers."""
    for question in case.order.questions.filter(answered_at=None):
        actions.answer_question(actor=case.agent, at=at, question_uid=question.uid, text=QUESTIONS[number][1])


# ---- booking ---------------------------------------------------------------------------------------------------------
def book(case: Case, besides: Engineer | None = None) -> None:
    """The dispatcher books the best who may, at the next time somebody may come."""
    slot, engineer = _found(case, case.at + timedelta(minutes=45 if case.is_pressing else 50), besides)
    actions.book_visit(
        actor=case.dispatcher, at=case.at, order_uid=case.order.uid, engineer_id=engineer.pk,
        starts_at=slot.starts_at, ends_at=slot.ends_at,
    )  # fmt: skip
    case.engineer, case.starts_at = engineer, slot.starts_at


def move(case: Case) -> None:
    """The customer wants another time."""
    slot, engineer = _found(case, case.starts_at + timedelta(hours=20), None)
    actions.reschedule(
        actor=case.dispatcher, at=case.at, order_uid=case.order.uid, engineer_id=engineer.pk,
        starts_at=slot.starts_at, ends_at=slot.ends_at, reason="customer_request", note="现场当天有活动",
    )  # fmt: skip
    case.engineer, case.starts_at = engineer, slot.starts_at


def _found(case: Case, at: datetime, besides: Engineer | None) -> tuple[Slot, Engineer]:
    """The next time at which somebody may come, and who: of late the engineer with the login rather than others."""
    row, pressing, staff = one_order(case.dispatcher, case.order.uid), case.is_pressing, case.stage.staff
    known = figures(row.region_id, case.at)
    start = next_slot(max(at, case.plan.visit_after or at), night=pressing)
    for _ in range(TRIES):
        slot = Slot(start, start + VISIT)
        found = candidates(case.dispatcher, need_of(row, slot), case.at, known)
        may = [each.engineer for each in found if each.eligibility.may and each.engineer != besides]
        if may and case.plan.is_early:
            return slot, case.stage.dice.choice(may[:SHORT_LIST])
        if may:
            shown = [each for each in may if each.pk == staff.favourite]
            return slot, (shown or may)[0]
        start = next_slot(start + timedelta(minutes=30 if pressing else 60), night=pressing)
    raise RuntimeError("the demo company has nobody for this work")


# ---- after the work --------------------------------------------------------------------------------------------------
def rate(case: Case) -> None:
    """The customer rates the work by link, or says it to the agent."""
    score, dice = case.plan.score, case.stage.dice
    assert score is not None
    is_good = score > 3
    tags = ("prompt", dice.choice(("skilled", "friendly", "tidy"))) if is_good else ("late",)
    nps = None
    actor = case.agent
    if dice.random() < 0.6:
        lasts, subject = reading(case.order.version_id)(RATING_LINK_LIFE), Subject("order", case.order.pk)
        secret = make_link(
            purpose=LinkPurpose.RATE, subject=subject, at=case.at, lasts=lasts, contact_id=case.plan.contact.pk
        )
        actor = actor_of_link(link_by_secret(secret, LinkPurpose.RATE, case.at))
        nps = dice.randint(8, 10) if is_good else dice.randint(2, 6)
    words = dice.choice(PRAISE if is_good else BLAME)
    feedback.rate(actor=actor, at=case.at, order_uid=case.order.uid, score=score, tags=tags, words=words, nps=nps)


def recover(case: Case, at: datetime) -> None:
    """The owner makes good what was rated low."""
    for duty in Duty.objects.filter(
        kind=RECOVERY, subject_kind="order", subject_id=case.order.pk, closed_at=None
    ).select_related("owner"):
        feedback.resolve_recovery(
            actor=case.stage.actor(duty.owner), at=at, duty_uid=duty.uid, outcome=RecoveryOutcome.CONTENT,
            words=case.stage.dice.choice(RECOVERED),
        )  # fmt: skip


def follow_up(case: Case) -> None:
    """Somebody asks how it went, where the process asks for it."""
    if not process_of(case.order).has(State.FOLLOWING_UP):
        return
    result, decision = "all_good", ""
    if case.plan.has(Twist.REFUSED):
        result, decision = "not_solved", case.stage.dice.choice(("machine_replaced", "customer_declines"))
    elif case.plan.has(Twist.LOW, Twist.DISPUTED):
        result = "points_open"
    actions.follow_up(
        actor=case.agent, at=case.at, order_uid=case.order.uid, result=result, note="电话回访",
        decision=decision,
    )  # fmt: skip


def archive(case: Case) -> None:
    """The file is closed, unless something is missing: then it stays to be closed, as it would."""
    try:
        actions.archive(actor=case.agent, at=case.at, order_uid=case.order.uid)
    except GateShut:
        return
