"""Deadlines over the API: open clocks, calls that wait for a word, the roster, the calendar; every verb of them."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router, Schema
from pydantic import BaseModel, Field

from anxiu.api.asking import PAGE, Code, Cursor, Key, Limit, Line, page_of
from anxiu.api.auth import actor_of
from anxiu.api.doing import REFUSED, do
from anxiu.api.finding import known_person_key, region_key
from anxiu.api.timing import Day, Moment, RowKey, Year
from anxiu.kernel.actor import Actor
from anxiu.kernel.time import now
from anxiu.orders.queries import visible
from anxiu.regulation.choices import Severity
from anxiu.regulation.queries import VIEW as VIEW_REGULATION
from anxiu.sla import actions
from anxiu.sla.choices import CallReason, ClockKind, RunState
from anxiu.sla.models import CalendarDay, Clock, DutyEntry, Escalation, PublishedYear
from anxiu.sla.queries import (
    calendar_days,
    escalations_for,
    next_to_break,
    open_escalations,
    published_years,
    roster,
    set_aside,
)  # fmt: skip

router = Router(tags=["deadlines"])
WEEK = timedelta(days=7)


# ---- clocks and calls ------------------------------------------------------------------------------------------------
class ClockOut(BaseModel):
    """A promise: about which order (empty where the caller does not see it), of what kind, due when.

    `error` is said only among the clocks that were set aside.
    """

    id: int
    kind: ClockKind
    severity: Severity
    state: RunState
    order: UUID | None
    order_number: str
    region: str
    owner: UUID | None
    started_at: datetime
    due_at: datetime | None
    provisional: bool
    breached: bool
    failed_at: datetime | None
    error: str


class ClocksOut(BaseModel):
    """A page of clocks."""

    items: list[ClockOut]
    next: str


class EscalationOut(BaseModel):
    """A call: who was called about which clock, why, and by when they are to answer."""

    uid: UUID
    clock: ClockOut
    level: int
    post: str
    person: UUID
    person_name: str
    because: CallReason
    called_at: datetime
    acknowledge_by: datetime | None
    acknowledged_at: datetime | None


class EscalationsOut(BaseModel):
    """A page of calls."""

    items: list[EscalationOut]
    next: str


def _orders(actor: Actor, clocks: Iterable[Clock]) -> dict[int, tuple[UUID, str]]:
    """The orders these clocks belong to, as far as the actor sees them; one statement."""
    ids = {each.subject_id for each in clocks if each.subject_kind == "order"}
    rows = visible(actor).filter(pk__in=ids).values_list("pk", "uid", "number") if ids else ()
    return {key: (uid, number) for key, uid, number in rows}


def _clock(row: Clock, orders: dict[int, tuple[UUID, str]], error: str = "") -> ClockOut:
    uid, number = orders.get(row.subject_id, (None, "")) if row.subject_kind == "order" else (None, "")
    return ClockOut(
        id=row.pk, kind=ClockKind(row.kind), severity=Severity(row.severity), state=RunState(row.state), order=uid,
        order_number=number, region=row.region.code, owner=row.owner.uid if row.owner else None,
        started_at=row.started_at, due_at=row.due_at, provisional=row.provisional, breached=row.is_breached,
        failed_at=row.failed_at, error=error,
    )  # fmt: skip


def _call(row: Escalation, orders: dict[int, tuple[UUID, str]]) -> EscalationOut:
    return EscalationOut(
        uid=row.uid, clock=_clock(row.clock, orders), level=row.level, post=row.post, person=row.person.uid,
        person_name=row.person.name, because=CallReason(row.because), called_at=row.called_at,
        acknowledge_by=row.acknowledge_by, acknowledged_at=row.acknowledged_at,
    )  # fmt: skip


@router.get("/clocks", response={200: ClocksOut, **REFUSED}, summary="List open deadlines")
def list_clocks(
    request: HttpRequest, kind: ClockKind | None = None, after: Cursor = "", limit: Limit = PAGE
) -> ClocksOut:
    """Promises still open that the caller sees, newest first."""
    actor = actor_of(request)
    found, following = page_of(next_to_break(actor, kinds=[kind] if kind else ()), after, limit)
    orders = _orders(actor, found)
    return ClocksOut(items=[_clock(each, orders) for each in found], next=following)


@router.get("/clocks/set_aside", response={200: ClocksOut, **REFUSED}, summary="List clocks that were set aside")
def list_clocks_set_aside(request: HttpRequest, after: Cursor = "", limit: Limit = PAGE) -> ClocksOut:
    """Clocks that could not be evaluated and wait for somebody to look, newest first."""
    actor = actor_of(request)
    actor.require("sla.retry_clock")
    found, following = page_of(set_aside(actor).select_related("region", "owner"), after, limit)
    orders = _orders(actor, found)
    return ClocksOut(items=[_clock(each, orders, each.error) for each in found], next=following)


@router.get("/escalations", response={200: EscalationsOut, **REFUSED}, summary="List calls that wait for a word")
def list_escalations(
    request: HttpRequest, mine: bool = False, after: Cursor = "", limit: Limit = PAGE,  # noqa: FBT001, FBT002  a query
) -> EscalationsOut:  # fmt: skip
    """Open calls in the caller's regions and to the caller, newest first; with `mine`, only those to the caller."""
    actor = actor_of(request)
    rows = escalations_for(actor) if mine else open_escalations(actor)
    found, following = page_of(rows.select_related("clock__region", "clock__owner", "person"), after, limit)
    orders = _orders(actor, [each.clock for each in found])
    return EscalationsOut(items=[_call(each, orders) for each in found], next=following)


@router.post(
    "/escalations/{uuid:uid}/actions/acknowledge", response={200: EscalationOut, **REFUSED}, summary="Take it on"
)
def acknowledge(request: HttpRequest, uid: UUID, key: Key) -> HttpResponse:
    """Take on a broken promise one was called about; the next level is then not called before its own time."""
    actor = actor_of(request)
    return do(
        request, key, "sla.acknowledge", lambda _: {"escalation_uid": uid},
        lambda row: _call(row, _orders(actor, [row.clock])),
    )  # fmt: skip


@router.post(
    "/clocks/{int:number}/actions/retry_clock", response={200: ClockOut, **REFUSED}, summary="Let a clock run again"
)
def retry_clock(request: HttpRequest, number: RowKey, key: Key) -> HttpResponse:
    """Let a clock that was set aside run again."""
    actor = actor_of(request)
    return do(
        request, key, "sla.retry_clock", lambda _: {"clock_id": number}, lambda row: _clock(row, _orders(actor, [row]))
    )


# ---- the roster ------------------------------------------------------------------------------------------------------
class RosterLineOut(BaseModel):
    """Who answers for a post and when; no region: in the whole company. A lower rank is called first."""

    uid: UUID
    person: UUID
    person_name: str
    post: str
    region: str
    from_at: datetime
    until_at: datetime
    rank: int
    removed_at: datetime | None

    @staticmethod
    def of(row: DutyEntry) -> "RosterLineOut":
        """From a row."""
        return RosterLineOut(
            uid=row.uid, person=row.person.uid, person_name=row.person.name, post=row.post,
            region=row.region.code if row.region else "", from_at=row.from_at, until_at=row.until_at, rank=row.rank,
            removed_at=row.removed_at,
        )  # fmt: skip


class RosterOut(BaseModel):
    """A page of the roster."""

    items: list[RosterLineOut]
    next: str


class NewDutyIn(Schema):
    """Whom to put on the roster."""

    person: UUID
    post: Code
    region: Code = ""
    from_at: Moment
    until_at: Moment
    rank: Annotated[int, Field(ge=0, le=99)] = 0


@router.get("/roster", response={200: RosterOut, **REFUSED}, summary="Who is on duty")
def list_roster(
    request: HttpRequest, from_at: Moment | None = None, until_at: Moment | None = None, after: Cursor = "",
    limit: Limit = PAGE,
) -> RosterOut:  # fmt: skip
    """Lines of the roster that touch a period, newest first: from now for a week when nothing is said."""
    begin = from_at or now()
    found, following = page_of(roster(actor_of(request), begin, until_at or begin + WEEK), after, limit)
    return RosterOut(items=[RosterLineOut.of(each) for each in found], next=following)


@router.post("/roster/actions/set_duty", response={200: RosterLineOut, **REFUSED}, summary="Put somebody on duty")
def set_duty(request: HttpRequest, body: NewDutyIn, key: Key) -> HttpResponse:
    """Put somebody on the duty roster."""

    def given(actor: Actor) -> dict[str, Any]:
        new = actions.NewDuty(
            known_person_key(actor, body.person), body.post, body.from_at, body.until_at,
            region_key(actor, body.region), body.rank,
        )  # fmt: skip
        return {"new": new}

    return do(request, key, "sla.set_duty", given, RosterLineOut.of)


@router.post(
    "/roster/{uuid:uid}/actions/remove_duty", response={200: RosterLineOut, **REFUSED}, summary="Take off the roster"
)
def remove_duty(request: HttpRequest, uid: UUID, key: Key) -> HttpResponse:
    """Take somebody off the duty roster."""
    return do(request, key, "sla.remove_duty", lambda _: {"duty_uid": uid}, RosterLineOut.of)


# ---- the calendar ----------------------------------------------------------------------------------------------------
class DateOut(BaseModel):
    """A date that differs from its weekday."""

    date: date
    is_work: bool
    name_zh: str
    name_en: str
    provisional: bool
    source: str

    @staticmethod
    def of(row: CalendarDay) -> "DateOut":
        """From a row."""
        return DateOut(
            date=row.date, is_work=row.is_work, name_zh=row.name_zh, name_en=row.name_en, provisional=row.provisional,
            source=row.source,
        )  # fmt: skip


class CalendarOut(BaseModel):
    """A year; `is_certain` when all its holidays are known."""

    year: int
    is_certain: bool
    days: list[DateOut]


class ConfirmedOut(BaseModel):
    """A year whose holidays are known for certain."""

    year: int
    source: str

    @staticmethod
    def of(row: PublishedYear) -> "ConfirmedOut":
        """From a row."""
        return ConfirmedOut(year=row.year, source=row.source)


class CalendarDayIn(Schema):
    """What a date is from now on. `provisional`: expected, but not certain yet."""

    date: Day
    is_work: bool
    name_zh: Annotated[Line, Field(max_length=80)]
    name_en: Annotated[Line, Field(max_length=80)]
    provisional: bool = False


def _year(actor: Actor, year: int) -> CalendarOut:
    actor.require(VIEW_REGULATION)
    days = [DateOut.of(each) for each in calendar_days(year)]
    return CalendarOut(year=year, is_certain=year in published_years(), days=days)


@router.get("/calendar", response={200: CalendarOut, **REFUSED}, summary="This year's days")
def get_calendar(request: HttpRequest) -> CalendarOut:
    """The dates of this year that differ from their weekday."""
    return _year(actor_of(request), timezone.localdate(now()).year)


@router.get("/calendar/{int:year}", response={200: CalendarOut, **REFUSED}, summary="A year's days")
def get_calendar_year(request: HttpRequest, year: Year) -> CalendarOut:
    """The dates of a year that differ from their weekday."""
    return _year(actor_of(request), year)


@router.post("/calendar/actions/set_calendar_day", response={200: DateOut, **REFUSED}, summary="Set a day")
def set_calendar_day(request: HttpRequest, body: CalendarDayIn, key: Key) -> HttpResponse:
    """Say whether a date is worked, whatever was published; a later package never overrules it."""
    new = actions.NewDay(body.date, body.is_work, body.name_zh, body.name_en, body.provisional)
    return do(request, key, "sla.set_calendar_day", lambda _: {"new": new}, DateOut.of)


@router.post(
    "/calendar/{int:year}/actions/confirm_year", response={200: ConfirmedOut, **REFUSED}, summary="Confirm a year"
)
def confirm_year(request: HttpRequest, year: Year, key: Key) -> HttpResponse:
    """Say that every holiday of a year is entered, so that deadlines in it are certain."""
    return do(request, key, "sla.confirm_year", lambda _: {"year": year}, ConfirmedOut.of)
