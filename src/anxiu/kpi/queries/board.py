"""Reading facts: how far the clauses of a version are lived, and the cases behind every figure."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db.models import Count, DateField, Q, QuerySet, Sum
from django.db.models.functions import Trunc

from anxiu.kernel.action import view
from anxiu.kernel.actor import Actor
from anxiu.kpi.choices import Verdict
from anxiu.kpi.folds import COMPANY
from anxiu.kpi.models import CaseFact, DayCase
from anxiu.kpi.rules.board import Board, Clause, Tally, board
from anxiu.kpi.rules.judging import MEASURABLE
from anxiu.regulation.models import Clause as Article
from anxiu.regulation.models import Version

VIEW = view("kpi.view_compliance", posts={"supervisor", "management", "hr", "administrator"})
LOW = 0.8  # source: own choice; below four of five kept, the board calls a clause broken rather than partly kept


@dataclass(frozen=True, slots=True)
class Asked:
    """Which cases: from an instant up to another, and of one region, one person or one version where named."""

    since: datetime
    until: datetime
    region_id: int | None = None
    person_id: int | None = None
    version_id: int | None = None


def visible_cases(actor: Actor) -> QuerySet[CaseFact]:
    """The cases of the actor's regions."""
    actor.require(VIEW)
    rows = CaseFact.objects.all()
    return rows if actor.regions is None else rows.filter(region_id__in=actor.regions)


def asked_cases(actor: Actor, asked: Asked) -> QuerySet[CaseFact]:
    """Those of them that are asked for."""
    rows = visible_cases(actor).filter(at__gte=asked.since, at__lt=asked.until)
    if asked.region_id is not None:
        rows = rows.filter(region_id=asked.region_id)
    if asked.person_id is not None:
        rows = rows.filter(person_id=asked.person_id)
    return rows if asked.version_id is None else rows.filter(version_id=asked.version_id)


def tallies(actor: Actor, asked: Asked) -> dict[str, Tally]:
    """Kept, broken and exempt cases by value key, with the weeks they fell in; three statements at most.

    Whole days are read from their sums, the hours before and after them from the cases themselves.
    """
    first, last = _day_after(asked.since), asked.until.astimezone(COMPANY).date()
    found: dict[str, Tally] = defaultdict(Tally)
    for key, week, kept, broken, exempt in (
        _counted(actor, asked)
        if asked.person_id is not None or first >= last
        else (
            *_counted(actor, replace(asked, until=_midnight(first))), *_summed(actor, asked, first, last),
            *_counted(actor, replace(asked, since=_midnight(last))),
        )
    ):
        found[key] += Tally(kept, broken, exempt, ((week, kept, broken),))
    return found


Counts = Iterator[tuple[str, date, int, int, int]]  # value, Monday of the week, kept, broken, exempt
VERDICTS: Final = tuple(each.value for each in Verdict)


def _counted(actor: Actor, asked: Asked) -> Counts:
    if asked.since >= asked.until:
        return iter(())
    rows = asked_cases(actor, asked).order_by("value_key", "week").values("value_key", "week")
    counts = {each.value: Count("id", filter=Q(verdict=each)) for each in Verdict}
    return iter(rows.annotate(**counts).values_list("value_key", "week", *VERDICTS))


def _summed(actor: Actor, asked: Asked, first: date, last: date) -> Counts:
    """The cases of whole days, the last one not among them."""
    actor.require(VIEW)
    rows = DayCase.objects.filter(day__gte=first, day__lt=last)
    if actor.regions is not None:
        rows = rows.filter(region_id__in=actor.regions)
    if asked.region_id is not None:
        rows = rows.filter(region_id=asked.region_id)
    if asked.version_id is not None:
        rows = rows.filter(version_id=asked.version_id)
    weeks = rows.order_by().values("value_key", week=Trunc("day", "week", output_field=DateField()))
    sums = {f"{each}_all": Sum(each) for each in VERDICTS}
    return iter(weeks.annotate(**sums).order_by("value_key", "week").values_list("value_key", "week", *sums))


def _day_after(at: datetime) -> date:
    """The first day that begins no earlier."""
    day = at.astimezone(COMPANY).date()
    return day if _midnight(day) >= at else day + timedelta(days=1)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, COMPANY)


def compliance(actor: Actor, version: Version, asked: Asked, language: str) -> Board:
    """Every clause of a version with the cases of its values; four statements at most."""
    zh = language.startswith("zh")
    clauses = [
        Clause(
            each.number, each.chapter_number, each.chapter_title_zh if zh else each.chapter_title_en,
            each.title_zh if zh else each.title_en, each.control,
            each.manual_control_zh if zh else each.manual_control_en, tuple(each.value_keys),
        )
        for each in Article.objects.filter(version=version)
    ]  # fmt: skip
    return board(clauses, tallies(actor, asked), MEASURABLE, LOW)


def evidence(actor: Actor, asked: Asked, keys: tuple[str, ...], verdict: str = "") -> QuerySet[CaseFact]:
    """The cases behind a figure of the board, with their orders and people at hand."""
    rows = asked_cases(actor, asked).filter(value_key__in=keys).select_related("order", "person", "region")
    return rows.filter(verdict=verdict) if verdict else rows


def verdicts(rows: QuerySet[CaseFact]) -> dict[str, Any]:
    """How many of each verdict; one statement."""
    return dict(rows.order_by().values_list("verdict").annotate(Count("id")))
