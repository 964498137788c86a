"""The controls for the parts of a figure: a span with its unit, words in two languages, hours, lists, choices."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from anxiu.accounts.models import Post
from anxiu.kernel.given import number
from anxiu.kernel.values import (
    ChoiceKind,
    DurationKind,
    FlagKind,
    HoursKind,
    IntegerKind,
    Kind,
    ListKind,
    TargetKind,
    TextKind,
)
from anxiu.regulation.rules.words import Terms, is_chinese

UNITS: Final = {"min": _("minutes"), "h": _("hours"), "d": _("days")}
WORKING: Final = {"working min": _("working minutes"), "working h": _("working hours")}
TEXT: Final = 200
_BETWEEN: Final = re.compile(r"[,，、;；\n]")
Choices = Sequence[tuple[Any, Any]]


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
        if unit:
            units.setdefault(unit, unit)
        choices = list(units.items())
        parts = [forms.IntegerField(min_value=0), forms.ChoiceField(choices=choices)]
        super().__init__(parts, label=label, initial=initial, widget=SpanWidget(choices), require_all_fields=True)

    def compress(self, data_list: list[Any]) -> str:
        return f"{data_list[0]} {data_list[1]}" if data_list else ""


class HoursWidget(forms.MultiWidget):
    """From and until, side by side."""

    template_name = "console/regulation/hours.html"

    def __init__(self) -> None:
        time = {"pattern": r"([01]\d|2[0-4]):[0-5]\d", "placeholder": "--:--", "inputmode": "numeric", "maxlength": 5}
        super().__init__([forms.TextInput(attrs=time), forms.TextInput(attrs=time)])

    def decompress(self, value: Any) -> list[Any]:
        opens, _dash, closes = str(value or "").partition("-")
        return [opens, closes]


class HoursField(forms.MultiValueField):
    """`09:00-12:00`; both empty means none."""

    def __init__(self, *, label: str, initial: str) -> None:
        parts = [forms.CharField(required=False), forms.CharField(required=False)]
        super().__init__(
            parts, label=label, initial=initial, widget=HoursWidget(), required=False, require_all_fields=False
        )

    def compress(self, data_list: list[Any]) -> str:
        opens, closes = [str(each).strip().replace("：", ":") for each in (*data_list, "", "")][:2]
        return f"{opens}-{closes}" if opens or closes else ""


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
        numbers = [number(each) for each in entries]
        if None in numbers:
            wrong = entries[numbers.index(None)][:TEXT]
            raise forms.ValidationError(_("“%(given)s” is not a whole number."), params={"given": wrong})
        return numbers


class CodeField(forms.CharField):
    """The code of a row: given once, made from the English words where nobody gives one, never changed."""

    def __init__(self, *, label: str, initial: str) -> None:
        widget = forms.TextInput(attrs={"class": "x-mono", **({"readonly": True} if initial else {})})
        super().__init__(label=label, initial=initial, max_length=TEXT, required=False, widget=widget)


# ---- texts that are codes of something -------------------------------------------------------------------------------
def _posts(language: str) -> Choices:
    zh = is_chinese(language)
    rows = Post.objects.filter(retired_at=None).order_by("pk")
    return [(each.code, each.name_zh if zh else each.name_en) for each in rows]


# By record and part: what a text of it may be.
OFFERED: Final[Mapping[tuple[str, str], Callable[[str], Choices]]] = {("Rung", "to"): _posts}


def field_of(kind: Kind[Any], raw: Any, label: str, terms: Terms, language: str) -> forms.Field:
    """The right control for a part that has a field of its own; `raw` None for one that is not filled yet."""
    match kind:
        case TargetKind() | DurationKind():
            return SpanField(label=label, initial=raw or "", working=isinstance(kind, TargetKind))
        case HoursKind():
            return HoursField(label=label, initial=raw or "")
        case IntegerKind():
            unit = f" {kind.unit}" if kind.unit == "%" else ""
            return forms.IntegerField(
                label=label, initial=raw, min_value=kind.least, max_value=kind.most,
                help_text=f"{kind.least} – {kind.most}{unit}",
            )  # fmt: skip
        case FlagKind():
            return forms.BooleanField(label=label, initial=raw, required=False)
        case ChoiceKind():
            choices = [(each.value, terms.of(each, language)) for each in kind.choices]
            return forms.ChoiceField(label=label, initial=raw, choices=choices)
        case TextKind():
            return forms.CharField(label=label, initial=raw, max_length=TEXT)
        case ListKind(item=TextKind() | IntegerKind() as item):
            return PlainListField(label=label, initial=raw or [], whole_numbers=isinstance(item, IntegerKind))
        case ListKind(item=ChoiceKind() as item):
            return forms.MultipleChoiceField(
                label=label, initial=raw or [], required=False, widget=forms.CheckboxSelectMultiple,
                choices=[(each.value, terms.of(each, language)) for each in item.choices],
            )  # fmt: skip
    raise TypeError(f"no control for a figure of kind {kind.name}")


def offered(record: str, part: str, raw: Any, label: str, language: str) -> forms.Field | None:
    """A choice for a text that is the code of something; a code that is no longer offered stays choosable."""
    if (record, part) not in OFFERED:
        return None
    choices = list(OFFERED[record, part](language))
    if raw and raw not in {code for code, _name in choices}:
        choices.append((raw, raw))
    return forms.ChoiceField(label=label, initial=raw, choices=choices)
