"""Run by test_first_release.py as a process of its own, on a database that was upgraded: looks and prints what it found."""

import json
import sys
import typing
from dataclasses import fields
from typing import Any

import django

TABLES = ("kpi_orderfact", "kpi_visitfact", "kpi_casefact")
SOME = 12  # orders; each costs a page
PAGES = ("/", "/orders/", "/dashboard/", "/machines/", "/customers/", "/regulation/")


def look() -> dict[str, Any]:
    """Pages, facts, chain, and one order worked on."""
    from django.test import Client

    from anxiu.accounts.models import Person
    from anxiu.kernel.models import Cursor
    from anxiu.kernel.sequencer import catch_up
    from anxiu.kernel.subscribers import rebuild
    from anxiu.orders.models import Order

    catch_up()
    facts = rows()
    rebuild("kpi.facts")
    person = Person.objects.filter(holdings__post__code="supervisor").order_by("id").first()
    browser = Client(headers={"Accept-Language": "en"}, raise_request_exception=False)
    browser.force_login(person, "anxiu.accounts.backend.Backend")
    orders = Order.objects.filter(region=person.region).order_by("id") if person.region else Order.objects.all()
    addresses = [*PAGES, *(f"/orders/{each.uid}/" for each in orders[:SOME])]
    answers = {address: browser.get(address) for address in addresses}
    api = Client(headers={"Authorization": f"Bearer {token(person)}"}, raise_request_exception=False)
    read = api.get("/api/v1/orders?limit=200").json()["items"]
    answers |= {f"/api/v1/orders/{each['uid']}": api.get(f"/api/v1/orders/{each['uid']}") for each in read[:SOME]}
    before = verified()
    return {
        "unread": unread(), "projectors": list(Cursor.objects.exclude(error="").values_list("name", "error")),
        "wrong": {address: each.status_code for address, each in answers.items() if each.status_code != 200},
        "looked_at": len(answers), "facts": len(facts[TABLES[0]]), "facts_same": facts == rows(),
        "verified": before, "done": done(person, api), "verified_after": verified(),
    }  # fmt: skip


def verified() -> int:
    """How many rows of the chain hold."""
    from anxiu.trace.verify import verify

    return verify(key=None, witnessed={}, after=0, step=lambda position: None).rows


def unread() -> list[str]:
    """Kinds of old events that lack what today's programs read of them."""
    from anxiu.kernel.events import KINDS, Sealed, read
    from anxiu.kernel.models import EventRow

    lacking = set()
    for row in EventRow.objects.iterator():
        hints = typing.get_type_hints(KINDS[row.kind])
        wanted = {each.name for each in fields(KINDS[row.kind]) if hints[each.name] is not Sealed}
        if wanted - set(read(row, 0).body):
            lacking.add(row.kind)
    return sorted(lacking)


def token(person: Any) -> str:
    from anxiu.accounts.actions import issue_token
    from anxiu.kernel.actor import SYSTEM
    from anxiu.kernel.time import now

    return issue_token(actor=SYSTEM, at=now(), person_id=person.pk, label="upgraded")[1]


def done(person: Any, api: Any) -> list[int]:
    """A fault reported on a machine of old, and an old order called about: both by the release of today."""
    from anxiu.equipment.models import Machine
    from anxiu.kernel.sequencer import catch_up
    from anxiu.orders.models import Order

    machine = Machine.objects.filter(region=person.region).first()
    old = Order.objects.filter(region=person.region, ended_at=None).first()
    asked = (
        ("/api/v1/orders", {"words": "stands still", "channel": "phone", "machine": str(machine.uid)}),
        (f"/api/v1/orders/{old.uid}/actions/contact_customer", {"result": "reached", "note": "called"}),
    )
    answers = [
        api.post(path, json.dumps(body), "application/json", headers={"Idempotency-Key": f"upgraded-{number}"})
        for number, (path, body) in enumerate(asked)
    ]
    catch_up()
    return [each.status_code for each in answers]


def rows() -> dict[str, list[str]]:
    from django.db import connection

    with connection.cursor() as cursor:
        found = {}
        for table in TABLES:
            cursor.execute(f"select (to_jsonb(t) - 'id')::text from {table} t order by 1")
            found[table] = [row for (row,) in cursor.fetchall()]
        return found


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps(look()))
