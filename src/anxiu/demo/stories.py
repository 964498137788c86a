"""What happens in the demo company, as scripts: each order's, and what comes about beside them.

A story yields the instant of its next act and is taken up again when the simulated clock gets there. One whose next
act lies beyond the present stays as it is: that is how orders stand at every step.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Final

from anxiu.demo import acts, desk
from anxiu.demo.hours import DAY, awake, office
from anxiu.demo.plans import Plan, Twist
from anxiu.demo.stage import Case, Stage, Story
from anxiu.kernel.errors import WrongState
from anxiu.orders.choices import ContactResult
from anxiu.sla.actions import acknowledge
from anxiu.sla.models import Escalation
from anxiu.workforce.actions import bar, book_leave
from anxiu.workforce.choices import BarReason, LeaveKind

Act = Callable[[Case], Story | None]


def order(case: Case) -> Story:
    """One order, act by act, as far as it gets."""
    for name, act in _script(case):
        yield case.due(name)
        if more := act(case):
            yield from more
        if case.left(name):
            return


def _script(case: Case) -> Iterator[tuple[str, Act]]:
    """The acts of an order: each by the name it is waited for, and left after."""
    plan = case.plan
    yield "opened", _plain(desk.open_order)
    yield "contacted", _contact
    if plan.has(Twist.CANCELLED):
        yield "cancelled", _plain(desk.cancel)
        return
    if plan.has(Twist.REMOTE):
        yield "solved", _plain(desk.solve)
        yield from _after(plan)
        return
    yield "booked", _book
    yield from _VISIT
    if plan.has(Twist.AGAIN, Twist.PAUSED) or case.left("suspended"):
        yield "suspended", _plain(acts.suspend)
    if plan.has(Twist.AGAIN):
        yield "rebooked", _plain(desk.book)
        yield from _VISIT
    elif plan.has(Twist.PAUSED):
        yield "resumed", _plain(acts.resume)
    yield "worked", _plain(acts.work)
    yield "completed", _plain(acts.complete)
    yield from _after(plan)


def _after(plan: Plan) -> Iterator[tuple[str, Act]]:
    """From the signature on."""
    yield "signed", _plain(acts.sign)
    if plan.score is not None:
        yield "rated", _rate
    yield "followed_up", _plain(desk.follow_up)
    yield "archived", _plain(desk.archive)


def _plain(act: Callable[[Case], object]) -> Act:
    def run(case: Case) -> None:
        act(case)

    return run


_VISIT: Final[tuple[tuple[str, Act], ...]] = (
    ("accepted", _plain(acts.accept)),
    ("prepared", _plain(acts.prepare)),
    ("departed", _plain(acts.depart)),
    ("arrived", _plain(acts.arrive)),
    ("assessed", _plain(acts.assess)),
)


# ---- acts with something to them -------------------------------------------------------------------------------------
def _contact(case: Case) -> Story:
    """The call back, and what comes of it."""
    plan = case.plan
    if plan.has(Twist.UNREACHED):
        desk.contact(case, ContactResult.NO_ANSWER)
        yield case.after(15, 40)
    desk.contact(case)
    if plan.has(Twist.UNKNOWN):
        desk.identify(case)
    if plan.has(Twist.UPGRADED):
        desk.upgrade(case)
    if plan.has(Twist.ASKS, Twist.WAITS):
        number = desk.ask(case)
        if plan.has(Twist.ASKS):
            case.stage.extras.append(_answer(case, awake(case.at + case.stage.minutes(8, 70)), number))
    if plan.has(Twist.HANDED, Twist.BOUNCED, Twist.OFFERED):
        desk.offer(case)
    if plan.has(Twist.HANDED, Twist.BOUNCED):
        yield case.after(4, 20)
        desk.answer_offer(case)


def _answer(case: Case, at: datetime, number: int) -> Story:
    yield at
    desk.answer(case, at, number)


def _book(case: Case) -> Story:
    """The booking, until somebody takes it at a time that suits."""
    desk.book(case)
    if case.plan.has(Twist.DECLINED):
        yield case.after(4, 12)
        acts.decline(case)
        yield case.after(5, 15)
        desk.book(case, besides=case.engineer)
    if case.plan.has(Twist.MOVED):
        yield case.after(8, 25)
        desk.move(case)


def _rate(case: Case) -> None:
    """The rating; a low one of the past has been made good meanwhile."""
    desk.rate(case)
    if case.plan.has(Twist.LOW) and not case.left("rated"):
        hours = (26, 34) if case.plan.has(Twist.SLOW) else (1, 12)
        case.stage.extras.append(_recover(case, office(case.at + case.stage.minutes(hours[0] * 60, hours[1] * 60))))


def _recover(case: Case, at: datetime) -> Story:
    yield at
    desk.recover(case, at)


# ---- beside orders ---------------------------------------------------------------------------------------------------
def called(stage: Stage, call: Escalation) -> Story:
    """Whoever is called about a broken promise answers most of the time."""
    at = call.called_at + stage.minutes(2, 14)
    yield at
    try:
        acknowledge(actor=stage.actor(call.person), at=at, escalation_uid=call.uid)
    except WrongState:
        return  # the promise was kept after all, or somebody above was called meanwhile


def reinforcement(at: datetime, join: Callable[[datetime], None]) -> Story:
    """More people, from a day on."""
    yield at
    join(at)


def absences(stage: Stage, until: datetime) -> list[Story]:
    """Somebody is on leave, somebody was ill, and somebody may not be sent for a while."""
    crews = [stage.staff.engineers[each.pk] for each in stage.staff.regions]
    chiefs = [stage.actor(stage.staff.supervisors[each.pk]) for each in stage.staff.regions]

    def leave(region: int, number: int, kind: LeaveKind, days: tuple[float, float, float], note: str) -> Story:
        at, first, last = (until + day * DAY for day in days)
        yield at
        book_leave(
            actor=chiefs[region], at=at, engineer_id=crews[region][number].pk, kind=kind, starts_at=first, ends_at=last,
            note=note,
        )  # fmt: skip

    def barred() -> Story:
        at = until - timedelta(days=4)
        yield at
        bar(
            actor=chiefs[1], at=at, engineer_id=crews[1][3].pk, barred_from=at, barred_until=until + 10 * DAY,
            reason=BarReason.TRAINING, note="三次低分，停派培训",
        )  # fmt: skip

    return [
        leave(2, 4, LeaveKind.ANNUAL, (-18, -1, 4), "探亲"),
        leave(3, 0, LeaveKind.SICK, (-9, -8.9, -7), "发烧"),
        leave(0, 1, LeaveKind.COMPENSATORY, (-6, 2, 3), "国庆值班调休"),
        barred(),
    ]
