"""Why a deadline is what it is: a dialog beside each clock of an order."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import get_language

from anxiu.console.pages import page
from anxiu.kernel.actor import Actor
from anxiu.orders.messages import CLOCKS
from anxiu.orders.queries import VIEW, deadline, order


@page(VIEW)
def order_clock(request: HttpRequest, actor: Actor, uid: UUID, key: int) -> HttpResponse:
    """What decided one deadline, in the order in which that decides."""
    row = order(actor, uid)
    found = deadline(row, key, get_language() or "zh-hans")
    context = {"row": row, "clock": found.clock, "said": found.said, "words": CLOCKS[found.clock.kind]}
    return render(request, "console/orders/why.html", context)


urlpatterns = [path("orders/<uuid:uid>/clocks/<int:key>/", order_clock, name="order_clock")]
