"""The plan of the work: within the engineer's limits it may begin at once, beyond them somebody approves it first."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from anxiu.accounts.queries import posts_in
from anxiu.duties.actions import close_duties, open_duty
from anxiu.kernel.action import action
from anxiu.kernel.actor import SYSTEM, Actor, Subject
from anxiu.kernel.errors import Invalid, NotAllowed, NotFound
from anxiu.kernel.events import Sealed
from anxiu.kernel.money import Money
from anxiu.orders.actions.moves import begin, figures, finish, locked, required, subject_of, tell
from anxiu.orders.choices import PlanState, State, StepGate
from anxiu.orders.events import PlanApproved, PlanProposed, PlanRejected
from anxiu.orders.gates import before
from anxiu.orders.messages import APPROVAL
from anxiu.orders.models import Order, Plan
from anxiu.orders.queries import approvers, case_of, process_of
from anxiu.orders.rules import authority, judged
from anxiu.orders.values import APPROVAL_LIMITS, HIGH_RISK_WORK
from anxiu.sla.actions import stop
from anxiu.sla.choices import ClockKind
from anxiu.sla.queries import first_on_duty, reckoned_due
from anxiu.workforce.queries import figures as figures_of_people
from anxiu.workforce.values import GRADES


@dataclass(frozen=True, slots=True)
class NewPlan:
    """What is to be done, what it is expected to cost in yuan, and the high-risk work in it by its listed codes."""

    text: str
    cost: Decimal = Decimal(0)
    risks: tuple[str, ...] = ()


def plan_work(order: Order, actor: Actor, at: datetime, plan: NewPlan | None) -> None:
    """Keep the plan, and send the order to be approved where it is beyond a limit; part of the assessment.

    Refuses: no plan where the regulation asks one of everybody or the one before was not approved, a cost below
    nothing, an unlisted risk.
    """
    process = process_of(order)
    if not process.has(State.APPROVING):
        return
    always = any(StepGate.PLAN_APPROVED in step.gates for step in process.steps)
    if plan is None or not plan.text.strip():
        if always or _is_owed(order) or (plan and (plan.cost or plan.risks)):
            raise Invalid("orders.plan_missing", field="plan")
        return
    if plan.cost < 0:
        raise Invalid("orders.plan_cost", field="cost")
    if unknown := set(plan.risks) - {each.code for each in figures(order)(HIGH_RISK_WORK)}:
        raise Invalid("orders.unknown_reason", field="risks", reason=sorted(unknown)[0])
    cost = Money.of(plan.cost)
    verdict = judged(cost, _limit(order, at), plan.risks, always=always)
    kept = Plan.objects.create(
        order=order, text=plan.text.strip(), cost_minor=cost.minor, currency=cost.currency,
        risks=list(dict.fromkeys(plan.risks)), because=list(verdict.because),
        state=PlanState.WAITING if verdict.needs_approval else PlanState.WITHIN_LIMITS,
        planned_by_id=actor.person_id, planned_at=at,
    )  # fmt: skip
    fact = PlanProposed(
        kept.pk, kept.cost_minor, kept.currency, tuple(kept.risks), verdict.because, verdict.value_key,
        Sealed(kept.text),
    )  # fmt: skip
    order.plan = kept
    tell(order, fact, actor=actor, at=at)
    if verdict.needs_approval:
        order.state = State.APPROVING
        begin(order, [ClockKind.APPROVAL], at=at, actor=actor)
        _give_to_decide(order, cost, at)


def _give_to_decide(order: Order, cost: Money, at: datetime) -> None:
    """The decision is somebody's to-do: of those whose authority covers it, who is on duty; due as its clock is."""
    people = approvers(order, cost)
    owner = first_on_duty([each.pk for each in people], order.region_id, at)
    if owner is None or order.plan is None:
        return  # nobody may decide: the clock's ladder calls for somebody
    open_duty(
        kind=APPROVAL, subject=_plan_of(order.plan), region_id=order.region_id,
        owner=next(each for each in people if each.pk == owner),
        due_at=reckoned_due(case_of(order), ClockKind.APPROVAL, at), actor=SYSTEM, at=at,
    )  # fmt: skip


def _plan_of(plan: Plan) -> Subject:
    return Subject("plan", plan.pk)


def end_to_decide(plan_id: int | None, by_id: int, outcome: str, actor: Actor, at: datetime) -> None:
    """The to-do to decide on a plan ends with an event: the decision, or what made it needless."""
    if plan_id is not None:
        close_duties(
            kind=APPROVAL, subject=Subject("plan", plan_id), by_id=by_id, outcome=outcome, actor=actor, at=at
        )


def _is_owed(order: Order) -> bool:
    """Whether the last plan was sent back, or is not decided: then the work needs another one."""
    return order.plan is not None and order.plan.state in (PlanState.REJECTED, PlanState.WAITING)


def close_plan(order: Order, at: datetime) -> None:
    """Nobody decides on a plan that waits any more; part of the verb that took the order elsewhere."""
    waiting = Plan.objects.filter(order=order, state=PlanState.WAITING)
    waiting.update(state=PlanState.REJECTED, decided_at=at)


def _limit(order: Order, at: datetime) -> Money:
    """Up to what the engineer's grade plans without asking; nothing where there is no engineer."""
    code = order.engineer.grade if order.engineer else ""
    grades = figures_of_people(order.region_id, at)(GRADES)
    return Money.of(str(next((each.plan_limit for each in grades if each.code == code), 0)))


@action(posts={"supervisor", "management"})
def approve_plan(*, actor: Actor, at: datetime, order_uid: UUID, note: str = "") -> Order:
    """Approve the plan that waits; the work may begin.

    Records: PlanApproved. Refuses: whoever planned it, a plan beyond the authority of one's posts, what a gate
    still misses.
    """
    order = locked(actor, order_uid, "approve_plan", at)
    plan = _waiting(order, actor)
    reach = authority(_posts(actor, order), figures(order)(APPROVAL_LIMITS), Money.of("1"))
    if not actor.is_system and not reach.covers(plan.cost):
        most = reach.limit.amount if reach.limit else 0
        raise NotAllowed("orders.beyond_authority", value_key=APPROVAL_LIMITS.key, cost=plan.cost.amount, limit=most)
    before("approve_plan", order, actor, at)
    _decide(plan, PlanState.APPROVED, actor, at, note)
    event = tell(order, PlanApproved(plan.pk, APPROVAL_LIMITS.key, Sealed(note.strip())), actor=actor, at=at)
    end_to_decide(plan.pk, event, PlanState.APPROVED, actor, at)
    stop(subject_of(order), [ClockKind.APPROVAL], at=at, actor=actor)
    return finish(order, (), clocks_changed=True)


@action(posts={"supervisor", "management"})
def reject_plan(*, actor: Actor, at: datetime, order_uid: UUID, reason: str) -> Order:
    """Send a plan back with the reason; the engineer plans anew.

    Records: PlanRejected. Refuses: whoever planned it, no reason.
    """
    order = locked(actor, order_uid, "reject_plan", at)
    plan = _waiting(order, actor)
    why = required(reason, "orders.reason_missing", "reason")
    _decide(plan, PlanState.REJECTED, actor, at, why)
    event = tell(order, PlanRejected(plan.pk, APPROVAL_LIMITS.key, Sealed(why)), actor=actor, at=at)
    end_to_decide(plan.pk, event, PlanState.REJECTED, actor, at)
    stop(subject_of(order), [ClockKind.APPROVAL], at=at, actor=actor)
    return finish(order, (), clocks_changed=True)


def _posts(actor: Actor, order: Order) -> set[str]:
    return posts_in(actor.person_id, order.region_id) if actor.person_id is not None else set()


def _waiting(order: Order, actor: Actor) -> Plan:
    """The plan that waits, locked; nobody decides on their own."""
    rows = Plan.objects.select_for_update().filter(state=PlanState.WAITING)
    plan = rows.filter(pk=order.plan_id).first() if order.plan_id else None
    if plan is None:
        raise NotFound("kernel.not_found")
    own = {plan.planned_by_id, order.engineer.person_id if order.engineer else None}
    if actor.person_id is not None and actor.person_id in own:
        raise NotAllowed("orders.own_plan", value_key=APPROVAL_LIMITS.key)
    return plan


def _decide(plan: Plan, state: PlanState, actor: Actor, at: datetime, words: str) -> None:
    plan.state, plan.decided_by_id, plan.decided_at, plan.decision = state, actor.person_id, at, words.strip()
    plan.save(update_fields=["state", "decided_by", "decided_at", "decision"])
