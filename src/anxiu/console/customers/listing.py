"""The list of customers."""

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from anxiu.accounts.queries import regions
from anxiu.console.pages import Listing, address, columns, keyset, page, show
from anxiu.customers.choices import Tier
from anxiu.customers.messages import TIERS
from anxiu.customers.models import Customer
from anxiu.customers.queries import (
    MATCHES_MOST,
    VIEW,
    code_match,
    contacts,
    customers,
    matching,
    phone_match,
    text_match,
)
from anxiu.equipment.queries import machines
from anxiu.kernel.actor import Actor
from anxiu.kernel.given import number

TIER_TONES = {Tier.KEY: "violet", Tier.CONTRACT: "blue", Tier.STANDARD: "grey"}


def found(actor: Actor, text: str) -> list[int]:
    """Customers by name, pinyin or code, or by the number of somebody there."""
    there = contacts(actor).filter(phone_match(text), retired_at=None)
    theirs = list(there.order_by().values_list("customer_id", flat=True)[:MATCHES_MOST])
    return matching(customers(actor), text_match(text) | code_match(text) | Q(pk__in=theirs))


def _narrowed(request: HttpRequest, actor: Actor) -> QuerySet[Customer]:
    rows = customers(actor).filter(retired_at__isnull=request.GET.get("tab") != "closed")
    region, text = request.GET.get("region", ""), request.GET.get("q", "").strip()
    if (region_id := number(region)) is not None:
        rows = rows.filter(region_id=region_id)
    return rows.filter(pk__in=found(actor, text)) if text else rows


def _tabs(request: HttpRequest, rows: QuerySet[Customer], chosen: str) -> list[dict[str, object]]:
    counts = dict(rows.order_by().values_list("tier").annotate(Count("pk"))) if chosen != "closed" else {}
    tabs: list[dict[str, object]] = [
        {"label": _("All"), "url": address(request, tab=""), "active": not chosen, "count": sum(counts.values()) or ""}
    ]
    for tier, label in TIERS.items():
        tab = {"label": label, "url": address(request, tab=tier), "active": chosen == tier}
        tabs.append({**tab, "count": counts.get(tier, 0) if counts else ""})
    return [*tabs, {"label": _("Closed"), "url": address(request, tab="closed"), "active": chosen == "closed"}]


def dress(actor: Actor, rows: list[Customer]) -> list[Customer]:
    """What the list shows beside a customer: tier, and how many sites and machines; two statements."""
    keys = [row.pk for row in rows]
    things = machines(actor).filter(customer__in=keys, retired_at=None).order_by().values_list("customer")
    many = dict(things.annotate(Count("pk")))
    places = Customer.objects.filter(pk__in=keys).annotate(count=Count("sites", filter=Q(sites__retired_at=None)))
    sites = dict(places.values_list("pk", "count"))
    for row in rows:
        row.tier_words, row.tone = TIERS[Tier(row.tier)], TIER_TONES[Tier(row.tier)]  # type: ignore[attr-defined]
        row.machine_count, row.site_count = many.get(row.pk, 0), sites.get(row.pk, 0)  # type: ignore[attr-defined]
    return rows


@page(VIEW)
def listed(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Customers by name, with what is served there."""
    chosen = request.GET.get("tab", "")
    rows = _narrowed(request, actor)
    tabs = _tabs(request, rows, chosen)
    if chosen in set(Tier):
        rows = rows.filter(tier=chosen)
    found, next_url = keyset(request, rows, ("name_key", "id"))
    is_chinese = (get_language() or "zh").startswith("zh")
    places = [(each.pk, each.name_zh if is_chinese else each.name_en) for each in regions(actor)]
    actions = []
    if actor.may("equipment.view_imports"):
        actions.append({"label": _("Import"), "icon": "file-import", "url": reverse("imports"), "look": ""})
    if actor.may("customers.add_customer"):
        add = {"label": _("Add customer"), "icon": "plus", "dialog": reverse("add_customer"), "look": "is-primary"}
        actions.append(add)
    listing = Listing(
        id="customers", rows=dress(actor, found), row_template="console/customers/row.html",
        columns=[
            *columns(_("Customer"), _("Tier"), _("Region")),
            *({"label": label, "css": "is-num"} for label in (_("Sites"), pgettext_lazy("count", "Machines"))),
            *columns(_("Own agent")),
        ],
        next_url=next_url, first_url=address(request) if request.GET.get("after") else "", tabs=tabs, actions=actions,
        search={"name": "q", "value": request.GET.get("q", ""), "placeholder": _("Name, pinyin, code, phone")},
        filters=[
            {"name": "region", "label": _("All regions"), "value": request.GET.get("region", ""), "choices": places}
        ],
        hidden=[("tab", chosen)] if chosen else (),
        is_filtered=any(request.GET.get(name) for name in ("q", "region", "tab")),
        empty={
            "title": _("No customers yet"), "symbol": "address-book",
            "text": _("Add one, or import the customers you have from a file."),
        },
    )  # fmt: skip
    context = {"title": _("Customers"), "listing": listing}
    return show(request, "console/customers/list.html", context, fragment="console/parts/listing.html")
