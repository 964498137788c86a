"""Which verb exists from which state."""

from dataclasses import dataclass

from anxiu.orders.choices import STAYS, TRANSITIONS, WHILE_SUSPENDED, State


@dataclass(frozen=True, slots=True)
class Move:
    """Where a verb leads, or the code of why it does not exist here."""

    to: State | None
    because: str = ""

    @property
    def exists(self) -> bool:
        """Whether the verb may be tried from here."""
        return not self.because


def move(verb: str, state: State, *, suspended: bool) -> Move:
    """What `verb` does to an order in `state`; a suspended order knows fewer verbs."""
    sources, target = TRANSITIONS[verb]
    if state not in sources:
        return Move(None, "orders.archived" if state is State.ARCHIVED else "orders.wrong_state")
    if suspended and verb not in WHILE_SUSPENDED:
        return Move(None, "orders.is_suspended")
    if verb == "resume" and not suspended:
        return Move(None, "orders.not_suspended")
    if verb == "book_visit" and state is not State.ACCEPTED and not suspended:
        return Move(None, "orders.suspend_first")
    return Move(state if target is None or state in STAYS.get(verb, ()) else target)
