"""What ends with the work: the visit, the signing link, the clocks of the work; and the guarantee that begins."""

from datetime import datetime

from anxiu.accounts.actions import revoke_links
from anxiu.accounts.choices import LinkPurpose
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.ids import number as numbered
from anxiu.orders.actions.moves import begin, figures, live_visit, subject_of, tell
from anxiu.orders.choices import ABOUT_FAULTS, VisitState
from anxiu.orders.events import GuaranteeCorrected, GuaranteeGiven
from anxiu.orders.models import Guarantee, Order
from anxiu.orders.queries import standing_entries
from anxiu.orders.rules import guarantee_terms
from anxiu.orders.values import GUARANTEE_DAYS
from anxiu.sla.actions import stop
from anxiu.sla.choices import ClockKind
from anxiu.workforce.actions import release
from anxiu.workforce.queries import zone_of

GUARANTEE_PREFIX = "QG"
GUARANTEE_WIDTH = 7  # source: own choice; as wide as an order's number


def after_the_work(order: Order, actor: Actor, at: datetime) -> None:
    """The visit ends, the guarantee begins, the next clocks run; the caller writes the order."""
    if visit := live_visit(order):
        visit.state, visit.left_at = VisitState.DONE, at
        visit.save(update_fields=["state", "left_at"])
        release(subject=Subject("visit", visit.pk))
    revoke_links(subject=subject_of(order), purpose=LinkPurpose.SIGN, at=at)
    if _ended_before(order, at):
        _correct_guarantee(order, actor, at)
        return
    if order.resolved and order.order_type in ABOUT_FAULTS:
        _guarantee(order, actor, at)
    stop(subject_of(order), [ClockKind.SIGN_OFF], at=at, actor=actor)
    begin(order, [ClockKind.FOLLOW_UP, ClockKind.ARCHIVE], at=at, actor=actor)


def _ended_before(order: Order, at: datetime) -> bool:
    """Whether the customer had a word on this completed work before; one on remote support sent out does not count."""
    words = order.sign_offs.filter(at__gte=order.completed_at or at)
    return any(key != order.sign_off_id for key in words.values_list("pk", flat=True))


def _guarantee(order: Order, actor: Actor, at: datetime) -> None:
    """Promise that the repaired fault does not come back: the regulation's days, never below the statute's."""
    family = order.machine.model.family if order.machine else None
    completed = (order.completed_at or at).astimezone(zone_of(order.region)).date()
    terms = guarantee_terms(
        figures(order)(GUARANTEE_DAYS), family.statutory_guarantee_days if family else 0, completed
    )
    if not terms.days:
        return
    given = Guarantee.objects.create(
        number=numbered(GUARANTEE_PREFIX, order.pk, GUARANTEE_WIDTH), order=order, machine=order.machine,
        fault_class_id=order.fault_class_id, part_ids=_parts(order),
        from_date=terms.from_date, until_date=terms.until_date, days=terms.days, because=terms.because,
    )  # fmt: skip
    tell(order, GuaranteeGiven(given.pk, terms.until_date, terms.days), actor=actor, at=at)


def _correct_guarantee(order: Order, actor: Actor, at: datetime) -> None:
    """The guarantee covers the parts of the record as it stands; its period and number stay."""
    given, parts = Guarantee.objects.filter(order=order).first(), _parts(order)
    if given and given.part_ids != parts:
        given.part_ids = parts
        given.save(update_fields=["part_ids"])
        tell(order, GuaranteeCorrected(given.pk, tuple(parts)), actor=actor, at=at)


def _parts(order: Order) -> list[int]:
    found = set(standing_entries([order]).values_list("part_id", flat=True))
    return sorted(each for each in found if each)
