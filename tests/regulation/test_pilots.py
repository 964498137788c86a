"""Pilots: where a version on trial holds, who may start and decide, what is refused, and what stays with orders."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import InternalError, ProgrammingError
from django.test.utils import CaptureQueriesContext

from anxiu.accounts.actions import add_region
from anxiu.accounts.models import Region
from anxiu.kernel.actor import SYSTEM, Actor
from anxiu.kernel.errors import GateShut, Refusal
from anxiu.kernel.models import EventRow
from anxiu.regulation import actions
from anxiu.regulation.choices import OrderType
from anxiu.regulation.models import Pilot, Version
from anxiu.regulation.queries import (
    applies,
    company_figures_changed,
    differences,
    in_force,
    pilots,
    regions_of_their_own,
    running,
    since_then,
)
from anxiu.regulation.rules.controls import GUARDS
from anxiu.regulation.rules.piloting import Spot, is_everywhere, overlapping, spots
from tests.given.piloted import approved, started, trial
from tests.regulation.conftest import AT, person_with

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("REG-03")]
LATER = AT + timedelta(days=1)
SOON = AT + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _elsewhere(south: Region) -> None:
    """There is always a region that tries nothing."""


@pytest.fixture
def leader(north: Region) -> int:
    return person_with("supervisor", north).pk


@pytest.fixture
def version(leader: int) -> Version:
    return approved(AT, leader)


def refused(code: str, actor: Actor, version: Version, leader: int, *, starts_at: datetime = AT, **more: Any) -> Refusal:
    with pytest.raises(Refusal) as said, transaction.atomic():
        actions.start_pilot(
            actor=actor, at=AT, version_id=version.pk, trial=trial(leader, **more), starts_at=starts_at
        )
    assert said.value.code == code
    return said.value


def holds(region: Region | None, kind: str = "", at: datetime = LATER) -> str:
    return in_force(region.pk if region else None, kind, at).code


# ---- where ------------------------------------------------------------------------------------------------------------
def test_places_overlap_where_an_order_could_lie_in_both():
    north, repairs, both = Spot(1, ""), Spot(None, "repair"), Spot(1, "repair")
    assert north.overlaps(repairs)
    assert both.overlaps(north)
    assert not north.overlaps(Spot(2, ""))
    assert not both.overlaps(Spot(1, "training"))
    assert spots(Spot(None, ""), (1, 2), ("repair",)) == (Spot(1, "repair"), Spot(2, "repair"))
    assert overlapping((Spot(2, ""), north), (both,)) == north
    assert not is_everywhere(Spot(None, ""), (north,), (1, 2), ("repair", "training"))
    assert is_everywhere(Spot(None, ""), (north, Spot(2, "")), (1, 2), ("repair", "training"))
    assert is_everywhere(Spot(1, ""), (Spot(1, "repair"), Spot(1, "training")), (1, 2), ("repair", "training"))


def test_a_pilot_holds_in_its_region_only_and_only_from_its_moment(version, leader, manager, north, south):
    pilot = actions.start_pilot(
        actor=manager, at=AT, version_id=version.pk, trial=trial(leader, regions=(north.pk,)), starts_at=SOON
    )
    assert Version.objects.get(pk=version.pk).state == "on_trial"
    assert (holds(north), holds(north, "repair"), holds(south), holds(None)) == (
        "default-2", "default-2", "default-1", "default-1",
    )  # fmt: skip
    assert holds(north, at=SOON - timedelta(seconds=1)) == "default-1"
    assert list(regions_of_their_own(LATER)) == [north.pk]
    found = Version.objects.get(pk=version.pk)
    assert applies(found, north.pk, "repair", LATER)
    assert not applies(found, south.pk, "repair", LATER)
    assert not applies(found, north.pk, "repair", AT)
    assert (pilot.base.code, pilot.regions, pilot.order_types) == ("default-1", (north.pk,), ())
    assert EventRow.objects.get(kind="regulation.pilot_started").subject_id == version.pk


def test_a_pilot_of_a_kind_of_service_holds_for_such_orders_and_for_no_person(version, leader, manager, north):
    actions.start_pilot(
        actor=manager, at=AT, version_id=version.pk, trial=trial(leader, order_types=("repair",)), starts_at=AT
    )
    assert (holds(north, "repair"), holds(None, "repair")) == ("default-2", "default-2")
    assert (holds(north, "training"), holds(north), holds(None)) == ("default-1", "default-1", "default-1")


def test_a_pilot_of_some_regions_and_kinds_holds_where_both_meet(version, leader, manager, north, south):
    actions.start_pilot(
        actor=manager, at=AT, version_id=version.pk,
        trial=trial(leader, regions=(north.pk,), order_types=("repair", "training")), starts_at=AT,
    )  # fmt: skip
    assert (holds(north, "repair"), holds(north, "training"), holds(north, "remote"), holds(south, "repair")) == (
        "default-2", "default-2", "default-1", "default-1",
    )  # fmt: skip


def test_what_is_more_specific_goes_before_a_pilot(leader, manager, north):
    """A region's own version for repairs stays, where the pilot takes the place of the company's."""
    own = actions.adopt_preset(
        actor=SYSTEM, at=AT, preset_code="r1", in_force_from=AT, region_id=north.pk, order_type="repair"
    )
    started(AT, leader, regions=(north.pk,))
    assert (holds(north, "repair"), holds(north, "training")) == (own.code, "default-2")


def test_the_version_that_holds_is_still_one_statement(version, leader, manager, north):
    actions.start_pilot(
        actor=manager, at=AT, version_id=version.pk, trial=trial(leader, regions=(north.pk,)), starts_at=AT
    )
    in_force(north.pk, "repair", LATER)
    with CaptureQueriesContext(connection) as asked:
        in_force(north.pk, "repair", LATER)
    assert len(asked) == 1


# ---- refused ----------------------------------------------------------------------------------------------------------
def test_who_may_start_a_pilot(version, leader, manager, engineer, north, south):
    refused("kernel.not_allowed", engineer, version, leader, regions=(north.pk,))
    local = Actor(manager.kind, manager.id, manager.permissions, frozenset({north.pk}))
    refused("kernel.not_found", local, version, leader, regions=(north.pk, south.pk))
    refused("regulation.for_everybody", local, version, leader, order_types=("repair",))
    pilot = actions.start_pilot(
        actor=local, at=AT, version_id=version.pk, trial=trial(leader, regions=(north.pk,)), starts_at=AT
    )
    assert list(pilots(local)) == [pilot]
    far = Actor(manager.kind, manager.id, manager.permissions, frozenset({south.pk}))
    assert list(pilots(far)) == []


def test_what_a_pilot_needs(version, leader, manager, north, south):
    there = {"regions": (north.pk,)}
    refused("kernel.required", manager, version, leader, **there, purpose=" ")
    refused("regulation.pilot_without_indicator", manager, version, leader, **there, indicators=())
    wrong = refused("kpi.not_compared", manager, version, leader, **there, indicators=("first_fix", "requests", "x"))
    assert wrong.params["codes"] == "requests, x"
    refused("regulation.pilot_ends_first", manager, version, leader, **there, until_date=date(2026, 11, 1))
    refused("regulation.already_began", manager, version, leader, **there, starts_at=AT - timedelta(minutes=1))
    refused("kernel.not_found", manager, version, leader + 99, **there)
    refused("kernel.not_found", manager, version, leader, regions=(north.pk + south.pk + 9,))
    refused("kernel.not_a_choice", manager, version, leader, order_types=("x",))
    refused("regulation.pilot_everywhere", manager, version, leader)
    refused("regulation.pilot_everywhere", manager, version, leader, regions=tuple(Region.objects.values_list("pk", flat=True)))
    refused("regulation.pilot_everywhere", manager, version, leader, order_types=tuple(OrderType))
    refused("regulation.wrong_state", manager, Version.objects.get(code="default-1"), leader, **there)
    assert Version.objects.get(pk=version.pk).state == "approved"
    assert not Pilot.objects.exists()


def test_a_clause_that_nothing_holds_keeps_a_pilot_from_starting(version, leader, manager, north, monkeypatch):
    monkeypatch.delitem(GUARDS, "regulation.version_stays")
    shut = refused("regulation.not_ready", manager, version, leader, regions=(north.pk,))
    assert [each.params["number"] for each in shut.missing] == ["1.1", "1.2"]


def test_pilots_do_not_overlap(version, leader, manager, north, south):
    first = started(AT, leader, version, regions=(north.pk,))
    second = approved(AT, leader)
    wrong = refused("regulation.pilot_overlaps", manager, second, leader, order_types=("repair",))
    assert (wrong.params["version"], wrong.params["place"]) == (version.code, "repair")
    refused("regulation.pilot_overlaps", manager, second, leader, regions=(south.pk, north.pk), order_types=("repair",))
    started(AT, leader, second, regions=(south.pk,))
    assert (holds(north), holds(south)) == (version.code, second.code)
    third = approved(AT, leader)
    actions.withdraw_pilot(actor=manager, at=LATER, pilot_uid=first.uid, why="不成")
    actions.start_pilot(
        actor=manager, at=LATER, version_id=third.pk, trial=trial(leader, regions=(north.pk,)), starts_at=LATER
    )
    assert holds(north) == third.code


def test_a_pilot_does_not_start_where_it_would_replace_nothing(version, leader, manager, north, south):
    add_region(actor=SYSTEM, at=AT, code="west", name_zh="华西", name_en="West")
    own = actions.adopt_preset(actor=SYSTEM, at=AT, preset_code="r1", in_force_from=AT, region_id=north.pk)
    wrong = refused("regulation.pilot_elsewhere", manager, version, leader, regions=(south.pk, north.pk))
    assert (wrong.params["version"], wrong.params["place"]) == (own.code, "north")
    of_region = actions.start_draft(
        actor=SYSTEM, at=AT, source=actions.Source(version_id=own.pk), why="x", region_id=north.pk
    )
    refused("regulation.pilot_outside", SYSTEM, of_region, leader, regions=(south.pk,))


def test_figures_of_the_whole_company_are_not_tried(leader, manager, north):
    version = approved(AT, leader, sla__first_response={"urgent": "20 min", "normal": "2 h", "minor": "8 working h"},
                       notify__too_old="12 h")  # fmt: skip
    shut = refused("regulation.pilot_company_figures", manager, version, leader, regions=(north.pk,))
    assert isinstance(shut, GateShut)
    [wrong] = shut.missing
    assert wrong.params["key"] == "notify.too_old"
    assert wrong.params["number"]
    assert company_figures_changed(version.pk, in_force(None, "", AT).pk) == [(wrong.params["number"], "notify.too_old")]


# ---- decided ----------------------------------------------------------------------------------------------------------
def test_a_pilot_is_rolled_out_for_everybody(version, leader, manager, engineer, north, south):
    pilot = started(AT, leader, version, regions=(north.pk,))
    with pytest.raises(Refusal) as said, transaction.atomic():
        actions.roll_out_pilot(actor=engineer, at=LATER, pilot_uid=pilot.uid, in_force_from=LATER, why="好")
    assert said.value.code == "kernel.not_allowed"
    for given, code in (({"why": " "}, "kernel.required"), ({"in_force_from": AT}, "regulation.already_began")):
        with pytest.raises(Refusal) as said, transaction.atomic():
            actions.roll_out_pilot(actor=manager, at=LATER, pilot_uid=pilot.uid, **{"in_force_from": LATER, "why": "好", **given})
        assert said.value.code == code
    then = LATER + timedelta(days=1)
    actions.roll_out_pilot(actor=manager, at=LATER, pilot_uid=pilot.uid, in_force_from=then, why="确实更快")
    assert (holds(north), holds(south)) == ("default-2", "default-1")
    assert (holds(north, at=then), holds(south, at=then), holds(None, at=then)) == ("default-2",) * 3
    assert holds(south, at=AT) == "default-1"
    pilot.refresh_from_db()
    assert (pilot.outcome, pilot.decision, pilot.holds_until) == ("rolled_out", "确实更快", then)
    assert list(EventRow.objects.filter(subject_id=version.pk).order_by("-pk").values_list("kind", flat=True)[:2]) == [
        "regulation.pilot_rolled_out", "regulation.adopted",
    ]  # fmt: skip
    assert list(running(pilots(manager), LATER)) == [pilot]
    assert list(running(pilots(manager), then)) == []


def test_a_pilot_is_withdrawn_and_the_former_version_holds_again(version, leader, manager, engineer, north):
    pilot = started(AT, leader, version, regions=(north.pk,))
    with pytest.raises(Refusal) as said, transaction.atomic():
        actions.withdraw_pilot(actor=engineer, at=LATER, pilot_uid=pilot.uid, why="不成")
    assert said.value.code == "kernel.not_allowed"
    with pytest.raises(Refusal) as said, transaction.atomic():
        actions.withdraw_pilot(actor=manager, at=LATER, pilot_uid=pilot.uid, why="")
    assert said.value.code == "kernel.required"
    actions.withdraw_pilot(actor=manager, at=LATER, pilot_uid=pilot.uid, why="客户不满意")
    assert holds(north) == "default-1"
    assert holds(north, at=LATER - timedelta(seconds=1)) == "default-2"
    assert holds(None, at=LATER - timedelta(seconds=1)) == "default-1"
    version.refresh_from_db()
    assert (version.state, version.withdrawn_at, version.in_force_from) == ("withdrawn", LATER, None)
    for verb, more in ((actions.withdraw_pilot, {}), (actions.roll_out_pilot, {"in_force_from": LATER})):
        with pytest.raises(Refusal) as said, transaction.atomic():
            verb(actor=manager, at=LATER, pilot_uid=pilot.uid, why="x", **more)
        assert said.value.code == "regulation.pilot_over"


def test_a_version_on_trial_is_only_rolled_out_or_withdrawn(version, leader, manager, north):
    started(AT, leader, version, regions=(north.pk,))
    for verb, more in (
        (actions.put_in_force, {"in_force_from": LATER}), (actions.return_to_draft, {}), (actions.discard_draft, {}),
        (actions.set_figure, {"key": "sla.warning_share", "raw": 80}),
    ):  # fmt: skip
        with pytest.raises(Refusal) as said, transaction.atomic():
            verb(actor=manager, at=AT, version_id=version.pk, why="x", **more)
        assert said.value.code == "regulation.wrong_state"
    with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
        Version.objects.filter(pk=version.pk).update(state="draft")
    with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
        version.figures.filter(key="sla.warning_share").update(raw=99)


def test_what_differs_and_what_took_effect_meanwhile_is_told(version, leader, manager, north):
    pilot = started(AT, leader, version, regions=(north.pk,))
    [one] = differences(version.pk, pilot.base_id)
    assert (one.number, one.key) == ("3.1", "sla.first_response")
    assert (one.old["urgent"], one.new["urgent"]) == ("30 min", "20 min")
    assert list(since_then(pilot, LATER)) == []
    amended = actions.amend_version(
        actor=manager, at=SOON, version_id=pilot.base_id, in_force_from=SOON, changes={"sla.warning_share": 60}
    )
    assert list(since_then(pilot, LATER)) == [amended]
    assert (holds(north), holds(None)) == (version.code, amended.code)
