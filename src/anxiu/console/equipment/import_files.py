"""The page of a file on its way in: its columns, the trial, how far the import is, and its verbs."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from anxiu.console.equipment.forms import ColumnsForm
from anxiu.console.equipment.import_looks import columns_of, explained, kept_rows, look, preview_of, steps_of
from anxiu.console.pages import DONE, Listing, Verb, VerbForm, columns, dialog, keyset, leave, page, show
from anxiu.equipment import actions, queries
from anxiu.equipment.actions import Columns
from anxiu.equipment.choices import ImportKind, ImportState
from anxiu.equipment.importing.mapping import EITHER, NEEDED
from anxiu.equipment.models import ImportFile
from anxiu.equipment.queries import VIEW_IMPORTS, import_problems, kinds_for
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import Refusal
from anxiu.kernel.time import now

OPEN = (ImportState.MAPPING, ImportState.TRIED, ImportState.FAILED)
TOLD = (ImportState.TRIED, ImportState.TAKING, ImportState.TAKEN, ImportState.FAILED)


@page(VIEW_IMPORTS)
def import_file(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Everything about one file; while it is worked on, the page asks how far that is."""
    file = look(queries.import_file(actor, uid))
    is_running = file.state in (ImportState.TRYING, ImportState.TAKING)
    if "progress" in request.GET:
        if not is_running:
            return HttpResponse(status=DONE, headers={"HX-Refresh": "true"})
        return render(request, "console/equipment/import_progress.html", {"file": file})
    context = {
        "title": file.name, "context_line": file.kind_words, "file": file, "steps": steps_of(file),  # type: ignore[attr-defined]
        "preview": preview_of(file) if file.state == ImportState.TRIED else None,
        "listing": _problems(request, actor, file), "is_told": file.state in TOLD,
        "verbs": _verbs(actor, file), "kept": kept_rows(file.batch),
    }  # fmt: skip
    if file.state in OPEN and actor.may("equipment.map_import") and file.kind in kinds_for(actor):
        context |= _mapping(actor, file, ColumnsForm(actor, file))
    return show(request, "console/equipment/import_page.html", context, fragment="console/parts/listing.html")


def _mapping(actor: Actor, file: ImportFile, form: ColumnsForm) -> dict[str, Any]:
    kind = ImportKind(file.kind)
    needed, either = NEEDED[kind], EITHER.get(kind, frozenset())
    fields = [
        {"bound": form[f"column_{name}"], "needed": name in needed, "either": name in either}
        for name in (each.removeprefix("column_") for each in form.fields if each.startswith("column_"))
    ]
    places = [form[name] for name in ("model", "site") if name in form.fields]
    return {"form": form, "fields": fields, "places": places, "columns": columns_of(file)}


def _problems(request: HttpRequest, actor: Actor, file: ImportFile) -> Listing:
    rows, next_url = keyset(request, import_problems(actor, file), ("line", "id"))
    explained(file, rows)
    return Listing(
        id="problems", title=_("Refused rows"), rows=rows, row_template="console/equipment/import_problem.html",
        columns=[{"label": _("Row"), "css": "is-num"}, *columns(_("Column"), _("Why it is refused"))],
        next_url=next_url, first_url=request.path if request.GET.get("after") else "",
        empty={"title": _("No row is refused"), "symbol": "circle-check"},
    )  # fmt: skip


def _verbs(actor: Actor, file: ImportFile) -> list[dict[str, object]]:
    """What may be done with the file now."""
    found: list[dict[str, object]] = []
    if ImportKind(file.kind) not in kinds_for(actor):
        return found
    if file.state == ImportState.TRIED and file.accepted and actor.may("equipment.start_import"):
        address = reverse("start_import", args=[file.uid])
        found.append({"label": _("Import"), "icon": "file-import", "look": "is-primary", "dialog": address})
    if file.state in (*OPEN, ImportState.TRYING) and actor.may("equipment.drop_import"):
        address = reverse("drop_import", args=[file.uid])
        found.append({"label": _("Discard"), "icon": "trash", "look": "", "dialog": address})
    batch = file.batch
    is_whole = batch is not None and batch.undone_at is None and batch.undoing_at is None
    is_done = is_whole and file.state in (ImportState.TAKEN, ImportState.FAILED)
    if batch is not None and is_done and actor.may("equipment.undo_import"):
        address = reverse("undo_import", args=[batch.uid])
        found.append({"label": _("Undo import"), "icon": "arrow-back-up", "look": "", "dialog": address})
    return found


@require_POST
@page("equipment.map_import")
def map_import(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Take the columns as they were chosen and have the file checked."""
    file = look(queries.import_file(actor, uid))
    form = ColumnsForm(actor, file, request.POST or None)
    if form.is_valid():
        model, site = form.cleaned_data.get("model"), form.cleaned_data.get("site")
        to = Columns(form.chosen(), model.pk if model else None, site.pk if site else None)
        try:
            actions.map_import(actor=actor, at=now(), file_uid=uid, to=to)
            return leave(request, reverse("import_file", args=[uid]))
        except Refusal as refusal:
            form.refuse(refusal)
    context = {"file": file, **_mapping(actor, file, form)}
    return render(request, "console/equipment/import_columns.html", context, status=422)


@page("equipment.start_import")
def start_import(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Have the file taken in."""
    file = queries.import_file(actor, uid)

    def run(values: dict[str, Any]) -> object:
        return actions.start_import(actor=actor, at=now(), file_uid=uid)

    lead = _("{new} rows are taken in; {known} are known already and stay as they are, {refused} are refused.")
    words = lead.format(new=file.accepted, known=file.unchanged, refused=file.refused)
    return dialog(request, actor, VerbForm(request.POST or None), Verb(_("Import"), _("Import"), run, lead=words))


@page("equipment.drop_import")
def drop_import(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Let go of the file."""
    queries.import_file(actor, uid)

    def run(values: dict[str, Any]) -> object:
        return actions.drop_import(actor=actor, at=now(), file_uid=uid)

    verb = Verb(
        _("Discard file"), _("Discard"), run, lead=_("The file is erased here; nothing was taken in."), danger=True,
        done=_("The file was discarded."), go=lambda _done: reverse("imports"),
    )  # fmt: skip
    return dialog(request, actor, VerbForm(request.POST or None), verb)
