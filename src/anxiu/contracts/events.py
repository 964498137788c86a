"""What happens to contracts. Numbers, days and codes: nothing here names a person."""

from dataclasses import dataclass

from anxiu.kernel.events import Event, event


@event("contracts.contract_added")
@dataclass(frozen=True)
class ContractAdded(Event):
    """A contract was put on the books; days as ISO dates."""

    number: str
    customer_id: int
    level: str
    starts_on: str
    ends_on: str
    renews_id: int | None


@event("contracts.contract_changed")
@dataclass(frozen=True)
class ContractChanged(Event):
    """Terms of a contract were changed; what they were before stands beside their names."""

    fields: tuple[str, ...]
    before: tuple[str, ...]


@event("contracts.cover_changed")
@dataclass(frozen=True)
class CoverChanged(Event):
    """A contract covers other sites and machines now, or all of the customer's."""

    covers_all: bool
    site_ids: tuple[int, ...]
    machine_ids: tuple[int, ...]


@event("contracts.contract_ended")
@dataclass(frozen=True)
class ContractEnded(Event):
    """A contract was ended before its time; the day belongs to it."""

    ends_on: str
    reason: str


@event("contracts.contract_renewed")
@dataclass(frozen=True)
class ContractRenewed(Event):
    """Another contract follows this one."""

    by_id: int
    number: str
