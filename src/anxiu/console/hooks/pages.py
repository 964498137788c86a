"""The targets of webhooks, one target, and the log of what was sent."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anxiu.accounts.models import Region
from anxiu.console.accounts.forms import named
from anxiu.console.hooks.forms import grouped
from anxiu.console.pages import Listing, address, columns, keyset, page, show
from anxiu.hooks.choices import WAITING, Off, State
from anxiu.hooks.messages import REASONS, STATES
from anxiu.hooks.models import Delivery, Target
from anxiu.hooks.payloads import TEST, pretty
from anxiu.hooks.queries import VIEW_TARGETS, deliveries, delivery, kind_in_words, kinds, target, targets
from anxiu.kernel.access import AccessKind, note_access
from anxiu.kernel.actor import Actor
from anxiu.kernel.time import now

TONES = {State.QUEUED: "blue", State.SENDING: "blue", State.DELIVERED: "green", State.FAILED: "red"}
VERBS = (
    "add_target", "change_target", "renew_secret", "send_test", "repeat_deliveries", "repeat_delivery",
    "switch_target_off", "switch_target_on",
)  # fmt: skip
SECOND = 1000


def tabs(chosen: str) -> list[dict[str, object]]:
    """The pages about webhooks."""
    known = (("hooks", _("Targets")), ("hook_log", _("Log")))
    return [{"label": label, "url": reverse(name), "active": name == chosen} for name, label in known]


def _may(actor: Actor) -> dict[str, bool]:
    return {verb: actor.may(f"hooks.{verb}") for verb in VERBS}


def _standing(row: Target) -> tuple[object, str]:
    """In a word how a target stands, and its colour."""
    if not row.is_on:
        given_up = row.off_why == Off.FAILING
        return (_("Switched off: it failed too long"), "red") if given_up else (_("Switched off"), "grey")
    return (_("Fails"), "amber") if row.failing_since else (pgettext_lazy("webhook", "On"), "green")


def _dressed_targets(rows: Sequence[Target]) -> Sequence[Target]:
    """Targets with their regions and standing at hand; one statement."""
    regions = Region.objects.in_bulk({key for row in rows for key in row.region_ids})
    for row in rows:
        row.places = [named(regions[key]) for key in row.region_ids if key in regions]  # type: ignore[attr-defined]
        row.standing, row.tone = _standing(row)  # type: ignore[attr-defined]
    return rows


def _dressed(actor: Actor, rows: Sequence[Delivery], *, of: Target | None = None) -> Sequence[Delivery]:
    """Deliveries with their words."""
    may = actor.may("hooks.repeat_delivery")
    for row in rows:
        row.kind_words = kind_in_words(row.kind)  # type: ignore[attr-defined]
        row.state_words, row.tone = STATES[row.state], TONES[State(row.state)]  # type: ignore[attr-defined]
        row.why = REASONS.get(row.reason, "")  # type: ignore[attr-defined]
        row.is_of_page = of is not None  # type: ignore[attr-defined]
        row.took = _took(row.took_ms)  # type: ignore[attr-defined]
        row.waits = row.next_at if row.state == State.QUEUED and row.attempts else None  # type: ignore[attr-defined]
        row.may_repeat = may and row.state not in WAITING and row.target.is_on  # type: ignore[attr-defined]
    return rows


def _took(milliseconds: int | None) -> str:
    if milliseconds is None:
        return ""
    return f"{milliseconds} ms" if milliseconds < SECOND else f"{milliseconds / SECOND:.1f} s"


@page(VIEW_TARGETS)
def hooks(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The targets, the newest first."""
    rows, next_url = keyset(request, targets(actor), ("-id",))
    add = {
        "label": _("Add a target"), "icon": "plus", "look": "is-primary", "dialog": reverse("add_target"),
        "size": "is-wide",
    }  # fmt: skip
    listing = Listing(
        id="hooks", rows=_dressed_targets(rows), row_template="console/hooks/row.html",
        columns=columns(pgettext_lazy("webhook", "Target"), _("Events"), _("Regions"), _("State"), _("Added")),
        next_url=next_url,
        first_url=address(request) if request.GET.get("after") else "", live="hook",
        actions=[add] if actor.may("hooks.add_target") else [],
        empty={
            "title": _("No targets yet"), "symbol": "webhook",
            "text": _("Name a program that is to be told of events: an order opened, a visit booked, a report signed."),
        },
    )  # fmt: skip
    context = {"title": _("Webhooks"), "listing": listing, "pages": tabs("hooks")}
    return show(request, "console/hooks/list.html", context, fragment="console/parts/listing.html")


@page(VIEW_TARGETS)
def hook(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """One target: its events in words, and what was sent to it last."""
    row = target(actor, uid)
    [row] = _dressed_targets([row])
    at = now()
    context: dict[str, Any] = {
        "title": row.purpose, "target": row, "groups": grouped(list(row.kinds)), "may": _may(actor),
        "listing": _log(request, actor, deliveries(actor).filter(target=row), of=row),
        "signs_along": row.old_secret_until if row.old_secret_until and row.old_secret_until > at else None,
    }  # fmt: skip
    return show(request, "console/hooks/target.html", context, fragment="console/parts/listing.html")


@page(VIEW_TARGETS)
def hook_log(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Everything that was or is to be sent, the newest first."""
    listing = _log(request, actor, deliveries(actor))
    context = {"title": _("Webhooks"), "listing": listing, "pages": tabs("hook_log")}
    return show(request, "console/hooks/list.html", context, fragment="console/parts/listing.html")


def _log(request: HttpRequest, actor: Actor, rows: Any, *, of: Target | None = None) -> Listing:
    get = request.GET
    known = {str(each.uid): each.purpose for each in targets(actor).order_by("-id")} if of is None else {}
    if get.get("target") in known:
        rows = rows.filter(target__uid=get["target"])
    if get.get("state") in STATES:
        rows = rows.filter(state=get["state"])
    every = [TEST, *(of.kinds if of else kinds())]
    if get.get("kind") in every:
        rows = rows.filter(kind=get["kind"])
    found, next_url = keyset(request, rows, ("-id",))
    filters = [
        {"name": "state", "label": _("All states"), "value": get.get("state", ""), "choices": list(STATES.items())},
        {"name": "kind", "label": _("All events"), "value": get.get("kind", ""),
         "choices": [(each, kind_in_words(each)) for each in every]},
    ]  # fmt: skip
    if of is None:
        filters.insert(0, {
            "name": "target", "label": _("All targets"), "value": get.get("target", ""), "choices": list(known.items())
        })  # fmt: skip
    return Listing(
        id="hook-log", title=_("What was sent to it") if of else "", rows=_dressed(actor, found, of=of),
        row_template="console/hooks/delivery_row.html", next_url=next_url,
        columns=columns(
            _("Event"), *([] if of else [pgettext_lazy("webhook", "Target")]), _("State"),
            pgettext_lazy("webhook", "Answer"), _("When"), _("Next attempt"), "",
        ),
        first_url=address(request) if get.get("after") else "", filters=filters,
        is_filtered=any(get.get(name) for name in ("target", "state", "kind")),
        empty={
            "title": _("Nothing was sent yet"), "symbol": "webhook",
            "text": _("Every event that goes out is listed here with what the target answered, for thirty days."),
        },
    )  # fmt: skip


@page(VIEW_TARGETS)
def hook_delivery(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """One delivery: what was sent and what was answered. Leaves an access row."""
    row = delivery(actor, uid)
    note_access(actor, AccessKind.DETAIL, "hook_delivery", [row.pk], now())
    [row] = _dressed(actor, [row])
    context = {"title": kind_in_words(row.kind), "delivery": row, "body": pretty(row.body)}
    return render(request, "console/hooks/delivery.html", context)
