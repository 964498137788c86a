"""The console as a browser asks it: somebody who is logged in, and a verb's dialog that is sent."""

from uuid import uuid4

from django.test import Client
from django.urls import reverse

from anxiu.accounts.models import Person
from anxiu.kernel.actor import Actor
from anxiu.orders.models import Order


def browser(actor: Actor) -> Client:
    """A browser in which this person is logged in, in English."""
    client = Client(headers={"Accept-Language": "en"})
    client.cookies["anxiu_language"] = "en"
    client.force_login(Person.objects.get(pk=actor.person_id), backend="anxiu.accounts.backend.Backend")
    return client


def do(client: Client, order: Order, verb: str, **fields: object):
    """Send the dialog of a verb on an order."""
    return client.post(reverse("order_verb", args=[order.uid, verb]), {"key": uuid4().hex, **fields})
