"""A preset: a regulation as it ships, read from its file, and checked against the values this release knows."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from anxiu.kernel.errors import Invalid
from anxiu.kernel.values import Reading, Value, Words
from anxiu.regulation.choices import Control, Origin
from anxiu.regulation.rules.quiz import Situation, read_questions
from anxiu.regulation.rules.text import placed, stray_braces

NOTHING: Final = Words("", "")
_PARTS: Final = ("purpose", "scope", "principles")


class PresetFault(ValueError):
    """The file of a preset is not well written; says where."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter's number and title."""

    number: int
    title: Words


@dataclass(frozen=True, slots=True)
class Article:
    """A clause as the preset words it; `values` are the keys it governs, `manual` who checks what by hand.

    `enforced_by` and `indicators` name what holds a clause that is held by a gate or measured by an indicator.
    """

    number: str
    chapter: Chapter
    position: int
    title: Words
    text: Words
    values: tuple[str, ...]
    control: Control
    manual: Words
    enforced_by: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    origin: Origin = Origin.OURS


@dataclass(frozen=True, slots=True)
class Known:
    """What a preset is known for, in a few words: a label and what it says, figures as placeholders."""

    label: Words
    says: Words


@dataclass(frozen=True, slots=True)
class Preset:
    """A regulation as it ships. One that is `based_on` another says what its publication says; the rest is the base's.

    `trade` says whom it suits, `known_for` what it is chosen for.
    """

    code: str
    name: Words
    trade: Words
    purpose: Words
    scope: Words
    principles: Words
    articles: tuple[Article, ...]
    figures: Mapping[str, object]
    published: frozenset[str]
    known_for: tuple[Known, ...] = ()
    based_on: str = ""
    questions: tuple[Situation, ...] = ()

    def origin(self, key: str) -> Origin:
        """Whether a published regulation says this figure or we do."""
        return Origin.PUBLISHED if key in self.published else Origin.OURS


def read_preset(code: str, written: Mapping[str, Any], base: Preset | None = None) -> Preset:
    """A preset from its parsed file, laid over its base; a slip in it is a PresetFault that names the place."""
    chapters = {each.chapter.number: each.chapter for each in base.articles} if base else {}
    for each in written.get("chapter", ()):
        chapters[each["number"]] = Chapter(each["number"], _words(each, "chapter"))
    figures = {f"{app}.{name}": raw for app, own in written.get("figures", {}).items() for name, raw in own.items()}
    published = frozenset(written["published"])
    if unknown := published - figures.keys():
        raise PresetFault(f"published, but without a figure: {sorted(unknown)}")
    origin = Origin.PUBLISHED if base else Origin.OURS
    articles = tuple(_article(each, chapters, origin) for each in written["clause"])
    numbers = [each.number for each in articles]
    if len(numbers) != len(set(numbers)):
        raise PresetFault(f"numbers used twice: {sorted({each for each in numbers if numbers.count(each) > 1})}")
    purpose, scope, principles = (_part(written, part, base) for part in _PARTS)
    laid = _laid_over(articles, base, chapters) if base else articles
    return Preset(
        code, _words(written["name"], "name"), _words(written["trade"], "trade"), purpose, scope, principles,
        laid, _over(base.figures if base else {}, figures),
        published, tuple(_known(each) for each in written.get("known_for", ())), base.code if base else "",
        read_questions(written, base.questions if base else (), {each.number for each in laid}),
    )  # fmt: skip


def _over(base: Mapping[str, object], own: Mapping[str, object]) -> dict[str, object]:
    """Figures laid over a base's: of a table, the rows that are not written are the base's."""
    tables = {key: (there, raw) for key, raw in own.items() if isinstance(there := base.get(key), Mapping)}
    rows = {key: {**there, **raw} for key, (there, raw) in tables.items() if isinstance(raw, Mapping)}
    return {**base, **own, **rows}


def _part(written: Mapping[str, Any], part: str, base: Preset | None) -> Words:
    """Purpose, scope or principles; where a publication is silent, those of the base, behind words that say so."""
    if base is None or part in written:
        return _words(written[part], part)
    silent, theirs = _words(written["silent"], "silent"), getattr(base, part)
    return Words(f"{silent.zh}\n\n{theirs.zh}", f"{silent.en}\n\n{theirs.en}")


def _laid_over(own: tuple[Article, ...], base: Preset, chapters: Mapping[int, Chapter]) -> tuple[Article, ...]:
    """A clause with a number of the base takes its place, and keeps the figures it governed; the others join it."""
    replaced = {each.number: each for each in base.articles}
    governed = {key for each in own for key in each.values}
    stay = [replace(each, chapter=chapters[each.chapter.number]) for each in base.articles]
    stay = [each for each in stay if each.number not in {mine.number for mine in own}]
    if twice := governed & {key for each in stay for key in each.values}:
        raise PresetFault(f"governed by a clause of {base.code} as well: {sorted(twice)}")
    mine = [
        replace(each, values=(*each.values, *(key for key in replaced[each.number].values if key not in governed)))
        if each.number in replaced
        else each
        for each in own
    ]
    return tuple(sorted([*stay, *mine], key=lambda each: (each.chapter.number, each.position)))


def _known(written: Mapping[str, Any]) -> Known:
    known = Known(_words(written["label"], "known_for"), _words(written["says"], "known_for"))
    if placed(known.says.zh) != placed(known.says.en) or stray_braces(known.says.zh) or stray_braces(known.says.en):
        raise PresetFault(f"known for {known.label.en}: the languages say different figures")
    return known


def _words(written: Mapping[str, Any], where: str) -> Words:
    words = Words(str(written.get("zh", "")).strip(), str(written.get("en", "")).strip())
    if not words.zh or not words.en:
        raise PresetFault(f"{where}: both languages are needed")
    return words


def _article(written: Mapping[str, Any], chapters: Mapping[int, Chapter], origin: Origin) -> Article:
    number = str(written["number"])
    text = _words(written["text"], number)
    values = tuple(written.get("values", ()))
    said = placed(text.zh)
    if said != placed(text.en):
        raise PresetFault(f"clause {number}: the languages say different figures")
    if not said <= set(values):
        raise PresetFault(f"clause {number}: says figures it does not list: {sorted(said - set(values))}")
    if stray_braces(text.zh) or stray_braces(text.en):
        raise PresetFault(f"clause {number}: a brace that is no placeholder")
    control = Control(written["control"])
    if (control is Control.VALUE and not values) or (control is Control.MANUAL) != ("manual" in written):
        raise PresetFault(f"clause {number}: its control {control} does not fit")
    in_chapter, _, place = number.partition(".")
    chapter = chapters.get(int(in_chapter))
    if chapter is None:
        raise PresetFault(f"clause {number}: there is no such chapter")
    manual = _words(written["manual"], number) if "manual" in written else NOTHING
    return Article(
        number, chapter, int(place), _words(written["title"], number), text, values, control, manual,
        tuple(written.get("enforced_by", ())), tuple(written.get("indicators", ())), origin,
    )  # fmt: skip


Figures = Mapping[str, tuple[object, Origin]]  # as written, and whose


@dataclass(frozen=True, slots=True)
class Content:
    """What a version will hold: articles, figures with their origin, and questions about situations."""

    articles: tuple[Article, ...]
    figures: Figures
    questions: tuple[Situation, ...] = ()


def content(preset: Preset, registry: Mapping[str, Value[Any]], changes: Mapping[str, object]) -> Content:
    """A preset with the company's own `changes`, complete and readable, or a refusal naming every wrong figure."""
    held = {key: (raw, preset.origin(key)) for key, raw in preset.figures.items()}
    return Content(preset.articles, changed(held, registry, changes), preset.questions)


def changed(held: Figures, registry: Mapping[str, Value[Any]], changes: Mapping[str, object]) -> Figures:
    """Figures with the company's own `changes`, complete and readable, or a refusal naming every wrong one."""
    if unknown := sorted(changes.keys() - registry.keys()):
        raise Invalid("regulation.figures_unknown", field="changes", keys=", ".join(unknown))
    written = {**held, **{key: (raw, Origin.COMPANY) for key, raw in changes.items()}}
    if missing := sorted(registry.keys() - written.keys()):
        raise Invalid("regulation.figures_missing", field="changes", keys=", ".join(missing))
    errors = tuple(fault for key in sorted(registry) if (fault := _fault(registry[key], written[key][0])))
    errors = errors or unfit(written, registry)
    if errors:
        raise Invalid(errors[0].code, field="changes", errors=errors, **errors[0].params)
    return {key: written[key] for key in sorted(registry)}


def _fault(value: Value[Any], raw: object) -> Invalid | None:
    try:
        value.kind.parse(raw)
    except Invalid as wrong:
        expected, given = wrong.params.get("expected", ""), wrong.params.get("given", "")
        return Invalid("regulation.figure_wrong", key=value.key, expected=expected, given=given)
    return None


def unfit(written: Figures, registry: Mapping[str, Value[Any]]) -> tuple[Invalid, ...]:
    """What readable figures lack as a whole, and beside each other."""
    figures = Reading(0, {key: raw for key, (raw, _) in written.items()})
    checks = [(value, check) for _, value in sorted(registry.items()) if (check := value.check)]
    return tuple(fault for value, check in checks for fault in check(figures(value), figures))


def known_part(preset: Preset, registry: Mapping[str, Value[Any]]) -> Preset:
    """The preset without what this build does not know (an app that is not installed): its figures and clauses."""
    figures = {key: raw for key, raw in preset.figures.items() if key in registry}
    articles = tuple(each for each in preset.articles if set(each.values) <= registry.keys())
    known_for = tuple(each for each in preset.known_for if placed(each.says.en) <= registry.keys())
    published = preset.published & figures.keys()
    numbers = {each.number for each in articles}
    questions = tuple(each for each in preset.questions if each.number in numbers and each.keys <= registry.keys())
    return replace(
        preset, figures=figures, articles=articles, published=published, known_for=known_for, questions=questions
    )


@dataclass(frozen=True, slots=True)
class Held:
    """What a version holds already: keys, numbers of clauses, codes of questions; `gone` as `addendum` says."""

    keys: frozenset[str]
    numbers: frozenset[str]
    asked: frozenset[str]
    gone: Mapping[str, object]


def addendum(preset: Preset, held: Held, registry: Mapping[str, Value[Any]]) -> Content:
    """What a version lacks of its preset: figures, clauses and questions about them; all questions where it has none.

    `gone` are the company's own figures under keys that this release does not know: what it says by another key now
    carries them on.
    """
    missing = {key: raw for key, raw in preset.figures.items() if key not in held.keys}
    new = {key: _carried(registry[key], raw, preset.origin(key), held.gone) for key, raw in missing.items()}
    fresh = (each for each in preset.articles if each.number not in held.numbers)
    articles = tuple(each for each in fresh if set(each.values) & new.keys())
    there = {each.number for each in articles} | (set() if held.asked else held.numbers)
    questions = (each for each in preset.questions if each.number in there and each.code not in held.asked)
    return Content(articles, new, tuple(each for each in questions if each.keys <= held.keys | new.keys()))


def _carried(
    value: Value[Any], raw: object, origin: Origin, gone: Mapping[str, object]
) -> tuple[object, Origin]:
    mine = value.carry(gone, raw) if value.carry and gone else raw
    return (raw, origin) if mine == raw else (mine, Origin.COMPANY)
