"""What the orders app itself asks before a step is left, and how every gate's answer becomes one refusal."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from anxiu.files.models import Attachment
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import GateShut, Invalid, Refusal, WrongState
from anxiu.kernel.gates import Verdict, ask, gate
from anxiu.orders.choices import (
    FORWARD,
    LIVE_VISITS,
    SUMMARY,
    DocumentKind,
    EntryKind,
    SignOffOutcome,
    State,
    StepGate,
)  # fmt: skip
from anxiu.orders.messages import kinds_in_words
from anxiu.orders.models import Document, Entry, Guarantee, Order, SignOff, Visit
from anxiu.orders.processes import Evidence, ProcessStep
from anxiu.orders.queries import items_of, open_items, process_of
from anxiu.orders.queries.people import held_by
from anxiu.orders.queries.process import NOTHING, recorded
from anxiu.orders.values import CHECKLISTS, PROCESSES, UNRESOLVED_REASONS
from anxiu.workforce.messages import spoken

NUMBERS_SAID: Final = 5  # source: own choice; the rest is counted

REFUSED_AS = {
    "prepare": "orders.not_prepared",
    "depart": "orders.not_prepared",
    "complete_repair": "orders.evidence_missing",
    "archive": "orders.file_incomplete",
}


def lacking(step: str, order: Order, actor: Actor, at: datetime) -> tuple[Refusal, ...]:
    """All that gates still miss before the step; for facts, which are kept and flagged."""
    return tuple(each for verdict in ask([order], step, actor, at)[order.pk] for each in verdict.missing)


def before(step: str, order: Order, actor: Actor, at: datetime) -> None:
    """Refuse the step while any gate is shut, naming everything that is missing."""
    shut = ask([order], step, actor, at)[order.pk]
    if missing := tuple(each for verdict in shut for each in verdict.missing):
        code = REFUSED_AS.get(step, "orders.step_incomplete")
        raise GateShut(code, missing=missing, value_key=shut[0].value_key)


@gate("orders.process")
def process_gate(orders: Sequence[Order], step: str, actor: Actor, at: datetime) -> Mapping[int, Verdict]:
    """What the regulation asks before a step of the process is left: checklists, evidence, gates.

    Two statements at most, however many orders, and only those whose answer somebody asks for; one more for orders
    that are ready to leave with an open item.
    """
    if step not in FORWARD:
        return {}
    left = {order.pk: (order, ends) for order in orders if (ends := process_of(order).left_by(step))}
    steps = [ends for _, ends in left.values()]
    held = recorded(left, at) if any(each.checklists or each.evidence for each in steps) else {}
    facts = _facts(left, {each for step in steps for each in step.gates}, at)
    answers: dict[int, Verdict] = {}
    unticked_of = {
        key: open_items(items_of(order, ends), ends, held.get(key, NOTHING).ticked)
        for key, (order, ends) in left.items()
    }
    without_lists = _prepared_without_lists(
        key for key, (order, ends) in left.items() if unticked_of[key] and _is_ready_to_leave(order, ends)
    )
    for key, (order, ends) in left.items():
        there = held.get(key, NOTHING)
        unticked = () if key in without_lists else unticked_of[key]
        missing: list[Refusal] = [Invalid("orders.item_missing", item=spoken(each.words)) for each in unticked]
        missing += _evidence_missing(ends, there.counts)
        asked = [each for each in ends.gates if each in FACTS]
        if step == "archive" and order.sign_off_id is None and process_of(order).has(State.SIGNING):
            missing.append(Invalid("orders.not_signed_again"))
            asked = [each for each in asked if each not in (StepGate.REPORT_ISSUED, StepGate.SIGNED)]
        missing += [shut for each in asked if (shut := _shut(each, facts[key][each]))]
        answers[key] = Verdict(tuple(missing), CHECKLISTS.key if unticked else PROCESSES.key)
    return answers


def _is_ready_to_leave(order: Order, step: ProcessStep) -> bool:
    return order.state in (State.PREPARED, State.TRAVELLING) and State.PREPARING in step.states


def _prepared_without_lists(orders: Iterable[int]) -> set[int]:
    """The orders whose engineer got ready before checklists were kept: prepared, without a line about it."""
    asked = list(orders)
    if not asked:
        return set()
    lists = Entry.objects.filter(visit=OuterRef("pk"), kind=EntryKind.CHECK)
    visits = Visit.objects.filter(order__in=asked, state__in=sorted(LIVE_VISITS), prepared_at__isnull=False)
    return set(visits.exclude(Exists(lists)).values_list("order_id", flat=True))


def _evidence_missing(step: ProcessStep, counted: Mapping[str, int]) -> list[Refusal]:
    def lacks(asked: Evidence) -> int:
        return asked.least - sum(counted.get(kind, 0) for kind in asked.kinds)

    return [_lacks(asked, lacks(asked)) for asked in step.evidence if lacks(asked) > 0]


def _lacks(asked: Evidence, count: int) -> Refusal:
    if asked.kinds == (EntryKind.PHOTO,):
        return Invalid("orders.photos_missing", count=count)
    if asked.kinds == (EntryKind.LABOUR,):
        return Invalid("orders.labour_missing")
    return Invalid("orders.evidence_lacking", count=count, kinds=kinds_in_words(asked.kinds))


def _facts(orders: Iterable[int], gates: set[StepGate], at: datetime) -> dict[int, dict[StepGate, int]]:
    """What opens each gate: whether it is there, and of questions how many wait; one statement, none without gates."""
    asked = {name: FACTS[name](at) for name in sorted(gates) if name in FACTS}
    if not asked:
        return {}
    named = {f"of_{name}": fact for name, fact in asked.items()}
    found = Order.objects.filter(pk__in=orders).order_by().annotate(**named).values_list("pk", *named)
    return {key: dict(zip(asked, values, strict=True)) for key, *values in found}


def _of_order(rows: QuerySet[Any], **more: Any) -> Exists:
    return Exists(rows.filter(order=OuterRef("pk"), **more))


# A plan that needs approval gets it on the way: the state waits for it, and no gate has to ask.
FACTS: Mapping[StepGate, Callable[[datetime], Any]] = {
    StepGate.CUSTOMER_CONTACTED: lambda at: _of_order(
        Visit.objects.filter(state__in=sorted(LIVE_VISITS)), contacted_at__lte=at
    ),
    StepGate.SIGNED: lambda at: _of_order(
        SignOff.objects.filter(outcome=SignOffOutcome.SIGNED, superseded=None), at__lte=at
    ),
    # The report shows the sign-off that stands; without one to come, it is edition 0.
    StepGate.REPORT_ISSUED: lambda _at: _of_order(
        Document.objects.filter(kind=DocumentKind.REPORT, edition=Coalesce(OuterRef("sign_off__number"), 0))
    ),
    StepGate.NO_OPEN_QUESTIONS: lambda _at: Count("questions", Q(questions__answered_at=None)),
    StepGate.SUMMARY_WRITTEN: lambda at: _of_order(
        Entry.objects.filter(kind=EntryKind.NOTE, code=SUMMARY, corrections=None), at__lte=at
    ),
}
SHUT: Mapping[StepGate, str] = {
    StepGate.CUSTOMER_CONTACTED: "orders.not_contacted",
    StepGate.SIGNED: "orders.not_signed",
    StepGate.REPORT_ISSUED: "orders.report_missing",
    StepGate.SUMMARY_WRITTEN: "orders.summary_missing",
}


def _shut(name: StepGate, found: int) -> Refusal | None:
    if name is StepGate.NO_OPEN_QUESTIONS:
        return Invalid("orders.questions_open", count=found) if found else None
    return None if found else Invalid(SHUT[name])


@gate("orders.unresolved")
def unresolved(orders: Sequence[Order], step: str, actor: Actor, at: datetime) -> Mapping[int, Verdict]:
    """What was not repaired goes on in a further order, or ends by the customer's decision; one statement."""
    if step != "archive":
        return {}
    waiting = [each.pk for each in orders if each.resolved is False and not each.unresolved_reason]
    further = Order.objects.filter(continues__in=waiting).exclude(state=State.CANCELLED)
    continued = set(further.values_list("continues_id", flat=True))
    missing = (Invalid("orders.unresolved_open"),)
    return {key: Verdict(() if key in continued else missing, UNRESOLVED_REASONS.key) for key in waiting}


@gate("orders.person_needed")
def person_needed(things: Sequence[Any], step: str, actor: Actor, at: datetime) -> Mapping[int, Verdict]:
    """Whose order is open, whose guarantee runs or whose files are held for a dispute is not forgotten yet."""
    column = {"erase_contact": "contact_id", "erase_customer": "customer_id"}.get(step)
    if column is None:
        return {}
    return {each.pk: Verdict(tuple(_kept_for(Order.objects.filter(**{column: each.pk}), at))) for each in things}


def _kept_for(theirs: QuerySet[Order], at: datetime) -> Iterator[Refusal]:
    waiting = list(theirs.filter(ended_at=None).order_by("pk").values_list("number", flat=True))
    if waiting:
        yield WrongState("orders.person_has_open_orders", count=len(waiting), numbers=", ".join(waiting[:NUMBERS_SAID]))
    running = Guarantee.objects.filter(order__in=theirs, until_date__gte=at.date()).order_by("-until_date").first()
    if running:
        yield WrongState("orders.person_has_guarantee", number=running.number, date=running.until_date.isoformat())
    held = Attachment.objects.filter(subject_kind="order", subject_id__in=theirs.values("pk"), legal_hold=True)
    if held.exists():
        yield WrongState("orders.person_is_in_dispute")


@gate("orders.colleague_needed")
def colleague_needed(people: Sequence[Any], step: str, actor: Actor, at: datetime) -> Mapping[int, Verdict]:
    """Whoever has open orders is not erased: they are handed over first."""
    if step != "erase_person":
        return {}
    return {each.pk: Verdict(tuple(_still_theirs(each.pk))) for each in people}


def _still_theirs(person_id: int) -> Iterator[Refusal]:
    numbers = list(held_by(person_id).values_list("number", flat=True))
    if numbers:
        said = ", ".join(numbers[:NUMBERS_SAID])
        yield WrongState("orders.person_has_open_orders", count=len(numbers), numbers=said)
