"""Each event that a target wants becomes one delivery."""

from anxiu.hooks.actions import queue
from anxiu.hooks.queries import wanted_kinds
from anxiu.kernel.events import Recorded
from anxiu.kernel.subscribers import reactor
from anxiu.kernel.time import now


@reactor("hooks.queue", wanted=wanted_kinds)
def queue_for_targets(fact: Recorded) -> None:
    """Queue the event for every target that gets its kind and region."""
    queue(fact, now())
