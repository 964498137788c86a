"""An order as its clocks see it, and why each of them is due when it is."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from anxiu.customers.choices import Tier
from anxiu.kernel.actor import Subject
from anxiu.kernel.errors import NotFound
from anxiu.kernel.values import reading
from anxiu.orders.choices import ASKED_BACK
from anxiu.orders.models import Order
from anxiu.orders.values import SUSPEND_REASONS
from anxiu.regulation.choices import Severity
from anxiu.sla.explaining import Explanation, Said, explain, in_words
from anxiu.sla.models import Clock
from anxiu.sla.queries import clocks_of
from anxiu.sla.rules.case import Case
from anxiu.workforce.queries import zone_of


def case_of(order: Order) -> Case:
    """The order as its clocks see it."""
    return Case(
        subject=Subject("order", order.pk), region_id=order.region_id, severity=Severity(order.severity),
        tier=Tier(order.customer.tier) if order.customer else None, version_id=order.version_id,
        owner_id=order.owner_id, time_zone=str(zone_of(order.region)),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Deadline:
    """A clock of an order, why it is due when it is, and that in words."""

    clock: Clock
    explanation: Explanation
    said: list[Said]


def deadline(order: Order, key: int, language: str) -> Deadline:
    """One clock of an order, explained."""
    found = next((each for each in clocks_of(Subject("order", order.pk)) if each.pk == key), None)
    if found is None:
        raise NotFound("kernel.not_found")
    return _deadline(order, found, language)


def deadlines(order: Order, language: str) -> list[Deadline]:
    """Every clock of an order, explained, the oldest first."""
    return [_deadline(order, each, language) for each in clocks_of(Subject("order", order.pk))]


def _deadline(order: Order, clock: Clock, language: str) -> Deadline:
    found = explain(clock, case_of(order), order.order_type, order.opened_at)
    listed = {each.code: each.words.in_language(language) for each in reading(order.version_id)(SUSPEND_REASONS)}

    def reason_of(code: str) -> str:
        return _("we asked the reporter") if code == ASKED_BACK else listed.get(code, code)

    return Deadline(clock, found, in_words(found, reason_of, language))
