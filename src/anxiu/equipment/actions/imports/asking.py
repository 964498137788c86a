"""Who stands behind a job: whoever asked for it, with the rights they have when it runs."""

from anxiu.accounts.models import Person
from anxiu.accounts.queries import actor_of
from anxiu.equipment.choices import ImportKind
from anxiu.equipment.queries import BROUGHT_BY
from anxiu.kernel.actor import SYSTEM, Actor, ActorKind
from anxiu.kernel.errors import NotAllowed


def behind(kind: str, key: int | None, verb: str, holds: ImportKind) -> Actor:
    """The actor of this kind and id. Refuses: one who has left, or may no longer do it with what the file holds."""
    if kind == ActorKind.SYSTEM:
        return SYSTEM
    person = Person.objects.filter(pk=key or 0, is_active=True).first()
    if person is None:
        raise NotAllowed("kernel.not_allowed", permission=verb)
    actor = actor_of(person)
    actor.require(verb)
    actor.require(BROUGHT_BY[holds])
    return actor
