"""The page of a customer, and numbers shown in full on request."""

from uuid import UUID

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from anxiu.console.contracts.looks import dress as contracts_of
from anxiu.console.customers.consents import with_consents
from anxiu.console.customers.listing import TIER_TONES
from anxiu.console.equipment.looks import dress
from anxiu.console.order_rows import look
from anxiu.console.pages import keyset, page, show
from anxiu.console.told import told
from anxiu.contracts.queries import VIEW as CONTRACTS_SEEN
from anxiu.contracts.queries import of_customer
from anxiu.customers.choices import Tier
from anxiu.customers.messages import LANGUAGES, TIERS
from anxiu.customers.models import Customer
from anxiu.customers.queries import VIEW, contacts, customer, full_phone, sites
from anxiu.equipment.queries import machines
from anxiu.kernel.access import AccessKind, note_access
from anxiu.kernel.actor import Actor
from anxiu.kernel.time import now
from anxiu.orders.queries import listed, visible

SHOWN = 8  # source: own choice; older orders are one click away
CONTRACTS = 6  # source: own choice; older ones are found by the customer in the list of contracts


@page(VIEW)
def customer_page(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Everything about one customer: sites, people, machines, orders, history."""
    row = customer(actor, uid)
    in_service = Count("machines", filter=Q(machines__retired_at=None))
    known = sites(actor).filter(customer=row).annotate(machine_count=in_service)
    places = list(known.order_by("-retired_at", "name", "id"))
    who = list(contacts(actor).filter(customer=row).order_by("site__name", "id"))
    with_consents(who)
    things, more = keyset(request, machines(actor).filter(customer=row, retired_at=None), ("-id",))
    theirs = listed(visible(actor).filter(customer=row)).order_by("-id")
    today = timezone.localtime(now()).date()
    note_access(actor, AccessKind.DETAIL, "customer", [row.pk], now())
    context = {
        "title": row.name, "context_line": row.code, "customer": row, "tier": TIERS[Tier(row.tier)],
        "tone": TIER_TONES[Tier(row.tier)], "language": LANGUAGES[row.language],
        "sites": places, "contacts": [each for each in who if each.retired_at is None],
        "past_contacts": [each for each in who if each.retired_at is not None],
        "machines": dress(things, today), "next_url": more,
        "open_orders": [look(each) for each in theirs.filter(ended_at=None)[:SHOWN]],
        "past_orders": [look(each) for each in theirs.exclude(ended_at=None)[:SHOWN]],
        "history": told({
            "customer": [row.pk], "site": [each.pk for each in places], "contact": [each.pk for each in who]
        }),
        "contracts": contracts_of(of_customer(actor, row)[:CONTRACTS], today) if actor.may(CONTRACTS_SEEN) else None,
        "verbs": _verbs(actor, row),
        "may": {name for name in MAY if actor.may(name) and row.retired_at is None},
    }  # fmt: skip
    return show(request, "console/customers/page.html", context, fragment="console/customers/machines.html")


MAY = (
    "customers.add_site", "customers.change_site", "customers.retire_site", "customers.add_contact",
    "customers.change_contact", "customers.state_consent", "customers.retire_contact", "customers.erase_contact",
    "customers.view_phone", "notify.set_contact_address",
    "equipment.add_machine", "orders.open_order", "contracts.add_contract",
)  # fmt: skip


def _verbs(actor: Actor, row: Customer) -> list[dict[str, object]]:
    """The verbs of the customer itself that the actor may use now."""
    if row.erased_at:
        return []
    erase = ("erase_customer", _("Erase private customer"), "eye-off", "is-danger")
    offered = [erase] if row.retired_at else [
        ("change_customer", _("Change"), "edit", ""),
        ("assign_agent", _("Assign own agent"), "user-star", ""),
        ("retire_customer", _("Close customer"), "archive", "is-danger"),
        erase,
    ]
    return [
        {"label": label, "icon": icon, "look": look, "dialog": reverse(name, args=[row.uid])}
        for name, label, icon, look in offered
        if actor.may(f"customers.{name}") and (name != "assign_agent" or row.is_key)
    ]


@require_POST
@page(VIEW)
def contact_phone(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """A contact's number in full; who asked is kept."""
    row = full_phone(actor, uid)
    note_access(actor, AccessKind.UNMASK, "contact", [row.pk], now())
    return render(request, "console/customers/phone.html", {"contact": row, "shown": True})
