"""A figure of the regulation as a form: the right control for each part people set, whatever the kind of the figure.

Spans are a number and a unit, tables a field a row, working hours a week, lists of records rows that are added, moved
and taken out by buttons, without a script. What comes out is the figure as it is written; its own kind reads it and
refuses what is wrong, at the field.
"""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from anxiu.console.figures.tree import Box, Builder, bound, collect, faults, moved
from anxiu.console.pages import VerbForm
from anxiu.kernel.errors import Invalid
from anxiu.kernel.messages import explain
from anxiu.kernel.values import Value
from anxiu.regulation.rules.words import Terms

ORDER = "do"


class FigureForm(VerbForm):
    """A new figure. With `number` a wrong one is refused naming the clause that governs it."""

    def __init__(
        self, data: Any, *, value: Value[Any], raw: Any, terms: Terms, language: str, number: str = ""
    ) -> None:
        self.order = str(data.get(ORDER, "")) if data else ""
        if self.order:
            data = _data(data, self.order)
        super().__init__(data)
        self._value, self._number = value, number
        builder = Builder(terms, language, data)
        self._box = builder.build(value.kind, raw)
        self.fields.update(builder.fields)
        if self.order:
            self._errors = forms.utils.ErrorDict()  # a row was added or moved: nothing is judged yet

    @property
    def box(self) -> Box:
        """The boxes with their fields, for the template."""
        return bound(self._box, self)

    @property
    def others(self) -> list[forms.BoundField]:
        """The fields that are no part of the figure."""
        return [each for each in self.visible_fields() if not each.name.startswith("figure")]

    def is_valid(self) -> bool:
        return not self.order and super().is_valid()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name, said in faults(self._box, cleaned).items():
            self.add_error(name, said)
        if not self.errors:
            try:
                self._value.kind.parse(self.figure(cleaned))
            except Invalid as wrong:
                self.add_error(None, explain(wrong))
        if self.errors and self._number:
            cannot = _("Clause {number} cannot be so; what is wrong is marked.")
            self.add_error(None, cannot.format(number=self._number))
        return cleaned

    def figure(self, cleaned: Any) -> Any:
        """The figure as it is written, put together from its parts."""
        return collect(self._box, cleaned)


class AmendForm(FigureForm):
    """A new figure, from when it holds, and why."""

    in_force_from = forms.DateTimeField(
        label=_("Takes effect"), required=False, help_text=_("At once when left empty."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )  # fmt: skip
    why = forms.CharField(
        label=_("Reason"), max_length=4000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Kept in the change log."),
    )  # fmt: skip

    def __init__(self, data: Any, **figure: Any) -> None:
        super().__init__(data, **figure)
        last = ["in_force_from", "why"]
        self.order_fields([*(name for name in self.fields if name not in last), *last])


def _data(sent: QueryDict, order: str) -> QueryDict:
    """What was sent, with the rows as a button asks for."""
    plain = {name: sent[name] for name in sent}
    changed = QueryDict(mutable=True)
    for name in sent:
        changed.setlist(name, sent.getlist(name))
    for name, value in moved(plain, order).items():
        if value != plain.get(name):
            changed[name] = value
    return changed
