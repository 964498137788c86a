"""The page of a contract: its terms, what it covers, the orders in its time, its history."""

from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anxiu.console.contracts.looks import dress
from anxiu.console.order_rows import look
from anxiu.console.pages import page, show
from anxiu.console.told import told
from anxiu.contracts.choices import ContractState, EndReason
from anxiu.contracts.messages import END_REASONS
from anxiu.contracts.models import Contract
from anxiu.contracts.queries import VIEW, VIEW_VALUE, contract, covers_of, in_its_time, state_of
from anxiu.equipment.queries import machines
from anxiu.kernel.access import AccessKind, note_access
from anxiu.kernel.actor import Actor
from anxiu.kernel.time import now
from anxiu.orders.queries import listed, visible
from anxiu.regulation.choices import OrderType

SHOWN = 8  # source: own choice; older orders are on their machines' pages
YEAR = 365.25  # source: the Julian year; leap days even out over contracts of several years
WHOLE = 100  # source: per cent
NAMED = 50  # source: own choice; a contract that names more is looked through in the list of machines


@page(VIEW)
def contract_page(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Everything about one contract."""
    row = contract(actor, uid)
    today = timezone.localtime(now()).date()
    dress([row], today)
    sites, things = covers_of(row)
    orders = visible(actor).filter(in_its_time(row))
    note_access(actor, AccessKind.DETAIL, "contract", [row.pk], now())
    context = {
        "title": row.number, "context_line": row.customer.name, "contract": row, "sites": sites[:NAMED],
        "machines": things[:NAMED], "more": max(0, len(sites) - NAMED) + max(0, len(things) - NAMED),
        "count": machines(actor).filter(customer=row.customer_id, retired_at=None).count() if row.covers_all else None,
        "sees_value": actor.may(VIEW_VALUE), "may_change": actor.may("contracts.set_contract_cover"),
        "is_over": state_of(row, today) == ContractState.OVER,
        "end_words": END_REASONS[EndReason(row.end_reason)] if row.end_reason else "",
        "follower": getattr(row, "renewed_by", None),
        "orders": [look(each) for each in listed(orders).order_by("-id")[:SHOWN]],
        "order_count": orders.count(), "planned": _planned(row, actor),
        "history": told({"contract": [row.pk]}), "verbs": _verbs(actor, row, today),
    }  # fmt: skip
    return show(request, "console/contracts/page.html", context, fragment="console/contracts/page.html")


def _planned(row: Contract, actor: Actor) -> dict[str, int] | None:
    """Planned visits of the whole time of a contract, and how many were done: maintenance and inspection."""
    if not row.visits_per_year:
        return None
    days = (row.agreed_until - row.starts_on).days + 1
    wanted = max(1, round(row.visits_per_year * days / YEAR))
    types = (OrderType.MAINTENANCE, OrderType.INSPECTION)
    done = visible(actor).filter(in_its_time(row), order_type__in=types, completed_at__isnull=False).count()
    return {"done": done, "of": wanted, "percent": min(WHOLE, WHOLE * done // wanted)}


def _verbs(actor: Actor, row: Contract, today: date) -> list[dict[str, object]]:
    """The verbs of the contract that the actor may use now."""
    is_over = state_of(row, today) == ContractState.OVER
    offered = []
    if not hasattr(row, "renewed_by") and row.customer.retired_at is None:
        offered.append(("renew_contract", pgettext_lazy("contract", "Renew"), "repeat", ""))
    if not row.end_reason:
        offered.append(("change_contract", _("Change"), "edit", ""))
    if not is_over and not row.end_reason:
        offered.append(("end_contract", _("End early"), "archive", "is-danger"))
    return [
        {"label": label, "icon": icon, "look": look, "dialog": reverse(name, args=[row.uid])}
        for name, label, icon, look in offered
        if actor.may(f"contracts.{name}")
    ]
