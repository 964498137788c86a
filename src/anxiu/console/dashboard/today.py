"""Today and load: what is to be booked, who comes where, and how much of the day is left, engineer by engineer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anxiu.accounts.models import Region
from anxiu.accounts.queries import regions
from anxiu.console.dashboard.asking import local_name
from anxiu.console.pages import PAGE, address, page, show
from anxiu.console.templatetags._words import is_in_full
from anxiu.kernel.actor import Actor
from anxiu.kernel.given import day as given_day
from anxiu.kernel.time import now
from anxiu.kpi.queries import VIEW_INDICATORS
from anxiu.orders.choices import State
from anxiu.orders.messages import SEVERITIES
from anxiu.orders.queries import Coming, visible, visits_counted, visits_of_day
from anxiu.regulation.choices import Severity
from anxiu.workforce.models import Engineer
from anxiu.workforce.queries import engineers, shifts_between, taken, zone_of
from anxiu.workforce.queries.time import local_day
from anxiu.workforce.rules import ShiftSlot, Slot
from anxiu.workforce.rules.load import NOTHING, Load, load

LOADED: Final = 10  # source: own choice; the table below has everybody
VISITS: Final = 12  # source: own choice; of one engineer, more than a day holds; the week behind the name has all
HOUR: Final = timedelta(hours=1)
TONES: Final = {Severity.URGENT: "red", Severity.NORMAL: "amber", Severity.MINOR: "blue"}


@dataclass(frozen=True, slots=True)
class Row:
    """An engineer's day."""

    engineer: Engineer
    region: str
    shifts: tuple[ShiftSlot, ...]
    load: Load
    visits: tuple[Coming, ...] = ()
    further: int = 0

    @property
    def share(self) -> int:
        """How much of the working time is booked, in percent; all of it where nobody is at work."""
        booked, work = self.load.booked, self.load.work
        return min(100, round(100 * booked / work)) if work else 100 * bool(booked)


@page("orders.book_visit")
def today(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The day of everybody who may be sent, a page of them with their visits; ten statements."""
    at, day = now(), given_day(request.GET.get("day", "")) or timezone.localdate(now())
    places = list(regions(actor))
    place = next((each for each in places if each.code == request.GET.get("region")), None)
    window = local_day(day, timezone.get_default_timezone())
    rows = _rows(actor, window, place, at)
    shown, first, after = _page(request, rows)
    waiting = visible(actor).filter(state=State.ACCEPTED, ended_at=None)
    waiting = waiting.filter(region=place) if place else waiting
    context = {
        "title": _("Today and load"), "day": day, "is_today": day == timezone.localdate(now()),
        "rows": _with_visits(actor, shown, window), "people": len(rows), "first_url": first, "next_url": after,
        "before": day - timedelta(days=1), "after": day + timedelta(days=1), "region": place,
        "region_choices": [(each.code, local_name(each)) for each in places],
        "unbooked": _unbooked(waiting, place),
        "visits": visits_counted(actor, [each.engineer.pk for each in rows], window.starts_at, window.ends_at),
        "totals": Load(*(sum((getattr(each.load, name) for each in rows), NOTHING) for name in Load.__slots__)),
        "chart": _chart(rows), "may_see_figures": actor.may(VIEW_INDICATORS),
    }  # fmt: skip
    return show(request, "console/dashboard/today.html", context, fragment="console/dashboard/day.html")


def _rows(actor: Actor, window: Slot, place: Region | None, at: datetime) -> list[Row]:
    """Everybody at work or booked, who has most to do first; four statements."""
    seen = engineers(actor)
    people = list(seen.filter(region=place) if place else seen)
    zones = {each.pk: zone_of(each.region) for each in people}
    shifts, busy = shifts_between(zones, window), taken(zones, window)
    rows = [
        Row(
            each, local_name(each.region), tuple(shift for shift in shifts[each.pk] if shift.slot.overlaps(window)),
            _load(shifts[each.pk], busy.get(each.pk, ()), window, at),
        )
        for each in people
    ]  # fmt: skip
    there = [each for each in rows if each.load.work or each.load.booked or each.shifts]
    return sorted(there, key=lambda each: (-each.load.booked, -each.load.left, each.engineer.person.name_key))


def _page(request: HttpRequest, rows: Sequence[Row]) -> tuple[Sequence[Row], str, str]:
    """The rows of one page and the addresses of the first and the next; all of them where they go into a file.

    By place, as who comes first is worked out from the whole day and moves with it.
    """
    if is_in_full():
        return rows, "", ""
    asked = request.GET.get("skip", "")
    skip = next((at for at in range(0, len(rows), PAGE) if str(at) == asked), 0)
    further = address(request, skip=skip + PAGE) if skip + PAGE < len(rows) else ""
    return rows[skip : skip + PAGE], address(request, skip="") if skip else "", further


def _with_visits(actor: Actor, rows: Sequence[Row], window: Slot) -> list[Row]:
    """These rows with who is visited; one statement."""
    visits = visits_of_day(actor, [each.engineer.pk for each in rows], window.starts_at, window.ends_at)
    most = None if is_in_full() else VISITS
    found = ((each, visits.get(each.engineer.pk, [])) for each in rows)
    return [replace(each, visits=tuple(own[:most]), further=len(own) - len(own[:most])) for each, own in found]


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
