"""Pure decisions about customers: what a phone number is, and how much of it is shown."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

COUNTRY: Final = "86"  # source: ITU-T E.164, country code of China
# source: numbering plan of the telephone network (MIIT): 1 and ten digits are a mobile; 400 and 800 are shared-cost
_MOBILE: Final = re.compile(r"1[3-9]\d{9}")
_SHARED_COST: Final = re.compile(r"[48]00\d{7}")
_EXTENSION: Final = re.compile(r"[\s,;]*(?:ext\.?|extension|x|转|分机|#|,)\s*:?\s*(\d{1,6})\s*$")
# source: the same plan: area code of three or four digits, then seven or eight; what follows is an extension
_LANDLINE_AND_EXTENSION: Final = re.compile(r"(0\d{2,3}[-\s)]+\d{7,8})\s*-\s*(\d{1,6})")
SHORTEST, LONGEST = 5, 15  # source: five-digit service numbers; E.164, section 6
HEAD, TAIL = 3, 4  # source: usual masking of Chinese mobiles, as on couriers' labels


@dataclass(frozen=True, slots=True)
class Phone:
    """A number as it is compared: national digits (a foreign one with 00 and its country code), and the extension."""

    digits: str
    extension: str = ""

    @property
    def tail(self) -> str:
        """The digits from the back, so that "ends with" is a prefix search."""
        return self.digits[::-1]


def phone(text: str) -> Phone | None:
    """The number in a text, however it was written; nothing when it cannot be one.

    National numbers have no country code: +86 138 1234 5678, 0086-13812345678 and 013812345678 are 13812345678;
    +86 21 6234 5678 is 02162345678.
    """
    clean, extension = unicodedata.normalize("NFKC", text).lower().strip(), ""
    if split := _EXTENSION.search(clean):
        clean, extension = clean[: split.start()], split[1]
    elif whole := _LANDLINE_AND_EXTENSION.fullmatch(clean):
        clean, extension = whole[1], whole[2]
    if re.search(r"[^\d\s()+\-./]", clean):
        return None
    digits = re.sub(r"\D", "", clean)
    if clean.startswith("+"):
        digits = f"00{digits}"
    digits = _national(digits)
    return Phone(digits, extension) if SHORTEST <= len(digits.removeprefix("00")) <= LONGEST else None


def _national(digits: str) -> str:
    """Digits without the country code of China and without the zero people dial before a distant mobile."""
    rest = digits.removeprefix("00")
    if rest != digits and rest.startswith(COUNTRY):
        digits = rest.removeprefix(COUNTRY)
        is_whole = _MOBILE.fullmatch(digits) or _SHARED_COST.fullmatch(digits) or digits.startswith("0")
        return digits if is_whole else f"0{digits}"
    for prefix in (COUNTRY, "0"):
        if _MOBILE.fullmatch(digits.removeprefix(prefix)):
            return digits.removeprefix(prefix)
    return digits


def masked_phone(text: str) -> str:
    """A number with its middle hidden: 138****5678. A short one keeps its last two digits only."""
    if not text:
        return ""
    found = phone(text)
    digits = found.digits if found else re.sub(r"\D", "", text)
    if len(digits) > HEAD + TAIL:
        return f"{digits[:HEAD]}****{digits[-TAIL:]}"
    return f"****{digits[-2:]}"


def masked_email(text: str) -> str:
    """An address with its name hidden but for the first letter: w***@example.com."""
    name, at, host = text.partition("@")
    return f"{name[:1]}***{at}{host}" if at else ("***" if text else "")
