"""The process of an order, and of each order type in a regulation, drawn and listed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from anxiu.console.pages import page, show
from anxiu.console.process_chart import Chart, chart
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.errors import NotFound
from anxiu.kernel.time import now
from anxiu.kernel.values import Reading, reading
from anxiu.orders.choices import Role, State
from anxiu.orders.messages import CLOCKS, GATES, ROLES, TYPES, kinds_in_words
from anxiu.orders.models import Order
from anxiu.orders.processes import CheckItem, ProcessStep
from anxiu.orders.queries import VIEW as VIEW_ORDERS
from anxiu.orders.queries import needed, order_to_show, process_for, process_of
from anxiu.orders.values import CHECKLISTS
from anxiu.regulation.choices import OrderType
from anxiu.regulation.models import Version
from anxiu.regulation.queries import VIEW, figure_in_words, in_force, versions
from anxiu.sla.choices import ClockKind
from anxiu.sla.models import Clock
from anxiu.sla.queries import clocks_of
from anxiu.sla.rules.promise import TARGETS
from anxiu.sla.values import PREPARE_BEFORE


@dataclass(frozen=True, slots=True)
class Timed:
    """A clock of a step: what the regulation allows, and of an order how it stands."""

    words: object
    figure: str
    clock: Clock | None


@dataclass(frozen=True, slots=True)
class StepText:
    """A step as the list beneath the drawing tells it."""

    number: int
    words: str
    look: str
    owner: object
    person: str
    clocks: tuple[Timed, ...]
    items: tuple[CheckItem, ...]
    evidence: tuple[tuple[int, object], ...]
    gates: tuple[object, ...]


def _language() -> str:
    return get_language() or "zh-hans"


def _person(step: ProcessStep, order: Order | None) -> str:
    """Who answers for a step of this order, where that is one person."""
    if order is None:
        return ""
    if step.owner is Role.OWNER:
        return order.owner.name
    if step.owner is Role.ENGINEER:
        return order.engineer.person.name if order.engineer else ""
    return order.contact.name if step.owner is Role.CUSTOMER and order.contact else ""


def _timed(kind: ClockKind, figures: Reading, live: Mapping[str, Clock]) -> Timed:
    value = PREPARE_BEFORE if kind is ClockKind.PREPARE else TARGETS[kind]
    said = figure_in_words(value.key, figures(value), _language())
    return Timed(CLOCKS[kind], said, live.get(kind))


def texts(
    drawn: Chart, steps: Sequence[ProcessStep], version_id: int, order: Order | None = None
) -> list[StepText]:
    """Every step in words, beside the box that draws it; with an order one statement for its clocks."""
    figures = reading(version_id)
    lists = figures(CHECKLISTS)
    live = {each.kind: each for each in reversed(clocks_of(Subject("order", order.pk)))} if order else {}
    return [
        StepText(
            box.number, box.words, box.look, ROLES[step.owner], _person(step, order),
            tuple(_timed(each, figures, live) for each in step.clocks),
            tuple(item for code in step.checklists for item in lists[code]),
            tuple((each.least, kinds_in_words(each.kinds)) for each in step.evidence),
            tuple(GATES[each] for each in step.gates),
        )
        for box, step in zip(drawn.boxes, steps, strict=True)
    ]  # fmt: skip


@page(VIEW_ORDERS)
def order_process(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """The process of an order's type, with the step it is in, its deadline and its owner."""
    row, at = order_to_show(actor, uid), now()
    way, need = process_of(row), needed(row, actor, at)
    drawn = chart(
        way, row.order_type, _language(), state=State(row.state), is_held=row.is_suspended,
        lacks=bool(need and need.missing),
    )  # fmt: skip
    context = {
        "title": _("Process"), "order": row, "chart": drawn, "steps": texts(drawn, way.steps, row.version_id, row),
        "needed": need, "type_words": TYPES[row.order_type],
    }  # fmt: skip
    return show(request, "console/orders/process.html", context)


@page(VIEW)
def regulation_process(request: HttpRequest, actor: Actor, order_type: str) -> HttpResponse:
    """The process of an order type as a version writes it: the one the address names, else the one in force."""
    if order_type not in set(OrderType):
        raise NotFound("kernel.not_found")
    kind = OrderType(order_type)
    version = _version(request, actor, kind)
    way = process_for(version.pk, kind)
    drawn = chart(way, kind, _language())
    asked = f"?version={version.uid}" if request.GET.get("version") else ""
    tabs: list[dict[str, Any]] = [
        {"label": words, "url": reverse("regulation_process", args=[each]) + asked, "active": each == kind}
        for each, words in TYPES.items()
    ]
    context = {
        "title": _("Processes"), "chart": drawn, "steps": texts(drawn, way.steps, version.pk), "tabs": tabs,
        "version": version, "type_words": TYPES[kind],
    }  # fmt: skip
    return show(request, "console/orders/process.html", context)


def _version(request: HttpRequest, actor: Actor, kind: OrderType) -> Version:
    asked = request.GET.get("version", "")
    if not asked:
        return in_force(min(actor.regions, default=None) if actor.regions else None, kind, now())
    try:
        found = versions(actor).filter(uid=UUID(asked)).first()
    except ValueError:
        found = None
    if found is None:
        raise NotFound("kernel.not_found")
    return found


urlpatterns = [
    path("orders/<uuid:uid>/process/", order_process, name="order_process"),
    path("regulation/processes/<slug:order_type>/", regulation_process, name="regulation_process"),
]
