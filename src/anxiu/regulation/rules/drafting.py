"""What may be written into a draft: a clause that says what it governs, in both languages, and rests on what exists."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from anxiu.kernel.errors import Invalid
from anxiu.kernel.values import Kind, MapKind, RecordKind, TableKind, Value, Words
from anxiu.regulation.choices import Control
from anxiu.regulation.rules.preset import NOTHING
from anxiu.regulation.rules.readiness import Known
from anxiu.regulation.rules.text import Placeholder, pieces, placed, stray_braces

TITLE: Final = 120  # source: the column's width
NUMBER: Final = re.compile(r"[1-9][0-9]?\.[1-9][0-9]{0,2}")


@dataclass(frozen=True, slots=True)
class Wording:
    """A clause as somebody writes it: its words, the keys it governs, and what holds it."""

    title: Words
    text: Words
    control: Control
    values: tuple[str, ...] = ()
    enforced_by: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    manual: Words = NOTHING


@dataclass(frozen=True, slots=True)
class Around:
    """What a clause is written into: what may hold it, the figures as written, and which clause governs each key."""

    known: Known
    registry: Mapping[str, Value[Any]]
    figures: Mapping[str, object]
    governed: Mapping[str, str]


def require_wording(number: str, wording: Wording, around: Around) -> None:
    """Refuse a wording, naming every field that is wrong."""
    faults = tuple(_faults(number, wording, around))
    if faults:
        raise Invalid(faults[0].code, field=faults[0].field, errors=faults, **faults[0].params)


def _faults(number: str, wording: Wording, around: Around) -> list[Invalid]:
    of_figures = _faults_of_figures(number, wording, around)
    return [*_faults_of_words(wording), *of_figures, *_faults_of_control(wording, around)]


def _faults_of_words(wording: Wording) -> list[Invalid]:
    found = []
    for name, words in (("title", wording.title), ("text", wording.text)):
        for language, said in (("zh", words.zh), ("en", words.en)):
            field = f"{name}_{language}"
            if not said.strip():
                found.append(Invalid("kernel.required", field=field))
            elif name == "title" and len(said) > TITLE:
                found.append(Invalid("kernel.too_long", field=field, limit=TITLE))
            elif stray_braces(said):
                found.append(Invalid("regulation.stray_brace", field=field))
    return found


def _faults_of_figures(number: str, wording: Wording, around: Around) -> list[Invalid]:
    zh, en = placed(wording.text.zh), placed(wording.text.en)
    found = []
    if unknown := sorted(set(wording.values) - around.registry.keys()):
        found.append(Invalid("regulation.figures_unknown", field="values", keys=", ".join(unknown)))
    for key in wording.values:
        if around.governed.get(key, number) != number:
            elsewhere = around.governed[key]
            found.append(Invalid("regulation.governed_elsewhere", field="values", key=key, number=elsewhere))
    if differing := sorted(zh ^ en):
        found.append(Invalid("regulation.languages_differ", field="text_en", keys=", ".join(differing)))
    if unlisted := sorted((zh | en) - set(wording.values)):
        found.append(Invalid("regulation.figure_not_listed", field="values", keys=", ".join(unlisted)))
    for language, text in (("zh", wording.text.zh), ("en", wording.text.en)):
        said = [each for each in pieces(text) if isinstance(each, Placeholder)]
        wrong = sorted({f"{{{each.key}:{each.row}}}" for each in said if unsayable(each, around)})
        if wrong:
            found.append(Invalid("regulation.row_unknown", field=f"text_{language}", rows=", ".join(wrong)))
    return found


def unsayable(piece: Placeholder, around: Around) -> bool:
    """Whether a placeholder names a row that the figure does not have."""
    if not piece.row or piece.key not in around.registry:
        return False
    return piece.row not in _rows(around.registry[piece.key].kind, around.figures.get(piece.key))


def _rows(kind: Kind[Any], raw: object) -> set[str]:
    match kind:
        case TableKind():
            return {each.value for each in kind.rows}
        case MapKind():
            return set(raw) if isinstance(raw, Mapping) else set()
        case RecordKind():
            return set(kind.parts)
    return set()


def _faults_of_control(wording: Wording, around: Around) -> list[Invalid]:
    found = []
    for field, codes, known in (
        ("enforced_by", wording.enforced_by, around.known.enforcers),
        ("indicators", wording.indicators, around.known.indicators),
    ):
        if unknown := sorted(set(codes) - known):
            found.append(Invalid("regulation.control_unknown", field=field, codes=", ".join(unknown)))
    return found


def place_of(number: str) -> tuple[int, int]:
    """The chapter and the place in it that a clause's number says, or a refusal."""
    if not NUMBER.fullmatch(number):
        raise Invalid("regulation.number_wrong", field="number", given=number)
    chapter, _, place = number.partition(".")
    return int(chapter), int(place)
