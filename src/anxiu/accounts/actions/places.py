"""Regions and the outlets in them."""

from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from anxiu.accounts.events import OutletAdded, OutletChanged, RegionAdded, RegionChanged
from anxiu.accounts.models import Outlet, Region
from anxiu.accounts.queries import outlets, regions
from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.errors import Invalid, NotFound
from anxiu.kernel.events import record


def _zone(name: str) -> str:
    if name and name not in available_timezones():
        raise Invalid("accounts.unknown_zone", field="time_zone", zone=name)
    return name


@action(posts={"administrator"})
def add_region(*, actor: Actor, at: datetime, code: str, name_zh: str, name_en: str, time_zone: str = "") -> Region:
    """Add a region. Without a time zone it has the company's.

    Records: RegionAdded. Refuses: a code that is taken, an unknown time zone.
    """
    if Region.objects.filter(code=code).exists():
        raise Invalid("accounts.code_taken", field="code")
    region = Region.objects.create(code=code, name_zh=name_zh, name_en=name_en, time_zone=_zone(time_zone))
    record(RegionAdded(code), subject=Subject("region", region.pk), region_id=region.pk, actor=actor, at=at)
    return region


@action(posts={"administrator"})
def change_region(*, actor: Actor, at: datetime, region_id: int, changes: dict[str, str]) -> Region:
    """Change a region's names or time zone.

    Records: RegionChanged. Refuses: another field, an unknown time zone.
    """
    region = regions(actor).select_for_update().filter(pk=region_id).first()
    if region is None:
        raise NotFound("kernel.not_found")
    _zone(changes.get("time_zone", ""))
    if found := _set(region, changes, {"name_zh", "name_en", "time_zone"}):
        record(RegionChanged(found), subject=Subject("region", region.pk), region_id=region.pk, actor=actor, at=at)
    return region


def _set(row: Region | Outlet, changes: dict[str, Any], allowed: set[str]) -> tuple[str, ...]:
    """Write what differs; the names of those fields."""
    if wrong := changes.keys() - allowed:
        raise Invalid("accounts.not_changeable", field=sorted(wrong)[0])
    found = tuple(sorted(field for field, value in changes.items() if getattr(row, field) != value))
    for field in found:
        setattr(row, field, changes[field])
    if found:
        row.save(update_fields=found)
    return found


@action(posts={"administrator"})
def add_outlet(
    *, actor: Actor, at: datetime, region_id: int, code: str, name_zh: str, name_en: str, is_partner: bool = False
) -> Outlet:
    """Add an outlet to a region: our own or a partner's.

    Records: OutletAdded. Refuses: a code that is taken, a region out of sight.
    """
    if not regions(actor).filter(pk=region_id).exists():
        raise NotFound("kernel.not_found")
    if Outlet.objects.filter(code=code).exists():
        raise Invalid("accounts.code_taken", field="code")
    outlet = Outlet.objects.create(
        region_id=region_id, code=code, name_zh=name_zh, name_en=name_en, is_partner=is_partner
    )
    record(OutletAdded(code), subject=Subject("outlet", outlet.pk), region_id=region_id, actor=actor, at=at)
    return outlet


@action(posts={"administrator"})
def change_outlet(*, actor: Actor, at: datetime, outlet_id: int, changes: dict[str, Any]) -> Outlet:
    """Change an outlet's names, region or whether it is a partner's.

    Records: OutletChanged. Refuses: another field, a region out of sight.
    """
    outlet = outlets(actor).select_for_update(of=("self",)).filter(pk=outlet_id).first()
    if outlet is None:
        raise NotFound("kernel.not_found")
    if "region_id" in changes:
        actor.require_region(changes["region_id"])
    if found := _set(outlet, changes, {"name_zh", "name_en", "region_id", "is_partner"}):
        record(
            OutletChanged(found), subject=Subject("outlet", outlet.pk), region_id=outlet.region_id, actor=actor, at=at
        )
    return outlet
