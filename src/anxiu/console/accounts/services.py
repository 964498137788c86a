"""The list of service accounts, and one of them with its keys, clients and last events."""

from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anxiu.accounts.messages import BUNDLES
from anxiu.accounts.models import Client
from anxiu.accounts.queries import VIEW_POSTS, clients, service_by_uid, services, tokens, with_posts
from anxiu.console.accounts.listing import tabs
from anxiu.console.accounts.person import dressed, timeline
from anxiu.console.pages import Listing, address, columns, keyset, page, show
from anxiu.kernel.access import AccessKind, note_access
from anxiu.kernel.actor import Actor
from anxiu.kernel.time import now

VERBS: Final = (
    "change_service", "suspend_service", "resume_service", "retire_service", "issue_token", "revoke_token",
    "add_client", "add_client_secret", "revoke_client", "revoke_client_secret",
)  # fmt: skip
WHEN_SUSPENDED: Final = {"resume_service", "change_service", "retire_service", "revoke_token", "revoke_client"}
TWO: Final = 2


@page(VIEW_POSTS)
def services_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The accounts of programs, by name."""
    closed = request.GET.get("tab") == "closed"
    rows = services(actor).filter(retired_at__isnull=not closed)
    shown, next_url = keyset(request, with_posts(rows), ("name_key", "id"))
    actions = []
    if actor.may("accounts.add_service"):
        add = {"label": _("Open a service account"), "icon": "plus", "look": "is-primary"}
        actions.append({**add, "dialog": reverse("add_service")})
    listing = Listing(
        id="services", rows=shown, row_template="console/accounts/service_row.html", actions=actions,
        columns=columns(_("Program"), _("Posts"), _("Region"), _("State"), pgettext_lazy("account", "Opened")),
        next_url=next_url,
        first_url=address(request) if request.GET.get("after") else "",
        tabs=[
            {"label": _("In use"), "url": address(request, tab=""), "active": not closed},
            {"label": pgettext_lazy("account", "Ended"), "url": address(request, tab="closed"), "active": closed},
        ],
        hidden=[("tab", "closed")] if closed else [], is_filtered=closed,
        empty={
            "title": _("No service accounts"),
            "text": _("A program that works with Anxiu gets its own account: what it does stands under its name."),
            "symbol": "api",
        },
    )  # fmt: skip
    context = {"title": _("Accounts and posts"), "listing": listing, "pages": tabs("services")}
    return show(request, "console/accounts/list.html", context, fragment="console/parts/listing.html")


def _dressed(row: Client) -> Client:
    """A client with its scopes in words and what can be done with its secrets."""
    row.words = [BUNDLES[each] for each in row.bundles]  # type: ignore[attr-defined]
    row.open_secrets = list(row.secrets.all())  # type: ignore[attr-defined]
    row.has_two = len(row.secrets.all()) == TWO  # type: ignore[attr-defined]
    return row


@page(VIEW_POSTS)
def service(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Posts, clients, API keys and the last events of one service account."""
    row = service_by_uid(actor, uid)
    if "HX-Request" not in request.headers:
        note_access(actor, AccessKind.DETAIL, "person", [row.pk], now())
    context: dict[str, Any] = {
        "title": row.name,
        "person": row,
        "holdings": list(row.holdings.all()),
        "tokens": [dressed(each) for each in tokens(row)],
        "clients": [_dressed(each) for each in clients(row)],
        "at": now(),
        "history": timeline(row),
        "may": {
            verb: actor.may(f"accounts.{verb}") and row.retired_at is None and (row.is_active or verb in WHEN_SUSPENDED)
            for verb in VERBS
        },
    }
    return show(request, "console/accounts/service.html", context)
