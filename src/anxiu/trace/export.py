"""The chain as rows that need no database: for the verifier, for a court, for a copy elsewhere."""

import json
from collections.abc import Iterator
from itertools import groupby
from typing import Any, Final

from anxiu.kernel.chain import START
from anxiu.kernel.events import instant
from anxiu.kernel.models import Head, Position, SealedText
from anxiu.kernel.time import now
from anxiu.trace.heads import public_key
from anxiu.trace.standalone.verify_anxiu import FORMAT, VERSION

BATCH: Final = 2000  # source: measured; larger batches gain nothing


def rows(*, after: int = 0, texts: bool) -> Iterator[dict[str, Any]]:
    """Every position in order, with its event and, if wanted, the sealed texts that are still there."""
    last = after
    while places := list(
        Position.objects.filter(position__gt=last).order_by("position").select_related("event")[:BATCH]
    ):
        sealed: dict[int, dict[str, dict[str, str]]] = {}
        if texts:
            kept = SealedText.objects.filter(event__in=[place.event_id for place in places]).order_by(
                "event_id", "field"
            )
            for event_id, group in groupby(kept, key=lambda text: text.event_id):
                sealed[event_id] = {text.field: {"salt": bytes(text.salt).hex(), "text": text.text} for text in group}
        for place in places:
            yield row_of(place, sealed.get(place.event_id, {}))
        last = places[-1].position


def row_of(place: Position, sealed: dict[str, dict[str, str]]) -> dict[str, Any]:
    """A position as a row of an export."""
    event = place.event
    return {
        "position": place.position, "hash": bytes(place.hash).hex(), "uid": str(event.uid), "kind": event.kind,
        "version": event.version, "subject_kind": event.subject_kind, "subject_id": event.subject_id,
        "region_id": event.region_id, "actor_kind": event.actor_kind, "actor_id": event.actor_id,
        "occurred_at": instant(event.occurred_at), "recorded_at": instant(event.recorded_at), "body": event.body,
        **({"sealed": sealed} if sealed else {}),
    }  # fmt: skip


def chain(*, after: int = 0, texts: bool) -> Iterator[dict[str, Any]]:
    """Rows, each signed head behind the row it names; heads that name no row come last."""
    heads = list(Head.objects.filter(position__gte=after).order_by("position", "date"))
    for row in rows(after=after, texts=texts):
        while heads and heads[0].position < row["position"]:
            yield _head(heads.pop(0))
        yield row
    yield from map(_head, heads)


def _head(head: Head) -> dict[str, Any]:
    return {
        "head": {
            "date": head.date.isoformat(), "position": head.position, "hash": bytes(head.hash).hex(),
            "signature": bytes(head.signature).hex(),
        }
    }  # fmt: skip


def before(after: int) -> bytes:
    """The hash that the rows behind a position build on."""
    return bytes(Position.objects.get(position=after).hash) if after else START


def lines(*, after: int = 0, texts: bool) -> Iterator[str]:
    """The whole export, a JSON object a line: header, rows and heads, end."""
    key = public_key()
    yield _line(
        {
            "format": FORMAT, "version": VERSION, "after": after, "before": before(after).hex(), "texts": texts,
            "public_key": key.hex() if key else "", "exported_at": instant(now()),
        }
    )  # fmt: skip
    last = after
    for each in chain(after=after, texts=texts):
        last = each.get("position", last)
        yield _line(each)
    yield _line({"end": {"position": last}})


def _line(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n"
