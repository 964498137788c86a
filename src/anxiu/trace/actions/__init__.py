"""The only way to have something taken out as a file."""

from anxiu.trace.actions.asking import EvidenceAsked, ListAsked, cancel_export, export_evidence, export_lists
from anxiu.trace.actions.making import Cancelled, forget, make

__all__ = [
    "Cancelled", "EvidenceAsked", "ListAsked", "cancel_export", "export_evidence", "export_lists", "forget", "make",
]  # fmt: skip
