"""What the charts show, as figures and names; their look is the front end's. Each has the same as a table beneath."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from anxiu.catalogue.models import FaultClass
from anxiu.console.dashboard.asking import Question, local_name
from anxiu.console.dashboard.said import plain_words
from anxiu.kpi.choices import Unit
from anxiu.kpi.messages import MEANINGS
from anxiu.kpi.rules.figures import Figure, Sheet, Sums, figure, mondays
from anxiu.kpi.rules.indicators import Indicator

MOST: Final = 10  # classes of fault that have a bar of their own
SPANS: Final = ((timedelta(minutes=1), 90), (timedelta(hours=1), 72), (timedelta(days=1), 0))
WEEKDAYS: Final = range(1, 8)
HOURS: Final = range(24)


def axis(scale: int, indicator: Indicator, values: Sequence[float | None]) -> tuple[float, str]:
    """What a value is divided by for its axis, and the unit then."""
    match indicator.unit:
        case Unit.TIME:
            words = {60: _("min"), 3600: pgettext("unit", "h"), 86400: pgettext("unit", "d")}
            most = max((each for each in values if each is not None), default=0)
            for size, limit in SPANS:
                seconds = size.total_seconds()
                if most / seconds <= limit or not limit:
                    return seconds, f" {words[int(seconds)]}"
        case Unit.SHARE:
            return 0.01, "%"
        case Unit.SCORE:
            return 1 / scale, ""
    return 1, ""


def weeks(question: Question, indicator: Indicator, sheet: Sheet) -> list[tuple[date, Figure]]:
    """An indicator week by week; a week without cases has none."""
    aims = question.aims
    span = question.wanted.span
    return [
        (monday, figure(indicator, sheet.weeks.get(monday, {}), aims)) for monday in mondays(span.since, span.until)
    ]


def spark(question: Question, indicator: Indicator, sheet: Sheet) -> list[float]:
    """The line of a tile."""
    return [each.value for _week, each in weeks(question, indicator, sheet) if each.value is not None]


def trend(question: Question, indicator: Indicator, sheet: Sheet, team: Sums | None = None) -> dict[str, Any]:
    """Week by week against the target; each point opens to the orders of its week."""
    found = weeks(question, indicator, sheet)
    target = question.aims.targets.get(indicator.code)
    size, unit = axis(question.scale, indicator, [*(each.value for _week, each in found), target])
    rows = []
    for monday, each in found:
        first = max(monday, question.wanted.span.since)
        last = min(monday + timedelta(days=6), question.wanted.span.until - timedelta(days=1))
        rows.append(
            {
                "label": f"{first:%m-%d}", "when": f"{first:%Y-%m-%d} – {last:%m-%d}", "count": each.count,
                "value": None if each.value is None else round(each.value / size, 2),
                "words": plain_words(indicator, each.value, question.scale),
                "url": question.to("indicator_orders", indicator.code, week=monday.isoformat()),
            }
        )  # fmt: skip
    return {
        "rows": rows, "total": sum(row["count"] for row in rows),
        "data": {
            "labels": [row["label"] for row in rows], "unit": unit,
            "series": [{"name": str(MEANINGS[indicator.code].name), "data": [row["value"] for row in rows]}],
            "counts": [row["count"] for row in rows], "countName": _("Cases"),
            "target": None if target is None else round(target / size, 2), "targetName": _("Target"),
            "links": [row["url"] if row["count"] else "" for row in rows],
        },
    }  # fmt: skip


def by_region(question: Question, indicator: Indicator, sheet: Sheet) -> dict[str, Any]:
    """Regions beside each other, the best first; those with too few cases stand behind and rank nobody."""
    aims = question.aims
    found = [
        (region, figure(indicator, sheet.regions.get(region.pk, {}), aims)) for region in question.regions
    ]
    found = [(region, each) for region, each in found if each.value is not None]
    sign = -1 if indicator.better == "more" else 1
    found.sort(key=lambda pair: (not pair[1].is_judged, sign * (pair[1].value or 0), pair[0].code))
    target = aims.targets.get(indicator.code)
    size, unit = axis(question.scale, indicator, [*(each.value for _region, each in found), target])
    rows = [
        {
            "label": local_name(region), "count": each.count, "judged": each.is_judged,
            "value": round((each.value or 0) / size, 2), "words": plain_words(indicator, each.value, question.scale),
            "url": question.to("indicator_orders", indicator.code, region=region.code),
        }
        for region, each in found
    ]  # fmt: skip
    return {
        "rows": rows,
        "data": {
            "labels": [row["label"] for row in rows], "unit": unit,
            "series": [{"name": str(MEANINGS[indicator.code].name), "data": [row["value"] for row in rows]}],
            "words": [row["words"] for row in rows], "weak": [not row["judged"] for row in rows],
            "target": None if target is None else round(target / size, 2), "targetName": _("Target"),
            "links": [row["url"] for row in rows],
        },
    }  # fmt: skip


def pareto(question: Question, found: Sequence[tuple[int, int]]) -> dict[str, Any]:
    """Classes of fault, the most frequent first, with their share added up; the rest in one bar."""
    total = sum(number for _fault, number in found)
    known = [pair for pair in found if pair[0]]
    head, rest = known[:MOST], sum(number for _fault, number in known[MOST:])
    names = {each.pk: each for each in FaultClass.objects.filter(pk__in=[fault for fault, _number in head])}
    rows: list[dict[str, Any]] = [
        {
            "label": local_name(names[fault]), "count": number,
            "url": question.to("indicator_orders", "requests", fault=names[fault].code),
        }
        for fault, number in head if fault in names
    ]  # fmt: skip
    unknown = total - sum(number for _fault, number in known)
    if rest:
        rows.append({"label": _("Other classes"), "count": rest, "url": "", "rest": True})
    if unknown:
        rows.append(
            {
                "label": _("Not classed"), "count": unknown, "rest": True,
                "url": question.to("indicator_orders", "requests", fault="-"),
            }
        )
    running = 0
    for row in rows:
        running += row["count"]
        row["share"], row["added"] = f"{row['count'] / total:.1%}", f"{running / total:.1%}"
        row["percent"] = round(running / total * 100, 1)
    return {
        "rows": rows,
        "data": {
            "labels": [row["label"] for row in rows],
            "series": [
                {"name": _("Requests"), "data": [row["count"] for row in rows]},
                {
                    "name": _("Share added up"), "data": [row["percent"] for row in rows],
                    "line": True, "right": True, "tone": "amber",
                },
            ],
            "rightUnit": "%", "links": [row["url"] for row in rows], "weak": [bool(row.get("rest")) for row in rows],
        },
    }  # fmt: skip


def heat(question: Question, found: Mapping[tuple[int, int], int]) -> dict[str, Any]:
    """Requests by weekday and hour."""
    days = [str(formats.date_format(date(2024, 1, day), "D")) for day in WEEKDAYS]  # 1 January 2024 was a Monday
    cells = [(weekday, hour, found.get((weekday, hour), 0)) for weekday in WEEKDAYS for hour in HOURS]
    links = [
        question.to("indicator_orders", "requests", weekday=weekday, hour=hour) if number else ""
        for weekday, hour, number in cells
    ]
    rows = [
        {
            "day": days[weekday - 1],
            "cells": [
                {"count": found.get((weekday, hour), 0), "url": links[(weekday - 1) * 24 + hour]} for hour in HOURS
            ],
        }
        for weekday in WEEKDAYS
    ]  # fmt: skip
    return {
        "rows": rows, "hours": list(HOURS),
        "data": {
            "labels": [f"{hour}" for hour in HOURS], "across": days, "links": links,
            "series": [{"name": _("Requests"), "data": [number for _weekday, _hour, number in cells]}],
        },
    }  # fmt: skip
