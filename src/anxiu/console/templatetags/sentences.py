"""Sentences of the regulation with their figures marked. A version has thousands of pieces: they are drawn directly."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django import template
from django.utils.html import conditional_escape as escaped
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from anxiu.regulation.queries import terms
from anxiu.regulation.rules.document import Said

register = template.Library()
SHORT: Final = 24  # source: own choice; a figure of fewer letters is not broken across lines


@register.filter
def said(pieces: Iterable[Said], origins: Mapping[str, Any]) -> SafeString:
    """`{{ paragraph|said:origins }}`: figures with their origin and what they are called; what was found is marked."""
    language = get_language() or "zh-hans"
    return mark_safe("".join(_piece(each, origins, language) for each in pieces))  # noqa: S308  # each is escaped


@register.filter
def cells(rows: Iterable[Iterable[str]]) -> SafeString:
    """`{{ shown.grid.rows|cells }}`: the rows of a figure's table."""
    drawn = ("".join(f"<td>{escaped(cell)}</td>" for cell in row) for row in rows)
    return mark_safe("".join(f"<tr>{row}</tr>" for row in drawn))  # noqa: S308  # each is escaped


def _piece(piece: Said, origins: Mapping[str, Any], language: str) -> str:
    text = escaped(piece.text)
    if not piece.key:
        return f"<mark>{text}</mark>" if piece.found else text
    look = f"x-fig is-{escaped(piece.origin)}"
    look += " is-found" * piece.found + " is-short" * (len(piece.text) < SHORT)
    origin = origins.get(piece.origin, [piece.origin])[0]
    title = f"{escaped(origin)} · {escaped(terms().figure(piece.key, language))}"
    return f'<span class="{look}" title="{title}">{text}</span>'
