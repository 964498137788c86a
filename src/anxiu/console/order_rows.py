"""A row of the list of orders: all that it shows. Its text is kept while it shows the same (`{% kept_row %}`)."""

from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from anxiu.console.looks import LEVELS, TONES
from anxiu.console.templatetags.anxiu import clock, local_name, moment
from anxiu.kernel.actor import Actor
from anxiu.orders.choices import State
from anxiu.orders.messages import CLOCKS, SEVERITIES, TYPES, state_words
from anxiu.orders.models import Order
from anxiu.regulation.choices import OrderType, Severity

TO_COME = frozenset({State.BOOKED, State.PREPARING, State.PREPARED, State.TRAVELLING})  # their visit is still to come


@dataclass(frozen=True, slots=True)
class OrderRow:
    """What the template sees, and nothing else: whatever is to be shown must be here."""

    uid: str
    number: str
    customer: str
    type_words: str
    summary: str
    model: str
    serial: str
    product: str
    region: str
    level: int
    severity_words: str
    state_words: str
    tone: str
    is_repeat: bool
    visit: SafeString | str
    engineer: str
    is_to_book: bool
    owner: str
    clock: SafeString | str
    clock_words: str


def look(row: Order) -> Order:
    """How an order looks wherever it is named: words and colours, put beside its own fields."""
    row.tone = "red" if row.suspended_at else TONES[State(row.state)]  # type: ignore[attr-defined]
    row.state_words = _("On hold") if row.suspended_at else state_words(row.state, row.order_type)  # type: ignore[attr-defined]
    row.level, row.severity_words = LEVELS[Severity(row.severity)], SEVERITIES[row.severity]  # type: ignore[attr-defined]
    row.type_words = TYPES[row.order_type] if row.order_type != OrderType.REPAIR else ""  # type: ignore[attr-defined]
    row.clock_words = CLOCKS.get(row.next_clock, "")  # type: ignore[attr-defined]
    return row


def shown(row: Order, actor: Actor) -> OrderRow:
    """An order as its row shows it to this person."""
    machine, known = row.machine, look(row)
    return OrderRow(
        uid=str(row.uid),
        number=row.number,
        customer=(row.customer.name if row.customer else "") or row.request.caller_name or "–",
        type_words=str(known.type_words),  # type: ignore[attr-defined]
        summary=row.summary,
        model=machine.model.name if machine else "",
        serial=machine.serial if machine else "",
        product=row.request.product or "–",
        region=local_name(row.region),
        level=known.level,  # type: ignore[attr-defined]
        severity_words=str(known.severity_words),  # type: ignore[attr-defined]
        state_words=str(known.state_words),  # type: ignore[attr-defined]
        tone=known.tone,  # type: ignore[attr-defined]
        is_repeat=row.repeat_of_id is not None,
        visit=moment(visit_at) if (visit_at := getattr(row, "visit_at", None)) and row.state in TO_COME else "",
        engineer=row.engineer.person.name if row.engineer else "",
        is_to_book=row.engineer is None and row.state == State.ACCEPTED and actor.may("orders.book_visit"),
        owner=row.owner.name if row.owner else "",
        clock=clock(row.next_due_at) if row.next_due_at else "",
        clock_words=str(known.clock_words),  # type: ignore[attr-defined]
    )
