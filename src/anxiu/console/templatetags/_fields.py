"""How a form field is shown: the right class for its widget, and what a screen reader needs to connect the parts."""

from typing import Any, Final

from django.forms import (
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    ClearableFileInput,
    RadioSelect,
    Select,
    Textarea,
    Widget,
)
from django.utils.translation import gettext_lazy as _

DASHES: Final = "---------"  # what Django puts where nothing is chosen


def look(widget: Widget) -> tuple[str, str]:
    """The kind of the field (decides the part's layout) and the class of its input."""
    if isinstance(widget, (RadioSelect, CheckboxSelectMultiple)):
        return "choices", ""
    if isinstance(widget, CheckboxInput):
        return "check", ""
    if isinstance(widget, Select):
        return "select", "x-select"
    if isinstance(widget, ClearableFileInput):
        return "file", "x-input"
    return ("secret" if getattr(widget, "input_type", "") == "password" else "text"), "x-input"


def parts(bound: BoundField, help_text: object = "", *, wide: bool = False) -> dict[str, Any]:
    """What `console/parts/field.html` needs."""
    widget = bound.field.widget
    kind, css = look(widget)
    if kind == "select" and getattr(bound.field, "empty_label", None) == DASHES:
        bound.field.empty_label = _("Please choose") if bound.field.required else _("None")  # type: ignore[attr-defined]
    described = [f"{bound.id_for_label}-help"] if (help_text or bound.help_text) else []
    if bound.errors:
        described.append(f"{bound.id_for_label}-error")
    attrs: dict[str, Any] = {}
    if css:
        attrs["class"] = f"{css} {widget.attrs.get('class', '')}".strip()
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if bound.errors:
        attrs["aria-invalid"] = "true"
    return {
        "bound": bound,
        "kind": kind,
        "input": bound.as_widget(attrs=attrs),
        "help": help_text or bound.help_text,
        "wide": wide or kind == "choices" or isinstance(widget, Textarea) or getattr(widget, "wide", False),
    }
