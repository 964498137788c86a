"""The catalogue's three lists: families with their models, fault classes, parts."""

from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from anxiu.catalogue.models import Model
from anxiu.catalogue.queries import VIEW, families, fault_classes, find_parts, parts
from anxiu.console.looks import LEVELS
from anxiu.console.pages import Listing, address, columns, keyset, page, show
from anxiu.kernel.actor import Actor
from anxiu.kernel.given import number
from anxiu.orders.messages import SEVERITIES
from anxiu.regulation.choices import Severity
from anxiu.workforce.choices import Difficulty
from anxiu.workforce.messages import DIFFICULTIES
from anxiu.workforce.queries import qualification_names

DIFFICULTY_TONES = {Difficulty.BASIC: "green", Difficulty.COMPLEX: "amber", Difficulty.HARD: "red"}
MAY = (
    "catalogue.change_family", "catalogue.retire_family", "catalogue.change_model", "catalogue.retire_model",
    "catalogue.change_fault_class", "catalogue.retire_fault_class", "catalogue.change_part", "catalogue.retire_part",
)  # fmt: skip


def _tabs(chosen: str) -> list[dict[str, object]]:
    """The three lists, at three addresses."""
    named = (
        ("catalogue", _("Families and models")), ("fault_classes", _("Fault classes")),
        ("parts", pgettext_lazy("catalogue", "Parts")),
    )  # fmt: skip
    return [{"label": label, "url": reverse(name), "active": name == chosen} for name, label in named]


def _add(actor: Actor, *verbs: tuple[str, object]) -> list[dict[str, object]]:
    offered = [(name, label) for name, label in verbs if actor.may(f"catalogue.{name}")]
    return [
        {"label": label, "icon": "plus", "dialog": reverse(name), "look": "is-primary" if number == 0 else ""}
        for number, (name, label) in enumerate(offered)
    ]


def _show(request: HttpRequest, actor: Actor, listing: Listing) -> HttpResponse:
    context = {
        "title": _("Catalogue"), "listing": listing, "may": {name for name in MAY if actor.may(name)},
    }  # fmt: skip
    return show(request, "console/catalogue/list.html", context, fragment="console/parts/listing.html")


@page(VIEW)
def catalogue(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Families with their warranty and what they ask of engineers, each with its models."""
    live = Model.objects.filter(retired_at=None).order_by("maker", "code")
    rows = families(actor).filter(retired_at=None).prefetch_related(Prefetch("models", live))
    found, next_url = keyset(request, rows, ("code",))
    spoken = qualification_names()
    for row in found:
        row.skill_names = [spoken.get(code, code) for code in row.skills]  # type: ignore[attr-defined]
        row.certificate_names = [spoken.get(code, code) for code in row.certificates]  # type: ignore[attr-defined]
    listing = Listing(
        id="catalogue", rows=found, row_template="console/catalogue/family_row.html", next_url=next_url,
        columns=columns(
            _("Product family"), _("Warranty"), _("Statutory guarantee"), _("Needed of engineers"), _("Models"), ""
        ),
        tabs=_tabs("catalogue"), first_url=address(request) if request.GET.get("after") else "",
        actions=_add(actor, ("add_model", _("Add model")), ("add_family", _("Add family"))),
        empty={
            "title": _("No product families yet"), "symbol": "packages",
            "text": _("A family says how long the warranty is and who may work on it."),
        },
    )  # fmt: skip
    return _show(request, actor, listing)


@page(VIEW)
def fault_class_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Fault classes with the words people use for them."""
    family = number(request.GET.get("family", ""))
    rows = fault_classes(actor).filter(retired_at=None) if family is None else fault_classes(actor, family)
    found, next_url = keyset(request, rows, ("code",))
    for row in found:
        row.difficulty_words = DIFFICULTIES[Difficulty(row.difficulty)]  # type: ignore[attr-defined]
        row.tone = DIFFICULTY_TONES[Difficulty(row.difficulty)]  # type: ignore[attr-defined]
        if row.severity_hint:
            hint = Severity(row.severity_hint)
            row.level, row.severity_words = LEVELS[hint], SEVERITIES[hint]  # type: ignore[attr-defined]
    listing = Listing(
        id="fault-classes", rows=found, row_template="console/catalogue/fault_row.html", next_url=next_url,
        columns=columns(
            _("Fault class"), _("Product family"), _("Difficulty"), _("Usual severity"), _("Words for it"), ""
        ),
        tabs=_tabs("fault_classes"), first_url=address(request) if request.GET.get("after") else "",
        filters=[_family_filter(actor, request.GET.get("family", ""))], is_filtered=bool(family),
        actions=_add(actor, ("add_fault_class", _("Add fault class"))),
        empty={
            "title": _("No fault classes yet"), "symbol": "stethoscope",
            "text": _("With fault classes repeats are found and the right engineer is sent."),
        },
    )  # fmt: skip
    return _show(request, actor, listing)


def _family_filter(actor: Actor, chosen: str) -> dict[str, Any]:
    is_chinese = (get_language() or "zh").startswith("zh")
    rows = families(actor).filter(retired_at=None)
    options = [(each.pk, each.name_zh if is_chinese else each.name_en) for each in rows]
    return {"name": "family", "label": _("All families"), "value": chosen, "choices": options}


@page(VIEW)
def part_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Parts with their list price and what they fit."""
    wanted = request.GET.get("q", "").strip()
    rows = find_parts(actor, wanted) if wanted else parts(actor).filter(retired_at=None)
    found, next_url = keyset(request, rows.prefetch_related("fits_families", "fits_models"), ("number",))
    listing = Listing(
        id="parts", rows=found, row_template="console/catalogue/part_row.html", next_url=next_url,
        columns=[
            *columns(_("Part"), _("Unit")), {"label": _("List price"), "css": "is-num"}, *columns(_("Fits"), ""),
        ],
        tabs=_tabs("parts"), first_url=address(request) if request.GET.get("after") else "",
        search={"name": "q", "value": request.GET.get("q", ""), "placeholder": _("Number, name, pinyin")},
        is_filtered=bool(wanted), actions=_add(actor, ("add_part", _("Add part"))),
        empty={
            "title": _("No parts yet"), "symbol": "package",
            "text": _("Parts named here can be put on an order, with their price."),
        },
    )  # fmt: skip
    return _show(request, actor, listing)
