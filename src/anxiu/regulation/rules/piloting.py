"""Where a version may be tried: some places of its own scope, never all of it, and no two pilots in one place."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import product


@dataclass(frozen=True, slots=True)
class Spot:
    """A region (None: all) and a kind of service ("": all)."""

    region_id: int | None
    order_type: str

    def overlaps(self, other: "Spot") -> bool:
        """Whether an order could lie in both."""
        regions, kinds = {self.region_id, other.region_id} - {None}, {self.order_type, other.order_type} - {""}
        return len(regions) <= 1 and len(kinds) <= 1

    def covers(self, other: "Spot") -> bool:
        """Whether every order of the other lies in this one."""
        return self.region_id in (None, other.region_id) and self.order_type in ("", other.order_type)


def spots(scope: Spot, regions: Collection[int], order_types: Collection[str]) -> tuple[Spot, ...]:
    """The places a pilot of a version for `scope` is to hold in: each of the regions, for each kind of service."""
    where: list[int | None] = [*regions] or [scope.region_id]
    every = product(where, [*order_types] or [scope.order_type])
    return tuple(dict.fromkeys(Spot(region, kind) for region, kind in every))


def overlapping(wanted: Iterable[Spot], taken: Iterable[Spot]) -> Spot | None:
    """The first place that is taken."""
    held = list(taken)
    return next((each for each in wanted if any(each.overlaps(other) for other in held)), None)


def is_everywhere(
    scope: Spot, wanted: Collection[Spot], regions: Collection[int], order_types: Collection[str]
) -> bool:
    """Whether nothing of the scope is left to compare with; `regions` and `order_types` are all there are."""
    every = spots(scope, () if scope.region_id else regions, () if scope.order_type else order_types)
    return all(any(each.covers(other) for each in wanted) for other in every)
