"""The text of a version as a PDF; the same bytes for the same text. What no longer changes is kept ready."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils import translation

from anxiu.files.documents import Style, render
from anxiu.kernel.actor import Actor
from anxiu.regulation.choices import OrderType, VersionState
from anxiu.regulation.messages import STATES
from anxiu.regulation.models import Version
from anxiu.regulation.queries import document, order_type_in_words
from anxiu.regulation.rules.document import ClauseText, Document, Said, Shown
from anxiu.regulation.rules.words import is_chinese

FOLDER: Final = Path(__file__).parent
MOST_KEPT: Final = 16  # source: own choice; a few versions in both languages, some megabytes of this process
_KEPT: Final[dict[str, bytes]] = {}


@dataclass(frozen=True, slots=True)
class Company:
    """Whose regulation it is."""

    name: str
    phone: str = ""
    address: str = ""
    logo: None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a sentence; a figure stands out."""

    text: str
    figure: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A figure below the text."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause on paper."""

    number: str
    title: str
    paragraphs: tuple[tuple[Span, ...], ...]
    tables: tuple[Table, ...]
    manual: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter on paper."""

    number: int
    title: str
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """The whole text."""

    company: Company
    name: str
    code: str
    state: str
    scope: str
    since: str
    approved: str
    about: tuple[tuple[str, str], ...]
    chapters: tuple[Chapter, ...]
    loose: tuple[Table, ...]


def text_pdf(actor: Actor, version: Version, language: str) -> bytes:
    """A version in one language; one that no longer changes is made once in this process."""
    found = document(actor, version.pk, language)
    key = f"regulation-pdf-{version.pk}-{version.state}-{language}-{found.clauses}-{found.figures}"
    fixed = version.state != VersionState.DRAFT
    if fixed and key in _KEPT:
        return _KEPT[key]
    with translation.override(language):
        paper = _paper(version, language, found)
    content = render(FOLDER / "regulation.typ", paper, style=Style(language, settings.TIME_ZONE))
    if fixed:
        while len(_KEPT) >= MOST_KEPT:
            _KEPT.pop(next(iter(_KEPT)), None)
        _KEPT[key] = content
    return content


def company(language: str) -> Company:
    """Who issues it."""
    env = settings.ENV
    return Company(env.company_zh if is_chinese(language) else env.company_en, env.company_phone)


def _paper(version: Version, language: str, found: Document) -> Paper:
    zh = is_chinese(language)
    scope = []
    if version.region:
        scope.append(version.region.name_zh if zh else version.region.name_en)
    if version.order_type:
        scope.append(order_type_in_words(OrderType(version.order_type), language))
    return Paper(
        company=company(language), name=version.name_zh if zh else version.name_en, code=version.code,
        state=str(STATES[VersionState(version.state)]), scope=" · ".join(scope),
        since=f"{version.in_force_from:%Y-%m-%d}" if version.in_force_from else "",
        approved=version.approved_by.name if version.approved_by else "",
        about=tuple(
            (label, text)
            for label, text in (
                ("目的" if zh else "Purpose", version.purpose_zh if zh else version.purpose_en),
                ("适用范围" if zh else "Scope", version.scope_zh if zh else version.scope_en),
                ("原则" if zh else "Principles", version.principles_zh if zh else version.principles_en),
            )
        ),
        chapters=tuple(
            Chapter(each.number, each.title, on_paper(each.clauses)) for each in found.chapters
        ),
        loose=tuple(_table(each) for each in found.loose),
    )  # fmt: skip


def on_paper(clauses: Iterable[ClauseText]) -> tuple[Clause, ...]:
    """Clauses as documents show them."""
    return tuple(_clause(each) for each in clauses)


def _clause(clause: ClauseText) -> Clause:
    return Clause(
        clause.number, "".join(each.text for each in clause.title),
        tuple(tuple(_span(each) for each in paragraph) for paragraph in clause.paragraphs),
        tuple(_table(each) for each in clause.shown), clause.manual,
    )  # fmt: skip


def _span(said: Said) -> Span:
    return Span(said.text, bool(said.key))


def _table(shown: Shown) -> Table:
    return Table(shown.grid.head, shown.grid.rows)
