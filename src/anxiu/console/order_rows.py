"""A row of the list of orders: all that it shows. Its text is kept while it shows the same (`{% kept_row %}`)."""

from dataclasses import dataclass
from typing import Any, Final

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from anxiu.console.looks import LEVELS, TONES
from anxiu.console.templatetags._words import is_chinese
from anxiu.console.templatetags.anxiu import clock, moment
from anxiu.kernel.actor import Actor
from anxiu.orders.choices import ASKED_BACK, State
from anxiu.orders.messages import CLOCKS, SEVERITIES, TYPES, state_words
from anxiu.orders.models import Order
from anxiu.regulation.choices import OrderType, Severity

BOOK: Final = "orders.book_visit"
# Their visit is still to come.
TO_COME: Final = frozenset({State.BOOKED, State.PREPARING, State.PREPARED, State.TRAVELLING})


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
    is_out_of_hours: bool
    visit: SafeString | str
    engineer: str
    is_to_book: bool
    owner: str
    clock: SafeString | str
    clock_words: str


def words_of(row: Any) -> str:
    """Where an order stands, or what holds it up."""
    if row.suspend_reason == ASKED_BACK:
        return _("Waits for the reporter")
    return _("On hold") if row.suspended_at else state_words(row.state, row.order_type)


def tone_of(row: Any) -> str:
    """The colour of that."""
    if row.suspend_reason == ASKED_BACK:
        return "amber"
    return "red" if row.suspended_at else TONES[State(row.state)]


def look(row: Order) -> Order:
    """How an order looks wherever it is named: words and colours, put beside its own fields."""
    row.tone, row.state_words = tone_of(row), words_of(row)  # type: ignore[attr-defined]
    row.level, row.severity_words = LEVELS[Severity(row.severity)], SEVERITIES[row.severity]  # type: ignore[attr-defined]
    row.type_words = TYPES[row.order_type] if row.order_type != OrderType.REPAIR else ""  # type: ignore[attr-defined]
    row.clock_words = CLOCKS.get(row.next_clock, "")  # type: ignore[attr-defined]
    return row


def shown(row: Any, actor: Actor) -> OrderRow:
    """An order, as `tabled` reads it, as its row shows it to this person."""
    return OrderRow(
        uid=str(row.uid),
        number=row.number,
        customer=row.customer__name or row.request__caller_name or "–",
        type_words=str(TYPES[row.order_type]) if row.order_type != OrderType.REPAIR else "",
        summary=row.summary,
        model=row.machine__model__name or "",
        serial=row.machine__serial or "",
        product=row.request__product or "–",
        region=row.region__name_zh if is_chinese() else row.region__name_en,
        level=LEVELS[Severity(row.severity)],
        severity_words=str(SEVERITIES[row.severity]),
        state_words=words_of(row),
        tone=tone_of(row),
        is_repeat=row.repeat_of_id is not None,
        is_out_of_hours=row.out_of_hours,
        visit=moment(row.visit_at) if row.visit_at and row.state in TO_COME else "",
        engineer=row.engineer__person__name or "",
        is_to_book=row.engineer__person__name is None and row.state == State.ACCEPTED and actor.may(BOOK),
        owner=row.owner__name or "",
        clock=clock(row.next_due_at) if row.next_due_at else "",
        clock_words=str(CLOCKS.get(row.next_clock, "")),
    )
