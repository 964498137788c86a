"""The list of contracts: those that run, the ones that end first on top; those to begin; those that are over."""

from datetime import timedelta
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anxiu.accounts.queries import regions
from anxiu.console.accounts.forms import named
from anxiu.console.contracts.looks import dress
from anxiu.console.pages import Listing, address, columns, keyset, page, show
from anxiu.contracts.choices import ContractState, CoverLevel
from anxiu.contracts.messages import LEVELS
from anxiu.contracts.queries import VIEW, VIEW_VALUE, contracts, counts, find, in_state
from anxiu.kernel.actor import Actor
from anxiu.kernel.given import number
from anxiu.kernel.time import now

TABS: Final = {
    "": (ContractState.RUNNING, pgettext_lazy("contracts", "Running")),
    "coming": (ContractState.COMING, pgettext_lazy("contracts", "To begin")),
    "over": (ContractState.OVER, pgettext_lazy("contracts", "Over")),
}  # fmt: skip
WITHIN: Final = (30, 60, 90)  # source: own choice; the times at which a renewal is prepared
ORDER: Final = {
    ContractState.RUNNING: ("ends_on", "id"), ContractState.COMING: ("starts_on", "id"),
    ContractState.OVER: ("-ends_on", "-id"),
}  # fmt: skip


def _selects(request: HttpRequest, actor: Actor, state: ContractState) -> list[dict[str, object]]:
    get = request.GET
    found: list[dict[str, object]] = [
        {"name": "level", "label": _("All levels"), "value": get.get("level", ""), "choices": list(LEVELS.items())},
        {
            "name": "region", "label": _("All regions"), "value": get.get("region", ""),
            "choices": [(each.pk, named(each)) for each in regions(actor)],
        },
    ]  # fmt: skip
    if state == ContractState.RUNNING:
        within = [(days, _("Ends within {days} days").format(days=days)) for days in WITHIN]
        value = get.get("within", "")
        found.insert(0, {"name": "within", "label": _("Ends at any time"), "value": value, "choices": within})
    return found


@page(VIEW)
def listed(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Contracts in sight, by where they are in their time."""
    get, today = request.GET, timezone.localtime(now()).date()
    tab = get.get("tab", "") if get.get("tab") in TABS else ""
    state = TABS[tab][0]
    rows = find(actor, get["q"].strip()) if get.get("q", "").strip() else contracts(actor)
    rows = rows.filter(in_state(state, today))
    if get.get("level") in set(CoverLevel):
        rows = rows.filter(level=get["level"])
    if (region := number(get.get("region", ""))) is not None:
        rows = rows.filter(region_id=region)
    if state == ContractState.RUNNING and get.get("within") in {str(days) for days in WITHIN}:
        rows = rows.filter(ends_on__lte=today + timedelta(days=int(get["within"])))
    found, next_url = keyset(request, rows, ORDER[state])
    many = counts(actor, today)
    listing = Listing(
        id="contracts", rows=dress(found, today), row_template="console/contracts/row.html",
        columns=[
            *columns(_("Contract"), _("Customer"), _("What it pays for"), _("What it covers"), _("Time")),
            *([{"label": _("Contract value"), "css": "is-num"}] if actor.may(VIEW_VALUE) else []),
            *columns(_("Region")),
        ],
        next_url=next_url, first_url=address(request) if get.get("after") else "", actions=_actions(actor),
        tabs=[
            {"label": label, "url": address(request, tab=name, within=""), "active": name == tab, "count": many[each]}
            for name, (each, label) in TABS.items()
        ],
        search={"name": "q", "value": get.get("q", ""), "placeholder": _("Number, customer")},
        filters=_selects(request, actor, state), hidden=[("tab", tab)] if tab else (),
        is_filtered=bool(tab) or any(get.get(name) for name in ("q", "level", "region", "within")),
        empty={
            "title": _("No contracts yet"), "symbol": "certificate",
            "text": _("Add one on a customer's page, or import the contracts you have from a file."),
        },
    )  # fmt: skip
    context = {"title": _("Contracts"), "listing": listing, "sees_value": actor.may(VIEW_VALUE)}
    return show(request, "console/contracts/list.html", context, fragment="console/parts/listing.html")


def _actions(actor: Actor) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    if actor.may("equipment.view_imports") and actor.may("contracts.add_contract"):
        found.append({"label": _("Import"), "icon": "file-import", "url": reverse("imports"), "look": ""})
    if actor.may("contracts.add_contract"):
        add = {"label": _("Add contract"), "icon": "plus", "dialog": reverse("add_contract"), "look": "is-primary"}
        found.append(add)
    return found
