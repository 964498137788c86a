"""How lines of models and of parts become rows of the catalogue. What is known by its number stays as it is."""

from collections.abc import Callable, Sequence
from typing import Final

from anxiu.catalogue.actions import NewFamily, NewModel, NewPart, family_row, fit_parts, model_row, part_row
from anxiu.catalogue.models import Family, Model, Part
from anxiu.equipment.actions.imports.lines import ModelLine, PartLine, digest_of, digest_of_line
from anxiu.equipment.actions.imports.references import require
from anxiu.equipment.actions.imports.taking import Taking, Wanted
from anxiu.kernel.errors import Invalid
from anxiu.kernel.money import Money

CURRENCY: Final = "CNY"  # of a part without a price


def take_models(taking: Taking, lines: Sequence[ModelLine]) -> None:
    """Families that are new first, then the models. A model that its maker has already is known."""
    families = _take_families(taking, lines)
    makers, codes = {each.maker for each in lines}, {each.model for each in lines}
    rows = Model.objects.filter(maker__in=makers, code__in=codes).exclude(source=taking.source)
    known = set(rows.values_list("maker", "code"))

    def a_model(line: ModelLine, key: str) -> Callable[[], Model]:
        def build() -> Model:
            family = require(families, line.family, "equipment.unknown_family", "family", line.family)
            return model_row(NewModel(family.pk, line.maker, line.model, line.name), taking.source, key)

        return build

    def wanted(line: ModelLine) -> Wanted:
        key = digest_of(line.maker, line.model)
        said = digest_of(line.maker, line.model, line.name, line.family)
        return Wanted(line.line, key, said, a_model(line, key), "model", line.model)

    taking.layer("model", Model, [wanted(each) for each in lines if (each.maker, each.model) not in known])


def _take_families(taking: Taking, lines: Sequence[ModelLine]) -> dict[str, Family]:
    """Families by their code: those there are, and those that a line says enough of to make them."""
    codes = {each.family for each in lines}
    there = {row.code: row for row in Family.objects.filter(code__in=codes)}
    for each in there.values():
        if each.retired_at is not None:
            for line in lines:
                if line.family == each.code:
                    taking.refuse(line.line, Invalid("equipment.unknown_family", field="family", given=each.code))

    def a_family(line: ModelLine) -> Callable[[], Family]:
        def build() -> Family:
            if line.warranty_months is None:
                raise Invalid("kernel.required", field="warranty_months")
            new = NewFamily(
                line.family, line.family_name, line.family_name_en or line.family_name, line.warranty_months
            )
            return family_row(new, taking.source, line.family)

        return build

    asked = [
        Wanted(
            each.line, each.family, digest_of(each.family, each.family_name, each.warranty_months), a_family(each),
            "family",
        )
        for each in lines if each.family_name and _is_ours(taking, there.get(each.family))
    ]  # fmt: skip
    return there | taking.layer("family", Family, asked)


def _is_ours(taking: Taking, row: Family | None) -> bool:
    """Whether a family is new, or came from this source; any other stays as it is, whatever a line says of it."""
    return row is None or row.source == taking.source


def take_parts(taking: Taking, lines: Sequence[PartLine]) -> None:
    """Parts with the families they fit. A number that is in the catalogue already is known."""
    numbers = {each.key for each in lines}
    known = set(
        Part.objects.filter(number__in=numbers).exclude(source=taking.source).values_list("number", flat=True)
    )
    codes = {code for each in lines for code in each.families}
    families = {row.code: row for row in Family.objects.filter(code__in=codes, retired_at=None)}
    fits: dict[str, list[Family]] = {}

    def a_part(line: PartLine) -> Callable[[], Part]:
        def build() -> Part:
            fits[line.key] = [
                require(families, code, "equipment.unknown_family", "families", code) for code in line.families
            ]
            price = line.price or Money(0, CURRENCY)
            new = NewPart(line.key, line.name, line.name_en or line.name, line.unit, price)
            return part_row(new, taking.source, line.key)

        return build

    asked = [
        Wanted(each.line, each.key, digest_of_line(each), a_part(each)) for each in lines if each.key not in known
    ]
    rows = taking.layer("part", Part, asked)
    fit_parts((rows[key], found) for key, found in fits.items() if key in rows)
