"""The texts of notices: `<language>/<kind>.title.txt` and `.body.txt`, Django templates without HTML.

In a body an empty line ends a paragraph, `Label: value` lines become a small table in email, and a line that ends in an
address becomes a button.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.template import Context, Engine, Template
from django.utils import timezone, translation

FOLDER: Final = Path(__file__).parent
TITLE_LENGTH: Final = 200
EMPTY_LINE: Final = "\ue000"  # of no script: stands for an empty line in what somebody wrote, which is kept
ENGINE: Final = Engine(autoescape=False)


@dataclass(frozen=True, slots=True)
class Text:
    """A notice as its reader gets it."""

    title: str
    body: str


def render(kind: str, language: str, zone: Any, context: Mapping[str, object], *, engine: Engine = ENGINE) -> Text:
    """Write a notice in a language, with times as the clock on site shows them."""
    folder = FOLDER / ("zh" if language.startswith("zh") else "en")
    with translation.override(language), timezone.override(zone):
        said = Context(dict(context), autoescape=False)
        [title] = [each.render(said) for each in _paragraphs(folder / f"{kind}.title.txt", engine)]
        parts = [_tidy(each.render(said)) for each in _paragraphs(folder / f"{kind}.body.txt", engine)]
    body = "\n\n".join(each for each in parts if each).replace(EMPTY_LINE, "\n\n")
    return Text(" ".join(title.split())[:TITLE_LENGTH], body)


@cache
def _paragraphs(path: Path, engine: Engine) -> tuple[Template, ...]:
    """A text, each paragraph a template of its own: a line that is left out never tears one apart."""
    return tuple(engine.from_string(each) for each in path.read_text("utf-8").strip().split("\n\n"))


def _tidy(paragraph: str) -> str:
    """Lines without what surrounds them; what was left out leaves no hole."""
    return "\n".join(line.strip() for line in paragraph.splitlines() if line.strip())
