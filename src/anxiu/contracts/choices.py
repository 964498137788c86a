"""Closed lists of the contracts app."""

from enum import StrEnum


class CoverLevel(StrEnum):
    """How much of a service a contract pays for, least first: 清包, 半包, 全包."""

    LABOUR = "labour"
    LIMITED = "limited"
    FULL = "full"


class ContractState(StrEnum):
    """Where a contract is on a day."""

    COMING = "coming"
    RUNNING = "running"
    OVER = "over"


class EndReason(StrEnum):
    """Why a contract is ended before its time."""

    PRICE = "price"
    SERVICE = "service"
    COMPETITOR = "competitor"
    CLOSED = "closed"
    MISTAKE = "mistake"
    OTHER = "other"


class Basis(StrEnum):
    """Who pays for a service."""

    WARRANTY = "warranty"
    CONTRACT = "contract"
    CHARGEABLE = "chargeable"


class Because(StrEnum):
    """What an entitlement follows from."""

    IN_WARRANTY = "in_warranty"
    COVERED = "covered"
    OTHER_TYPES = "other_types"
    OVER = "over"
    COMING = "coming"
    NONE = "none"
