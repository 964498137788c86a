"""Versions and presets as sheets that can be laid side by side, clause by clause, in one language."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from anxiu.kernel import values
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import Invalid, NotFound
from anxiu.regulation.models import Clause, Question
from anxiu.regulation.queries.quiz import Speaker, quiz_lines, situation_of
from anxiu.regulation.queries.reading import VIEW, VIEW_DRAFTS, preset, stored_figures, terms, versions
from anxiu.regulation.rules.compare import Sheet
from anxiu.regulation.rules.document import Reader, Stored
from anxiu.regulation.rules.preset import Article, known_part
from anxiu.regulation.rules.quiz import Situation
from anxiu.regulation.rules.text import paragraphs, placed
from anxiu.regulation.rules.words import is_chinese, lines_of

QUIZ = "? "  # before the code of a question, where keys of figures stand


def sheets(actor: Actor, version_id: int, language: str, *, quiz: bool = True) -> list[Sheet]:
    """The clauses of a version; for who may see drafts with their questions. Four statements, two more for a part."""
    version = versions(actor).filter(pk=version_id).first()
    if version is None:
        raise NotFound("kernel.not_found")
    reader = _reader(stored_figures(version), language)
    found = [_of_clause(each, reader) for each in Clause.objects.filter(version_id=version_id)]
    if not quiz or not actor.may(VIEW_DRAFTS):
        return found  # who is asked them does not read the answers here
    return _with_questions(found, map(situation_of, Question.objects.filter(version_id=version_id)), reader)


def preset_sheets(actor: Actor, code: str, language: str) -> list[Sheet]:
    """The clauses of a preset; no statement."""
    actor.require(VIEW)
    source = known_part(preset(code), values.REGISTRY)
    stored = {key: Stored(key, raw, source.origin(key), None) for key, raw in source.figures.items()}
    reader = _reader(stored, language)
    found = [_of_article(each, reader) for each in source.articles]
    return _with_questions(found, source.questions, reader) if actor.may(VIEW_DRAFTS) else found


def _with_questions(found: list[Sheet], asked: Iterable[Situation], reader: Reader) -> list[Sheet]:
    """Each clause with its questions, which are compared line by line as figures are."""
    say = Speaker(reader.figures).in_language(reader.language)
    lines: dict[str, dict[str, Sequence[str]]] = {}
    for each in asked:
        lines.setdefault(each.number, {})[f"{QUIZ}{each.code}"] = quiz_lines(each, reader.language, say)
    return [replace(each, figures={**each.figures, **lines.get(each.number, {})}) for each in found]


def _reader(stored: Mapping[str, Stored], language: str) -> Reader:
    return Reader(stored, values.REGISTRY, terms(), language)


def _of_clause(clause: Clause, reader: Reader) -> Sheet:
    zh = is_chinese(reader.language)
    held = clause.manual_control_zh if zh else clause.manual_control_en
    return Sheet(
        clause.number, clause.chapter_number, clause.chapter_title_zh if zh else clause.chapter_title_en,
        clause.position, clause.title_zh if zh else clause.title_en,
        _said(clause.text_zh if zh else clause.text_en, reader),
        held or ", ".join([*clause.enforced_by, *clause.indicators]), _figures(clause.value_keys, reader),
    )  # fmt: skip


def _of_article(article: Article, reader: Reader) -> Sheet:
    words = reader.language
    held = article.manual.in_language(words) or ", ".join([*article.enforced_by, *article.indicators])
    return Sheet(
        article.number, article.chapter.number, article.chapter.title.in_language(words), article.position,
        article.title.in_language(words), _said(article.text.in_language(words), reader), held,
        _figures(article.values, reader),
    )  # fmt: skip


def _said(text: str, reader: Reader) -> str:
    """The text with its figures in words; as it is written where a figure is missing."""
    if placed(text) - reader.figures.keys():
        return "\n\n".join(paragraphs(text))
    return "\n\n".join("".join(each.text for each in reader.sentence(part)) for part in paragraphs(text))


def _figures(keys: Iterable[str], reader: Reader) -> dict[str, Sequence[str]]:
    return {key: _lines(key, reader) for key in keys if key in reader.figures and key in values.REGISTRY}


def _lines(key: str, reader: Reader) -> Sequence[str]:
    try:
        return lines_of(values.REGISTRY[key].kind, reader.parsed(key), reader.language, reader.terms)
    except Invalid:
        return (str(reader.figures[key].raw),)
