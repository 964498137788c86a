"""What no log may hold, taken out of any text on its way there: secrets of links, addresses, numbers, rows' values."""

import re
from typing import Final

BLOT: Final = "…"
_SECRETS: Final = re.compile(
    r"(?P<before>/p/(?:t|s|d|r|rate|u)/|(?<!/p)/r/|/accounts/password/reset/key/)(?P<secret>[^/\s?#\"'<>]+)"
)
_ADDRESS: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_MOBILE: Final = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
# PostgreSQL quotes the row that broke a rule: "Key (email)=(…) already exists."
_ROW: Final = re.compile(r"^(?P<what>\s*(?:DETAIL|CONTEXT)):.*$", re.MULTILINE)


def blotted(text: str) -> str:
    """The text without what it must not hold."""
    text = _SECRETS.sub(rf"\g<before>{BLOT}", text)
    text = _ADDRESS.sub(BLOT, text)
    text = _MOBILE.sub(BLOT, text)
    return _ROW.sub(rf"\g<what>: {BLOT}", text)
