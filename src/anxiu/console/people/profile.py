"""One engineer: what they hold, when they work, what they are booked for, and what happened."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anxiu.console.order_rows import look
from anxiu.console.pages import address, page, show
from anxiu.kernel.access import AccessKind, note_access
from anxiu.kernel.actor import Actor
from anxiu.kernel.given import day as given_day
from anxiu.kernel.money import Money
from anxiu.kernel.time import now
from anxiu.orders.models import Order
from anxiu.orders.queries import VIEW as VIEW_ORDERS
from anxiu.orders.queries import listed
from anxiu.orders.queries import visible as orders
from anxiu.workforce.choices import OccupancyKind, ShiftKind
from anxiu.workforce.messages import (
    BAR_REASONS,
    LEAVE_KINDS,
    LEVELS,
    OCCUPANCY_KINDS,
    SHIFT_KINDS,
    WEEKDAYS,
)
from anxiu.workforce.queries import VIEW, VIEW_STANDING, Day, Paper, Profile, cut, history, profile, week
from anxiu.workforce.rules import Slot

RECENT_ORDERS = 8
_WEEK = timedelta(days=7)
_TONES = {OccupancyKind.VISIT: "blue", OccupancyKind.LEAVE: "grey", OccupancyKind.TRAINING: "violet"}
_LOOKS = {ShiftKind.WORK: "work", ShiftKind.ON_CALL: "call"}
_MARKS = {
    "workforce.engineer_added": ("user-plus", "green"),
    "workforce.grade_set": ("award", "blue"),
    "workforce.qualification_added": ("certificate", "teal"),
    "workforce.qualification_revoked": ("circle-x", "red"),
    "workforce.qualification_expiring": ("alarm", "amber"),
    "workforce.engineer_barred": ("ban", "red"),
    "workforce.bar_lifted": ("circle-check", "green"),
    "workforce.leave_booked": ("plane-departure", "grey"),
    "workforce.shift_added": ("calendar-plus", "blue"),
    "workforce.shift_pattern_set": ("calendar-time", "blue"),
}


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of a day as drawn: left edge and width in hundredths of the day, look, words and where it leads."""

    x: float
    width: float
    tone: str
    label: str
    title: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One day of the week view."""

    date: date
    name: str
    is_today: bool
    shifts: tuple[Bar, ...]
    bars: tuple[Bar, ...]
    now_x: float | None


def _bar(slot: Slot, day: Slot, tone: str, label: str, url: str = "") -> Bar:
    part = cut(slot, day)
    start, end = (moment.astimezone(day.starts_at.tzinfo) for moment in (slot.starts_at, slot.ends_at))
    return Bar(
        x=round(100 * ((part.starts_at - day.starts_at) / day.length), 3),
        width=round(100 * (part.length / day.length), 3),
        tone=tone,
        label=label,
        title=f"{start:%H:%M}–{end:%H:%M} {label}",
        url=url,
    )


def _drawn(days: Iterable[Day], visits: dict[int, tuple[str, str]], at: datetime) -> list[Drawn]:
    """The days with every stretch as a share of its day."""
    lines = []
    for day in days:
        bars = []
        for one in day.taken:
            kind = OccupancyKind(one.kind)
            label, url = visits.get(one.subject_id, ("", "")) if kind is OccupancyKind.VISIT else ("", "")
            slot = Slot(one.starts_at, one.ends_at)
            bars.append(_bar(slot, day.slot, _TONES[kind], label or str(OCCUPANCY_KINDS[kind]), url))
        today = day.slot.starts_at <= at < day.slot.ends_at
        lines.append(
            Drawn(
                date=day.date,
                name=str(WEEKDAYS[day.date.isoweekday()]),
                is_today=today,
                shifts=tuple(
                    _bar(one.slot, day.slot, _LOOKS[one.kind], str(SHIFT_KINDS[one.kind])) for one in day.shifts
                ),
                bars=tuple(bars),
                now_x=round(100 * ((at - day.slot.starts_at) / day.slot.length), 3) if today else None,
            )
        )
    return lines


def _visits(who: Actor, days: Iterable[Day]) -> dict[int, tuple[str, str]]:
    """Number and address of the orders behind the week's visits, where the reader may see them."""
    ids = {one.subject_id for day in days for one in day.taken if one.kind == OccupancyKind.VISIT}
    if not ids or not who.may(VIEW_ORDERS):
        return {}
    found = orders(who).filter(visits__in=ids).values_list("visits", "number", "uid")
    return {visit: (number, reverse("order", args=[uid])) for visit, number, uid in found}


def _papers(papers: Iterable[Paper]) -> list[dict[str, Any]]:
    """Qualifications as shown, with the colour of how long they are still valid."""
    language = get_language() or "zh"
    return [
        {
            "row": each.row,
            "name": each.name.in_language(language),
            "number": each.number,
            "tone": "red" if each.is_over else "amber" if each.lapses_soon else "green",
            "word": _("Lapsed") if each.is_over else _("Lapses soon") if each.lapses_soon else _("Valid"),
        }
        for each in papers
    ]


def _allowed(who: Actor, shown: Profile) -> dict[str, bool]:
    """The verbs the page offers; none once the engineer has left."""
    verbs = (
        "change_engineer", "set_grade", "retire_engineer", "add_qualification", "revoke_qualification", "bar",
        "lift_bar", "set_shift_pattern", "add_shift", "cancel_shift", "book_leave", "cancel_leave",
    )  # fmt: skip
    return {verb: shown.engineer.retired_at is None and who.may(f"workforce.{verb}") for verb in verbs}


def _recent(who: Actor, shown: Profile) -> list[Order]:
    """The newest orders of the engineer that the reader may see."""
    found = listed(orders(who).filter(engineer=shown.engineer)).order_by("-id")
    return [look(each) for each in found[:RECENT_ORDERS]]


def _history(who: Actor, shown: Profile, at: datetime) -> list[dict[str, Any]]:
    lines = []
    for line in history(who, shown.engineer, at):
        symbol, tone = _MARKS.get(line.kind, ("edit", ""))
        said = {"text": line.sentence, "detail": line.detail, "by": line.who, "at": line.at}
        lines.append({**said, "symbol": symbol, "tone": tone})
    return lines


def _week_context(request: HttpRequest, who: Actor, shown: Profile, at: datetime) -> dict[str, Any]:
    """The week view: the days, and the addresses of the weeks around it."""
    today = at.astimezone(shown.zone).date()
    first = given_day(request.GET.get("from", "")) or today
    days = week(shown.engineer, first)
    return {
        "days": _drawn(days, _visits(who, days), at),
        "hours": [(hour, round(100 * hour / 24, 3)) for hour in range(0, 24, 3)],
        "earlier": address(request, **{"from": first - _WEEK}),
        "later": address(request, **{"from": first + _WEEK}),
        "this_week": address(request, **{"from": ""}) if first != today else "",
    }


@page(VIEW)
def engineer(request: HttpRequest, who: Actor, uid: UUID) -> HttpResponse:
    """An engineer's page; asked for the week alone, only that part."""
    at = now()
    shown = profile(who, uid, at)
    if "HX-Request" not in request.headers:
        note_access(who, AccessKind.DETAIL, "engineer", [shown.engineer.pk], at)
    context: dict[str, Any] = {
        "title": shown.engineer.person.name,
        "shown": shown,
        "engineer": shown.engineer,
        "allowed": _allowed(who, shown),
        **_week_context(request, who, shown, at),
    }
    if request.htmx and "from" in request.GET:  # type: ignore[attr-defined]
        return show(request, "", context, fragment="console/people/week.html")
    sees_orders = who.may(VIEW_ORDERS)
    context |= {
        "plan_limit": Money.of(str(shown.grade.plan_limit)) if shown.grade else None,
        "grade": shown.grade.name.in_language(get_language() or "zh") if shown.grade else shown.engineer.grade,
        "skills": _papers(shown.skills),
        "certificates": _papers(shown.certificates),
        "inductions": _papers(shown.inductions),
        "sees_standing": who.may(VIEW_STANDING) or who.person_id == shown.engineer.person_id,
        "history": _history(who, shown, at),
        "sees_orders": sees_orders,
        "orders": _recent(who, shown) if sees_orders else [],
        "at": at,
        "levels": LEVELS,
        "reasons": BAR_REASONS,
        "leave_kinds": LEAVE_KINDS,
        "shift_kinds": SHIFT_KINDS,
        "weekdays": WEEKDAYS,
    }
    return show(request, "console/people/engineer.html", context)
