"""Links for the customer: to follow an order, or to sign it on their own phone. Each is shown once, with its code."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from anxiu.accounts.choices import LinkPurpose
from anxiu.console.pages import VerbForm, page
from anxiu.console.secrets import secret_dialog
from anxiu.files import codes
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import NotFound
from anxiu.kernel.time import now
from anxiu.orders.actions import send_link
from anxiu.orders.queries import order

WORDS = {
    LinkPurpose.TRACK: (
        _("Tracking link for the customer"),
        _("The customer sees progress, who comes and when, and can ask. Links made before stop working."),
    ),
    LinkPurpose.SIGN: (
        _("Signing link for the customer"),
        _("The customer reads the service record and signs on their own phone. Links made before stop working."),
    ),
}


def absolute(name: str, secret: str) -> str:
    """A customer's address as it is sent out."""
    return f"{settings.ENV.public_url.rstrip('/')}{reverse(name, args=[secret])}"


@page("orders.send_link")
def link(request: HttpRequest, actor: Actor, uid: UUID, purpose: str) -> HttpResponse:
    """Make a new link of this purpose and show it once."""
    if purpose not in WORDS:
        raise NotFound("kernel.not_found")
    row, wanted = order(actor, uid), LinkPurpose(purpose)
    title, lead = WORDS[wanted]
    shown = {
        "title": title, "lead": lead, "submit": _("Make the link"), "back": reverse("order", args=[uid]),
        "after": _("Send it to the customer, or let them scan the code. It is not stored and cannot be shown again."),
        "picture": lambda made: codes.address(made, safety="m", border=1),
        "make": lambda _given: absolute(
            "sign" if wanted is LinkPurpose.SIGN else "track",
            send_link(actor=actor, at=now(), order_uid=row.uid, purpose=wanted),
        ),
    }  # fmt: skip
    return secret_dialog(request, actor, VerbForm(request.POST or None), shown)


urlpatterns = [path("orders/<uuid:uid>/send_link/<slug:purpose>/", link, name="order_link")]
