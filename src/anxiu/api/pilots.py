"""Pilots over the API: which run or ran, how they compare with the rest, and the verbs that start and decide them."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel, Field

from anxiu.api.asking import PAGE, Code, Cursor, Key, Limit, Words, page_of
from anxiu.api.auth import actor_of
from anxiu.api.doing import REFUSED, act
from anxiu.api.finding import known_person_key, region_key
from anxiu.api.regulation import version_of
from anxiu.api.regulation_schemas import PutIn
from anxiu.api.timing import Day, Moment
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import NotFound
from anxiu.kernel.time import now
from anxiu.kpi.choices import Better, Finding, Unit
from anxiu.kpi.queries import VIEW_PILOTS, compared
from anxiu.kpi.rules.figures import value_of
from anxiu.kpi.rules.indicators import Indicator
from anxiu.kpi.rules.piloting import Found, Side, Sum
from anxiu.regulation import actions
from anxiu.regulation.choices import OrderType, PilotOutcome
from anxiu.regulation.models import Pilot
from anxiu.regulation.queries import pilots

router = Router(tags=["regulation"])
MOST = 200


# ---- asked -----------------------------------------------------------------------------------------------------------
class PilotIn(BaseModel):
    """Where a version is tried: regions by code (none: all), kinds of service (none: all); from when, at once when left
    out; until which day; who leads; by which indicators it is compared; what for. `despite`: whatever a gate has
    against it.
    """

    regions: Annotated[list[Code], Field(max_length=MOST)] = []
    order_types: Annotated[list[OrderType], Field(max_length=MOST)] = []
    starts_at: Moment | None = None
    until_date: Day
    leader: UUID
    indicators: Annotated[list[Code], Field(max_length=MOST)]
    purpose: Words
    despite: bool = False


class WithdrawIn(BaseModel):
    """Why a pilot ends."""

    why: Words


# ---- answered --------------------------------------------------------------------------------------------------------
class PilotOut(BaseModel):
    """A pilot: `version` on trial in place of `base`; `holds_until` and what follows once it is decided."""

    uid: UUID
    version: UUID
    base: UUID
    regions: list[str]
    order_types: list[OrderType]
    starts_at: datetime
    until_date: date
    leader: str
    indicators: list[str]
    purpose: str
    outcome: PilotOutcome | None
    holds_until: datetime | None
    decided_at: datetime | None
    decided_by: str
    decision: str

    @staticmethod
    def of(row: Pilot) -> "PilotOut":
        """From a row."""
        regions = dict.fromkeys(each.region.code for each in row.places.all() if each.region)
        return PilotOut(
            uid=row.uid, version=row.version.uid, base=row.base.uid, regions=list(regions),
            order_types=[OrderType(each) for each in row.order_types], starts_at=row.starts_at,
            until_date=row.until_date, leader=row.leader.name, indicators=row.indicators, purpose=row.purpose,
            outcome=PilotOutcome(row.outcome) if row.outcome else None, holds_until=row.holds_until,
            decided_at=row.decided_at, decided_by=row.decided_by.name if row.decided_by else "", decision=row.decision,
        )  # fmt: skip


class PilotsOut(BaseModel):
    """A page of pilots, newest first."""

    items: list[PilotOut]
    next: str


class SumOut(BaseModel):
    """A figure in its indicator's unit, over how many cases."""

    value: float | None
    count: int

    @staticmethod
    def of(indicator: Indicator, sums: Sum) -> "SumOut":
        """From how much and how many."""
        return SumOut(value=value_of(indicator, *sums), count=sums[1])


class SideOut(BaseModel):
    """Where it is tried, or elsewhere: before, since, and week by week."""

    before: SumOut
    since: SumOut
    weeks: list[SumOut]

    @staticmethod
    def of(indicator: Indicator, side: Side) -> "SideOut":
        """From a side."""
        return SideOut(
            before=SumOut.of(indicator, side.before), since=SumOut.of(indicator, side.after),
            weeks=[SumOut.of(indicator, each) for each in side.weeks],
        )  # fmt: skip


class ComparedOut(BaseModel):
    """One indicator compared: `effect` is how much more it changed where it is tried, `low` to `high` what agrees with
    the figures (none with too few parts), `chance` how often a change that does nothing looks like this.
    """

    indicator: str
    unit: Unit
    better: Better
    finding: Finding
    parts_tried: int
    parts_elsewhere: int
    effect: float | None
    low: float | None
    high: float | None
    chance: float | None
    tried: SideOut
    elsewhere: SideOut

    @staticmethod
    def of(found: Found) -> "ComparedOut":
        """From what was found."""
        indicator, said = found.indicator, found.compared
        return ComparedOut(
            indicator=indicator.code, unit=indicator.unit, better=indicator.better, finding=said.finding,
            parts_tried=said.tried, parts_elsewhere=said.rest, effect=said.effect, low=said.low, high=said.high,
            chance=said.chance, tried=SideOut.of(indicator, found.tried), elsewhere=SideOut.of(indicator, found.rest),
        )  # fmt: skip


class ComparisonOut(BaseModel):
    """A pilot compared: whole weeks from `first` on and before it; parts with fewer cases than `minimum` do not count.

    `paired`: kinds of service are compared with the others of the same region, else regions with other regions.
    """

    first: date
    weeks_before: int
    weeks_since: int
    minimum: int
    paired: bool
    items: list[ComparedOut]


# ---- reading ---------------------------------------------------------------------------------------------------------
def pilot_of(actor: Actor, uid: UUID) -> Pilot:
    """A pilot the caller may know of."""
    found = pilots(actor).filter(uid=uid).first()
    if found is None:
        raise NotFound("kernel.not_found")
    return found


@router.get("/regulation/pilots", response={200: PilotsOut, **REFUSED}, summary="List pilots")
def list_pilots(request: HttpRequest, after: Cursor = "", limit: Limit = PAGE) -> PilotsOut:
    """The pilots the caller may know of, newest first."""
    found, following = page_of(pilots(actor_of(request)), after, limit)
    return PilotsOut(items=[PilotOut.of(each) for each in found], next=following)


@router.get("/regulation/pilots/{uuid:uid}", response={200: PilotOut, **REFUSED}, summary="One pilot")
def get_pilot(request: HttpRequest, uid: UUID) -> PilotOut:
    """A pilot: where, until when, and what was decided."""
    return PilotOut.of(pilot_of(actor_of(request), uid))


@router.get(
    "/regulation/pilots/{uuid:uid}/comparison", response={200: ComparisonOut, **REFUSED}, summary="How a pilot compares"
)
def get_pilot_comparison(request: HttpRequest, uid: UUID) -> ComparisonOut:
    """Where it is tried beside the rest, before and since; the sums of all regions."""
    actor = actor_of(request)
    actor.require(VIEW_PILOTS)
    found = compared(actor, pilot_of(actor, uid), now())
    return ComparisonOut(
        first=found.weeks.first, weeks_before=found.weeks.before, weeks_since=found.weeks.after, minimum=found.minimum,
        paired=found.paired, items=[ComparedOut.of(each) for each in found.found],
    )  # fmt: skip


# ---- verbs -----------------------------------------------------------------------------------------------------------
@router.post(
    "/regulation/versions/{uuid:uid}/actions/start_pilot",
    response={200: PilotOut, **REFUSED},
    summary="Try an approved version in some places",
)
def start_pilot(request: HttpRequest, uid: UUID, body: PilotIn, key: Key) -> HttpResponse:
    """Let an approved version hold in some regions or for some kinds of service; the answer is the pilot."""

    def work(actor: Actor) -> PilotOut:
        at, version = now(), version_of(actor, uid)
        keys = [key for code in dict.fromkeys(body.regions) if (key := region_key(actor, code)) is not None]
        trial = actions.Trial(
            tuple(keys), tuple(dict.fromkeys(body.order_types)), body.until_date,
            known_person_key(actor, body.leader, "leader"), tuple(dict.fromkeys(body.indicators)), body.purpose,
        )  # fmt: skip
        row = actions.start_pilot(
            actor=actor, at=at, version_id=version.pk, trial=trial, starts_at=body.starts_at or at, despite=body.despite
        )
        return PilotOut.of(pilot_of(actor, row.uid))

    return act(request, key, "regulation.start_pilot", work)


@router.post(
    "/regulation/pilots/{uuid:uid}/actions/roll_out_pilot",
    response={200: PilotOut, **REFUSED},
    summary="Roll a pilot out",
)
def roll_out_pilot(request: HttpRequest, uid: UUID, body: PutIn, key: Key) -> HttpResponse:
    """Let what was tried hold for its whole scope."""

    def work(actor: Actor) -> PilotOut:
        at = now()
        actions.roll_out_pilot(
            actor=actor, at=at, pilot_uid=uid, in_force_from=body.in_force_from or at, why=body.why,
            despite=body.despite,
        )  # fmt: skip
        return PilotOut.of(pilot_of(actor, uid))

    return act(request, key, "regulation.roll_out_pilot", work)


@router.post(
    "/regulation/pilots/{uuid:uid}/actions/withdraw_pilot",
    response={200: PilotOut, **REFUSED},
    summary="Withdraw a pilot",
)
def withdraw_pilot(request: HttpRequest, uid: UUID, body: WithdrawIn, key: Key) -> HttpResponse:
    """End a pilot; the former version takes its place again."""

    def work(actor: Actor) -> PilotOut:
        actions.withdraw_pilot(actor=actor, at=now(), pilot_uid=uid, why=body.why)
        return PilotOut.of(pilot_of(actor, uid))

    return act(request, key, "regulation.withdraw_pilot", work)
