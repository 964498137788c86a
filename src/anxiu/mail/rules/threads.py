"""By which marks a mail belongs to an order."""

import base64
import hmac
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from uuid import UUID

from anxiu.kernel.ids import is_number
from anxiu.orders.choices import NUMBER_PREFIX

BYTES: Final = 15  # source: own choice; 120 bits cannot be guessed, and base32 needs no padding for them
# In lower case throughout: servers on the way may change the case of an address.
_TOKEN: Final = re.compile(
    r"(?:(?P<notice>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.)?o(?P<order>[0-9]{1,18})\.(?P<mark>[a-z2-7]{24})(?![a-z0-9])"
)
_NUMBER: Final = re.compile(r"WX[0-9]{8,14}(?![0-9])", re.IGNORECASE)
_ANSWERED: Final = re.compile(
    r"^\s*(?:(?:re|aw|antw|sv|回复|答复|回覆|答覆)\s*(?:\[[0-9]+\])?\s*[:：]\s*)+", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Token:
    """Of which order a mail of ours was, and which notice it was, where its id is given whole."""

    order_id: int
    notice: UUID | None


def token_of(secret: str, order_id: int) -> str:
    """The order's key with a mark that only we can make: `o17.` and 24 letters."""
    mark = hmac.new(f"{secret}:mail".encode(), f"order:{order_id}".encode(), sha256).digest()[:BYTES]
    return f"o{order_id}.{base64.b32encode(mark).decode().lower()}"


def tokens_in(secret: str, text: str) -> list[Token]:
    """The genuine tokens in a text, in their order."""
    found = []
    for each in _TOKEN.finditer(text.lower()):
        order_id = int(each["order"])
        if hmac.compare_digest(token_of(secret, order_id), f"o{order_id}.{each['mark']}"):
            found.append(Token(order_id, UUID(each["notice"]) if each["notice"] else None))
    return found


def order_numbers(subject: str) -> list[str]:
    """The order numbers without a typing error in a subject."""
    found = (each.upper() for each in _NUMBER.findall(subject))
    return [each for each in found if is_number(each, NUMBER_PREFIX)]


def answered_subject(subject: str) -> str:
    """The subject of an answer to a mail."""
    return f"Re: {_ANSWERED.sub('', subject).strip()}".strip()
