"""Targets: named, changed, given a new secret, switched off and on."""

import ipaddress
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.conf import settings

from anxiu.accounts.queries import regions
from anxiu.hooks.choices import Off, Reason, State
from anxiu.hooks.events import SecretRenewed, TargetAdded, TargetChanged, TargetSwitchedOff, TargetSwitchedOn
from anxiu.hooks.models import Delivery, Target
from anxiu.hooks.queries import targets
from anxiu.hooks.rules import OLD_SECRET_SIGNS_FOR, may_connect, place_of
from anxiu.hooks.sealing import sealed
from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.checks import change, require_fitting
from anxiu.kernel.errors import Invalid, NotFound, WrongState
from anxiu.kernel.events import KINDS, record
from anxiu.kernel.ids import uuid7

SECRET_BYTES: Final = 32  # source: RFC 2104, section 3: a key as long as the digest
CHANGEABLE: Final = frozenset({"url", "purpose", "kinds", "region_ids"})


@dataclass(frozen=True, slots=True)
class NewTarget:
    """Where to, what for, which kinds of events, of which regions; none are all, and what belongs to none."""

    url: str
    purpose: str
    kinds: tuple[str, ...]
    region_ids: tuple[int, ...] = ()


def subject_of(row: Target) -> Subject:
    """What events about a target are about."""
    return Subject("hook", row.pk)


def _secret() -> str:
    return f"anxiu_hook_{secrets.token_urlsafe(SECRET_BYTES)}"


def locked(actor: Actor, uid: UUID) -> Target:
    """One target, to be changed."""
    row = targets(actor).select_for_update().filter(uid=uid).first()
    if row is None:
        raise NotFound("kernel.not_found")
    return row


@action(posts={"administrator"})
def add_target(*, actor: Actor, at: datetime, new: NewTarget) -> tuple[Target, str]:
    """Name a target. Its secret is answered once, and stored sealed.

    Records: TargetAdded. Refuses: an address that is not https or leads inside, events or regions that are not there.
    """
    secret, uid = _secret(), uuid7()
    row = Target(
        uid=uid, url=new.url, purpose=new.purpose, kinds=sorted(set(new.kinds)), region_ids=sorted(set(new.region_ids)),
        secret=sealed(secret, uid), created_at=at,
    )  # fmt: skip
    _check(actor, row)
    row.save(force_insert=True)
    record(TargetAdded(tuple(row.kinds)), subject=subject_of(row), region_id=None, actor=actor, at=at)
    return row, secret


@action(posts={"administrator"})
def change_target(*, actor: Actor, at: datetime, target_uid: UUID, changes: Mapping[str, Any]) -> Target:
    """Change a target's address, purpose, kinds of events or regions; it holds for events from now on.

    Records: TargetChanged. Refuses: what adding one refuses.
    """
    row = locked(actor, target_uid)
    given = {name: sorted(set(value)) if name in ("kinds", "region_ids") else value for name, value in changes.items()}
    if fields := change(row, given, CHANGEABLE):
        _check(actor, row)
        row.save(update_fields=fields)
        record(TargetChanged(fields), subject=subject_of(row), region_id=None, actor=actor, at=at)
    return row


def _check(actor: Actor, row: Target) -> None:
    """What every target has to be."""
    require_fitting(row)
    place = place_of(row.url, to_loopback=settings.HOOKS_TO_LOOPBACK)
    with suppress(ValueError):  # a name is resolved when it is asked; an address is known to lead inside at once
        ipaddress.ip_address(place.host)
        if not may_connect(place.host, place, to_loopback=settings.HOOKS_TO_LOOPBACK):
            raise Invalid("hooks.inside", field="url")
    if not row.kinds:
        raise Invalid("hooks.no_kinds", field="kinds")
    if unknown := set(row.kinds) - KINDS.keys():
        raise Invalid("hooks.unknown_kind", field="kinds", kind=", ".join(sorted(unknown)))
    if actor.regions is not None and not row.region_ids:
        raise Invalid("hooks.regions_needed", field="regions")
    if regions(actor).filter(pk__in=row.region_ids).count() != len(row.region_ids):
        raise Invalid("hooks.unknown_region", field="regions")


@action(posts={"administrator"})
def renew_secret(*, actor: Actor, at: datetime, target_uid: UUID) -> tuple[Target, str]:
    """Give a target a new secret, answered once. The one before signs along for a day.

    Records: SecretRenewed.
    """
    row, secret = locked(actor, target_uid), _secret()
    row.old_secret, row.old_secret_until = row.secret, at + OLD_SECRET_SIGNS_FOR
    row.secret = sealed(secret, row.uid)
    row.save(update_fields=["secret", "old_secret", "old_secret_until"])
    record(SecretRenewed(), subject=subject_of(row), region_id=None, actor=actor, at=at)
    return row, secret


@action(posts={"administrator"})
def switch_target_off(*, actor: Actor, at: datetime, target_uid: UUID) -> Target:
    """Send nothing more to a target; what waits for it fails.

    Records: TargetSwitchedOff. Refuses: one that is off.
    """
    row = locked(actor, target_uid)
    if not row.is_on:
        raise WrongState("hooks.is_off")
    switch_off(row, Off.PERSON, actor, at)
    return row


@action(posts={"administrator"})
def switch_target_on(*, actor: Actor, at: datetime, target_uid: UUID) -> Target:
    """Send events to a target again, from now on. What happened meanwhile is sent by repeating its span of time.

    Records: TargetSwitchedOn. Refuses: one that is on.
    """
    row = locked(actor, target_uid)
    if row.is_on:
        raise WrongState("hooks.is_on")
    row.off_at, row.off_why, row.failing_since = None, "", None
    row.save(update_fields=["off_at", "off_why", "failing_since"])
    record(TargetSwitchedOn(), subject=subject_of(row), region_id=None, actor=actor, at=at)
    return row


def switch_off(row: Target, why: Off, actor: Actor, at: datetime) -> None:
    """Switch a locked target off; part of a caller's change."""
    row.off_at, row.off_why = at, why
    row.save(update_fields=["off_at", "off_why"])
    waiting = Delivery.objects.filter(target=row, state=State.QUEUED)
    waiting.update(state=State.FAILED, reason=Reason.SWITCHED_OFF, next_at=None, ended_at=at)
    record(TargetSwitchedOff(why), subject=subject_of(row), region_id=None, actor=actor, at=at)
