"""Trees over the rows between two signed heads: with the root signed, one row is proven by some twenty hashes.

The chain alone proves a row only to who reads every row up to a head, those of other customers too. A tree is put
together bottom up; a lone last node goes up as it is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from anxiu.kernel.models import Head, Position
from anxiu.trace.heads import signed
from anxiu.trace.models import Root
from anxiu.trace.standalone.verify_anxiu import leaf, node, root_message

BITS: Final = 12  # rows are read 4,096 at a time, each a whole branch of the tree; memory is what the branches need
BRANCH: Final = 1 << BITS


@dataclass(frozen=True, slots=True)
class Tree:
    """The root over some rows, and how the wanted ones lead to it."""

    first: int
    position: int
    root: bytes
    paths: Mapping[int, list[str]]


def tree(first: int, position: int, wanted: Iterable[int] = ()) -> Tree:
    """The tree over the rows from `first` to `position`; a branch at a time, so that it may be larger than memory."""
    sought = {each for each in wanted if first <= each <= position}
    tops: list[bytes] = []
    paths: dict[int, list[str]] = {}
    for start in range(first, position + 1, BRANCH):
        stop = min(start + BRANCH, position + 1)
        rows = Position.objects.filter(position__gte=start, position__lt=stop).order_by("position")
        layers = _layers([leaf(bytes(each)) for each in rows.values_list("hash", flat=True)])
        tops.append(layers[-1][0])
        for each in sought & set(range(start, stop)):
            paths[each] = _path(layers, each - start)
    above = _layers(tops)
    for each, below in paths.items():
        below.extend(_path(above, (each - first) >> BITS))
    return Tree(first, position, above[-1][0], paths)


def _layers(nodes: Sequence[bytes]) -> list[list[bytes]]:
    """A tree from its lowest layer up to its root."""
    found = [list(nodes)]
    while len(found[-1]) > 1:
        below = found[-1]
        pairs = [node(below[place], below[place + 1]) for place in range(0, len(below) - 1, 2)]
        found.append([*pairs, *below[len(pairs) * 2 :]])
    return found


def _path(layers: Sequence[Sequence[bytes]], place: int) -> list[str]:
    """From a place in the lowest layer to the root: the other half at each step, and on which side it lies."""
    path = []
    for layer in layers[:-1]:
        beside = place ^ 1
        if beside < len(layer):
            path.append(("L" if place & 1 else "R") + layer[beside].hex())
        place >>= 1
    return path


def said(root: Root) -> dict[str, Any]:
    """A root as a package holds it."""
    return {
        "date": root.date.isoformat(), "first": root.first, "position": root.position, "hash": bytes(root.hash).hex(),
        "root": bytes(root.root).hex(), "signature": bytes(root.signature).hex(),
    }  # fmt: skip


def made(day: date, found: Tree, digest: bytes) -> Root:
    """A root, signed, not kept yet."""
    row = Root(date=day, first=found.first, position=found.position, hash=digest, root=found.root, signature=b"")
    row.signature = signed(root_message(said(row)))
    return row


def sign_roots() -> list[Root]:
    """Sign a root for every signed head that has none, the oldest first; those that were made."""
    last = Root.objects.order_by("-position").values_list("position", flat=True).first() or 0
    found: list[Root] = []
    for head in Head.objects.filter(position__gt=last).order_by("position", "date"):
        if head.position > last:
            found.append(made(head.date, tree(last + 1, head.position), bytes(head.hash)))
            last = head.position
    Root.objects.bulk_create(found, ignore_conflicts=True)  # another worker may have been faster
    return found
