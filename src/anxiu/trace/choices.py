"""Closed lists of the trace app."""

from enum import StrEnum


class ExportKind(StrEnum):
    """What is taken out as a file."""

    EVIDENCE = "evidence"
    LIST = "list"


class ExportState(StrEnum):
    """How far a file is that somebody asked for."""

    WAITING = "waiting"
    MAKING = "making"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Format(StrEnum):
    """What a file is."""

    ZIP = "zip"
    CSV = "csv"
    XLSX = "xlsx"


RUNNING = frozenset({ExportState.WAITING, ExportState.MAKING})
