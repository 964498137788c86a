"""A figure as a tree of boxes: which fields stand together, in which order, and which lists have rows that come and go.

Names of fields are paths: `figure__urgent__r0__after`. A list of records keeps its rows in order in a hidden field
`rows__urgent`, by tokens that stay with a row while others are added, moved and taken out: what was typed stays.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from anxiu.console.figures.fields import CodeField, field_of, offered
from anxiu.kernel.errors import Invalid
from anxiu.kernel.given import number
from anxiu.kernel.messages import explain
from anxiu.kernel.values import HoursKind, Kind, ListKind, MapKind, RecordKind, TableKind, WordsKind
from anxiu.regulation.rules.words import Terms

SPLIT: Final = "__"
FIGURE: Final = "figure"
ROWS: Final = "rows"
HOURS_A_DAY: Final = 3  # source: own choice; morning, afternoon and one more
MOST_ROWS: Final = 200  # source: own choice; more rows than any list people read
LANGUAGES: Final = (("zh", _("Chinese")), ("en", _("English")))


@dataclass(frozen=True)
class Box:
    """A part of a figure: a field, or what stands together under a label."""

    shape: str
    path: tuple[str, ...]
    kind: Kind[Any]
    label: str = ""
    inner: tuple["Box", ...] = ()
    heads: tuple[str, ...] = ()
    total: int | None = None
    bound: Any = None
    tokens: forms.BoundField | None = None

    @property
    def where(self) -> str:
        """The path as one text."""
        return SPLIT.join(self.path)

    @property
    def token(self) -> str:
        """The row's own token, where this is a row."""
        return self.path[-1] if self.path else ""

    @property
    def name(self) -> str:
        """The name of the field."""
        return SPLIT.join((FIGURE, *(self.path or ("",))))


@dataclass
class Builder:
    """Makes the boxes of a figure and the fields they hold. `sent` is what a form sent, if one did."""

    terms: Terms
    language: str
    sent: Mapping[str, Any] | None = None
    fields: dict[str, forms.Field] = field(default_factory=dict)

    def build(self, kind: Kind[Any], raw: Any, path: tuple[str, ...] = (), label: str = "") -> Box:
        """The box of a part, in the order people read it."""
        match kind:
            case TableKind():
                rows = [(each.value, self.terms.of(each, self.language)) for each in kind.rows]
                return self._table(kind, rows, raw or {}, path, label)
            case MapKind():
                keys = dict.fromkeys(raw or {})
                rows = [(code, self.terms.data(code, self.language)) for code, _none in self.terms.in_order(keys)]
                return self._table(kind, rows, raw or {}, path, label)
            case RecordKind():
                return self._record(kind, raw or {}, path, label)
            case WordsKind():
                return self._words(kind, raw or {}, path, label)
            case ListKind(item=HoursKind()):
                return self._hours(kind, raw or [], path, label)
            case ListKind(item=RecordKind() | WordsKind() | TableKind() | MapKind() | ListKind()):
                return self._rows(kind, raw or [], path, label)
        return self._leaf(kind, raw, path, label)

    def _leaf(
        self, kind: Kind[Any], raw: Any, path: tuple[str, ...], label: str, made: forms.Field | None = None
    ) -> Box:
        box = Box("field", path, kind, label)
        self.fields[box.name] = made or field_of(kind, raw, label or str(_("Figure")), self.terms, self.language)
        return box

    def _table(
        self, kind: TableKind[Any, Any] | MapKind[Any], rows: list[tuple[str, str]], raw: Mapping[str, Any],
        path: tuple[str, ...], label: str,
    ) -> Box:  # fmt: skip
        inner = tuple(self.build(kind.cell, raw.get(code), (*path, code), words) for code, words in rows)
        flat = all(each.shape in {"field", "hours"} for each in inner)
        return Box("table" if flat else "group", path, kind, label, inner, total=kind.total)

    def _record(self, kind: RecordKind[Any], raw: Mapping[str, Any], path: tuple[str, ...], label: str) -> Box:
        name = kind.record.__name__
        inner = []
        for part, of in kind.parts.items():
            here = (*path, part)
            if part == "code" and any(isinstance(each, WordsKind) for each in kind.parts.values()):
                made: forms.Field | None = CodeField(label=str(_("Short code")), initial=str(raw.get(part, "")))
                inner.append(self._leaf(of, None, here, str(_("Short code")), made))
                continue
            words = self.terms.word(name, part, self.language)
            made = offered(name, part, raw.get(part), words, self.language)
            box = self._leaf(of, None, here, words, made) if made else self.build(of, raw.get(part), here, words)
            inner.append(box)
        words_first = sorted(inner, key=lambda box: box.path[-1] == "code")  # what people read stands first
        return Box("record", path, kind, label, tuple(words_first))

    def _words(self, kind: WordsKind, raw: Mapping[str, Any], path: tuple[str, ...], label: str) -> Box:
        text = forms.CharField
        inner = tuple(
            self._leaf(kind, None, (*path, code), str(name), text(
                label=f"{label} · {name}" if label else name, initial=raw.get(code, ""), max_length=200,
            ))
            for code, name in LANGUAGES
        )  # fmt: skip
        return Box("words", path, kind, label, inner)

    def _hours(self, kind: ListKind[Any], raw: list[str], path: tuple[str, ...], label: str) -> Box:
        slots = [*raw, *[None] * max(HOURS_A_DAY - len(raw), 0)]
        inner = tuple(self._leaf(kind.item, each, (*path, str(at)), label) for at, each in enumerate(slots))
        return Box("hours", path, kind, label, inner)

    def _rows(self, kind: ListKind[Any], raw: list[Any], path: tuple[str, ...], label: str) -> Box:
        name = SPLIT.join((ROWS, *path))
        given = {f"r{at}": each for at, each in enumerate(raw)}
        tokens = list(given)
        if self.sent is not None and name in self.sent:
            named = str(self.sent[name]).split(",")
            tokens = [each for each in named if each[:1] == "r" and number(each[1:]) is not None]
        self.fields[name] = forms.CharField(required=False, initial=",".join(tokens), widget=forms.HiddenInput())
        inner = tuple(
            self.build(kind.item, given.get(token), (*path, token)) for token in dict.fromkeys(tokens[:MOST_ROWS])
        )
        return Box("rows", path, kind, label, inner)


def bound(box: Box, form: forms.Form) -> Box:
    """The same boxes with the form's own fields in them, for the template."""
    name = SPLIT.join((ROWS, *box.path))
    return replace(
        box,
        inner=tuple(bound(each, form) for each in box.inner),
        bound=form[box.name] if box.shape == "field" else None,
        tokens=form[name] if box.shape == "rows" else None,
    )


def collect(box: Box, cleaned: Mapping[str, Any]) -> Any:
    """The figure as it is written, put together from its parts."""
    match box.shape:
        case "field":
            return cleaned.get(box.name)
        case "hours":
            return [found for each in box.inner if (found := collect(each, cleaned))]
        case "rows":
            return _coded([collect(each, cleaned) for each in box.inner])
    return {each.path[-1]: collect(each, cleaned) for each in box.inner}


def _coded(rows: list[Any]) -> list[Any]:
    """Rows whose code nobody gave get one from their English words."""
    taken = {row.get("code") for row in rows if isinstance(row, dict)}
    for row in rows:
        if isinstance(row, dict) and "code" in row and not row["code"]:
            words = next((each["en"] for each in row.values() if isinstance(each, dict) and "en" in each), "")
            plain = "_".join("".join(c if c.isascii() and c.isalnum() else " " for c in words.lower()).split())[:40]
            code = base = plain or "entry"
            count = 1
            while code in taken:
                count += 1
                code = f"{base}_{count}"
            row["code"] = code
            taken.add(code)
    return rows


def faults(box: Box, cleaned: Mapping[str, Any]) -> dict[str, str]:
    """What each part's own kind refuses, by the name of its field."""
    if box.shape == "field":
        raw = cleaned.get(box.name)
        skip = raw is None or raw == "" or isinstance(box.kind, WordsKind)
        return {} if skip or (said := _refused(box.kind, raw)) == "" else {box.name: said}
    return {name: said for each in box.inner for name, said in faults(each, cleaned).items()}


def _refused(kind: Kind[Any], raw: Any) -> str:
    try:
        kind.parse(raw)
    except Invalid as wrong:
        return explain(wrong)
    return ""


# ---- rows that come and go -------------------------------------------------------------------------------------------
def moved(sent: Mapping[str, Any], order: str) -> dict[str, Any]:
    """What was sent, with a row added, taken out or moved: `add urgent`, `up urgent r1`, as a button's value says."""
    what, _space, rest = order.partition(" ")
    where, _space, token = rest.partition(" ")
    name = SPLIT.join((ROWS, where)) if where else ROWS
    tokens = [each for each in str(sent.get(name, "")).split(",") if each]
    at = tokens.index(token) if token in tokens else -1
    if what == "add":
        used = [each for each in (number(token[1:]) for token in tokens) if each is not None]
        tokens.append(f"r{max([*used, *_tokens_in(sent, where), -1]) + 1}")
    elif what == "remove" and at >= 0:
        tokens.pop(at)
    elif what == "up" and at > 0:
        tokens[at - 1], tokens[at] = tokens[at], tokens[at - 1]
    elif what == "down" and 0 <= at < len(tokens) - 1:
        tokens[at + 1], tokens[at] = tokens[at], tokens[at + 1]
    return {**sent, name: ",".join(tokens)}


def _tokens_in(sent: Mapping[str, Any], where: str) -> list[int]:
    """The tokens that fields under a path used already: one that was taken out is not used again."""
    start = SPLIT.join((FIGURE, *([where] if where else []))) + f"{SPLIT}r"
    heads = (name[len(start) :].partition(SPLIT)[0] for name in sent if name.startswith(start))
    return [each for each in map(number, heads) if each is not None]
