"""Open an order, list, show one, change its state: each as little as it can be."""

import json
from hashlib import sha256
from uuid import UUID, uuid4

from django.contrib.postgres.search import SearchQuery
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils import timezone

from bench.floor.models import Event, Machine, Order, Person, Token

AROUND = ("region", "customer", "machine", "owner", "engineer__person")
NEWEST = 50
LAST = 20
SUMMARY = 200


def orders(request: HttpRequest) -> HttpResponse:
    """The newest orders of the caller's region, or a new one."""
    person = _person(request)
    if request.method == "POST":
        return _open(request, person)
    rows = _newest(request, person)
    return _json(200, {"items": [_out(row) for row in rows]})


def orders_page(request: HttpRequest) -> HttpResponse:
    """The same list as a page."""
    person = _person(request)
    return _html("list.html", {"rows": _newest(request, person), "person": person})


def order(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One order with its last events."""
    _person(request)
    row, events = _one(uid)
    told = [
        {"kind": each.kind, "at": each.at.isoformat(), "who": each.person.name if each.person else ""}
        for each in events
    ]
    return _json(200, {**_out(row), "words": row.words, "cause": row.cause, "solution": row.solution, "events": told})


def order_page(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The same as a page."""
    person = _person(request)
    row, events = _one(uid)
    return _html("order.html", {"order": row, "events": events, "person": person})


def change(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Set the state, guarded by the version, with its event."""
    person = _person(request)
    state = json.loads(request.body)["state"]
    with transaction.atomic():
        row = get_object_or_404(Order.objects.select_for_update(), uid=uid)
        moved = Order.objects.filter(pk=row.pk, version=row.version).update(state=state, version=row.version + 1)
        if not moved:
            return _json(409, {})
        Event.objects.create(
            order=row, kind="state_changed", person=person, at=timezone.now(),
            body=json.dumps({"before": row.state, "after": state}),
        )  # fmt: skip
    return _json(200, {"uid": str(row.uid), "number": row.number, "state": state})


def _person(request: HttpRequest) -> Person:
    secret = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return Token.objects.select_related("person").get(digest=sha256(secret.encode()).hexdigest()).person


def _newest(request: HttpRequest, person: Person) -> list[Order]:
    rows = Order.objects.filter(region_id=person.region_id)
    if states := request.GET.getlist("state"):
        rows = rows.filter(state__in=states)
    if words := request.GET.get("q"):
        rows = rows.filter(search=SearchQuery(words, config="simple", search_type="raw"))
    return list(rows.select_related(*AROUND).order_by("-id")[:NEWEST])


def _one(uid: UUID) -> tuple[Order, list[Event]]:
    row = get_object_or_404(Order.objects.select_related(*AROUND), uid=uid)
    return row, list(row.events.select_related("person").order_by("-id")[:LAST])


def _open(request: HttpRequest, person: Person) -> HttpResponse:
    said = json.loads(request.body)
    uid = uuid4()
    with transaction.atomic():
        machine = Machine.objects.get(uid=said["machine"])
        row = Order.objects.create(
            uid=uid, number=uid.hex[:16], state="accepted", severity="normal", summary=said["words"][:SUMMARY],
            words=said["words"], channel=said["channel"], caller_name=said["caller_name"],
            caller_phone=said["caller_phone"], opened_at=timezone.now(), region_id=machine.region_id,
            customer_id=machine.customer_id, machine=machine, owner=person,
        )  # fmt: skip
        Event.objects.create(
            order=row, kind="opened", person=person, at=row.opened_at, body=json.dumps({"machine_id": machine.pk})
        )
    return _json(201, {"uid": str(uid), "number": row.number, "state": row.state})


def _out(row: Order) -> dict[str, object]:
    return {
        "uid": str(row.uid), "number": row.number, "state": row.state, "severity": row.severity,
        "summary": row.summary, "region": row.region.name, "customer": row.customer.name if row.customer else "",
        "machine": row.machine.model if row.machine else "", "serial": row.machine.serial if row.machine else "",
        "owner": row.owner.name, "engineer": row.engineer.person.name if row.engineer else "",
        "opened_at": row.opened_at.isoformat(), "next_due_at": row.next_due_at.isoformat() if row.next_due_at else None,
    }  # fmt: skip


def _json(status: int, body: object) -> HttpResponse:
    return _whole(HttpResponse(json.dumps(body), status=status, content_type="application/json"))


def _html(template: str, context: dict[str, object]) -> HttpResponse:
    return _whole(HttpResponse(render_to_string(template, context)))


def _whole(response: HttpResponse) -> HttpResponse:
    response["Content-Length"] = str(len(response.content))
    return response
