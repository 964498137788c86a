"""Ways to deliver a notice, all on one contract.

A channel is *offered* (what it is called, what an administrator sets up, what an address looks like) and, once
something goes out by it, *opened*: its module is imported then. `send` returns when the notice left and raises
`Undelivered` with a reason otherwise. It knows no table: what it needs of this installation is given as an `Account`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib import import_module
from typing import Final, Protocol

from django.utils.functional import Promise

from anxiu.notify.choices import AddressKind, Reason
from anxiu.notify.models import Notice
from anxiu.notify.rules import Template


class Undelivered(Exception):
    """A delivery did not happen. `again`: it may succeed later by itself, after no less than `after`.

    `detail` is the vendor's code and words, never an address, a credential or a token.
    """

    def __init__(
        self, reason: Reason, detail: str, *, again: bool, after: timedelta = timedelta(0)
    ) -> None:
        super().__init__(detail)
        self.reason, self.detail, self.again, self.after = reason, detail, again, after


@dataclass(frozen=True, slots=True)
class Granted:
    """A token a vendor gave, and for how long it says it holds."""

    token: str
    lasts: timedelta


class Account(Protocol):
    """What a channel is given of this installation."""

    base_url: str
    config: Mapping[str, str]  # what an administrator set up, secrets included

    def token(self, fetch: Callable[[], Granted], bad: str = "") -> str:
        """The token all workers share; asked for once when there is none, it ended, or it is the `bad` one."""

    def template(self, kind: str) -> Template | None:
        """The vendor's template for a kind of notice."""

    def facts(self, notice: Notice) -> Mapping[str, str]:
        """What may fill a template: `title`, `number`, `company`, `kind`."""


class Channel(Protocol):
    """One way to deliver."""

    def waits_for(self, account: Account | None) -> Reason | None:
        """What is missing before anything can be sent this way; without an account it is not set up or off."""

    def send(self, notice: Notice, account: Account | None) -> None:
        """Deliver one notice, or raise `Undelivered`."""


@dataclass(frozen=True, slots=True)
class Field:
    """One thing an administrator sets up. A secret is sealed and never shown again."""

    name: str
    words: Promise | str
    is_secret: bool = False
    is_needed: bool = True


@dataclass(frozen=True, slots=True)
class Offer:
    """A channel as it is registered.

    `path` is `package.module:Class`; `repeats` says that the vendor tells a repeated message from a new one, so that
    what was interrupted may be sent again; `costs` that each message is paid for, so that limits hold; `templates` that
    it carries nothing but the vendor's registered templates.
    """

    medium: str
    words: Promise | str
    symbol: str
    path: str
    address: AddressKind = AddressKind.NONE
    fields: tuple[Field, ...] = ()
    base_url: str = ""
    repeats: bool = True
    costs: bool = False
    templates: bool = False


OFFERS: Final[dict[str, Offer]] = {}


def register(offer: Offer) -> None:
    """Offer a channel; called once for each, when the app of a plug-in is ready."""
    OFFERS[offer.medium] = offer


def offered(medium: str) -> Offer:
    """What was registered under this name."""
    return OFFERS[medium]


@cache
def _opened(path: str) -> Channel:
    module, _, name = path.partition(":")
    made: Channel = getattr(import_module(module), name)()
    return made


def channel(medium: str) -> Channel:
    """The channel of a notice, imported when it is first needed."""
    return _opened(offered(medium).path)


from anxiu.notify.channels import known  # noqa: E402, F401 - registers those the program comes with
