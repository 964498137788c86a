"""Importing files in the console: try, take in, look at what was refused, take back."""

import tempfile
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from anxiu.accounts.queries import names
from anxiu.console.equipment.forms import ImportForm
from anxiu.console.pages import Listing, Verb, VerbForm, columns, dialog, keyset, page, refuse, show
from anxiu.equipment.actions import Imported, Placement, import_batch, undo_import
from anxiu.equipment.choices import ImportKind
from anxiu.equipment.importing.dry_run import dry_run
from anxiu.equipment.importing.mapping import HEADINGS, NEEDED, Layout
from anxiu.equipment.importing.tables import Table
from anxiu.equipment.messages import IMPORT_KINDS
from anxiu.equipment.models import ImportBatch
from anxiu.equipment.queries import VIEW_IMPORTS, batches
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import Refusal
from anxiu.kernel.messages import explain
from anxiu.kernel.time import now

SHOWN = 200  # source: own choice; more problems than this have one cause


def _columns(kind: ImportKind) -> list[dict[str, object]]:
    own = 0 if (get_language() or "zh").startswith("zh") else 1
    return [{"name": known[own], "needed": name in NEEDED[kind]} for name, known in HEADINGS[kind].items()]


def _dress(rows: list[ImportBatch]) -> list[ImportBatch]:
    people = names({row.actor_id for row in rows})
    for row in rows:
        row.kind_words = IMPORT_KINDS[ImportKind(row.kind)]  # type: ignore[attr-defined]
        row.by = people[row.actor_id].name if row.actor_id in people else _("System")  # type: ignore[attr-defined]
    return rows


@page(VIEW_IMPORTS)
def imports(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Past imports, and the form for the next."""
    found, next_url = keyset(request, batches(actor), ("-id",))
    listing = Listing(
        id="imports", title=_("Past imports"), rows=_dress(found), row_template="console/equipment/import_row.html",
        columns=[
            *columns(_("Time"), _("What it holds"), _("File")),
            *({"label": label, "css": "is-num"} for label in (_("Taken in"), _("Refused"))), *columns(_("By"), ""),
        ],
        next_url=next_url, empty={
            "title": _("Nothing imported yet"), "symbol": "file-import",
            "text": _("Customers first, then machines, then their past orders."),
        },
    )  # fmt: skip
    may_import = actor.may("equipment.import_batch")
    context = {
        "title": _("Import"), "listing": listing, "form": ImportForm(actor) if may_import else None,
        "headings": [{"label": words, "columns": _columns(ImportKind(kind))} for kind, words in IMPORT_KINDS.items()],
        "may_undo": actor.may("equipment.undo_import"),
    }  # fmt: skip
    return show(request, "console/equipment/imports.html", context, fragment="console/parts/listing.html")


@require_POST
@page("equipment.import_batch")
def import_file(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Try a file or take it in, and say what became of each refused row; the answer is a part of the page."""
    form = ImportForm(actor, request.POST or None, request.FILES or None)
    tried, imported = request.POST.get("verb") != "import_batch", None
    if form.is_valid():
        try:
            imported = _run(actor, form.cleaned_data, tried=tried)
        except Refusal as refusal:
            refuse(form, refusal)
    status = 200 if imported else 422
    context: dict[str, Any] = {"form": form, "imported": imported, "tried": tried}
    if imported:
        context["problems"] = [
            {"line": each.line, "field": each.refusal.field, "why": explain(each.refusal)}
            for each in imported.problems[:SHOWN]
        ]
        context["refused"] = len({each.line for each in imported.problems})
    return render(request, "console/equipment/import_result.html", context, status=status)


def _run(actor: Actor, values: dict[str, Any], *, tried: bool) -> Imported:
    kind = ImportKind(values["kind"])
    placement = None
    if (model := values["model"]) and (site := values["site"]):
        placement = Placement(model.code, site.customer.code, site.name, model.maker)
    upload: UploadedFile[bytes] = values["file"]
    with tempfile.TemporaryDirectory(prefix="anxiu-import-") as folder:
        path = Path(folder) / Path(upload.name or "file.csv").name
        with path.open("wb") as file:
            for chunk in upload.chunks():
                file.write(chunk)
        table = Table(path, Layout(kind), settings.ENV.currency)
        run = dry_run if tried else import_batch
        return run(
            actor=actor, at=now(), kind=kind, source=values["source"].strip(), file=table.facts(), lines=table,
            placement=placement,
        )  # fmt: skip


@page("equipment.undo_import")
def undo(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Take an import back."""

    def run(values: dict[str, Any]) -> object:
        return undo_import(actor=actor, at=now(), batch_uid=uid)

    lead = _("Rows that were changed since, or that something else refers to, stay.")
    verb = Verb(_("Undo import"), _("Undo import"), run, lead=lead, danger=True, done=_("The import was undone."))
    return dialog(request, actor, VerbForm(request.POST or None), verb)
