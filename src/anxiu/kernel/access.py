"""The trace that reading leaves: one row a request for a detail, an export, an unmasked number or a place."""

import json
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Final

from django.db import connection

from anxiu.kernel.actor import Actor
from anxiu.kernel.models import Access
from anxiu.kernel.rows import insert


class AccessKind(StrEnum):
    """What was looked at, or taken along."""

    DETAIL = "detail"
    EXPORT = "export"
    UNMASK = "unmask"
    PLACE = "place"


# Whoever reads waits for the row, not for the disk: decision 7.
_NOTE: Final = """
with unhurried as (select set_config('synchronous_commit', 'off', true))
insert into kernel_access (at, actor_kind, actor_id, purpose, subject_kind, subject_ids)
select %s::timestamptz, %s, %s, %s, %s, %s::jsonb from unhurried
"""


def note_access(actor: Actor, kind: AccessKind, subject_kind: str, ids: Iterable[int], at: datetime) -> None:
    """Keep who looked at which things; surfaces call it once a request."""
    looked_at = sorted(set(ids))
    if connection.in_atomic_block:  # part of a change, which reaches the disk as a whole
        row = Access(
            at=at, actor_kind=actor.kind.value, actor_id=actor.id, purpose=kind, subject_kind=subject_kind,
            subject_ids=looked_at,
        )  # fmt: skip
        insert(row)
        return
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, [at, actor.kind.value, actor.id, kind.value, subject_kind, json.dumps(looked_at)])
