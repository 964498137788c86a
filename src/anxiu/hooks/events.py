"""What happens to targets; deliveries themselves are no events, or each would be one more to deliver."""

from dataclasses import dataclass

from anxiu.hooks.choices import Off
from anxiu.kernel.events import Event, event


@event("hooks.target_added")
@dataclass(frozen=True)
class TargetAdded(Event):
    """A target was named."""

    kinds: tuple[str, ...]


@event("hooks.target_changed")
@dataclass(frozen=True)
class TargetChanged(Event):
    """A target's address, purpose, kinds of events or regions were changed."""

    fields: tuple[str, ...]


@event("hooks.secret_renewed")
@dataclass(frozen=True)
class SecretRenewed(Event):
    """A target has a new secret; the old one signs along for a while."""


@event("hooks.target_switched_off")
@dataclass(frozen=True)
class TargetSwitchedOff(Event):
    """A target gets nothing any more, until somebody switches it on."""

    why: Off


@event("hooks.target_switched_on")
@dataclass(frozen=True)
class TargetSwitchedOn(Event):
    """A target gets events again."""


@event("hooks.delivery_repeated")
@dataclass(frozen=True)
class DeliveryRepeated(Event):
    """Somebody had one delivery sent again."""

    delivery_id: int


@event("hooks.deliveries_repeated")
@dataclass(frozen=True)
class DeliveriesRepeated(Event):
    """Somebody had the events of a span of time sent again."""

    count: int


@event("hooks.test_sent")
@dataclass(frozen=True)
class TestSent(Event):
    """Somebody had a test sent."""
