"""The history of things other than orders: their events as sentences, newest first."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from anxiu.accounts.queries import names
from anxiu.contracts.messages import FIELDS as CONTRACT_FIELDS
from anxiu.customers.messages import FIELDS as CUSTOMER_FIELDS
from anxiu.customers.messages import USES
from anxiu.equipment.messages import FIELDS as MACHINE_FIELDS
from anxiu.kernel.actor import ACCOUNTS, ActorKind
from anxiu.kernel.messages import SENTENCES
from anxiu.kernel.models import EventRow

MOST: Final = 30  # source: own choice; a page's worth, older ones stay in the record
FIELDS: Final[Mapping[str, Promise]] = {**CUSTOMER_FIELDS, **MACHINE_FIELDS, **CONTRACT_FIELDS}
LOOKS: Final = {
    "added": ("circle-plus", "blue"), "changed": ("edit", ""), "retired": ("archive", "grey"),
    "erased": ("eye-off", "red"), "assigned": ("user-check", "violet"), "moved": ("truck", "teal"),
    "renewed": ("repeat", "green"), "equipment.label_renewed": ("qrcode", "amber"),
    "imported": ("file-import", "blue"), "undone": ("arrow-back-up", "amber"),
    "ended": ("archive", "red"), "given": ("circle-check", "green"), "declined": ("circle-x", "grey"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """One event as the timeline shows it."""

    at: datetime
    text: str
    by: str
    symbol: str
    tone: str


def told(about: Mapping[str, Collection[int]]) -> list[Told]:
    """What happened to these things, by kind and ids; two statements."""
    wanted = Q(pk__in=[])
    for kind, ids in about.items():
        wanted |= Q(subject_kind=kind, subject_id__in=list(ids))
    rows = [row for row in EventRow.objects.filter(wanted).order_by("-id")[:MOST] if row.kind in SENTENCES]
    people = names({row.actor_id for row in rows if row.actor_kind in ACCOUNTS})
    return [_told(row, people) for row in rows]


def _told(row: EventRow, people: Mapping[int, Any]) -> Told:
    body = json.loads(row.body)
    if "fields" in body:
        body["fields"] = ", ".join(str(FIELDS.get(each, each)) for each in body["fields"])
    if "use" in body:
        body["use"] = USES.get(body["use"], body["use"])
    symbol, tone = LOOKS.get(row.kind) or LOOKS.get(row.kind.rpartition("_")[2], ("point", ""))
    who = people.get(row.actor_id or 0) if row.actor_kind in ACCOUNTS else None
    by = who.name if who else _("Customer") if row.actor_kind == ActorKind.LINK else _("System")
    return Told(row.occurred_at, str(SENTENCES[row.kind]).format_map(_Blank(body)), by, symbol, tone)


class _Blank(dict[str, Any]):
    """A body of an older version may lack a part its sentence names; a dash stands for it."""

    def __missing__(self, key: str) -> str:
        return "–"
