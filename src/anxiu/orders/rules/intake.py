"""What a report is: how severe by the regulation's criteria, and whether it repeats an earlier fault."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from anxiu.orders.values import Criterion
from anxiu.regulation.choices import Severity


@dataclass(frozen=True, slots=True)
class Proposal:
    """The severity proposed, the criteria that were met, and the keys that were used."""

    severity: Severity
    because: tuple[str, ...]
    value_keys: tuple[str, ...]


def proposed_severity(words: str, criteria: Sequence[Criterion], default: Severity) -> Proposal:
    """The most urgent severity any criterion gives to these words; the default when none is met.

    A criterion is met when one of its keywords occurs in the words, whatever the case.
    """
    said = words.casefold()
    met = [each for each in criteria if any(word.casefold() in said for word in each.keywords)]
    order = list(Severity)
    if not met:
        return Proposal(default, (), ("orders.severity_default",))
    worst = min((each.severity for each in met), key=order.index)
    because = tuple(each.code for each in met if each.severity is worst)
    return Proposal(worst, because, ("orders.severity_criteria",))


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier order on the same machine: when its work was completed, and its class of fault."""

    order_id: int
    fault_class_id: int | None
    completed_at: datetime


def repeat_of(earlier: Iterable[Earlier], fault_class_id: int | None, at: datetime, window: timedelta) -> int | None:
    """The latest order with the same class of fault completed within `window` before `at`; None when there is none.

    A fault without a class repeats nothing: two unknowns are not the same.
    """
    if fault_class_id is None:
        return None
    same = [
        each for each in earlier if each.fault_class_id == fault_class_id and at - window <= each.completed_at <= at
    ]
    return max(same, key=lambda each: each.completed_at).order_id if same else None
