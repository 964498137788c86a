"""The calendar: which days are worked, a year at a time; loud where a year is not published yet."""

from calendar import Calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anxiu.console.clocks.forms import DayForm
from anxiu.console.pages import Verb, VerbForm, dialog, page, show
from anxiu.console.templatetags._words import is_chinese
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import NotFound
from anxiu.kernel.given import day as given_day
from anxiu.kernel.time import now
from anxiu.kernel.values import reading
from anxiu.regulation.queries import VIEW, in_force
from anxiu.sla import actions
from anxiu.sla.models import CalendarDay
from anxiu.sla.queries import calendar_days, provisional_clocks, published_years
from anxiu.sla.timetables import WEEKDAYS, timetable
from anxiu.sla.values import WORKING_HOURS

MONTHS = range(1, 13)
YEARS = range(2000, 2100)
WEEKDAY_NAMES = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
NEXT_YEAR_MATTERS = 10  # the State Council publishes a year's days in its autumn before


@dataclass(frozen=True)
class Cell:
    """A date of the year's sheet: off, a make-up workday, or as its weekday is."""

    day: date
    look: str
    name: str
    provisional: bool


@dataclass
class Break:
    """Days off in a row under one name, and the days that are worked for them."""

    name: str
    first: date
    last: date
    make_up: list[date] = field(default_factory=list)

    @property
    def length(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1


def _name(row: CalendarDay) -> str:
    return row.name_zh if is_chinese() else row.name_en


def _sheet(year: int, rows: Sequence[CalendarDay], version_id: int) -> list[list[list[Cell | None]]]:
    """Twelve months of weeks, Monday first; None pads a week."""
    known = {row.date: row for row in rows}
    hours = timetable(version_id, timezone.get_current_timezone_name(), round_the_clock=False)

    def cell(day: date) -> Cell:
        row = known.get(day)
        look = ("is-make-up" if row.is_work else "is-holiday") if row else ""
        if not row and hours.weekday_worked(day) is None:
            look = "is-free"
        return Cell(day, look, _name(row) if row else "", hours.is_provisional(day))

    weeks = Calendar().monthdatescalendar
    return [
        [[cell(day) if day.month == month else None for day in week] for week in weeks(year, month)] for month in MONTHS
    ]


def _breaks(rows: Sequence[CalendarDay]) -> list[Break]:
    """Holidays as periods; a make-up workday carries the name of the holiday it makes up for."""
    found: list[Break] = []
    for row in rows:
        if row.is_work:
            continue
        last = found[-1] if found else None
        if last is not None and last.name == _name(row) and row.date - last.last == timedelta(days=1):
            last.last = row.date
        else:
            found.append(Break(_name(row), row.date, row.date))
    for row in rows:
        if row.is_work and (near := [each for each in found if each.name == _name(row)]):
            min(near, key=lambda each: abs((each.first - row.date).days)).make_up.append(row.date)
    return found


def _heads() -> list[str]:
    """The weekdays, as short as a column: 一 … 日, Mon … Sun."""
    return [str(name)[-1] if is_chinese() else str(name)[:3] for name in WEEKDAY_NAMES]


def week(written: Mapping[str, tuple[str, ...]]) -> list[tuple[str, Sequence[str]]]:
    """Working hours by weekday, days in a row with the same hours together."""
    found: list[tuple[str, str, Sequence[str]]] = []
    for code, name in zip(WEEKDAYS, WEEKDAY_NAMES, strict=True):
        hours = written.get(code, ())
        if found and list(found[-1][2]) == list(hours):
            found[-1] = (found[-1][0], str(name), hours)
        else:
            found.append((str(name), str(name), hours))
    return [(first if first == last else f"{first} – {last}", hours) for first, last, hours in found]


def missing_year(today: date, published: Sequence[int]) -> int | None:
    """Next year, once it ought to be published but is not."""
    following = today.year + 1
    return following if today.month >= NEXT_YEAR_MATTERS and following not in published else None


@page(VIEW)
def calendar(request: HttpRequest, actor: Actor, year: int | None = None) -> HttpResponse:
    """A year: holidays, make-up workdays, and whether they are certain."""
    today = timezone.localdate(now())
    year = year or today.year
    if year not in YEARS:
        raise NotFound("kernel.not_found")
    rows, published = list(calendar_days(year)), published_years()
    version = in_force(None, "", now())
    context = {
        "title": _("Calendar"), "year": year, "today": today, "months": _sheet(year, rows, version.pk),
        "breaks": _breaks(rows), "is_published": year in published,
        "next_missing": missing_year(today, published),
        "provisional": provisional_clocks(actor).count(), "source": rows[0].source if rows else "",
        "by_hand": [row for row in rows if row.source == actions.BY_HAND],
        "week": week(reading(version.pk)(WORKING_HOURS)), "heads": _heads(),
        "before_url": reverse("calendar_year", args=[year - 1]), "after_url": reverse("calendar_year", args=[year + 1]),
        "may_set": actor.may("sla.set_calendar_day"), "may_confirm": actor.may("sla.confirm_year"),
    }  # fmt: skip
    return show(request, "console/clocks/calendar.html", context)


@page("sla.set_calendar_day")
def set_calendar_day(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Say what a date is."""
    day = given_day(request.GET.get("day", "")) or timezone.localdate(now())
    row = calendar_days(day.year).filter(date=day).first()
    initial: dict[str, Any] = {"day": day, "is_work": "0"}
    if row:
        initial |= {"is_work": "1" if row.is_work else "0", "provisional": row.provisional}
        initial |= {"name_zh": row.name_zh, "name_en": row.name_en}

    def run(given: dict[str, Any]) -> object:
        return actions.set_calendar_day(actor=actor, at=now(), new=actions.NewDay(**given))

    verb = Verb(
        title=_("Set a day"), submit=_("Save"), run=run, done=_("The day was set. Open deadlines are reckoned anew."),
        lead=_("Your word goes before what was published. Deadlines in working hours move at once, on record."),
    )  # fmt: skip
    return dialog(request, actor, DayForm(request.POST or None, initial=initial), verb)


@page("sla.confirm_year")
def confirm_year(request: HttpRequest, actor: Actor, year: int) -> HttpResponse:
    """Say that a year's days are complete and certain."""

    def run(given: dict[str, Any]) -> object:
        return actions.confirm_year(actor=actor, at=now(), year=year)

    verb = Verb(
        title=_("Confirm the year"), submit=_("The year is complete"), run=run, done=_("The year is confirmed."),
        lead=_("All its holidays and make-up workdays are entered as published. Its deadlines are certain now."),
    )  # fmt: skip
    return dialog(request, actor, VerbForm(request.POST or None), verb)
