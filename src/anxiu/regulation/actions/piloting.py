"""Trying a version in a part of the company, and what becomes of it: rolled out, or withdrawn."""

from collections.abc import Collection, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings

from anxiu.accounts.models import Region
from anxiu.accounts.queries import people
from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import GateShut, Invalid, NotFound, Refusal, WrongState
from anxiu.kernel.events import Sealed
from anxiu.kernel.gates import ask
from anxiu.regulation.actions.moves import (
    adopted,
    own_figures,
    require_free_moment,
    require_held,
    require_reach,
    require_said,
    require_state,
    take_effect,
    tell,
)
from anxiu.regulation.choices import OrderType, PilotOutcome, VersionState
from anxiu.regulation.events import PilotRolledOut, PilotStarted, PilotWithdrawn
from anxiu.regulation.models import Pilot, Place, Version
from anxiu.regulation.queries import company_figures_changed, in_force, pilots, spots_of, versions
from anxiu.regulation.rules.piloting import Spot, is_everywhere, overlapping, spots

COMPANY = ZoneInfo(settings.TIME_ZONE)


@dataclass(frozen=True, slots=True)
class Trial:
    """Where a version is tried (no regions: in all; no kinds of service: for all), until when, and how it is judged."""

    regions: tuple[int, ...]
    order_types: tuple[str, ...]
    until_date: date
    leader_id: int
    indicators: tuple[str, ...]
    purpose: str


@action(posts={"administrator", "management"})
def start_pilot(
    *, actor: Actor, at: datetime, version_id: int, trial: Trial, starts_at: datetime, despite: bool = False
) -> Pilot:
    """Let an approved version hold in some places from a moment on; elsewhere the version of its scope goes on.

    `despite` does it knowing what speaks against it.

    Records: PilotStarted. Refuses: a version that is not approved, no purpose or indicator, a last day before the
    beginning, places that are all of the version's scope, outside of it, where a more specific version holds or where
    another pilot runs, figures of the whole company that differ, and what `put_in_force` refuses.
    """
    version = versions(actor).select_for_update(of=("self",)).filter(pk=version_id).first()
    if version is None:
        raise NotFound("kernel.not_found")
    wanted = _places(actor, version, trial)
    require_state(version, VersionState.APPROVED)
    purpose = require_said(trial.purpose, "purpose")
    _require_plan(actor, trial, starts_at, at)
    base = in_force(version.region_id, version.order_type, starts_at)
    # Pilots queue at the version that holds for everybody, so that of two at once the later one sees the other.
    Version.objects.select_for_update().get(pk=in_force(None, "", at).pk)
    _require_free(wanted, version, starts_at)
    _require_same_for_company(version, base)
    require_held(version)
    pilot = Pilot.objects.create(
        version=version, base=base, leader_id=trial.leader_id, purpose=purpose, indicators=list(trial.indicators),
        starts_at=starts_at, until_date=trial.until_date, started_at=at, started_by_id=actor.person_id,
    )  # fmt: skip
    places = [Place(pilot=pilot, region_id=each.region_id, order_type=each.order_type) for each in wanted]
    Place.objects.bulk_create(places)
    _ask_the_gates(pilot, wanted, actor, at, despite=despite)
    version.state = VersionState.ON_TRIAL
    version.save(update_fields=["state"])
    fact = PilotStarted(
        version.code, pilot.pk, base.code, trial.regions, trial.order_types, trial.indicators, starts_at,
        trial.until_date, trial.leader_id, Sealed(purpose),
    )  # fmt: skip
    tell(version, fact, actor=actor, at=at)
    return pilot


@action(posts={"administrator", "management"})
def roll_out_pilot(
    *, actor: Actor, at: datetime, pilot_uid: UUID, in_force_from: datetime, why: str, despite: bool = False
) -> Pilot:
    """Let what was tried hold for its whole scope from a moment on, as `put_in_force` does; till then it goes on.

    Records: RegulationAdopted, PilotRolledOut. Refuses: no reason, a pilot that is decided, what holds for everybody by
    who sees some regions only, and what `put_in_force` refuses.
    """
    pilot = _locked(actor, pilot_uid)
    version = pilot.version
    require_reach(actor, version.region_id)
    why = require_said(why, "why")
    require_free_moment(version, in_force_from, at)
    take_effect(version, in_force_from, actor, at, despite=despite)
    _decide(pilot, PilotOutcome.ROLLED_OUT, why, actor, at, holds_until=in_force_from)
    tell(version, adopted(version, own_figures(version), why), actor=actor, at=at)
    tell(version, PilotRolledOut(version.code, pilot.pk, in_force_from, Sealed(why)), actor=actor, at=at)
    return pilot


@action(posts={"administrator", "management"})
def withdraw_pilot(*, actor: Actor, at: datetime, pilot_uid: UUID, why: str) -> Pilot:
    """End a pilot: the version before takes its place again; orders opened under what was tried keep it.

    Records: PilotWithdrawn. Refuses: no reason, a pilot that is decided, places the actor does not decide for.
    """
    pilot = _locked(actor, pilot_uid)
    _require_reach(actor, pilot.version, spots_of(pilot))
    why = require_said(why, "why")
    _decide(pilot, PilotOutcome.WITHDRAWN, why, actor, at, holds_until=at)
    version = pilot.version
    version.state, version.withdrawn_at = VersionState.WITHDRAWN, at
    version.save(update_fields=["state", "withdrawn_at"])
    back = in_force(version.region_id, version.order_type, at)
    tell(version, PilotWithdrawn(version.code, pilot.pk, back.code, Sealed(why)), actor=actor, at=at)
    return pilot


# ---- parts of these --------------------------------------------------------------------------------------------------
def _locked(actor: Actor, uid: UUID) -> Pilot:
    """A pilot the actor knows of, locked with its version, while nothing is decided."""
    known = pilots(actor).filter(uid=uid).values_list("pk", flat=True).first()
    if known is None:
        raise NotFound("kernel.not_found")
    pilot = Pilot.objects.select_for_update(of=("self", "version")).select_related("version").get(pk=known)
    if pilot.outcome:
        raise WrongState("regulation.pilot_over")
    return pilot


def _decide(
    pilot: Pilot, outcome: PilotOutcome, why: str, actor: Actor, at: datetime, *, holds_until: datetime
) -> None:
    pilot.outcome, pilot.decision, pilot.holds_until = outcome, why, holds_until
    pilot.decided_at, pilot.decided_by_id = at, actor.person_id
    pilot.save(update_fields=["outcome", "decision", "holds_until", "decided_at", "decided_by"])


def _places(actor: Actor, version: Version, trial: Trial) -> tuple[Spot, ...]:
    """Where it is to hold, once the actor may say so: within the version's scope, and not all of it."""
    scope = Spot(version.region_id, version.order_type)
    wanted = spots(scope, trial.regions, trial.order_types)
    _require_reach(actor, version, wanted)
    known = set(Region.objects.filter(retired_at=None).values_list("pk", flat=True))
    if not known >= set(trial.regions):
        raise NotFound("kernel.not_found")
    if unknown := set(trial.order_types) - set(OrderType):
        raise Invalid("kernel.not_a_choice", field="order_types", given=", ".join(sorted(unknown)))
    if outside := next((each for each in wanted if not scope.covers(each)), None):
        raise Invalid("regulation.pilot_outside", field="regions", place=_named(outside))
    if is_everywhere(scope, wanted, known, tuple(OrderType)):
        raise Invalid("regulation.pilot_everywhere", field="regions")
    return wanted


def _require_reach(actor: Actor, version: Version, wanted: Collection[Spot]) -> None:
    """Who decides for every region concerned; a kind of service in all regions is for who sees them all."""
    for each in wanted:
        require_reach(actor, each.region_id)
    if version.region_id is not None:
        require_reach(actor, version.region_id)


def _require_plan(actor: Actor, trial: Trial, starts_at: datetime, at: datetime) -> None:
    if starts_at < at:
        raise Invalid("regulation.already_began", field="starts_at")
    if trial.until_date < starts_at.astimezone(COMPANY).date():
        raise Invalid("regulation.pilot_ends_first", field="until_date")
    if not trial.indicators:
        raise Invalid("regulation.pilot_without_indicator", field="indicators")
    if not people(actor).filter(pk=trial.leader_id, is_active=True).exists():
        raise NotFound("kernel.not_found")


def _require_free(wanted: Sequence[Spot], version: Version, starts_at: datetime) -> None:
    """Refuse where another pilot runs, or where a version holds that this one would not replace."""
    others = Pilot.objects.filter(holds_until=None) | Pilot.objects.filter(holds_until__gt=starts_at)
    for each in others.exclude(version=version).select_related("version").prefetch_related("places"):
        if taken := overlapping(wanted, spots_of(each)):
            raise WrongState("regulation.pilot_overlaps", version=each.version.code, place=_named(taken))
    for spot in wanted:
        here = in_force(spot.region_id, spot.order_type, starts_at)
        if (here.region_id, here.order_type) != (version.region_id, version.order_type):
            raise WrongState("regulation.pilot_elsewhere", version=here.code, place=_named(spot))


def _require_same_for_company(version: Version, base: Version) -> None:
    """Refuse figures of the whole company that differ: they are read from the version that holds for everybody, also
    where a version is for a part of it; such a version cannot set them.
    """
    if version.region_id is not None or version.order_type:
        return
    found = company_figures_changed(version.pk, base.pk)
    if found:
        missing: tuple[Refusal, ...] = tuple(
            Invalid("regulation.pilot_company_figure", number=number, key=key)
            if number
            else Invalid("regulation.pilot_company_loose", key=key)
            for number, key in found
        )
        raise GateShut("regulation.pilot_company_figures", missing=missing)


def _ask_the_gates(pilot: Pilot, wanted: Sequence[Spot], actor: Actor, at: datetime, *, despite: bool) -> None:
    """What the apps above have against the pilot, and against putting the version in force in each of its places."""
    shut = ask([pilot], "start_pilot", actor, at)[pilot.pk]
    if wrong := next((each for verdict in shut for each in verdict.missing), None):
        raise wrong
    against: dict[str, Refusal] = {}
    for spot in wanted:
        there = copy(pilot.version)
        there.region_id, there.order_type, there.in_force_from = spot.region_id, spot.order_type, pilot.starts_at
        for verdict in ask([there], "put_in_force", actor, at)[there.pk]:
            against |= {f"{each.code} {each.params}": each for each in verdict.missing}
    if against and not despite:
        raise GateShut("regulation.speaks_against", field="despite", missing=tuple(against.values()))


def _named(spot: Spot) -> str:
    """A place as a refusal says it: the region's code, and the kind of service."""
    code = Region.objects.filter(pk=spot.region_id or 0).values_list("code", flat=True).first()
    return " · ".join(filter(None, (code, spot.order_type)))
