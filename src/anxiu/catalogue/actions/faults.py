"""Fault classes: added, changed, closed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from anxiu.catalogue import events
from anxiu.catalogue.actions.checks import locked, require_family, require_free
from anxiu.catalogue.models import FaultClass
from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.checks import change, require_fitting
from anxiu.kernel.events import record
from anxiu.workforce.choices import Difficulty

FAULT_FIELDS: Final = frozenset(
    {"family_id", "name_zh", "name_en", "difficulty", "keywords_zh", "keywords_en", "severity_hint"}
)


@dataclass(frozen=True, slots=True)
class NewFaultClass:
    """What is needed to tell a kind of fault apart; without a family it may happen to all."""

    code: str
    name_zh: str
    name_en: str
    difficulty: Difficulty
    family_id: int | None = None
    keywords_zh: tuple[str, ...] = ()
    keywords_en: tuple[str, ...] = ()
    severity_hint: str = ""


@action(posts={"supervisor", "administrator"})
def add_fault_class(*, actor: Actor, at: datetime, new: NewFaultClass) -> FaultClass:
    """Add a class of faults.

    Records: FaultClassAdded. Refuses: a code that is taken, an unknown family.
    """
    if new.family_id is not None:
        require_family(new.family_id)
    row = FaultClass(
        code=new.code.strip(), name_zh=new.name_zh.strip(), name_en=new.name_en.strip(), difficulty=new.difficulty,
        family_id=new.family_id, keywords_zh=list(new.keywords_zh), keywords_en=list(new.keywords_en),
        severity_hint=new.severity_hint,
    )  # fmt: skip
    require_fitting(row)
    require_free(FaultClass, "code", row.code)
    row.save(force_insert=True)
    record(
        events.FaultClassAdded(row.code, row.family_id),
        subject=Subject("fault_class", row.pk), region_id=None, actor=actor, at=at,
    )  # fmt: skip
    return row


@action(posts={"supervisor", "administrator"})
def change_fault_class(
    *, actor: Actor, at: datetime, fault_class_id: int, changes: Mapping[str, Any]
) -> FaultClass:
    """Change a class of faults.

    Records: FaultClassChanged, when something differs. Refuses: a closed class, an unknown family.
    """
    row = locked(FaultClass, fault_class_id)
    fields = change(row, changes, FAULT_FIELDS)
    if not fields:
        return row
    if row.family_id is not None and "family_id" in fields:
        require_family(row.family_id)
    require_fitting(row)
    row.save()
    record(
        events.FaultClassChanged(row.code, fields),
        subject=Subject("fault_class", row.pk), region_id=None, actor=actor, at=at,
    )  # fmt: skip
    return row


@action(posts={"supervisor", "administrator"})
def retire_fault_class(*, actor: Actor, at: datetime, fault_class_id: int) -> None:
    """Close a class of faults.

    Records: FaultClassRetired.
    """
    row = locked(FaultClass, fault_class_id)
    row.retired_at = at
    row.save(update_fields=["retired_at"])
    record(
        events.FaultClassRetired(row.code),
        subject=Subject("fault_class", row.pk), region_id=None, actor=actor, at=at,
    )  # fmt: skip
