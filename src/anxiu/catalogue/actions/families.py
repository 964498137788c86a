"""Families and models: added, changed, closed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from anxiu.catalogue import events
from anxiu.catalogue.actions.checks import locked, require_family, require_free, require_not_negative, require_skills
from anxiu.catalogue.models import Family, Model
from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.checks import change, require_fitting
from anxiu.kernel.errors import Invalid, WrongState
from anxiu.kernel.events import record

FAMILY_FIELDS: Final = frozenset(
    {"name_zh", "name_en", "warranty_months", "statutory_guarantee_days", "skills", "certificates"}
)
MODEL_FIELDS: Final = frozenset({"family_id", "code", "name"})


@dataclass(frozen=True, slots=True)
class NewFamily:
    """What is needed to service a family of products: its warranty and who may work on it."""

    code: str
    name_zh: str
    name_en: str
    warranty_months: int
    statutory_guarantee_days: int = 0
    skills: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewModel:
    """What is needed to know a product of a maker."""

    family_id: int
    maker: str
    code: str
    name: str


def _check(row: Family) -> None:
    require_not_negative(
        warranty_months=row.warranty_months, statutory_guarantee_days=row.statutory_guarantee_days
    )
    require_skills(row.skills)
    require_fitting(row)


@action(posts={"supervisor", "administrator"})
def add_family(*, actor: Actor, at: datetime, new: NewFamily) -> Family:
    """Add a product family.

    Records: FamilyAdded. Refuses: a code that is taken, an unknown skill.
    """
    row = Family(
        code=new.code.strip(), name_zh=new.name_zh.strip(), name_en=new.name_en.strip(),
        warranty_months=new.warranty_months, statutory_guarantee_days=new.statutory_guarantee_days,
        skills=list(new.skills), certificates=list(new.certificates),
    )  # fmt: skip
    _check(row)
    require_free(Family, "code", row.code)
    row.save(force_insert=True)
    record(events.FamilyAdded(row.code), subject=Subject("family", row.pk), region_id=None, actor=actor, at=at)
    return row


@action(posts={"supervisor", "administrator"})
def change_family(*, actor: Actor, at: datetime, family_id: int, changes: Mapping[str, Any]) -> Family:
    """Change a family; a new warranty holds for all its machines.

    Records: FamilyChanged, when something differs. Refuses: a closed family, an unknown skill.
    """
    row = locked(Family, family_id)
    fields = change(row, changes, FAMILY_FIELDS)
    if not fields:
        return row
    _check(row)
    row.save()
    record(
        events.FamilyChanged(row.code, fields), subject=Subject("family", row.pk), region_id=None, actor=actor, at=at
    )
    return row


@action(posts={"supervisor", "administrator"})
def retire_family(*, actor: Actor, at: datetime, family_id: int) -> None:
    """Close a family.

    Records: FamilyRetired. Refuses: a family that still has models.
    """
    row = locked(Family, family_id)
    if row.models.filter(retired_at=None).exists():
        raise WrongState("catalogue.family_has_models")
    row.retired_at = at
    row.save(update_fields=["retired_at"])
    record(events.FamilyRetired(row.code), subject=Subject("family", row.pk), region_id=None, actor=actor, at=at)


def _require_free_model(row: Model) -> None:
    if Model.objects.filter(maker=row.maker, code=row.code).exclude(pk=row.pk).exists():
        raise Invalid("catalogue.code_taken", field="code")


@action(posts={"supervisor", "administrator"})
def add_model(*, actor: Actor, at: datetime, new: NewModel) -> Model:
    """Add a model to a family.

    Records: ModelAdded. Refuses: an unknown family, a code the maker already has.
    """
    require_family(new.family_id)
    row = Model(
        family_id=new.family_id, maker=new.maker.strip(), code=new.code.strip(), name=new.name.strip()
    )
    require_fitting(row)
    _require_free_model(row)
    row.save(force_insert=True)
    record(
        events.ModelAdded(row.code, row.family_id),
        subject=Subject("model", row.pk), region_id=None, actor=actor, at=at,
    )  # fmt: skip
    return row


@action(posts={"supervisor", "administrator"})
def change_model(*, actor: Actor, at: datetime, model_id: int, changes: Mapping[str, Any]) -> Model:
    """Change a model; never its maker, for whom serial numbers are unique.

    Records: ModelChanged, when something differs. Refuses: a closed model, an unknown family, a code that is taken.
    """
    row = locked(Model, model_id)
    fields = change(row, changes, MODEL_FIELDS)
    if not fields:
        return row
    if "family_id" in fields:
        require_family(row.family_id)
    require_fitting(row)
    _require_free_model(row)
    row.save()
    record(events.ModelChanged(row.code, fields), subject=Subject("model", row.pk), region_id=None, actor=actor, at=at)
    return row


@action(posts={"supervisor", "administrator"})
def retire_model(*, actor: Actor, at: datetime, model_id: int) -> None:
    """Close a model: no new machines of it; those there are stay serviced.

    Records: ModelRetired.
    """
    row = locked(Model, model_id)
    row.retired_at = at
    row.save(update_fields=["retired_at"])
    record(events.ModelRetired(row.code), subject=Subject("model", row.pk), region_id=None, actor=actor, at=at)
