"""Closed lists of the customers app."""

from enum import StrEnum


class Tier(StrEnum):
    """How a customer is served; a key customer has an agent of their own."""

    KEY = "key"
    CONTRACT = "contract"
    STANDARD = "standard"


class Language(StrEnum):
    """The language somebody is written to in."""

    CHINESE = "zh-hans"
    ENGLISH = "en"
