"""How pilots are named to people: where they run, how long, how they stand."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from anxiu.console.dashboard.asking import local_name
from anxiu.regulation.choices import OrderType, PilotOutcome
from anxiu.regulation.messages import OUTCOMES
from anxiu.regulation.models import Pilot
from anxiu.regulation.queries import order_type_in_words

COMPANY: Final = ZoneInfo(settings.TIME_ZONE)
TONES: Final = {PilotOutcome.ROLLED_OUT: "green", PilotOutcome.WITHDRAWN: "grey"}
FULL: Final = 100  # percent


@dataclass(frozen=True, slots=True)
class Shown:
    """A pilot as lists and heads show it; `percent` is how much of its planned time has passed."""

    pilot: Pilot
    name: str
    where: str
    state: str
    tone: str
    left: str
    percent: int
    late: bool
    first: datetime
    last: date


def shown(pilot: Pilot, at: datetime) -> Shown:
    """A pilot in words."""
    today, first = at.astimezone(COMPANY).date(), pilot.starts_at.astimezone(COMPANY).date()
    planned = max((pilot.until_date - first).days + 1, 1)
    gone = min(max((today - first).days, 0), planned)
    late = not pilot.outcome and today > pilot.until_date
    state, tone = _state(pilot, at, late=late)
    return Shown(
        pilot, local_name(pilot.version), where(pilot), str(state), tone, _left(pilot, today, first),
        FULL * gone // planned, late, pilot.starts_at, pilot.until_date,
    )  # fmt: skip


def _state(pilot: Pilot, at: datetime, *, late: bool) -> tuple[str | Promise, str]:
    if pilot.outcome:
        if pilot.holds_until and pilot.holds_until > at:
            return _("Rolls out later"), "blue"
        return OUTCOMES[PilotOutcome(pilot.outcome)], TONES[PilotOutcome(pilot.outcome)]
    if pilot.starts_at > at:
        return _("Starts later"), "blue"
    return (_("To be decided"), "amber") if late else (_("Running"), "violet")


def _left(pilot: Pilot, today: date, first: date) -> str:
    """How many days are left, or since when a decision is due."""
    if pilot.outcome:
        return ""
    if today < first:
        days = (first - today).days
        return ngettext("starts in {n} day", "starts in {n} days", days).format(n=days)
    days = (pilot.until_date - today).days + 1
    if days > 0:
        return ngettext("{n} day left", "{n} days left", days).format(n=days)
    return ngettext("{n} day over the plan", "{n} days over the plan", 1 - days).format(n=1 - days)


def where(pilot: Pilot) -> str:
    """The regions and kinds of service it is tried in, in a few words."""
    comma = _(", ")
    places = list(pilot.places.all())
    regions = dict.fromkeys(local_name(each.region) for each in places if each.region)
    kinds = dict.fromkeys(each.order_type for each in places if each.order_type)
    language = get_language() or "zh-hans"
    types = comma.join(order_type_in_words(OrderType(each), language) for each in kinds)
    return " · ".join(filter(None, (comma.join(regions), types)))


def day_words(first: date, last: date) -> str:
    """A span of days: `2026-05-04 – 06-14`."""
    return f"{first:%Y-%m-%d} – {last:%m-%d}" if first.year == last.year else f"{first:%Y-%m-%d} – {last:%Y-%m-%d}"
