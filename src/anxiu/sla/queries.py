"""Reading clocks: what is next to break, who was called, who is on duty, which days are worked."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, cast
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, JSONObject

from anxiu.kernel.action import view
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.errors import NotFound
from anxiu.kernel.prepared import Prepared
from anxiu.kernel.values import reading
from anxiu.sla.choices import LIVE, ClockKind
from anxiu.sla.models import CalendarDay, Clock, ClockPause, DutyEntry, Escalation, PublishedYear
from anxiu.sla.ports import Change, who_is_absent
from anxiu.sla.rules import Pause, add_working
from anxiu.sla.rules.case import Case
from anxiu.sla.rules.clock import ClockState, gross_elapsed, net_elapsed
from anxiu.sla.rules.promise import promise
from anxiu.sla.timetables import timetable
from anxiu.workforce.models import Leave

VIEW_CLOCKS = view(
    "sla.view_clocks", posts={"agent", "dispatcher", "supervisor", "management", "administrator"}
)
VIEW_ROSTER = view(
    "sla.view_roster",
    posts={"agent", "dispatcher", "engineer", "supervisor", "hr", "management", "administrator"},
)
ACKNOWLEDGE_FOR_OTHERS = view("sla.acknowledge_for_others", posts={"supervisor", "management"})


# ---- for the app whose subject it is: the actor has been asked there already ---------------------------------------
def with_pauses(rows: QuerySet[Clock]) -> QuerySet[Clock]:
    """Clocks together with their pauses, in one statement."""
    pauses = ClockPause.objects.filter(clock=OuterRef("pk")).order_by("from_at")
    until = Coalesce(F("until_at"), F("expected_until"))
    return rows.annotate(paused=ArraySubquery(pauses.values(each=JSONObject(a="from_at", b=until, reason="reason"))))


def pauses_of(clock: Clock) -> tuple[Pause, ...]:
    """The pauses of a clock that was read `with_pauses`."""
    told = cast("list[dict[str, str]]", clock.paused)  # type: ignore[attr-defined]  # annotated
    return tuple(
        Pause(_instant(each["a"]), _instant(each["b"]) if each["b"] else None, each["reason"]) for each in told
    )


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


@dataclass(frozen=True, slots=True)
class Took:
    """How long an ended promise took, in the time its clock counts: with pauses, and without."""

    gross: timedelta
    net: timedelta


def took(clock: Clock) -> Took | None:
    """How long it took, of a clock that was read `with_pauses`; None while it runs."""
    if clock.stopped_at is None:
        return None
    calendar = timetable(clock.version_id, clock.time_zone, round_the_clock=clock.round_the_clock)
    state = ClockState(clock.started_at, clock.target, clock.warn_percent, pauses_of(clock), clock.stopped_at)
    return Took(gross_elapsed(calendar, state, clock.stopped_at), net_elapsed(calendar, state, clock.stopped_at))


_CLOCKS: Final = Prepared[Clock](
    lambda kind, key: with_pauses(Clock.objects.filter(subject_kind=kind, subject_id=key)).order_by("started_at", "id")
)
_LIVE: Final = Prepared[Clock](
    lambda kind, key: Clock.objects.filter(subject_kind=kind, subject_id=key, state__in=sorted(LIVE))
)


def clocks_of(subject: Subject) -> list[Clock]:
    """All clocks of a subject with their pauses, oldest first; one statement."""
    return _CLOCKS(subject.kind, subject.id)


def clocks_of_many(kind: str, ids: Collection[int]) -> dict[int, list[Clock]]:
    """The live clocks of many subjects of a kind, next to break first; one statement."""
    found: dict[int, list[Clock]] = {each: [] for each in ids}
    rows = Clock.objects.filter(subject_kind=kind, subject_id__in=list(ids), state__in=sorted(LIVE))
    for clock in rows.order_by(F("due_at").asc(nulls_last=True), "id"):
        found[clock.subject_id].append(clock)
    return found


def next_due(clocks: Subject | Iterable[Clock]) -> tuple[datetime, str] | None:
    """The earliest deadline still open and its kind; no statement for clocks in hand, one for a subject."""
    rows = clocks_of_many(clocks.kind, [clocks.id])[clocks.id] if isinstance(clocks, Subject) else clocks
    due = [(each.due_at, str(each.kind)) for each in rows if each.is_live and each.due_at is not None]
    return min(due, default=None)


def shown(subject_id: int, clocks: Iterable[Clock]) -> Change:
    """What a subject shows of its live clocks."""
    rows = [each for each in clocks if each.is_live]
    due_at, kind = next_due(rows) or (None, "")
    return Change(subject_id, due_at, kind, any(each.is_breached for each in rows))


def shown_of(subject: Subject) -> Change:
    """What a subject shows now; one statement."""
    return shown(subject.id, _LIVE(subject.kind, subject.id))


def on_leave(people: Collection[int], at: datetime) -> set[int]:
    """Those of the people who are on leave as engineers; fills the port for absentees."""
    rows = Leave.objects.filter(engineer__person_id__in=list(people), cancelled_at=None, starts_at__lte=at)
    return set(rows.filter(ends_at__gt=at).values_list("engineer__person_id", flat=True))


def reckoned_due(case: Case, kind: ClockKind, at: datetime) -> datetime:
    """When something that begins now is due by the figure of a kind of clock, whether or not a clock is started."""
    promised = promise(case, kind, reading(case.version_id))
    calendar = timetable(case.version_id, case.time_zone, round_the_clock=not promised.working)
    return add_working(calendar, at, promised.target).at


def first_on_duty(people: Sequence[int], region_id: int, at: datetime) -> int | None:
    """Of several who could do it: who is on the roster, the nearest region and the lowest rank first; else the first.

    Nobody who is away, unless all of them are; two statements and one for absentees.
    """
    if not people:
        return None
    away = who_is_absent(people, at)
    here = [each for each in people if each not in away] or list(people)
    serving = DutyEntry.objects.filter(removed_at=None, from_at__lte=at, until_at__gt=at, person__in=here)
    near = serving.filter(Q(region=None) | Q(region_id=region_id))
    entry = near.order_by(F("region").asc(nulls_last=True), "rank", "from_at", "person_id").first()
    return entry.person_id if entry else here[0]


# ---- lists ---------------------------------------------------------------------------------------------------------
def next_to_break(actor: Actor, *, kinds: Sequence[str] = ()) -> QuerySet[Clock]:
    """Live clocks the actor may see, next to break first."""
    rows = Clock.objects.filter(state__in=sorted(LIVE), due_at__isnull=False).select_related("region", "owner")
    if kinds:
        rows = rows.filter(kind__in=kinds)
    return _visible(actor, rows).order_by("due_at", "id")


def provisional_clocks(actor: Actor) -> QuerySet[Clock]:
    """Live clocks whose deadline rests on days that are not published yet."""
    return _visible(actor, Clock.objects.filter(state__in=sorted(LIVE), provisional=True))


def set_aside(actor: Actor) -> QuerySet[Clock]:
    """Clocks that could not be evaluated and wait for somebody to look."""
    return _visible(actor, Clock.objects.filter(failed_at__isnull=False)).order_by("failed_at", "id")


def escalations_for(actor: Actor) -> QuerySet[Escalation]:
    """Open calls to this very person that wait for a word, most urgent first."""
    return _open_calls().filter(person=actor.person_id)


def open_escalations(actor: Actor) -> QuerySet[Escalation]:
    """Open calls in the actor's regions, and those to the actor."""
    rows = _open_calls()
    if not actor.may(VIEW_CLOCKS):
        return rows.filter(person=actor.person_id)
    if actor.regions is None:
        return rows
    return rows.filter(Q(clock__region_id__in=actor.regions) | Q(person=actor.person_id))


def escalations_of(clock_ids: Collection[int]) -> QuerySet[Escalation]:
    """Who was called for these clocks, level by level."""
    rows = Escalation.objects.filter(clock_id__in=list(clock_ids))
    return rows.select_related("person").order_by("clock_id", "level")


def escalation(actor: Actor, uid: UUID) -> Escalation:
    """One call, if it is to the actor, or the actor may answer for others in its region."""
    call = Escalation.objects.select_related("clock").filter(uid=uid).first()
    if call is not None and actor.person_id is not None and call.person_id == actor.person_id:
        return call
    if call is None or not actor.may(ACKNOWLEDGE_FOR_OTHERS) or not actor.sees_region(call.clock.region_id):
        raise NotFound("kernel.not_found")
    return call


def duty_entries(actor: Actor) -> QuerySet[DutyEntry]:
    """The roster of the regions the actor sees, company-wide lines, and the actor's own."""
    rows = DutyEntry.objects.filter(removed_at=None)
    if actor.regions is None:
        return rows
    return rows.filter(Q(region=None) | Q(region_id__in=actor.regions) | Q(person=actor.person_id))


def roster(actor: Actor, from_at: datetime, until_at: datetime) -> QuerySet[DutyEntry]:
    """Who is on duty in a period."""
    actor.require(VIEW_ROSTER)
    rows = duty_entries(actor).filter(from_at__lt=until_at, until_at__gt=from_at)
    return rows.select_related("person", "region").order_by("from_at", "post", "rank", "id")


def calendar_days(year: int) -> QuerySet[CalendarDay]:
    """The dates of a year that differ from their weekday; public knowledge, so nobody is asked."""
    return CalendarDay.objects.filter(date__year=year).order_by("date")


def published_years() -> list[int]:
    """The years whose holidays are known for certain."""
    return sorted(PublishedYear.objects.values_list("year", flat=True))


def _open_calls() -> QuerySet[Escalation]:
    unanswered = Escalation.objects.filter(acknowledge_by__isnull=False, acknowledged_at=None, superseded_at=None)
    rows = unanswered.filter(clock__state__in=sorted(LIVE))
    return rows.select_related("clock__region", "person").order_by("acknowledge_by", "id")


def _visible(actor: Actor, rows: QuerySet[Clock]) -> QuerySet[Clock]:
    if not actor.may(VIEW_CLOCKS):
        return rows.filter(owner=actor.person_id)
    return rows if actor.regions is None else rows.filter(Q(region_id__in=actor.regions) | Q(owner=actor.person_id))
