"""Checks that need the product's own rules, run as a process of their own: `python -m soak.inside` prints them as JSON."""

import json
import sys
from collections import defaultdict
from hashlib import sha256
from typing import Any

import django

VERB_OF = {
    "orders.visit_booked": "book_visit", "orders.visit_rescheduled": "reschedule", "orders.visit_accepted": "accept_visit",
    "orders.visit_declined": "decline_visit", "orders.prepared": "prepare", "orders.departed": "depart",
    "orders.arrived": "arrive", "orders.assessed": "assess", "orders.repair_completed": "complete_repair",
    "orders.signed_off": "sign_off", "orders.sign_off_refused": "refuse_sign_off", "orders.followed_up": "follow_up",
    "orders.archived": "archive", "orders.cancelled": "cancel",
}  # fmt: skip


def replayed() -> dict[str, Any]:
    """Every order's history walked again through the table of states: does it lead to where the order stands?"""
    from django.db.models import F

    from anxiu.kernel.models import EventRow
    from anxiu.orders.choices import State
    from anxiu.orders.models import Order
    from anxiu.orders.queries import process_for
    from anxiu.orders.rules import move
    from anxiu.regulation.choices import OrderType

    # What was recorded as a backup was taken has no place yet: it is the newest.
    told: dict[int, list[str]] = defaultdict(list)
    rows = EventRow.objects.filter(subject_kind="order", kind__in=VERB_OF)
    rows = rows.order_by(F("place__position").asc(nulls_last=True), "pk")
    for key, kind in rows.values_list("subject_id", "kind").iterator():
        told[key].append(kind)
    wrong, steps = [], 0
    for order in Order.objects.all().iterator():
        process, state = process_for(order.version_id, OrderType(order.order_type)), State.ACCEPTED
        for kind in told[order.pk]:
            step = move(VERB_OF[kind], state, process, suspended=False)
            steps += 1
            if step.to is None:
                wrong.append(f"{order.number}: {kind} in {state}")
                break
            state = step.to
        if order.state not in set(State) or state != order.state:
            wrong.append(f"{order.number} stands in {order.state}, its history leads to {state}")
    return {"orders": Order.objects.count(), "steps": steps, "wrong": wrong}


def files() -> dict[str, Any]:
    """Every row has its bytes, and they are what the digest says; how many bytes have no row."""
    from django.core.files.storage import default_storage

    from anxiu.files.models import Attachment, Blob
    from anxiu.files.storage import kept

    wrong, there = [], set()
    for blob in Blob.objects.filter(erased_at=None).iterator():
        there.add(blob.digest)
        if not default_storage.exists(blob.path):
            wrong.append(f"{blob.digest[:12]} is not there")
            continue
        with default_storage.open(blob.path) as file:
            if sha256(file.read()).hexdigest() != blob.digest:
                wrong.append(f"{blob.digest[:12]} has other bytes")
    stray = sum(digest not in there for digest, _ in kept())
    return {"blobs": len(there), "attachments": Attachment.objects.count(), "wrong": wrong, "bytes_without_row": stray}


FACTS = ("kpi_orderfact", "kpi_visitfact", "kpi_casefact", "kpi_daycell", "kpi_dayhours", "kpi_dayfault", "kpi_daycase")
NOT_COMPARED = {"id"}  # a key that the database gives


def facts() -> dict[str, Any]:
    """The facts as they were kept, beside the same folded from zero."""
    from anxiu.kernel.subscribers import rebuild

    before = _tables()
    read = rebuild("kpi.facts")
    after = _tables()
    wrong = []
    for table in FACTS:
        only_before, only_after = before[table] - after[table], after[table] - before[table]
        wrong += [f"{table} kept {row[:600]}" for row in sorted(only_before)[:3]]
        wrong += [f"{table} rebuilt {row[:600]}" for row in sorted(only_after)[:3]]
    return {"events": read, "rows": {table: len(before[table]) for table in FACTS}, "wrong": wrong}


def _tables() -> dict[str, set[str]]:
    from django.db import connection

    found = {}
    with connection.cursor() as cursor:
        for table in FACTS:
            cursor.execute(f"select to_jsonb(t) - 'id' from {table} t")
            rows = [json.loads(row) if isinstance(row, str) else row for (row,) in cursor.fetchall()]
            # A day whose sums came back to nothing has a row of zeros when it was kept, and none when rebuilt.
            found[table] = {
                json.dumps(row, sort_keys=True) for row in rows if not (table in FACTS[3:] and _is_empty(row))
            }
    return found


def _is_empty(row: dict[str, Any]) -> bool:
    keys = {"day", "region_id", "family", "severity", "fault"}
    return not any(value for name, value in row.items() if name not in keys)


def effects() -> dict[str, Any]:
    """Each reactor's mark for each event it listens to, once; from where the load began."""
    from anxiu.kernel.models import Done, Position
    from anxiu.kernel.subscribers import REACTORS

    first = int(sys.argv[1])
    wrong, marks = [], 0
    for name, reactor in REACTORS.items():
        kinds = set(reactor.wanted() if reactor.wanted else reactor.kinds)
        wanted = set(
            Position.objects.filter(position__gt=first, event__kind__in=kinds).values_list("position", flat=True)
        )
        done = list(Done.objects.filter(reactor=name, position__gt=first).values_list("position", flat=True))
        marks += len(done)
        if len(done) != len(set(done)) or set(done) != wanted:
            wrong.append(f"{name}: {len(wanted - set(done))} missing, {len(set(done) - wanted)} too many")
    return {"marks": marks, "wrong": wrong}


if __name__ == "__main__":
    django.setup()
    said = {each.__name__: each() for each in (replayed, effects, files, facts)}
    sys.stdout.write(json.dumps(said))
