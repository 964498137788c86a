"""How long what is held about persons is kept."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from anxiu.kernel.values import DurationKind, Scope, Value
from anxiu.privacy.choices import Data
from anxiu.trace.values import REFUSED_KEPT


def _kept(data: Data) -> Value[timedelta]:
    return Value(f"privacy.keep_{data.value}", DurationKind(), scope=Scope.COMPANY)


KEEP_PLACES: Final = _kept(Data.PLACES)
KEEP_MEDIA: Final = _kept(Data.MEDIA)
KEEP_ORDERS: Final = _kept(Data.ORDERS)
KEEP_CALLERS: Final = _kept(Data.CALLERS)
KEEP_NOTICES: Final = _kept(Data.NOTICES)
KEEP_MAILS: Final = _kept(Data.MAILS)
KEEP_LINKS: Final = _kept(Data.LINKS)
KEEP_ACCESSES: Final = _kept(Data.ACCESSES)
KEEP_PEOPLE: Final = _kept(Data.PEOPLE)

# Every class of data with the value that says how long it is kept, in the order they are shown.
KEPT_FOR: Final[Mapping[Data, Value[timedelta]]] = {
    Data.PLACES: KEEP_PLACES, Data.MEDIA: KEEP_MEDIA, Data.CALLERS: KEEP_CALLERS, Data.ORDERS: KEEP_ORDERS,
    Data.NOTICES: KEEP_NOTICES, Data.MAILS: KEEP_MAILS, Data.LINKS: KEEP_LINKS, Data.ACCESSES: KEEP_ACCESSES,
    Data.REFUSED: REFUSED_KEPT, Data.PEOPLE: KEEP_PEOPLE,
}  # fmt: skip
