"""What was told to whom. That the customer was told of a step, or a person called, is itself a fact to show later."""

from dataclasses import dataclass

from anxiu.kernel.events import Event, event


@event("notify.person_told")
@dataclass(frozen=True)
class PersonTold(Event):
    """A notice lies on a person's own page."""

    notice_id: int
    notice_kind: str
    about_kind: str
    about_id: int


@event("notify.customer_told")
@dataclass(frozen=True)
class CustomerTold(Event):
    """A notice left for the customer: the server that was asked took it."""

    notice_id: int
    notice_kind: str
    medium: str


@event("notify.delivery_failed")
@dataclass(frozen=True)
class DeliveryFailed(Event):
    """A notice could not be delivered; a person has to look."""

    notice_id: int
    notice_kind: str
    medium: str
    reason: str


@event("notify.resent")
@dataclass(frozen=True)
class Resent(Event):
    """Somebody had a notice sent again."""

    notice_id: int
    notice_kind: str


@event("notify.job_retried")
@dataclass(frozen=True)
class JobRetried(Event):
    """Somebody had a failed job run again."""

    job_id: int
    task: str


@event("notify.channel_set_up")
@dataclass(frozen=True)
class ChannelSetUp(Event):
    """A channel was set up anew, or switched on or off."""

    medium: str
    is_on: bool


@event("notify.channel_tested")
@dataclass(frozen=True)
class ChannelTested(Event):
    """A test was sent by a channel."""

    medium: str
    notice_id: int


@event("notify.person_addresses_set")
@dataclass(frozen=True)
class PersonAddressesSet(Event):
    """Where somebody of ours is reached was changed: of which kinds."""

    kinds: tuple[str, ...]


@event("notify.contact_address_set")
@dataclass(frozen=True)
class ContactAddressSet(Event):
    """Where a contact is reached was changed: of which kind."""

    address_kind: str


@event("notify.channels_chosen")
@dataclass(frozen=True)
class ChannelsChosen(Event):
    """Somebody changed by which channels they are told: of how many kinds of notices."""

    count: int
