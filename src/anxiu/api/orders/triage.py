"""Triage over the API: merged, taken out again, split, asked back."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from anxiu.api import order_schemas as s
from anxiu.api.asking import Key, perform
from anxiu.api.auth import actor_of
from anxiu.api.doing import REFUSED
from anxiu.api.finding import fault_class_key, machine_key
from anxiu.api.orders.reading import AROUND, router
from anxiu.api.orders.verbs import act, verb
from anxiu.kernel.time import now
from anxiu.orders import actions
from anxiu.orders.actions import Part
from anxiu.orders.models import Order


@verb("merge_order", "Merge a duplicate into the earlier order")
def merge_order(request: HttpRequest, uid: UUID, body: s.MergeIn, key: Key) -> HttpResponse:
    """Let an order that reports the same matter go on with the one that was opened before it."""
    return act(request, uid, key, body, "merge_order", into_uid=body.into, reason=body.reason)


@verb("separate_order", "Take a merged order out again")
def separate_order(request: HttpRequest, uid: UUID, body: s.ReasonIn, key: Key) -> HttpResponse:
    """Take a merged order out again; it goes on by itself with the time it has used already."""
    return act(request, uid, key, body, "separate_order", reason=body.reason)


@router.post("/{uuid:uid}/actions/split_order", response={200: s.SplitOut, **REFUSED}, summary="Split a request")
def split_order(request: HttpRequest, uid: UUID, body: s.SplitIn, key: Key) -> HttpResponse:
    """Open a further order for each other thing that one request asks for; answers these."""
    actor = actor_of(request)

    def work() -> s.SplitOut:
        parts = tuple(
            Part(
                each.words, machine_key(actor, each.machine, each.serial), fault_class_key(each.fault_class),
                each.severity,
            )
            for each in body.parts
        )  # fmt: skip
        made = actions.split_order(actor=actor, at=body.at or now(), order_uid=uid, parts=parts, reason=body.reason)
        rows = Order.objects.filter(pk__in=[each.pk for each in made]).select_related(*AROUND).order_by("pk")
        return s.SplitOut(items=[s.OrderOut.of(each) for each in rows])

    return perform(request, key, 200, work)


@verb("ask_reporter", "Ask whoever reported")
def ask_reporter(request: HttpRequest, uid: UUID, body: s.AskIn, key: Key) -> HttpResponse:
    """Ask whoever reported something that must be known first; the order waits for the answer."""
    return act(request, uid, key, body, "ask_reporter", text=body.text, until=body.until)


@verb("note_reply", "Take down what the reporter answers")
def note_reply(request: HttpRequest, uid: UUID, body: s.TextIn, key: Key) -> HttpResponse:
    """Take down what the reporter answers; the order is in triage again."""
    return act(request, uid, key, body, "note_reply", text=body.text)
