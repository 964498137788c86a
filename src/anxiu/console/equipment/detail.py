"""The page of a machine: warranty, what it is part of, orders here and before, documents, label, history."""

from uuid import UUID

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from anxiu.console.contracts.looks import entitled
from anxiu.console.equipment.looks import dress
from anxiu.console.order_rows import look
from anxiu.console.pages import keyset, page, show
from anxiu.console.told import told
from anxiu.customers.queries import contacts_at
from anxiu.equipment.labels import label_picture, label_url
from anxiu.equipment.messages import COVER_BASES
from anxiu.equipment.models import Machine
from anxiu.equipment.queries import VIEW, machine, machines, past_orders
from anxiu.files.choices import Purpose
from anxiu.files.queries import of_subject
from anxiu.kernel.access import AccessKind, note_access
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.time import now
from anxiu.orders.queries import listed, visible

SHOWN = 20  # source: own choice; a machine with more orders than this has a list of its own


@page(VIEW)
def machine_page(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Everything about one machine."""
    row = machine(actor, uid)
    today = timezone.localtime(now()).date()
    dress([row], today)
    before, next_url = keyset(request, past_orders(actor, row), ("-date", "-id"))
    theirs = listed(visible(actor).filter(machine=row)).order_by("-id")
    around = machines(actor).filter(retired_at=None)
    note_access(actor, AccessKind.DETAIL, "machine", [row.pk], now())
    context = {
        "title": row.name or row.model.name, "context_line": row.serial, "machine": row, "today": today,
        "entitled": entitled(row, today),
        "cover_because": COVER_BASES[row.cover.because],  # type: ignore[attr-defined]
        "parent": around.filter(pk=row.parent_id).first() if row.parent_id else None,
        "children": dress(around.filter(parent=row).order_by("name", "id"), today),
        "contacts": contacts_at(actor, [row.site_id]),
        "orders": [look(each) for each in theirs[:SHOWN]], "replaced": _replaced(actor, row),
        "past": before, "next_url": next_url,
        "first_url": request.path if request.GET.get("after") else "",
        "documents": of_subject(Subject("machine", row.pk), Purpose.DOCUMENT),
        "label_url": label_url(row), "label_picture": label_picture(row),
        "history": told({"machine": [row.pk]}), "verbs": _verbs(actor, row),
        "may": {name for name in MAY if actor.may(name) and row.retired_at is None},
    }  # fmt: skip
    return show(request, "console/equipment/page.html", context, fragment="console/equipment/past.html")


MAY = ("customers.view_phone", "equipment.renew_label", "equipment.add_document", "orders.open_order")


def _replaced(actor: Actor, row: Machine) -> list[dict[str, object]]:
    """Parts put into the machine, the newest first, but for entries that were corrected later."""
    rows = visible(actor).filter(machine=row, entries__part__isnull=False, entries__corrections=None)
    found = rows.order_by("-entries__at", "-entries__id").values(
        "uid", "number", part=F("entries__part__number"), name_zh=F("entries__part__name_zh"),
        name_en=F("entries__part__name_en"), count=F("entries__value"), text=F("entries__text"), at=F("entries__at"),
    )  # fmt: skip
    is_chinese = (get_language() or "zh").startswith("zh")
    return [{**each, "name": each["name_zh"] if is_chinese else each["name_en"]} for each in found[:SHOWN]]


def _verbs(actor: Actor, row: Machine) -> list[dict[str, object]]:
    """The verbs of the machine that the actor may use now."""
    if row.retired_at:
        return []
    offered = [
        ("change_machine", _("Change"), "edit", ""),
        ("move_machine", _("Move"), "truck", ""),
        ("retire_machine", _("Close machine"), "archive", "is-danger"),
    ]
    return [
        {"label": label, "icon": icon, "look": look, "dialog": reverse(name, args=[row.uid])}
        for name, label, icon, look in offered
        if actor.may(f"equipment.{name}")
    ]
