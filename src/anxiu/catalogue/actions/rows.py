"""Rows of the catalogue before they are saved; for the verbs and for import."""

from collections.abc import Iterable

from anxiu.catalogue.actions.checks import require_not_negative
from anxiu.catalogue.actions.families import NewFamily, NewModel
from anxiu.catalogue.actions.parts import NewPart, index_part
from anxiu.catalogue.models import Family, Model, Part
from anxiu.kernel.checks import require_fitting


def family_row(new: NewFamily, source: str, source_id: str) -> Family:
    """A family's row, not yet saved."""
    require_not_negative(
        warranty_months=new.warranty_months, statutory_guarantee_days=new.statutory_guarantee_days
    )
    row = Family(
        code=new.code, name_zh=new.name_zh, name_en=new.name_en, warranty_months=new.warranty_months,
        statutory_guarantee_days=new.statutory_guarantee_days, source=source, source_id=source_id,
    )  # fmt: skip
    require_fitting(row)
    return row


def model_row(new: NewModel, source: str, source_id: str) -> Model:
    """A model's row, not yet saved."""
    row = Model(
        family_id=new.family_id, maker=new.maker, code=new.code, name=new.name, source=source, source_id=source_id
    )
    require_fitting(row)
    return row


def part_row(new: NewPart, source: str, source_id: str) -> Part:
    """A part's row with what it is found by, not yet saved; what it fits is told once it is."""
    row = Part(
        number=new.number, name_zh=new.name_zh, name_en=new.name_en, unit=new.unit, price_minor=new.price.minor,
        currency=new.price.currency, source=source, source_id=source_id,
    )  # fmt: skip
    index_part(row)
    require_fitting(row)
    return row


def fit_parts(fits: Iterable[tuple[Part, Iterable[Family]]]) -> None:
    """Say of new parts which families they fit; one statement."""
    through = Part.fits_families.through
    through.objects.bulk_create(
        through(part_id=part.pk, family_id=family.pk) for part, families in fits for family in families
    )
