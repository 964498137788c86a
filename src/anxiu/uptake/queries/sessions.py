"""Reading sessions on versions."""

from django.db.models import Q, QuerySet

from anxiu.kernel.actor import Actor
from anxiu.uptake.models import Session
from anxiu.uptake.queries.reading import VIEW


def sessions(actor: Actor) -> QuerySet[Session]:
    """The sessions held in the regions the actor sees, and those the actor came to; newest first."""
    rows = Session.objects.select_related("version", "recorded_by", "region").prefetch_related("attendees")
    rows = rows.order_by("-held_at", "-pk")
    own = Q(pk__in=Session.objects.filter(attendees=actor.person_id).values("pk"))
    if not actor.may(VIEW):
        return rows.filter(own)
    return rows if actor.regions is None else rows.filter(own | Q(region__in=actor.regions))
