"""Closed lists of the equipment app."""

from enum import StrEnum


class CoverBasis(StrEnum):
    """What a warranty's end follows from."""

    AGREED = "agreed"
    INSTALLATION = "installation"
    SALE = "sale"
    UNKNOWN = "unknown"


class ImportKind(StrEnum):
    """What a file of an import holds."""

    CUSTOMERS = "customers"
    MACHINES = "machines"
    ORDERS = "orders"
    MODELS = "models"
    PARTS = "parts"
    PEOPLE = "people"
    QUALIFICATIONS = "qualifications"
    CONTRACTS = "contracts"


class ImportState(StrEnum):
    """Where a file is on its way in."""

    MAPPING = "mapping"
    TRYING = "trying"
    TRIED = "tried"
    TAKING = "taking"
    TAKEN = "taken"
    FAILED = "failed"
    DROPPED = "dropped"
