"""The number of an order's customer, shown when asked for; that somebody looked is recorded."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_POST

from anxiu.console.pages import page
from anxiu.kernel.access import AccessKind, note_access
from anxiu.kernel.actor import Actor
from anxiu.kernel.time import now
from anxiu.orders.queries import VIEW, phone_of


@require_POST
@page(VIEW)
def phone(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """The number in full, as one to call."""
    key, number = phone_of(actor, uid)
    note_access(actor, AccessKind.UNMASK, "order", [key], now())
    return render(request, "console/orders/phone.html", {"number": number})


urlpatterns = [path("orders/<uuid:uid>/contact/phone/", phone, name="order_phone")]
