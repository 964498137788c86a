"""What happens to machines and imports. Serial numbers name things, not people; names of places are sealed."""

from dataclasses import dataclass

from anxiu.kernel.events import Event, Sealed, event


@event("equipment.machine_added")
@dataclass(frozen=True)
class MachineAdded(Event):
    """A machine joined the installed base."""

    serial: str
    model_id: int
    site_id: int
    customer_id: int
    name: Sealed


@event("equipment.machine_changed")
@dataclass(frozen=True)
class MachineChanged(Event):
    """Details of a machine were changed; `to` holds the new ones."""

    fields: tuple[str, ...]
    to: Sealed


@event("equipment.machine_moved")
@dataclass(frozen=True)
class MachineMoved(Event):
    """A machine stands at another site now, perhaps with another customer."""

    from_site_id: int
    to_site_id: int
    from_customer_id: int
    to_customer_id: int


@event("equipment.machine_retired")
@dataclass(frozen=True)
class MachineRetired(Event):
    """A machine is serviced no longer."""


@event("equipment.label_renewed")
@dataclass(frozen=True)
class LabelRenewed(Event):
    """A machine's label got a new code; the old one opens nothing any more."""


@event("equipment.import_started")
@dataclass(frozen=True)
class ImportStarted(Event):
    """Rows of a file are being taken in, part by part; `equipment.batch_imported` says when all are."""

    kind_of_rows: str
    source: str
    file_digest: str
    lines: int


@event("equipment.batch_imported")
@dataclass(frozen=True)
class BatchImported(Event):
    """Rows of another system were taken in; `rows_digest` is over the digests kept with each row."""

    kind_of_rows: str
    source: str
    file_digest: str
    accepted: int
    refused: int
    rows_digest: str


@event("equipment.import_undone")
@dataclass(frozen=True)
class ImportUndone(Event):
    """An import was taken back, but for rows in use since."""

    removed: int
    kept: int
