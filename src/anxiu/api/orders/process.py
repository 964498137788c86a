"""Verbs about an order's process: its plan, its checklists and what is learned from it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from anxiu.api import order_schemas as s
from anxiu.api.asking import Key
from anxiu.api.orders.verbs import act, verb


@verb("approve_plan", "Approve the plan that waits")
def approve_plan(request: HttpRequest, uid: UUID, body: s.NoteIn, key: Key) -> HttpResponse:
    """Approve the plan that waits; the work may begin."""
    return act(request, uid, key, body, "approve_plan", note=body.note)


@verb("reject_plan", "Send the plan back")
def reject_plan(request: HttpRequest, uid: UUID, body: s.ReasonIn, key: Key) -> HttpResponse:
    """Send the plan back with the reason."""
    return act(request, uid, key, body, "reject_plan", reason=body.reason)


@verb("check_items", "Tick items of the checklists")
def check_items(request: HttpRequest, uid: UUID, body: s.PrepareIn, key: Key) -> HttpResponse:
    """Tick items of the order's checklists."""
    return act(request, uid, key, body, "check_items", checked=tuple(body.checked))


@verb("uncheck_item", "Take a tick back")
def uncheck_item(request: HttpRequest, uid: UUID, body: s.UncheckIn, key: Key) -> HttpResponse:
    """Take back a tick of ours that should not have been, and say why; the line stays on record."""
    return act(request, uid, key, body, "uncheck_item", item=body.item, reason=body.reason)


@verb("write_summary", "Write down what is to be learned")
def write_summary(request: HttpRequest, uid: UUID, body: s.TextIn, key: Key) -> HttpResponse:
    """Write down what is to be learned from the order."""
    return act(request, uid, key, body, "write_summary", text=body.text)


@verb("solve_remotely", "Solve a repair from afar")
def solve_remotely(request: HttpRequest, uid: UUID, body: s.SolveIn, key: Key) -> HttpResponse:
    """Solve a repair from afar before anybody is sent; the customer confirms it by link."""
    return act(
        request, uid, key, body, "solve_remotely", cause=body.cause, solution=body.solution, checked=tuple(body.checked)
    )


@verb("send_out", "Send somebody after all")
def send_out(request: HttpRequest, uid: UUID, body: s.ReasonIn, key: Key) -> HttpResponse:
    """Turn remote support that did not help into a repair to be booked."""
    return act(request, uid, key, body, "send_out", reason=body.reason)
