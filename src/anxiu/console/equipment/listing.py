"""The list of machines, and the sheet of labels for those that were ticked."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from anxiu.accounts.queries import regions
from anxiu.catalogue.queries import families
from anxiu.console.equipment.looks import dress
from anxiu.console.pages import Listing, address, columns, keyset, page, show
from anxiu.equipment.labels import labels
from anxiu.equipment.queries import PRINTED, VIEW, find, machines
from anxiu.kernel.access import AccessKind, note_access
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import Invalid, NotFound
from anxiu.kernel.given import number
from anxiu.kernel.messages import explain
from anxiu.kernel.time import now


def _selects(request: HttpRequest, actor: Actor) -> list[dict[str, object]]:
    is_chinese = (get_language() or "zh").startswith("zh")
    found: list[dict[str, object]] = []
    for name, label, rows in (
        ("family", _("All families"), families(actor).filter(retired_at=None)),
        ("region", _("All regions"), regions(actor)),
    ):
        options = [(each.pk, each.name_zh if is_chinese else each.name_en) for each in rows]
        found.append({"name": name, "label": label, "value": request.GET.get(name, ""), "choices": options})
    return found


@page(VIEW)
def listed(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Machines, the newest first, with their warranty."""
    get = request.GET
    closed = get.get("tab") == "closed"
    rows = find(actor, get["q"].strip()) if get.get("q", "").strip() else machines(actor)
    rows = rows.filter(retired_at__isnull=not closed)
    for name, column in (("family", "model__family_id"), ("region", "region_id")):
        if (chosen := number(get.get(name, ""))) is not None:
            rows = rows.filter(**{column: chosen})
    found, next_url = keyset(request, rows, ("-id",))
    actions = []
    if actor.may("equipment.view_imports"):
        actions.append({"label": _("Import"), "icon": "file-import", "url": reverse("imports"), "look": ""})
    if actor.may("equipment.add_machine"):
        add = {"label": _("Add machine"), "icon": "plus", "dialog": reverse("add_machine"), "look": "is-primary"}
        actions.append(add)
    listing = Listing(
        id="machines", rows=dress(found, timezone.localtime(now()).date()), row_template="console/equipment/row.html",
        columns=columns(_("Machine"), _("Model"), _("Customer / site"), _("Position"), _("Warranty"), _("Region")),
        next_url=next_url, first_url=address(request) if get.get("after") else "", actions=actions,
        tabs=[
            {"label": _("In service"), "url": address(request, tab=""), "active": not closed},
            {"label": _("Closed"), "url": address(request, tab="closed"), "active": closed},
        ],
        search={"name": "q", "value": get.get("q", ""), "placeholder": _("Serial, name, customer, label")},
        filters=_selects(request, actor), hidden=[("tab", "closed")] if closed else (),
        picks=[] if closed else [
            {"label": _("Print labels"), "icon": "qrcode", "url": reverse("machine_labels"), "look": "is-primary"}
        ],
        is_filtered=closed or any(get.get(name) for name in ("q", "family", "region")),
        empty={
            "title": _("No machines yet"), "symbol": "engine",
            "text": _("Add one, or import the machines you service from a file."),
        },
    )  # fmt: skip
    context = {"title": _("Machines"), "listing": listing}
    return show(request, "console/equipment/list.html", context, fragment="console/parts/listing.html")


@require_POST
@page(VIEW)
def machine_labels(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A PDF of labels for the ticked machines; `skip` places of the first sheet stay free."""
    uids = []
    for text in request.POST.getlist("uid"):
        try:
            uids.append(UUID(text))
        except ValueError:
            raise NotFound("kernel.not_found") from None
    skip = number(request.POST.get("skip", "")) or 0
    try:
        content, ids = labels(actor, uids, get_language() or "zh-hans", skip=skip)
    except Invalid as refusal:
        return HttpResponse(explain(refusal), status=422, content_type="text/plain; charset=utf-8")
    note_access(actor, AccessKind.EXPORT, PRINTED, ids, now())
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="labels.pdf"'
    return answer
