"""The trace that reading leaves: one row a request for a detail, an export, an unmasked number or a place."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from anxiu.kernel.actor import Actor
from anxiu.kernel.models import Access
from anxiu.kernel.rows import insert


class AccessKind(StrEnum):
    """What was looked at, or taken along."""

    DETAIL = "detail"
    EXPORT = "export"
    UNMASK = "unmask"
    PLACE = "place"


def note_access(actor: Actor, kind: AccessKind, subject_kind: str, ids: Iterable[int], at: datetime) -> None:
    """Keep who looked at which things; surfaces call it once a request."""
    row = Access(
        at=at, actor_kind=actor.kind.value, actor_id=actor.id, purpose=kind, subject_kind=subject_kind,
        subject_ids=sorted(set(ids)),
    )  # fmt: skip
    insert(row)
