"""What happens to files that leave the house."""

from dataclasses import dataclass

from anxiu.kernel.events import Event, event


@event("trace.evidence_exported")
@dataclass(frozen=True)
class EvidenceExported(Event):
    """Somebody asked for the evidence of an order as one package."""

    export_id: int
    in_full: bool


@event("trace.list_exported")
@dataclass(frozen=True)
class ListExported(Event):
    """Somebody had a long list made into a file."""

    listed: str
    format: str


@event("trace.export_cancelled")
@dataclass(frozen=True)
class ExportCancelled(Event):
    """A file that was asked for is not wanted any more."""

    kind_of_export: str
