"""What the console shows of an order's process: its checklists and its plan, and the dialogs about them."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from anxiu.console.pages import VerbForm
from anxiu.kernel.actor import Actor
from anxiu.kernel.values import reading
from anxiu.orders.actions import NewPlan
from anxiu.orders.choices import LIVE_VISITS, State, StepGate
from anxiu.orders.messages import PLAN_REASONS, PLANS
from anxiu.orders.models import Order, Plan
from anxiu.orders.processes import CheckItem
from anxiu.orders.queries import (
    StepLines,
    checklists,
    entries_to_show,
    items_of,
    process_for,
    process_of,
    visits_to_show,
)
from anxiu.orders.values import HIGH_RISK_WORK
from anxiu.regulation.choices import OrderType


def language() -> str:
    """The reader's language."""
    return get_language() or "zh-hans"


def area(rows: int) -> forms.Textarea:
    """A field for several lines."""
    return forms.Textarea(attrs={"rows": rows})


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
    for each in lists:
        if items := _open(each):
            form.fields[f"{OF_STEP}{each.step.code}"] = forms.MultipleChoiceField(
                label=each.step.words.in_language(language()), choices=items, required=False,
                widget=forms.CheckboxSelectMultiple,
            )  # fmt: skip
    return form


def unchecking(_actor: Actor, row: Order, post: Any, files: Any) -> forms.Form:
    """Which tick is taken back, and why."""
    form = VerbForm(post, files)
    live = next((each.pk for each in visits_to_show(row) if each.state in LIVE_VISITS), None)
    lists = checklists(row, entries_to_show(row), live)
    items = [line.item for each in lists for line in each.lines if line.entry]
    ticked = [(each.code, each.words.in_language(language())) for each in items]
    form.fields["item"] = forms.ChoiceField(label=_("Ticked"), choices=ticked, widget=forms.RadioSelect)
    form.fields["reason"] = forms.CharField(
        label=_("Why it is taken back"), max_length=500, widget=area(2),
        help_text=_("The tick stays on record, struck through, with your name and this reason."),
    )  # fmt: skip
    return form


OF_STEP = "checked_"


def checked_of(given: dict[str, Any]) -> tuple[str, ...]:
    """What was ticked in any of the lists."""
    return tuple(code for name, codes in given.items() if name.startswith(OF_STEP) for code in codes)


# ---- the plan ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class PlanText:
    """A plan as people read it."""

    plan: Plan
    state: object
    risks: tuple[str, ...]
    because: tuple[object, ...]


def risk_choices(row: Order) -> list[tuple[str, str]]:
    """The high-risk work the regulation lists."""
    return [(each.code, each.words.in_language(language())) for each in reading(row.version_id)(HIGH_RISK_WORK)]


def plan_text(row: Order) -> PlanText | None:
    """The latest plan of an order."""
    plan = row.plan
    if plan is None:
        return None
    words = dict(risk_choices(row))
    return PlanText(
        plan, PLANS[plan.state], tuple(words.get(each, each) for each in plan.risks),
        tuple(PLAN_REASONS[each] for each in plan.because),
    )  # fmt: skip


def plan_in_words(row: Order) -> object:
    """What whoever approves has to know, above the dialog."""
    told = plan_text(row)
    if told is None:
        return ""
    cost = _now("Expected cost: {cost} yuan").format(cost=f"{told.plan.cost.amount:,f}")
    risks = _now("High-risk work: {risks}").format(risks=", ".join(told.risks)) if told.risks else ""
    why = _now("Waits because: {because}").format(because=", ".join(map(str, told.because))) if told.because else ""
    return "\n".join(filter(None, (told.plan.text, cost, risks, why)))


def add_plan(form: forms.Form, row: Order) -> None:
    """Ask for the plan where the process may have it approved."""
    way = process_of(row)
    if not way.has(State.APPROVING):
        return
    always = any(StepGate.PLAN_APPROVED in step.gates for step in way.steps)
    form.fields["plan"] = forms.CharField(
        label=_("What is to be done"), required=always, max_length=4000, widget=area(3),
        help_text=_("Beyond the limits of the grade, or with high-risk work, it is approved before work starts."),
    )  # fmt: skip
    form.fields["cost"] = forms.DecimalField(
        label=_("Expected cost (yuan)"), required=False, min_value=0, max_digits=11, decimal_places=2,
        widget=forms.NumberInput({"step": "any", "inputmode": "decimal"}),
    )  # fmt: skip
    form.fields["risks"] = forms.MultipleChoiceField(
        label=_("High-risk work in it"), choices=risk_choices(row), required=False, widget=forms.CheckboxSelectMultiple
    )


def plan_of(given: dict[str, Any]) -> NewPlan | None:
    """The plan that a form holds; none where nothing was planned."""
    if not any(given.get(name) for name in ("plan", "cost", "risks")):
        return None
    return NewPlan(given["plan"], given["cost"] or Decimal(0), tuple(given["risks"]))


# ---- remote support -------------------------------------------------------------------------------------------------
def solving(_actor: Actor, row: Order, post: Any, files: Any) -> forms.Form:
    """What was wrong and what helped, with the checklist of remote support."""
    form = VerbForm(post, files)
    step = process_for(row.version_id, OrderType.REMOTE).step_of(State.REPAIRING)
    items = [(each.code, item_words(each)) for each in items_of(row, step)]
    form.fields["checked"] = forms.MultipleChoiceField(
        label=_("Checklist"), choices=items, required=False, widget=forms.CheckboxSelectMultiple
    )
    form.fields["cause"] = forms.CharField(label=_("Cause"), max_length=4000, widget=area(2))
    form.fields["solution"] = forms.CharField(label=_("What was done"), max_length=4000, widget=area(3))
    return form
