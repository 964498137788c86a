"""What happens to one order of the demo company, as a script that says when its next act is due.

Each story is a generator: it yields the instant of its next act and is taken up again when the simulated clock gets
there. A story whose next act lies beyond the present stays as it is: that is how orders stand at every step.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from hashlib import sha256
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from anxiu.accounts.models import Person
from anxiu.accounts.queries import actor_of
from anxiu.demo.base import Base
from anxiu.demo.pictures import photo, signature
from anxiu.demo.staff import Staff
from anxiu.demo.words import BLAME, PRAISE, Fault, Line
from anxiu.customers.models import Contact
from anxiu.equipment.models import Machine
from anxiu.feedback.actions import rate
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import GateShut
from anxiu.kernel.geo import Place
from anxiu.kernel.values import reading
from anxiu.orders import actions
from anxiu.orders.actions import NewEntry, Report, Signing
from anxiu.orders.choices import Channel, ContactResult, EntryKind, SignOffMeans
from anxiu.orders.models import Order
from anxiu.orders.queries import document_to_sign, need_of
from anxiu.orders.queries import order as one_order
from anxiu.orders.values import PREPARATION
from anxiu.regulation.choices import Severity
from anxiu.workforce.models import Engineer
from anxiu.workforce.queries import candidates
from anxiu.workforce.queries import figures as figures_of_people
from anxiu.workforce.rules import Slot

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
Story = Iterator[datetime]


@dataclass(slots=True)
class Plan:
    """How an order goes: what makes it unlike the plain one, and after which act it is left, if at all."""

    opens_at: datetime
    machine: Machine
    contact: Contact
    line: Line
    fault: Fault
    fault_id: int
    slow: bool = False
    declined: bool = False
    suspended: bool = False
    cancelled: bool = False
    refused: bool = False
    score: int | None = None
    urgent: bool = False
    asks: bool = False
    stops_after: str = ""
    channel: Channel = Channel.PHONE


@dataclass(slots=True)
class Stage:
    """Everything a story plays on."""

    dice: Random
    staff: Staff
    base: Base
    actors: dict[int, Actor]

    def actor(self, person: Person) -> Actor:
        """The actor behind a person; posts do not change while we play."""
        if person.pk not in self.actors:
            self.actors[person.pk] = actor_of(person)
        return self.actors[person.pk]

    def minutes(self, least: int, most: int) -> timedelta:
        """Some minutes."""
        return timedelta(minutes=self.dice.randint(least, most), seconds=self.dice.randrange(60))


class Telling:
    """One order, act by act."""

    def __init__(self, stage: Stage, plan: Plan) -> None:
        self.stage, self.plan, self.at = stage, plan, plan.opens_at
        self.order: Order
        self.engineer: Engineer
        region = plan.machine.region_id
        self.agent = stage.actor(stage.dice.choice(stage.staff.agents[region]))
        self.dispatcher = stage.actor(stage.staff.dispatchers[region])

    def after(self, span: timedelta) -> datetime:
        """The instant of the next act."""
        self.at += span
        return self.at

    def play(self) -> Story:
        """The whole way of the order."""
        wait = self.stage.minutes
        yield self.at
        self.open()
        yield self.after(wait(3, 14) if not self.plan.slow else wait(160, 240))
        self.contact()
        if self.plan.cancelled:
            yield self.after(wait(10, 40))
            actions.cancel(actor=self.agent, at=self.at, order_uid=self.order.uid, reason="customer_withdrew", note="客户自行恢复")
            return
        if self._left("contact"):
            return
        yield self.after(wait(5, 20))
        yield from self.book()
        for name, act, least, most in self._acts():
            if self._left(name):
                return
            self.after(wait(least, most))
            if name == "suspended":
                self.at = _next_slot(self.at)
            yield self.at
            act()
        if self._left("signed"):
            return
        yield from self._afterwards()

    def _left(self, name: str) -> bool:
        return self.plan.stops_after == name

    def _acts(self) -> Iterator[tuple[str, Callable[[], None], int, int]]:
        """The engineer's acts in order, each named by what came before it."""
        yield "booked", self.accept, 2, 9
        yield "accepted", self.prepare, 4, 15
        yield "prepared", self.depart, 3, 12
        yield "departed", self.arrive, 18, 55
        yield "arrived", self.assess, 6, 18
        if self.plan.suspended:
            yield "assessed", self.suspend, 10, 25
            yield "suspended", self.resume, 60 * 20, 60 * 40
        yield "assessed", self.work, 25, 90
        yield "worked", self.complete, 4, 12
        yield "completed", self.sign, 3, 14

    # ---- acts --------------------------------------------------------------------------------------------------------
    def open(self) -> None:
        """The fault is reported."""
        plan = self.plan
        words = self.stage.dice.choice(plan.fault.words)
        report = Report(
            channel=plan.channel, words=words, caller_name=plan.contact.name, caller_phone=plan.contact.phone,
            machine_id=plan.machine.pk, contact_id=plan.contact.pk, fault_class_id=plan.fault_id,
            severity=Severity.URGENT if plan.urgent else None, severity_reason="影响楼宇运行" if plan.urgent else "",
        )  # fmt: skip
        self.order = actions.open_order(actor=self.agent, at=self.at, report=report).order

    def contact(self) -> None:
        """Somebody calls back."""
        actions.contact_customer(actor=self.agent, at=self.at, order_uid=self.order.uid, result=ContactResult.REACHED, note="已电话确认故障与进场方式")
        if self.plan.asks:
            actions.ask_question(actor=self.agent, at=self.at, order_uid=self.order.uid, text="维修要停机多久？需要我们准备什么？")

    def book(self) -> Story:
        """The dispatcher books the best who may; now and then they decline and another is asked."""
        self._book()
        if self.plan.declined:
            yield self.after(self.stage.minutes(4, 12))
            hands = self.stage.actor(self.engineer.person)
            actions.decline_visit(actor=hands, at=self.at, order_uid=self.order.uid, reason="time_clash", note="上一单未结束")
            yield self.after(self.stage.minutes(5, 15))
            self._book(besides=self.engineer.pk)

    def _book(self, besides: int = 0) -> None:
        row = one_order(self.dispatcher, self.order.uid)
        start = _next_slot(self.at + timedelta(minutes=50), night=self.plan.urgent)
        for _ in range(40):
            slot = Slot(start, start + timedelta(hours=2))
            found = candidates(self.dispatcher, need_of(row, slot), self.at, figures_of_people(row.region_id, self.at))
            may = [each.engineer for each in found if each.eligibility.may and each.engineer.pk != besides]
            if may:
                self.engineer = may[0]
                actions.book_visit(
                    actor=self.dispatcher, at=self.at, order_uid=self.order.uid, engineer_id=may[0].pk, starts_at=slot.starts_at, ends_at=slot.ends_at
                )
                return
            start = _next_slot(start + timedelta(minutes=90), night=self.plan.urgent)
        raise RuntimeError("the demo company has nobody for this work")

    def _hands(self) -> Actor:
        return self.stage.actor(self.engineer.person)

    def accept(self) -> None:
        """The engineer takes it; the rest happens around the booked time."""
        actions.accept_visit(actor=self._hands(), at=self.at, order_uid=self.order.uid)
        starts_at = self.order.visits.order_by("-number").values_list("starts_at", flat=True)[0]
        if not self.plan.stops_after:
            self.at = max(self.at, starts_at - timedelta(minutes=70))

    def prepare(self) -> None:
        """Tools and parts."""
        items = reading(self.order.version_id)(PREPARATION)
        actions.prepare(actor=self._hands(), at=self.at, order_uid=self.order.uid, checked=tuple(each.code for each in items if each.mandatory))

    def depart(self) -> None:
        """On the way."""
        actions.depart(actor=self._hands(), at=self.at, order_uid=self.order.uid)

    def arrive(self) -> None:
        """On site, with a fix that is good, or now and then not."""
        site = self.plan.machine.site
        off = 0.02 if self.plan.refused else self.stage.dice.uniform(-0.0008, 0.0008)
        assert site.latitude is not None
        assert site.longitude is not None
        place = Place(site.latitude + off, site.longitude, self.stage.dice.randint(8, 60), "gps")
        actions.arrive(actor=self._hands(), at=self.at, order_uid=self.order.uid, place=place)

    def assess(self) -> None:
        """What is wrong."""
        actions.assess(actor=self._hands(), at=self.at, order_uid=self.order.uid, finding=f"现场检查：{self.plan.fault.cause}")

    def suspend(self) -> None:
        """A special part has to come."""
        until = self.at + timedelta(days=3)
        actions.suspend(actor=self._hands(), at=self.at, order_uid=self.order.uid, reason="parts_on_order", until=until, note="专用件厂家发货")

    def resume(self) -> None:
        """The part is there; work goes on in working hours, unless the suspension's own end came first."""
        if not Order.objects.filter(pk=self.order.pk, suspended_at__isnull=False).exists():
            return
        actions.resume(actor=self._hands(), at=self.at, order_uid=self.order.uid)

    def work(self) -> None:
        """Photos, readings, a part, labour time."""
        hands, uid, dice = self._hands(), self.order.uid, self.stage.dice
        for label in ("维修前", "维修后"):
            actions.add_entry(actor=hands, at=self.at, order_uid=uid, entry=NewEntry(EntryKind.PHOTO, text=label, photo=photo(self.order.number, label, dice)))
        part = dice.choice(self.stage.base.parts[self.plan.line.code])
        actions.add_entry(actor=hands, at=self.at, order_uid=uid, entry=NewEntry(EntryKind.PART, part_id=part.pk, value=Decimal(1), unit=part.unit))
        value = Decimal(dice.randint(12, 240)) / 10
        actions.add_entry(actor=hands, at=self.at, order_uid=uid, entry=NewEntry(EntryKind.READING, text="运行电流", value=value, unit="A"))
        minutes = dice.choice((40, 55, 70, 90, 120))
        actions.add_entry(actor=hands, at=self.at, order_uid=uid, entry=NewEntry(EntryKind.LABOUR, minutes=minutes))

    def complete(self) -> None:
        """Finished."""
        actions.complete_repair(
            actor=self._hands(), at=self.at, order_uid=self.order.uid, resolved=not self.plan.refused, cause=self.plan.fault.cause, solution=self.plan.fault.solution
        )

    def sign(self) -> None:
        """The customer signs on the engineer's screen, or does not."""
        row = one_order(self._hands(), self.order.uid)
        digest = sha256(document_to_sign(row).encode()).hexdigest()
        if self.plan.refused:
            signing = Signing(SignOffMeans.SCREEN, digest, remarks="噪音仍在，要求再查")
            actions.refuse_sign_off(actor=self._hands(), at=self.at, order_uid=row.uid, signing=signing, reason="not_repaired")
            return
        signing = Signing(SignOffMeans.SCREEN, digest, signer=self.plan.contact.name)
        actions.sign_off(actor=self._hands(), at=self.at, order_uid=row.uid, signing=signing, signature=signature(self.stage.dice))

    def _afterwards(self) -> Story:
        """Rating, follow-up, archive."""
        uid = self.order.uid
        if self.plan.score is not None:
            yield self.after(self.stage.minutes(30, 300))
            words = self.stage.dice.choice(PRAISE if self.plan.score > 3 else BLAME)
            tags = ("prompt", "skilled") if self.plan.score > 3 else ("late",)
            rate(actor=self.agent, at=self.at, order_uid=uid, score=self.plan.score, tags=tags, words=words)
        if self._left("rated"):
            return
        yield self.after(self.stage.minutes(60 * 4, 60 * 26))
        if self.plan.asks:
            for question in self.order.questions.filter(answered_at=None):
                actions.answer_question(actor=self.agent, at=self.at, question_uid=question.uid, text="约一小时，请安排专人看守入口。")
        actions.follow_up(actor=self.agent, at=self.at, order_uid=uid, result="not_solved" if self.plan.refused else "all_good", note="电话回访")
        if self._left("followed_up"):
            return
        yield self.after(self.stage.minutes(60 * 10, 60 * 60))
        try:
            actions.archive(actor=self.agent, at=self.at, order_uid=uid)
        except GateShut:
            return  # a question is open: the file stays to be closed, as it would


def _next_slot(at: datetime, *, night: bool = False) -> datetime:
    """The next half hour at which somebody may come: by day from Monday to Saturday, unless it is urgent."""
    local = at.astimezone(SHANGHAI)
    local += timedelta(minutes=-local.minute % 30, seconds=-local.second, microseconds=-local.microsecond)
    if night:
        return local.astimezone(at.tzinfo)
    while local.weekday() > 4 or not time(8) <= local.time() <= time(15, 30):
        local += timedelta(minutes=30)
    return local.astimezone(at.tzinfo)
