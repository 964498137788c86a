"""Reading targets and what was delivered to them."""

import re
from collections.abc import Collection
from uuid import UUID

from django.db.models import Q, QuerySet

from anxiu.hooks.messages import KINDS as WORDS
from anxiu.hooks.models import Delivery, Target
from anxiu.kernel.action import view
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import NotFound
from anxiu.kernel.events import KINDS
from anxiu.kernel.messages import SENTENCES
from anxiu.kernel.models import EventRow

VIEW_TARGETS = view("hooks.view_targets", posts={"administrator"})
_TAIL = re.compile(r"\s*[:：,，;；]\s*\{.*$")
_PLACEHOLDER = re.compile(r"(\{[^}]*\})+")


def targets(actor: Actor) -> QuerySet[Target]:
    """The targets the actor sees: all, or those that get nothing but events of the actor's regions."""
    actor.require(VIEW_TARGETS)
    rows = Target.objects.all()
    if actor.regions is None:
        return rows
    return rows.filter(region_ids__contained_by=sorted(actor.regions)).exclude(region_ids=[])


def target(actor: Actor, uid: UUID) -> Target:
    """One target."""
    found = targets(actor).filter(uid=uid).first()
    if found is None:
        raise NotFound("kernel.not_found")
    return found


def deliveries(actor: Actor) -> QuerySet[Delivery]:
    """What was or is to be sent to the targets the actor sees."""
    rows = Delivery.objects.select_related("target")
    return rows if actor.regions is None and actor.may(VIEW_TARGETS) else rows.filter(target__in=targets(actor))


def delivery(actor: Actor, uid: UUID) -> Delivery:
    """One delivery."""
    found = deliveries(actor).filter(uid=uid).first()
    if found is None:
        raise NotFound("kernel.not_found")
    return found


def wanted_kinds() -> Collection[str]:
    """The kinds of events that any target gets; asked once a batch of events."""
    return {kind for kinds in Target.objects.filter(off_at=None).values_list("kinds", flat=True) for kind in kinds}


def wanting(kind: str, region_id: int | None) -> QuerySet[Target]:
    """The targets that get an event of this kind and region."""
    place = Q(region_ids=[]) if region_id is None else Q(region_ids=[]) | Q(region_ids__contains=[region_id])
    return Target.objects.filter(place, off_at=None, kinds__contains=[kind])


def events_for(row: Target) -> QuerySet[EventRow]:
    """The events that a target gets."""
    rows = EventRow.objects.filter(kind__in=row.kinds, place__isnull=False)
    return rows.filter(region_id__in=row.region_ids) if row.region_ids else rows


def kind_in_words(kind: str) -> str:
    """A kind of event in words: its sentence, without what only a certain event has."""
    if kind in WORDS:
        return str(WORDS[kind])
    return _PLACEHOLDER.sub("…", _TAIL.sub("", str(SENTENCES.get(kind, kind))))


def kinds() -> list[str]:
    """Every kind of event there is."""
    return sorted(KINDS)
