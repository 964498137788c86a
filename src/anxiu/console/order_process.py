"""What the console shows of an order's process: its checklists, and the dialogs that tick them."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from anxiu.console.order_forms import language
from anxiu.console.pages import VerbForm
from anxiu.kernel.actor import Actor
from anxiu.orders.choices import LIVE_VISITS
from anxiu.orders.models import Order
from anxiu.orders.processes import CheckItem
from anxiu.orders.queries import StepLines, checklists, entries_to_show, visits_to_show


def item_words(item: CheckItem) -> str:
    """An item as it is asked for."""
    said = item.words.in_language(language())
    return said if item.mandatory else _now("{item} (if needed)").format(item=said)


def _open(each: StepLines) -> list[tuple[str, str]]:
    return [(line.item.code, item_words(line.item)) for line in each.lines if not line.entry]


def checking(_actor: Actor, row: Order, post: Any, files: Any) -> forms.Form:
    """The open items of the order's checklists by their step, the present step first."""
    form = VerbForm(post, files)
    live = next((each.pk for each in visits_to_show(row) if each.state in LIVE_VISITS), None)
    lists = sorted(checklists(row, entries_to_show(row), live), key=lambda each: not each.is_current)
    groups = [(each.step.words.in_language(language()), _open(each)) for each in lists]
    form.fields["checked"] = forms.MultipleChoiceField(
        label=_("Checklist"), choices=[group for group in groups if group[1]], widget=forms.CheckboxSelectMultiple
    )
    return form
