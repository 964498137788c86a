"""A figure of the regulation as a form: one field for each part people set, whatever the kind of the figure.

Spans are a number and a unit, tables a field a row, records a field a part. Lists of records, which grow and shrink,
are edited as text. What comes out is the figure as it is written; its own kind reads it and refuses what is wrong.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from anxiu.console.pages import VerbForm
from anxiu.kernel.values import (
    ChoiceKind,
    DurationKind,
    FlagKind,
    IntegerKind,
    Kind,
    ListKind,
    MapKind,
    RecordKind,
    TableKind,
    TargetKind,
    TextKind,
    Value,
)
from anxiu.regulation.rules.words import Terms

UNITS: Final = {"min": _("minutes"), "h": _("hours"), "d": _("days")}
WORKING: Final = {"working min": _("working minutes"), "working h": _("working hours")}
_SPLIT: Final = "__"
_ROWS: Final = 14
_BETWEEN: Final = re.compile(r"[,，、;；\n]")


class SpanWidget(forms.MultiWidget):
    """A number and its unit, side by side."""

    template_name = "console/regulation/span.html"

    def __init__(self, units: list[tuple[str, Any]]) -> None:
        super().__init__([forms.NumberInput(attrs={"min": 0}), forms.Select(choices=units)])

    def decompress(self, value: Any) -> list[Any]:
        count, _space, unit = str(value or "").partition(" ")
        return [count, unit]


class SpanField(forms.MultiValueField):
    """`30 min`, `8 working h`: as it is written."""

    def __init__(self, *, label: str, initial: str, working: bool) -> None:
        units: dict[str, Any] = {**UNITS, **(WORKING if working else {})}
        unit = initial.partition(" ")[2]
        units.setdefault(unit, unit)
        choices = list(units.items())
        parts = [forms.IntegerField(min_value=0), forms.ChoiceField(choices=choices)]
        super().__init__(parts, label=label, initial=initial, widget=SpanWidget(choices), require_all_fields=True)

    def compress(self, data_list: list[Any]) -> str:
        return f"{data_list[0]} {data_list[1]}" if data_list else ""


class PlainListField(forms.CharField):
    """Numbers or words in a row, with commas between them."""

    def __init__(self, *, label: str, initial: list[Any], whole_numbers: bool) -> None:
        self._whole_numbers = whole_numbers
        super().__init__(label=label, initial=initial, required=False, help_text=_("Put commas between the entries."))

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        entries = [each.strip() for each in _BETWEEN.split(str(value or "")) if each.strip()]
        if not self._whole_numbers:
            return entries
        if wrong := [each for each in entries if not each.isdecimal()]:
            raise forms.ValidationError(_("“%(given)s” is not a whole number."), params={"given": wrong[0]})
        return [int(each) for each in entries]


class RecordsField(forms.JSONField):
    """A list of records as text: one record a line, so that rows can be added, moved and taken out."""

    empty_values = [None, ""]

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return super().prepare_value(value)
        rows = ",\n".join(f"  {json.dumps(each, ensure_ascii=False)}" for each in value)
        return f"[\n{rows}\n]" if rows else "[]"


@dataclass(frozen=True, slots=True)
class Leaf:
    """A part of a figure that has a field of its own."""

    path: tuple[str, ...]
    label: str
    kind: Kind[Any]
    raw: Any


def leaves(kind: Kind[Any], raw: Any, terms: Terms, language: str, path: tuple[str, ...] = ()) -> Iterator[Leaf]:
    """The parts of a figure, in the order people read them."""
    match kind:
        case TableKind():
            for row in kind.rows:
                yield from leaves(kind.cell, raw[row.value], terms, language, (*path, row.value))
        case MapKind() if raw:
            for code, cell in terms.in_order(raw):
                yield from leaves(kind.cell, cell, terms, language, (*path, code))
        case RecordKind():
            for part, of in kind.parts.items():
                yield from leaves(of, raw[part], terms, language, (*path, part))
        case _:
            yield Leaf(path, "", kind, raw)


def _label(kind: Kind[Any], path: tuple[str, ...], terms: Terms, language: str) -> str:
    """Where a part stands, in words: the rows and parts on the way to it."""
    words = []
    for step in path:
        match kind:
            case TableKind():
                words.append(terms.of(kind.rows(step), language))
                kind = kind.cell
            case MapKind():
                words.append(terms.data(step, language))
                kind = kind.cell
            case RecordKind():
                words.append(terms.word(kind.record.__name__, step, language))
                kind = kind.parts[step]
    return " · ".join(words)


def _field(leaf: Leaf, label: str, terms: Terms, language: str) -> forms.Field:
    match leaf.kind:
        case TargetKind() | DurationKind():
            return SpanField(label=label, initial=leaf.raw, working=isinstance(leaf.kind, TargetKind))
        case IntegerKind():
            return forms.IntegerField(
                label=label, initial=leaf.raw, min_value=leaf.kind.least, max_value=leaf.kind.most,
                help_text=f"{leaf.kind.least} – {leaf.kind.most}",
            )  # fmt: skip
        case FlagKind():
            return forms.BooleanField(label=label, initial=leaf.raw, required=False)
        case ChoiceKind():
            choices = [(each.value, terms.of(each, language)) for each in leaf.kind.choices]
            return forms.ChoiceField(label=label, initial=leaf.raw, choices=choices)
        case TextKind():
            return forms.CharField(label=label, initial=leaf.raw, max_length=200)
        case ListKind(item=TextKind() | IntegerKind()):
            return PlainListField(label=label, initial=leaf.raw, whole_numbers=isinstance(leaf.kind.item, IntegerKind))
        case ListKind(item=ChoiceKind() as item):
            return forms.MultipleChoiceField(
                label=label, initial=leaf.raw, required=False, widget=forms.CheckboxSelectMultiple,
                choices=[(each.value, terms.of(each, language)) for each in item.choices],
            )  # fmt: skip
    area = forms.Textarea(attrs={"rows": _ROWS, "class": "x-mono", "spellcheck": "false"})
    return RecordsField(label=label, initial=leaf.raw, widget=area)


class FigureForm(VerbForm):
    """A new figure, and from when it holds."""

    in_force_from = forms.DateTimeField(
        label=_("Takes effect"), required=False, help_text=_("At once when left empty."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )  # fmt: skip

    def __init__(self, data: Any, *, value: Value[Any], raw: Any, terms: Terms, language: str) -> None:
        super().__init__(data)
        self._value, self._raw = value, raw
        for leaf in leaves(value.kind, raw, terms, language):
            label = _label(value.kind, leaf.path, terms, language) or str(_("Figure"))
            self.fields[f"figure{_SPLIT}{_SPLIT.join(leaf.path)}"] = _field(leaf, label, terms, language)
        self.order_fields([*(name for name in self.fields if name != "in_force_from"), "in_force_from"])

    def figure(self, cleaned: Mapping[str, Any]) -> Any:
        """The figure as it is written, put together from its parts."""
        whole: Any = None
        for name, part in cleaned.items():
            prefix, _split, rest = name.partition(_SPLIT)
            if prefix == "figure":
                whole = _put(whole, tuple(rest.split(_SPLIT)) if rest else (), part)
        return whole


def _put(whole: Any, path: tuple[str, ...], part: Any) -> Any:
    if not path:
        return part
    inner = dict(whole or {})
    inner[path[0]] = _put(inner.get(path[0]), path[1:], part)
    return inner
