"""How a customer page is made: what every answer carries, refusals as pages people understand, and who is asking.

Every answer of a link is neither kept by a browser or proxy, nor found by search engines, nor named to other sites. The
referrer stays within our own pages: with none at all a browser sends forms without an origin, which the check against
forged forms must refuse.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anxiu.accounts.choices import LinkPurpose
from anxiu.kernel.access import AccessKind, note_access
from anxiu.kernel.errors import GateShut, Invalid, NotAllowed, NotFound, Refusal
from anxiu.kernel.messages import REFUSALS, explain
from anxiu.kernel.time import now
from anxiu.orders.models import Order
from anxiu.portal.actions import TooMany, take
from anxiu.portal.messages import INSTEAD
from anxiu.portal.queries import Door, LinkShut, Why, door
from anxiu.portal.rules import MISSES_OF_ADDRESS, visitor
from anxiu.workforce.queries import zone_of

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
REFUSED: Final = 422
HEADERS: Final = {
    "Cache-Control": "no-store, private",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Referrer-Policy": "same-origin",
}
EXPIRED: Final = 410


def page(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """A customer page: its headers, and every refusal as a page in this look."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            response = view(request, *args, **kwargs)
        except LinkShut as shut:
            response = _shut(request, shut)
        except NotFound as refusal:
            response = lost(request, explain(refusal))
        except Refusal as refusal:
            response = refused(request, refusal)
        finally:
            timezone.deactivate()
        for name, value in HEADERS.items():
            response[name] = value
        return response

    return wrapped  # type: ignore[return-value]  # `wraps` keeps the parameters, mypy forgets their names


def address_of(request: HttpRequest) -> str:
    """Who counts as one visitor."""
    return visitor(request.META.get("REMOTE_ADDR", ""))


def enter(request: HttpRequest, secret: str, purpose: LinkPurpose, kind: AccessKind = AccessKind.DETAIL) -> Door:
    """Open a link, write down that it was used to look, and speak in the site's time from here on."""
    at = now()
    found = door(secret, purpose, at)
    if request.method == "GET":
        note_access(found.actor, kind, "order", [found.order.pk], at)
    timezone.activate(zone_of(found.order.region))
    return found


# ---- refusals as pages ----------------------------------------------------------------------------------------------
def notice(request: HttpRequest, status: int, title: str, lead: str, icon: str = "link-off") -> HttpResponse:
    """A page that says one thing, and how to reach a person."""
    return render(request, "portal/notice.html", {"title": title, "text": lead, "icon": icon}, status=status)


def lost(request: HttpRequest, text: str = "", title: str = "") -> HttpResponse:
    """Nothing here. Who comes by such addresses again and again is asked to stop."""
    try:
        take(limit=MISSES_OF_ADDRESS, who=address_of(request), at=now())
    except TooMany as refusal:
        return refused(request, refusal)
    known = text or _("Please check the address. Parts of it may be missing.")
    return notice(request, NotFound.status, title or _("There is nothing here"), known)


def _shut(request: HttpRequest, shut: LinkShut) -> HttpResponse:
    if shut.why is Why.EXPIRED:
        text = _("For your safety a link is open for a limited time only. Call us and we will send you a new one.")
        return notice(request, EXPIRED, _("This link has expired"), text, "hourglass")
    if shut.why is Why.CLOSED:
        text = _("It was used already, or a newer link took its place. Please use the newest message from us.")
        return notice(request, EXPIRED, _("This link is closed"), text, "lock")
    text = _("Please open the link exactly as you received it. If that does not help, call us.")
    return lost(request, text, _("This link does not work"))


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A refusal that has no form to stand in."""
    if isinstance(refusal, TooMany):
        return notice(request, refusal.status, _("Please wait a while"), explain(refusal), "clock-hour-4")
    if isinstance(refusal, NotAllowed):
        return notice(request, refusal.status, _("This link cannot do that"), _("Please call us."), "lock")
    return notice(request, refusal.status, _("This is not possible any more"), in_words(refusal), "info-circle")


def in_words(refusal: Refusal) -> str:
    """A refusal in words for customers."""
    if isinstance(refusal, GateShut):
        return explain(refusal)
    return str(REFUSALS[INSTEAD.get(refusal.code, refusal.code)]).format(**refusal.params)


def put_into(form: forms.Form, refusal: Refusal) -> None:
    """Show a refusal at its field where there is one, above the form otherwise."""
    several = refusal.errors if isinstance(refusal, Invalid) else ()
    for each in several or (refusal,):
        form.add_error(each.field if each.field in form.fields else None, in_words(each))


# ---- small things every page needs ----------------------------------------------------------------------------------
def language() -> str:
    """The language of this request."""
    return get_language() or "zh-hans"


def named(row: Any) -> str:
    """The name of a row that has one in both languages; empty for nothing."""
    if row is None:
        return ""
    return str(row.name_zh if language().startswith("zh") else row.name_en or row.name_zh)


def person_name(person: Any) -> str:
    """A colleague's name as the reader can read it."""
    return str(person.name if language().startswith("zh") else person.name_en or person.name)


def machine_name(order: Order) -> str:
    """What the order is about, as the customer calls it."""
    machine = order.machine
    return f"{machine.model.maker} {machine.model.name}" if machine else order.request.product
