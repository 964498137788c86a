"""Times, spans and amounts in words, in the language of the request. Pure functions; the tags only register them."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import get_language, gettext

from anxiu.kernel.money import MINOR_UNITS, Money

MINUTES_IN_HOUR = 60
HOURS_IN_DAY = 24
# Dispatchers speak of "96 minutes"; from a hundred on hours are easier.
CLOCK_MINUTES = 100
SIGNS = {"CNY": "¥", "HKD": "HK$", "USD": "US$", "EUR": "€", "JPY": "JP¥"}


# Whether what is rendered goes into a file: then a moment is said whole, since "today" is another day tomorrow.
_IS_IN_FULL: ContextVar[bool] = ContextVar("anxiu_in_full", default=False)


@contextmanager
def in_full() -> Iterator[None]:
    """Say moments and texts whole while this lasts."""
    token = _IS_IN_FULL.set(True)
    try:
        yield
    finally:
        _IS_IN_FULL.reset(token)


def is_in_full() -> bool:
    """Whether moments and texts are said whole."""
    return _IS_IN_FULL.get()


def duration_words(span: timedelta, minutes_up_to: int = MINUTES_IN_HOUR) -> str:
    """`2 小时 5 分`, `2 h 5 min`; the two largest units, rounded down; a negative span by its size."""
    minutes = int(abs(span).total_seconds() // 60)
    if minutes < minutes_up_to:
        return gettext("%(m)s min") % {"m": minutes}
    hours, rest = divmod(minutes, MINUTES_IN_HOUR)
    if hours < 2 * HOURS_IN_DAY:
        words = gettext("%(h)s h %(m)s min") if rest else gettext("%(h)s h")
        return words % {"h": hours, "m": rest}
    days, hours = divmod(hours, HOURS_IN_DAY)
    words = gettext("%(d)s d %(h)s h") if hours else gettext("%(d)s d")
    return words % {"d": days, "h": hours}


def day_word(day: date, today: date) -> str:
    """`今天`, `昨天`, `明天`, `11-21`, or the full date of another year."""
    match (day - today).days:
        case -1:
            return gettext("Yesterday")
        case 0:
            return gettext("Today")
        case 1:
            return gettext("Tomorrow")
    return day.strftime("%m-%d") if day.year == today.year else day.isoformat()


def localtime_short(at: datetime, now: datetime) -> str:
    """`今天 09:30`, `11-21 09:30`, `2025-11-21 09:30` in the active time zone."""
    return local_short(timezone.localtime(at), timezone.localtime(now).date())


def local_short(local: datetime, today: date) -> str:
    """The same for a moment and a day that are in the active time zone already; the whole date in a file."""
    if is_in_full():
        return f"{local:%Y-%m-%d %H:%M}"
    return f"{day_word(local.date(), today)} {local:%H:%M}"


def money_words(minor: int, currency: str) -> str:
    """`¥1,234.50`: sign, thousands, exactly the minor units of the currency."""
    amount = Money(minor, currency).amount
    minus = "−" if amount < 0 else ""
    return f"{minus}{SIGNS[currency]}{abs(amount):,.{MINOR_UNITS[currency]}f}"


def is_chinese() -> bool:
    """Whether this request is answered in Chinese."""
    return (get_language() or "").startswith("zh")
