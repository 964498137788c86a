"""Ways to deliver a notice, all on one contract: whether it has to wait, and sending it or saying why not."""

from collections.abc import Mapping
from typing import Final, Protocol

from anxiu.notify.choices import Medium, Reason
from anxiu.notify.models import Notice


class Undelivered(Exception):
    """A delivery did not happen. `again`: it may succeed later by itself."""

    def __init__(self, reason: Reason, detail: str, *, again: bool) -> None:
        super().__init__(detail)
        self.reason, self.detail, self.again = reason, detail, again


class Channel(Protocol):
    """One way to deliver."""

    medium: Medium

    def waits_for(self) -> Reason | None:
        """What is missing before anything can be sent this way."""

    def send(self, notice: Notice) -> None:
        """Deliver one notice, or raise `Undelivered`."""


def channel(medium: str) -> Channel:
    """The channel of a notice."""
    return CHANNELS[Medium(medium)]


from anxiu.notify.channels.email import Email  # noqa: E402 - they use the contract above
from anxiu.notify.channels.inapp import InApp  # noqa: E402

CHANNELS: Final[Mapping[Medium, Channel]] = {each.medium: each for each in (Email(), InApp())}
