"""A post's manual as a PDF; the flow chart is drawn by the typesetter."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from anxiu.console.manual.content import Manual
from anxiu.files.documents import Style, render
from anxiu.regulation.documents import Clause, Company, company, on_paper

FOLDER: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Step:
    """A step in the chart and as a chapter."""

    number: int
    label: str
    mine: bool
    verbs: tuple[str, ...]
    posts: tuple[str, ...]
    limit: str
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Clauses under a heading."""

    title: str
    verbs: tuple[str, ...]
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """The manual on paper."""

    company: Company
    post: str
    name: str
    code: str
    scope: str
    steps: tuple[Step, ...]
    severities: tuple[str, ...]
    limits: tuple[tuple[str, ...], ...]
    mine: tuple[bool, ...]
    ladder: tuple[tuple[str, ...], ...]
    called: tuple[bool, ...]
    sections: tuple[Section, ...]
    other: tuple[tuple[str, tuple[str, ...]], ...]


def manual_pdf(manual: Manual, headings: dict[str, str], style: Style) -> bytes:
    """The manual of a post as a PDF."""
    paper = Paper(
        company(style.language), manual.post_name, manual.name, manual.version.code, manual.scope,
        tuple(
            Step(each.number, each.label, each.mine, each.verbs, each.posts, each.limit, on_paper(each.clauses))
            for each in manual.steps
        ),
        manual.severities, tuple((each.step, each.clause, *each.cells) for each in manual.limits),
        tuple(each.mine for each in manual.limits),
        tuple((each.severity, each.after, each.to, each.within) for each in manual.ladder),
        tuple(each.mine for each in manual.ladder),
        tuple(Section(headings[each.key], each.verbs, on_paper(each.clauses)) for each in manual.sections),
        manual.other,
    )  # fmt: skip
    return render(FOLDER / "manual.typ", paper, style=style)
