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
