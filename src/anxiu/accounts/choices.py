"""Closed lists of the accounts app."""

from enum import StrEnum


class PostCode(StrEnum):
    """The posts every installation starts with; their permissions are data and may be changed."""

    AGENT = "agent"
    DISPATCHER = "dispatcher"
    ENGINEER = "engineer"
    SUPERVISOR = "supervisor"
    WAREHOUSE = "warehouse"
    HR = "hr"
    FINANCE = "finance"
    MANAGEMENT = "management"
    PARTNER = "partner"
    ADMINISTRATOR = "administrator"


class Reach(StrEnum):
    """Whose rows a post sees: those that name the person, those of the regions it is held in, or all."""

    OWN = "own"
    REGION = "region"
    COMPANY = "company"


class LinkPurpose(StrEnum):
    """What a link is for; one purpose each, so that a leaked one opens one door."""

    TRACK = "track"
    SIGN = "sign"
    RATE = "rate"
    REPORT_FAULT = "report_fault"
    DOCUMENT = "document"


class Bundle(StrEnum):
    """What an API key may do of what its owner may: named parts that add up."""

    EVERYTHING = "everything"
    READ = "read"
    INTAKE = "intake"
    ORDERS = "orders"
    RECORDS = "records"
    WORKFORCE = "workforce"
    REGULATION = "regulation"
