"""Today and load: what is to be booked, who comes where, and how much of the day is left, engineer by engineer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from anxiu.accounts.models import Region
from anxiu.accounts.queries import regions
from anxiu.console.dashboard.asking import local_name
from anxiu.console.pages import page, show
from anxiu.kernel.actor import Actor
from anxiu.kernel.time import now
from anxiu.kpi.queries import VIEW_INDICATORS
from anxiu.orders.choices import State
from anxiu.orders.messages import SEVERITIES
from anxiu.orders.models import Visit
from anxiu.orders.queries import visible, visits_of_day
from anxiu.regulation.choices import Severity
from anxiu.workforce.models import Engineer
from anxiu.workforce.queries import engineers, shifts_between, taken, zone_of
from anxiu.workforce.queries.time import local_day
from anxiu.workforce.rules import ShiftSlot, Slot
from anxiu.workforce.rules.load import NOTHING, Load, load

LOADED: Final = 10  # source: own choice; the table below has everybody
HOUR: Final = timedelta(hours=1)
TONES: Final = {Severity.URGENT: "red", Severity.NORMAL: "amber", Severity.MINOR: "blue"}


@dataclass(frozen=True, slots=True)
class Row:
    """An engineer's day."""

    engineer: Engineer
    region: str
    shifts: tuple[ShiftSlot, ...]
    visits: tuple[Visit, ...]
    load: Load

    @property
    def share(self) -> int:
        """How much of the working time is booked, in percent; all of it where nobody is at work."""
        return min(100, round(100 * self.load.booked / self.load.work)) if self.load.work else 100 * bool(self.visits)


@page("orders.book_visit")
def today(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The day of everybody who may be sent; nine statements."""
    at, day = now(), _day(request.GET.get("day", ""))
    places = list(regions(actor))
    place = next((each for each in places if each.code == request.GET.get("region")), None)
    rows = _rows(actor, day, place, at)
    waiting = visible(actor).filter(state=State.ACCEPTED, ended_at=None)
    waiting = waiting.filter(region=place) if place else waiting
    context = {
        "title": _("Today and load"), "day": day, "is_today": day == timezone.localdate(now()), "rows": rows,
        "before": day - timedelta(days=1), "after": day + timedelta(days=1), "region": place,
        "region_choices": [(each.code, local_name(each)) for each in places],
        "unbooked": _unbooked(waiting, place), "visits": sum(len(each.visits) for each in rows),
        "totals": Load(*(sum((getattr(each.load, name) for each in rows), NOTHING) for name in Load.__slots__)),
        "chart": _chart(rows), "may_see_figures": actor.may(VIEW_INDICATORS),
    }  # fmt: skip
    return show(request, "console/dashboard/today.html", context, fragment="console/dashboard/day.html")


def _day(text: str) -> date:
    try:
        found = parse_date(text)
    except ValueError:
        found = None
    return found if found and 1 < found.year < 9999 else timezone.localdate(now())


def _rows(actor: Actor, day: date, place: Region | None, at: datetime) -> list[Row]:
    """Everybody at work or booked, who has most to do first; five statements."""
    seen = engineers(actor)
    people = list(seen.filter(region=place) if place else seen)
    zones = {each.pk: zone_of(each.region) for each in people}
    window = local_day(day, timezone.get_default_timezone())
    shifts, busy = shifts_between(zones, window), taken(zones, window)
    visits = visits_of_day(actor, list(zones), window.starts_at, window.ends_at)
    rows = [
        Row(
            each, local_name(each.region), tuple(shift for shift in shifts[each.pk] if shift.slot.overlaps(window)),
            tuple(visits.get(each.pk, ())), _load(shifts[each.pk], busy.get(each.pk, ()), window, at),
        )
        for each in people
    ]  # fmt: skip
    there = [each for each in rows if each.load.work or each.load.booked or each.shifts]
    return sorted(there, key=lambda each: (-each.load.booked, -each.load.left, each.engineer.person.name_key))


def _load(shifts: Sequence[ShiftSlot], busy: Sequence[Any], window: Slot, at: datetime) -> Load:
    return load((each.slot for each in shifts if each.kind == "work"), busy, window, at)


def _unbooked(waiting: Any, place: Region | None) -> list[dict[str, Any]]:
    """Orders nobody is booked for, by severity, each with the list it counts."""
    found = dict(waiting.order_by().values_list("severity").annotate(Count("id")))
    more = f"&region={place.code}" if place else ""
    return [
        {
            "label": SEVERITIES[each], "count": found.get(each.value, 0), "tone": TONES[each],
            "url": f"{reverse('orders')}?tab=to_book&severity={each.value}{more}",
        }
        for each in Severity
    ]  # fmt: skip


def _chart(rows: Sequence[Row]) -> dict[str, Any]:
    """Who is booked most: hours, as bars."""
    most = [each for each in rows if each.load.booked][:LOADED]
    return {
        "labels": [each.engineer.person.name for each in most],
        "series": [{"name": str(_("Booked")), "data": [round(each.load.booked / HOUR, 1) for each in most]}],
    }
