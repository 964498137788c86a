"""Closed lists of the customers app."""

from enum import StrEnum
from typing import Final


class Tier(StrEnum):
    """How a customer is served; a key customer has an agent of their own."""

    KEY = "key"
    CONTRACT = "contract"
    STANDARD = "standard"


class Language(StrEnum):
    """The language somebody is written to in."""

    CHINESE = "zh-hans"
    ENGLISH = "en"


class EraseReason(StrEnum):
    """Why somebody's personal data was erased."""

    ASKED = "asked"
    LEFT = "left"
    NO_PURPOSE = "no_purpose"
    ORDERED = "ordered"


class Use(StrEnum):
    """What somebody's data is used for, as far as they have a say in it."""

    HANDLING = "handling"
    PROGRESS = "progress"
    SURVEY = "survey"


# Without the first no report is taken at all; the others are theirs to choose, and to choose otherwise.
CHOSEN: Final = frozenset({Use.PROGRESS, Use.SURVEY})


class ConsentMeans(StrEnum):
    """By which way somebody said what they agree to."""

    FORM = "form"
    LINK = "link"
    PHONE = "phone"
    MAIL = "mail"
    PERSON = "person"
