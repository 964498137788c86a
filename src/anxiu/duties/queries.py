"""Reading to-dos."""

from uuid import UUID

from django.db.models import Q, QuerySet

from anxiu.duties.models import Duty
from anxiu.kernel.action import view
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.errors import NotFound

VIEW = view("duties.view", posts={"agent", "dispatcher", "supervisor", "management", "administrator"})
CLOSE_FOR_OTHERS = view("duties.close_for_others", posts={"supervisor", "management"})


def visible(actor: Actor) -> QuerySet[Duty]:
    """The to-dos of the actor, and those of the actor's regions where the actor may see them."""
    rows = Duty.objects.select_related("owner", "region")
    mine = Q(owner=actor.person_id) if actor.person_id is not None else Q(pk=None)
    if not actor.may(VIEW):
        return rows.filter(mine)
    return rows if actor.regions is None else rows.filter(mine | Q(region_id__in=actor.regions))


def duty(actor: Actor, uid: UUID) -> Duty:
    """One to-do the actor may see."""
    found = visible(actor).filter(uid=uid).first()
    if found is None:
        raise NotFound("kernel.not_found")
    return found


def duties_of(subject: Subject, kind: str = "") -> QuerySet[Duty]:
    """The to-dos about a thing; its own app has asked whether the actor may see that thing."""
    rows = Duty.objects.select_related("owner").filter(subject_kind=subject.kind, subject_id=subject.id)
    return (rows.filter(kind=kind) if kind else rows).order_by("id")
