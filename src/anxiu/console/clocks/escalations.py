"""Who was called about a broken promise and has not answered yet; and clocks that were set aside."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from anxiu.console.clocks.forms import post_names
from anxiu.console.pages import (
    Listing,
    Verb,
    VerbForm,
    address,
    columns,
    dialog,
    keyset,
    page,
    require_there,
    show,
)  # fmt: skip
from anxiu.kernel.actor import Actor
from anxiu.kernel.planning import planned_anew
from anxiu.kernel.time import now
from anxiu.orders.messages import SEVERITIES
from anxiu.orders.models import Order
from anxiu.orders.queries import VIEW, visible
from anxiu.sla import actions
from anxiu.sla.messages import CALLED_BECAUSE, KINDS
from anxiu.sla.models import Clock, Escalation
from anxiu.sla.queries import (
    ACKNOWLEDGE_FOR_OTHERS,
    VIEW_CLOCKS,
    escalation,
    escalations_for,
    open_escalations,
    set_aside,
)  # fmt: skip

LEVELS = {"urgent": 1, "normal": 3, "minor": 4}
RETRY = "sla.retry_clock"


def _orders(actor: Actor, clocks: Iterable[Clock]) -> dict[int, Order]:
    """The orders these clocks belong to, as far as the actor sees them; one statement."""
    ids = {clock.subject_id for clock in clocks if clock.subject_kind == "order"}
    return visible(actor).select_related("customer").in_bulk(ids) if ids else {}


def _look(clock: Clock, orders: dict[int, Order]) -> None:
    clock.order = orders.get(clock.subject_id) if clock.subject_kind == "order" else None  # type: ignore[attr-defined]
    clock.words, clock.severity_words = KINDS[clock.kind], SEVERITIES[clock.severity]  # type: ignore[attr-defined]
    clock.urgency = LEVELS[clock.severity]  # type: ignore[attr-defined]


def _dressed(actor: Actor, calls: Sequence[Escalation]) -> Sequence[Escalation]:
    """What a row shows beside the call itself."""
    orders, posts = _orders(actor, [call.clock for call in calls]), post_names()
    for call in calls:
        _look(call.clock, orders)
        mine = call.person_id == actor.person_id
        call.may_answer = mine or actor.may(ACKNOWLEDGE_FOR_OTHERS)  # type: ignore[attr-defined]
        call.is_mine, call.post_words = mine, posts.get(call.post, call.post)  # type: ignore[attr-defined]
        call.why = CALLED_BECAUSE.get(call.because, call.because)  # type: ignore[attr-defined]
    return calls


def _tabs(request: HttpRequest, actor: Actor, here: str) -> list[dict[str, Any]]:
    base = reverse("escalations")
    tabs = [("mine", _("Called to me"), base, escalations_for(actor).count())]
    if actor.may(VIEW_CLOCKS):
        tabs.append(("all", _("All open calls"), f"{base}?tab=all", open_escalations(actor).count()))
    if actor.may(RETRY):
        tabs.append(("failed", _("Set aside"), reverse("clocks_set_aside"), set_aside(actor).count()))
    return [{"label": label, "url": url, "active": key == here, "count": count} for key, label, url, count in tabs]


@page(VIEW)
@planned_anew()
def escalations(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Calls that wait for an answer: those to me first, or all of them; the most pressing on top."""
    here = "all" if request.GET.get("tab") == "all" and actor.may(VIEW_CLOCKS) else "mine"
    rows, next_url = keyset(
        request, open_escalations(actor) if here == "all" else escalations_for(actor), ("acknowledge_by", "id")
    )
    listing = Listing(
        id="calls", rows=_dressed(actor, rows), row_template="console/clocks/call_row.html",
        columns=columns(_("Order"), _("Promise"), _("Deadline"), _("Level"), _("Called"), _("Answer by"), ""),
        next_url=next_url, first_url=address(request) if request.GET.get("after") else "",
        tabs=_tabs(request, actor, here), live="order", hidden=[("tab", "all")] if here == "all" else [],
        empty={
            "title": _("Nobody is waiting for an answer"), "symbol": "circle-check",
            "text": _("When a deadline is missed, the person on duty is called and appears here until they answer."),
        },
    )  # fmt: skip
    context = {"title": _("Escalations"), "listing": listing}
    return show(request, "console/clocks/list.html", context, fragment="console/parts/listing.html")


@page(RETRY)
def failed(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Clocks that could not be evaluated: the others went on, these wait for somebody to look."""
    rows, next_url = keyset(request, set_aside(actor).select_related("region"), ("failed_at", "id"))
    orders = _orders(actor, rows)
    for clock in rows:
        _look(clock, orders)
    listing = Listing(
        id="failed", rows=rows, row_template="console/clocks/failed_row.html",
        columns=columns(_("Order"), _("Promise"), _("Deadline"), _("Set aside"), _("What went wrong"), ""),
        next_url=next_url, first_url=address(request) if request.GET.get("after") else "",
        tabs=_tabs(request, actor, "failed"),
        empty={
            "title": _("Every clock can be evaluated"), "symbol": "circle-check",
            "text": _("A clock that fails is set aside and listed here, so that it cannot hold up the others."),
        },
    )  # fmt: skip
    context = {"title": _("Escalations"), "listing": listing}
    return show(request, "console/clocks/list.html", context, fragment="console/parts/listing.html")


@page("sla.acknowledge")
def acknowledge(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Answer a call."""
    call = escalation(actor, uid)

    def run(values: dict[str, Any]) -> object:
        return actions.acknowledge(actor=actor, at=now(), escalation_uid=call.uid)

    verb = Verb(
        title=_("Take it on"), submit=_("I take it on"), run=run, done=_("You took it on."),
        lead=_("You say that you look after it now. The next level is then not called before its own time."),
    )  # fmt: skip
    return dialog(request, actor, VerbForm(request.POST or None), verb)


@page(RETRY)
def retry_clock(request: HttpRequest, actor: Actor, key: int) -> HttpResponse:
    """Let a clock that was set aside run again."""
    require_there(set_aside(actor), key)

    def run(values: dict[str, Any]) -> object:
        return actions.retry_clock(actor=actor, at=now(), clock_id=key)

    verb = Verb(
        title=_("Let the clock run again"), submit=_("Let it run"), run=run, done=_("The clock runs again."),
        lead=_("It is evaluated at once. If the cause is still there, it is set aside again."),
    )  # fmt: skip
    return dialog(request, actor, VerbForm(request.POST or None), verb)
