"""Reading the traces: what was refused, to whom and by which clause; and the files that people had made."""

from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from anxiu.accounts.models import Holding
from anxiu.accounts.queries import accounts
from anxiu.kernel.action import view
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import NotFound
from anxiu.kernel.models import Refused
from anxiu.orders.queries import order
from anxiu.regulation.models import Clause
from anxiu.regulation.queries import in_force
from anxiu.trace.choices import ExportState
from anxiu.trace.models import Export

# Asked for by every exported list, beside the permission of reading it; the verb is the one for long lists.
EXPORT_LISTS: Final = "trace.export_lists"
# Names, numbers and texts of people in an evidence package, and the documents that hold them.
IN_FULL = view("trace.view_evidence_in_full", posts={"management", "administrator"})
VIEW_REFUSED = view("trace.view_refused", posts={"supervisor", "management", "administrator"})


def refused(actor: Actor) -> QuerySet[Refused]:
    """What people who live or hold a post in the actor's regions tried and were refused."""
    actor.require(VIEW_REFUSED)
    rows = Refused.objects.all()
    if actor.regions is None:
        return rows
    posted = Holding.objects.filter(region__in=actor.regions).values("person")
    return rows.filter(Q(actor_id__in=accounts(actor).values("pk")) | Q(actor_id__in=posted))


def under(rows: QuerySet[Refused], number: str, at: datetime) -> QuerySet[Refused]:
    """Those of them that a clause of the regulation in force refused."""
    clause = Clause.objects.filter(version=in_force(None, "", at), number=number).first()
    return rows.filter(value_key__in=clause.value_keys if clause else [])


def times(rows: QuerySet[Refused]) -> int:
    """How often it was tried, all together; one statement."""
    return int(rows.aggregate(times=Sum("count"))["times"] or 0)


def clauses_of(keys: Collection[tuple[int, str]]) -> dict[tuple[int, str], Clause]:
    """The clause that governs each value in a version; one statement."""
    if not keys:
        return {}
    asked = Q()
    for version, key in keys:
        asked |= Q(version_id=version, value_keys__contains=[key])
    rows = list(Clause.objects.filter(asked).select_related("version"))
    return {
        (version, key): each for version, key in keys for each in rows
        if each.version_id == version and key in each.value_keys
    }  # fmt: skip


def exports(actor: Actor) -> QuerySet[Export]:
    """The files somebody had made for themselves: nobody sees those of others."""
    rows = Export.objects.select_related("order")
    return rows if actor.is_system else rows.filter(person=actor.person_id or 0)


def export(actor: Actor, uid: UUID) -> Export:
    """One file of the actor's own."""
    found = exports(actor).filter(uid=uid).first()
    if found is None:
        raise NotFound("kernel.not_found")
    return found


def ready(actor: Actor, uid: UUID, at: datetime) -> Export:
    """One file of the actor's own that can be fetched; its right to an order may have been lost meanwhile."""
    row = export(actor, uid)
    if row.state != ExportState.DONE or row.expires_at is None or row.expires_at <= at:
        raise NotFound("trace.export_gone")
    if row.order is not None:
        order(actor, row.order.uid)
        actor.require("trace.export_evidence")
        if row.asked.get("in_full"):
            actor.require(IN_FULL)
    else:
        actor.require(EXPORT_LISTS)
    return row
