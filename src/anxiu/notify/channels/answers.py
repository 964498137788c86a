"""What channels of vendors have in common: being set up, what a code means, asking once more with a new token."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from anxiu.notify.channels import Account, Granted, Undelivered
from anxiu.notify.choices import Reason
from anxiu.notify.models import Notice
from anxiu.notify.rules import Template, international

SAID: Final = 200
SHORT: Final = timedelta(minutes=1)
DAY: Final = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Means:
    """A reason; whether it may pass by itself, and after how long."""

    reason: Reason
    again: bool = False
    after: timedelta = timedelta(0)


GONE: Final = Means(Reason.BAD_ADDRESS)
RATE: Final = Means(Reason.RATE, again=True, after=SHORT)
USED_UP: Final = Means(Reason.DAILY_LIMIT)
BUSY: Final = Means(Reason.SERVER_BUSY, again=True)
LOGIN: Final = Means(Reason.LOGIN, again=True)
SETTINGS: Final = Means(Reason.SETTINGS)
CONTENT: Final = Means(Reason.CONTENT)


def undelivered(code: object, words: object, meanings: Mapping[Any, Means]) -> Undelivered:
    """What a code stands for; one nobody told us of is a refusal for good, in the vendor's words."""
    means = meanings.get(code, Means(Reason.REFUSED))
    return Undelivered(means.reason, f"{code} {words}"[:SAID], again=means.again, after=means.after)


def with_token(
    account: Account, fetch: Callable[[], Granted], ask: Callable[[str], dict[str, Any]], code: str,
    ended: Collection[object],
) -> dict[str, Any]:  # fmt: skip
    """Ask with the shared token; where the vendor says that it ended, once more with a new one."""
    token = account.token(fetch)
    answer = ask(token)
    if answer.get(code) not in ended:
        return answer
    return ask(account.token(fetch, bad=token))


def granted(answer: Mapping[str, Any], name: str, lasts: str, code: str, meanings: Mapping[Any, Means]) -> Granted:
    """The token in an answer, or why there is none."""
    if answer.get(code) or not isinstance(answer.get(name), str):
        said = answer.get("errmsg") or answer.get("msg") or "no token in the answer"
        raise undelivered(answer.get(code), said, {answer.get(code): LOGIN, **meanings})
    try:
        seconds = int(answer.get(lasts) or 0)
    except (TypeError, ValueError):
        seconds = 0
    return Granted(str(answer[name]), timedelta(seconds=seconds))


class Vendor(ABC):
    """A channel of a vendor: nothing leaves before it is set up."""

    def waits_for(self, account: Account | None) -> Reason | None:
        """Being set up."""
        return None if account else Reason.NOT_SET_UP

    def send(self, notice: Notice, account: Account | None) -> None:
        """Deliver one notice, or raise `Undelivered`."""
        if account is None:
            raise Undelivered(Reason.NOT_SET_UP, "", again=True)
        self.deliver(notice, account)

    @abstractmethod
    def deliver(self, notice: Notice, account: Account) -> None:
        """Hand the notice to the vendor."""


def by_text_message(notice: Notice, account: Account) -> tuple[Template, str]:
    """The template that says a notice, and the number it goes to; raises `Undelivered` without either."""
    template, number = account.template(notice.kind), international(notice.address)
    if template is None:
        raise Undelivered(Reason.NO_TEMPLATE, notice.kind, again=False)
    if not number:
        raise Undelivered(Reason.BAD_ADDRESS, "", again=False)
    return template, number
