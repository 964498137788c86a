"""What the workforce does after others' events."""

from anxiu.accounts.events import PersonErased
from anxiu.kernel.events import Recorded
from anxiu.kernel.subscribers import reactor
from anxiu.kernel.time import now
from anxiu.workforce.actions.erasing import forget_colleague


@reactor("workforce.erase_person", PersonErased)
def erase_person(fact: Recorded) -> None:
    """Proofs, notes and places go with the person."""
    forget_colleague(fact.subject.id, now())
