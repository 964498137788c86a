"""Parts: added, changed, closed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from anxiu.catalogue import events
from anxiu.catalogue.actions.checks import locked, require_free, require_not_negative
from anxiu.catalogue.models import Family, Model, Part
from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.checks import change, require_fitting
from anxiu.kernel.errors import Invalid
from anxiu.kernel.events import record
from anxiu.kernel.grams import code_key, folded, grams, spelled
from anxiu.kernel.money import MINOR_UNITS, Money

PART_FIELDS: Final = frozenset({"number", "name_zh", "name_en", "unit", "price_minor", "currency"})
FITS: Final = frozenset({"fits_families", "fits_models"})


@dataclass(frozen=True, slots=True)
class NewPart:
    """What is needed to know a part. Without families and models it fits everything."""

    number: str
    name_zh: str
    name_en: str
    unit: str
    price: Money
    fits_families: tuple[int, ...] = ()
    fits_models: tuple[int, ...] = ()


def index_part(row: Part) -> None:
    """Set what a part is found by; refuse a price that is none."""
    if row.currency not in MINOR_UNITS:
        raise Invalid("catalogue.unknown_currency", field="currency", given=row.currency)
    require_not_negative(price_minor=row.price_minor)
    words = (row.number.lower(), code_key(row.number).lower(), spelled(row.name_zh), folded(row.name_en))
    row.search_text = "\n".join(dict.fromkeys(words))
    row.grams = grams(row.search_text)


def _check(row: Part) -> None:
    index_part(row)
    require_fitting(row)
    require_free(Part, "number", row.number, row.pk or 0)


def _fit(row: Part, families: Collection[int], models: Collection[int]) -> None:
    if Family.objects.filter(pk__in=families).count() != len(set(families)):
        raise Invalid("catalogue.unknown_family", field="fits_families")
    if Model.objects.filter(pk__in=models).count() != len(set(models)):
        raise Invalid("catalogue.unknown_model", field="fits_models")
    row.fits_families.set(families)
    row.fits_models.set(models)


@action(posts={"supervisor", "warehouse", "administrator"})
def add_part(*, actor: Actor, at: datetime, new: NewPart) -> Part:
    """Add a part.

    Records: PartAdded. Refuses: a number that is taken, a price below zero, an unknown family or model.
    """
    row = Part(
        number=new.number.strip(), name_zh=new.name_zh.strip(), name_en=new.name_en.strip(), unit=new.unit.strip(),
        price_minor=new.price.minor, currency=new.price.currency,
    )  # fmt: skip
    _check(row)
    row.save(force_insert=True)
    _fit(row, new.fits_families, new.fits_models)
    record(
        events.PartAdded(row.number, row.price_minor, row.currency),
        subject=Subject("part", row.pk), region_id=None, actor=actor, at=at,
    )  # fmt: skip
    return row


@action(posts={"supervisor", "warehouse", "administrator"})
def change_part(*, actor: Actor, at: datetime, part_id: int, changes: Mapping[str, Any]) -> Part:
    """Change a part, its price, or what it fits.

    Records: PartChanged, when something differs. Refuses: a closed part, a number that is taken, a price below zero.
    """
    row = locked(Part, part_id)
    fits = {
        "fits_families": set(row.fits_families.values_list("pk", flat=True)),
        "fits_models": set(row.fits_models.values_list("pk", flat=True)),
    }
    refitted = tuple(sorted(name for name in FITS & changes.keys() if set(changes[name]) != fits[name]))
    fields = change(row, {name: changes[name] for name in changes.keys() - FITS}, PART_FIELDS)
    if not fields and not refitted:
        return row
    _check(row)
    row.save()
    if refitted:
        wanted = {**fits, **{name: set(changes[name]) for name in refitted}}
        _fit(row, wanted["fits_families"], wanted["fits_models"])
    record(
        events.PartChanged(row.number, (*fields, *refitted), row.price_minor, row.currency),
        subject=Subject("part", row.pk), region_id=None, actor=actor, at=at,
    )  # fmt: skip
    return row


@action(posts={"supervisor", "warehouse", "administrator"})
def retire_part(*, actor: Actor, at: datetime, part_id: int) -> None:
    """Close a part.

    Records: PartRetired.
    """
    row = locked(Part, part_id)
    row.retired_at = at
    row.save(update_fields=["retired_at"])
    record(events.PartRetired(row.number), subject=Subject("part", row.pk), region_id=None, actor=actor, at=at)
