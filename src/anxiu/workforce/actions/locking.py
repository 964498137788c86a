"""Taking hold of one engineer before a change, through what the actor may see."""

from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.errors import NotFound, WrongState
from anxiu.workforce.models import Engineer
from anxiu.workforce.queries import engineers


def locked(actor: Actor, engineer_id: int) -> Engineer:
    """The engineer, locked until the end of the transaction. Refuses: one out of sight, one who has left."""
    found = engineers(actor, retired=True).select_for_update(of=("self",), no_key=True).filter(pk=engineer_id).first()
    if found is None:
        raise NotFound("kernel.not_found")
    if found.retired_at is not None:
        raise WrongState("workforce.already_retired")
    return found


def subject(engineer: Engineer) -> Subject:
    """What events about an engineer are about."""
    return Subject("engineer", engineer.pk)
