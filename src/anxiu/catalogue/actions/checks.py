"""What the verbs of this app ask before they write."""

from typing import TypeVar

from django.db.models import Model as Row

from anxiu.catalogue.models import Family
from anxiu.kernel.errors import Invalid, NotFound, WrongState
from anxiu.workforce.models import Skill

R = TypeVar("R", bound=Row)


def locked(kind: type[R], pk: int) -> R:
    """A row that is still in use, locked until the change is done."""
    row = kind._default_manager.select_for_update().filter(pk=pk).first()
    if row is None:
        raise NotFound("kernel.not_found")
    if getattr(row, "retired_at", None):
        raise WrongState("catalogue.is_retired")
    return row


def require_free(kind: type[Row], field: str, value: str, besides: int = 0) -> None:
    """Refuse a code or number that another row has."""
    if kind._default_manager.filter(**{field: value}).exclude(pk=besides).exists():
        raise Invalid("catalogue.code_taken", field=field)


def require_family(family_id: int | None) -> None:
    """Refuse a family that is not there or closed."""
    if family_id is None or not Family.objects.filter(pk=family_id, retired_at=None).exists():
        raise Invalid("catalogue.unknown_family", field="family_id")


def require_skills(codes: list[str]) -> None:
    """Refuse skills nobody can have, because they do not exist."""
    known = set(Skill.objects.filter(code__in=codes, retired_at=None).values_list("code", flat=True))
    if unknown := set(codes) - known:
        raise Invalid("catalogue.unknown_qualification", field="skills", codes=", ".join(sorted(unknown)))


def require_not_negative(**figures: int) -> None:
    """Refuse a figure below zero, by its field."""
    for field, figure in figures.items():
        if figure < 0:
            raise Invalid("catalogue.negative", field=field)
