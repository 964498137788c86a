"""The events of an order with what ties each to a signed root."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils import timezone

from anxiu.kernel.chain import START
from anxiu.kernel.models import Position, SealedText
from anxiu.kernel.sequencer import catch_up
from anxiu.kernel.time import now
from anxiu.orders.models import Document
from anxiu.trace.export import row_of
from anxiu.trace.models import Root
from anxiu.trace.roots import made, said, sign_roots, tree


@dataclass(frozen=True, slots=True)
class Proofs:
    """Events in order, each with the hash before it, its root and the way there; the roots; and the heads that were
    printed on documents, proven the same way.
    """

    events: Sequence[Mapping[str, Any]]
    roots: Sequence[Mapping[str, Any]]
    printed: Mapping[int, Mapping[str, Any]]

    def at(self, event_id: int) -> int | None:
        """The position of an event."""
        return next((each["position"] for each in self.events if each["event_id"] == event_id), None)


def prove(order_id: int, *, texts: bool) -> Proofs:
    """Every event of an order that has its position, proven; what was recorded up to now is placed first."""
    catch_up()
    sign_roots()
    rows = Position.objects.filter(event__subject_kind="order", event__subject_id=order_id).select_related("event")
    places = list(rows.order_by("position"))
    heads = set(Document.objects.filter(order=order_id).values_list("position", flat=True))
    asked = {each.position for each in places} | heads
    before = dict(
        Position.objects.filter(position__in={each - 1 for each in asked} | heads).values_list("position", "hash")
    )
    roots, ways = _ways(asked)
    sealed = _texts([each.event_id for each in places]) if texts else {}
    events = [
        {
            **row_of(each, sealed.get(each.event_id, {})), "event_id": each.event_id,
            "before": bytes(before.get(each.position - 1, START)).hex(), **ways[each.position],
        }
        for each in places
    ]  # fmt: skip
    printed = {
        each: {"position": each, "hash": bytes(before[each]).hex(), **ways[each]} for each in heads if each in before
    }
    return Proofs(events, roots, printed)


def _texts(ids: Sequence[int]) -> dict[int, dict[str, dict[str, str]]]:
    kept = SealedText.objects.filter(event__in=ids).order_by("event_id", "field")
    return {
        event_id: {text.field: {"salt": bytes(text.salt).hex(), "text": text.text} for text in group}
        for event_id, group in groupby(kept, key=lambda text: text.event_id)
    }


def _ways(asked: Iterable[int]) -> tuple[list[dict[str, Any]], dict[int, dict[str, Any]]]:
    """The signed roots over these positions, and the way of each to one; what no head covers yet is signed now."""
    left = set(asked)
    roots, ways = [], {}
    while left:
        lowest = min(left)
        root = Root.objects.filter(position__gte=lowest).order_by("position").first()
        covered = {each for each in left if root is None or each <= root.position}
        if root is None:
            root, paths = _last(covered)
        else:
            paths = tree(root.first, root.position, covered).paths
        roots.append(said(root))
        ways.update({each: {"root": root.position, "path": paths[each]} for each in covered})
        left -= covered
    return roots, ways


def _last(covered: set[int]) -> tuple[Root, Mapping[int, list[str]]]:
    """A root over what was recorded since the last signed head, signed now and kept by nobody but the package."""
    first = (Root.objects.order_by("-position").values_list("position", flat=True).first() or 0) + 1
    end = Position.objects.order_by("-position")[0]
    found = tree(first, end.position, covered)
    day = timezone.localtime(now(), timezone.get_default_timezone()).date()
    return made(day, found, bytes(end.hash)), found.paths
