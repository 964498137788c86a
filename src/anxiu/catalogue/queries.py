"""Reading the catalogue. It is the same for everybody who may see it; regions do not divide it."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from django.db.models import Model as Row
from django.db.models import Q, QuerySet

from anxiu.catalogue.models import Family, FaultClass, Model, Part
from anxiu.catalogue.rules import Known, suggest
from anxiu.kernel.action import view
from anxiu.kernel.actor import Actor, ActorKind
from anxiu.kernel.grams import code_key, folded, grams

VIEW = view(
    "catalogue.view",
    posts={
        "agent", "dispatcher", "engineer", "supervisor", "warehouse", "finance", "management", "partner",
        "administrator",
    },
)  # fmt: skip

R = TypeVar("R", bound=Row)


def _seen(actor: Actor, rows: QuerySet[R]) -> QuerySet[R]:
    """All rows for those who may see the catalogue; a customer with a link may, to say what is wrong."""
    return rows if actor.kind == ActorKind.LINK or actor.may(VIEW) else rows.none()


def families(actor: Actor) -> QuerySet[Family]:
    """Product families, closed ones too."""
    return _seen(actor, Family.objects.all())


def models(actor: Actor) -> QuerySet[Model]:
    """Models with their families, closed ones too."""
    return _seen(actor, Model.objects.select_related("family"))


def fault_classes(actor: Actor, family_id: int | None = None) -> QuerySet[FaultClass]:
    """Fault classes; of a family: its own and those of all families, not the closed ones."""
    rows = _seen(actor, FaultClass.objects.select_related("family"))
    if family_id is None:
        return rows
    return rows.filter(Q(family_id=family_id) | Q(family=None), retired_at=None)


def parts(actor: Actor) -> QuerySet[Part]:
    """Parts, closed ones too."""
    return _seen(actor, Part.objects.all())


def parts_for(actor: Actor, model: Model) -> QuerySet[Part]:
    """Parts in use that fit a model: named for it, for its family, or for everything."""
    fits = Q(fits_models=model) | Q(fits_families=model.family_id) | Q(fits_models=None, fits_families=None)
    return parts(actor).filter(fits, retired_at=None).distinct()


def find_parts(actor: Actor, text: str) -> QuerySet[Part]:
    """Parts in use with this text in their number or names."""
    rows = parts(actor).filter(retired_at=None)
    if not grams(text):
        return rows.filter(number__istartswith=text.strip()) if text.strip() else rows.none()
    found = Q(grams__contains=grams(text), search_text__contains=folded(text))
    if key := code_key(text):
        found |= Q(grams__contains=grams(key), search_text__contains=key.lower())
    return rows.filter(found)


def suggest_faults(actor: Actor, family_id: int, description: str) -> Sequence[tuple[FaultClass, tuple[str, ...]]]:
    """Fault classes a description may mean, likeliest first, each with the words that say so; one query."""
    rows = {each.pk: each for each in fault_classes(actor, family_id)}
    return [(rows[match.id], match.because) for match in suggest(description, _known(rows.values()))]


def _known(rows: Iterable[FaultClass]) -> Iterable[Known]:
    return (Known(row.pk, (row.name_zh, row.name_en, *row.keywords_zh, *row.keywords_en)) for row in rows)
