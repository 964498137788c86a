"""What happens to versions of the regulation."""

from dataclasses import dataclass
from datetime import datetime

from anxiu.kernel.events import Event, event


@event("regulation.adopted")
@dataclass(frozen=True)
class RegulationAdopted(Event):
    """A version was put in force for a region, an order type, or all."""

    code: str
    preset: str
    order_type: str
    in_force_from: datetime | None
    changed: tuple[str, ...]


@event("regulation.addendum_added")
@dataclass(frozen=True)
class AddendumAdded(Event):
    """A new release brought figures that this version did not have."""

    code: str
    keys: tuple[str, ...]


@event("regulation.withdrawn")
@dataclass(frozen=True)
class RegulationWithdrawn(Event):
    """A version no longer holds; the next wider one takes its place."""

    code: str
