"""Whether a plan needs approval before work starts, and whether somebody may give it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from anxiu.kernel.money import Money
from anxiu.orders.values import Authority


@dataclass(frozen=True, slots=True)
class Judged:
    """Why a plan needs approval (nothing: it needs none), and the key of the first reason."""

    because: tuple[str, ...]
    value_key: str

    @property
    def needs_approval(self) -> bool:
        """Whether it has to wait."""
        return bool(self.because)


REASONS = {"always": "orders.processes", "risk": "orders.high_risk_work", "cost": "workforce.grades"}


def judged(cost: Money, limit: Money, risks: Collection[str], *, always: bool) -> Judged:
    """A plan beyond the limit of the engineer's grade, with any high risk, or of a process that asks it always."""
    met = {"always": always, "risk": bool(risks), "cost": cost > limit}
    because = tuple(name for name, is_met in met.items() if is_met)
    return Judged(because, REASONS[because[0]] if because else REASONS["cost"])


@dataclass(frozen=True, slots=True)
class Reach:
    """Up to what somebody may approve; None for no bound."""

    limit: Money | None

    def covers(self, cost: Money) -> bool:
        """Whether a plan of this cost is theirs to approve."""
        return self.limit is None or cost <= self.limit


def authority(posts: Iterable[str], limits: Sequence[Authority], unit: Money) -> Reach:
    """What the posts that somebody holds add up to: the widest of them. `unit` is one yuan."""
    held = set(posts)
    mine = [each for each in limits if each.post in held]
    if any(each.unlimited for each in mine):
        return Reach(None)
    return Reach(unit.times(max((each.limit for each in mine), default=0)))
