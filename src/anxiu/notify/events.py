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
