"""Asking for a file, and giving it up."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from anxiu.files.storage import erase
from anxiu.kernel.access import AccessKind, note_access
from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.errors import Invalid, WrongState
from anxiu.kernel.events import record
from anxiu.kernel.jobs import defer_many
from anxiu.orders.queries import order
from anxiu.trace import events
from anxiu.trace.choices import RUNNING, ExportKind, ExportState, Format
from anxiu.trace.models import Export
from anxiu.trace.queries import IN_FULL, export, exports

MOST: Final = 5  # source: own choice; files of one person under way, so that one cannot fill all lanes of the queue
EVIDENCE_JOB, LIST_JOB = "trace.make_evidence", "trace.make_list"


@dataclass(frozen=True, slots=True)
class EvidenceAsked:
    """How an evidence package is to be: its language and time zone, and whether it shows what may name people.

    `deferred` is false where the caller makes it at once.
    """

    order_uid: UUID
    language: str
    time_zone: str
    in_full: bool = False
    deferred: bool = True


@dataclass(frozen=True, slots=True)
class ListAsked:
    """Which list is to be a file, with which filters, and what it is called."""

    name: str
    path: str
    query: str
    format: Format
    file: str
    language: str
    time_zone: str


def _opened(actor: Actor, at: datetime, row: Export, job: str) -> Export:
    if actor.person_id is not None:
        under_way = Export.objects.filter(person=actor.person_id, state__in=sorted(RUNNING)).count()
        if under_way >= MOST:
            raise WrongState("trace.too_many_exports", limit=MOST)
    row.person_id, row.asked_at = actor.person_id, at
    row.save(force_insert=True)
    if job:
        defer_many(job, "default", [{"export_id": row.pk}])
    return row


@action(posts={"supervisor", "management", "administrator"})
def export_evidence(*, actor: Actor, at: datetime, asked: EvidenceAsked) -> Export:
    """Have the evidence of an order made into one package: history, files, clocks, clauses, proofs.

    Records: EvidenceExported. Refuses: names and texts of people without the permission for them, too many at a time.
    """
    found = order(actor, asked.order_uid)
    if asked.in_full:
        actor.require(IN_FULL)
    row = Export(
        kind=ExportKind.EVIDENCE, format=Format.ZIP, order=found, asked={"in_full": asked.in_full},
        name=f"anxiu-evidence-{found.number}.zip", language=asked.language, time_zone=asked.time_zone,
    )  # fmt: skip
    row = _opened(actor, at, row, EVIDENCE_JOB if asked.deferred else "")
    note_access(actor, AccessKind.EXPORT, "order", [found.pk], at)
    record(
        events.EvidenceExported(row.pk, asked.in_full), subject=Subject("order", found.pk),
        region_id=found.region_id, actor=actor, at=at,
    )  # fmt: skip
    return row


@action(posts={"dispatcher", "supervisor", "hr", "finance", "management", "administrator"})
def export_lists(*, actor: Actor, at: datetime, asked: ListAsked) -> Export:
    """Have a long list made into a file, with the filters of its address; it shows what its page shows.

    Records: ListExported. Refuses: what is no table, too many at a time.
    """
    if asked.format not in (Format.CSV, Format.XLSX):
        raise Invalid("kernel.not_a_choice", field="format", given=asked.format)
    row = Export(
        kind=ExportKind.LIST, format=asked.format, asked={"path": asked.path, "query": asked.query},
        name=asked.file, language=asked.language, time_zone=asked.time_zone,
    )  # fmt: skip
    row = _opened(actor, at, row, LIST_JOB)
    record(
        events.ListExported(asked.name, asked.format), subject=Subject("export", row.pk), region_id=None,
        actor=actor, at=at,
    )  # fmt: skip
    return row


@action(posts={"dispatcher", "supervisor", "hr", "finance", "management", "administrator"})
def cancel_export(*, actor: Actor, at: datetime, export_uid: UUID) -> Export:
    """Give up a file that is being made, or erase one that is ready.

    Records: ExportCancelled. Refuses: a file of somebody else, one that is over.
    """
    row = exports(actor).select_for_update(of=("self",)).get(pk=export(actor, export_uid).pk)
    if row.state not in {*RUNNING, ExportState.DONE}:
        raise WrongState("trace.export_over")
    end(row, ExportState.CANCELLED, at)
    record(
        events.ExportCancelled(row.kind), subject=Subject("export", row.pk),
        region_id=row.order.region_id if row.order else None, actor=actor, at=at,
    )  # fmt: skip
    return row


def end(row: Export, state: ExportState, at: datetime, **more: Any) -> None:
    """A file is over: its bytes go, what it was stays. Part of a caller's change."""
    if row.path:
        transaction.on_commit(partial(erase, row.path))
    row.state, row.ended_at, row.path, row.expires_at = state, at, "", None
    for name, value in more.items():
        setattr(row, name, value)
    row.save()
