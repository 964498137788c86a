"""Importing files in the console: past imports, opening a file, and taking an import back."""

import tempfile
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from anxiu.accounts.queries import names
from anxiu.console.equipment.forms import ImportForm
from anxiu.console.equipment.import_looks import look
from anxiu.console.pages import DONE, Listing, Verb, VerbForm, columns, dialog, keyset, leave, page, refuse, show
from anxiu.equipment import actions
from anxiu.equipment.actions import NewFile
from anxiu.equipment.choices import ImportKind, ImportState
from anxiu.equipment.importing.headings import HEADINGS
from anxiu.equipment.importing.mapping import NEEDED, Layout
from anxiu.equipment.importing.tables import EXAMPLES, Table, head_of
from anxiu.equipment.messages import IMPORT_KINDS
from anxiu.equipment.models import ImportBatch
from anxiu.equipment.queries import VIEW, VIEW_IMPORTS, batches, import_files, is_large, kinds_for
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import Refusal
from anxiu.kernel.idempotency import Answer, once
from anxiu.kernel.time import now

UNDER_WAY = 20  # source: own choice; who leaves more files lying has a list to clear up


def _columns(kind: ImportKind) -> list[dict[str, object]]:
    own = 0 if (get_language() or "zh").startswith("zh") else 1
    return [{"name": known[own], "needed": name in NEEDED[kind]} for name, known in HEADINGS[kind].items()]


def _dress(actor: Actor, rows: list[ImportBatch]) -> list[ImportBatch]:
    people, kinds = names({row.actor_id for row in rows}), kinds_for(actor)
    may_undo = actor.may("equipment.undo_import")
    pages = dict(import_files(actor).filter(batch__in=rows).values_list("batch_id", "uid"))
    for row in rows:
        row.kind_words = IMPORT_KINDS[ImportKind(row.kind)]  # type: ignore[attr-defined]
        row.by = people[row.actor_id].name if row.actor_id in people else _("System")  # type: ignore[attr-defined]
        uid = pages.get(row.pk)
        row.may_undo = may_undo and ImportKind(row.kind) in kinds  # type: ignore[attr-defined]
        row.page = reverse("import_file", args=[uid]) if uid else ""  # type: ignore[attr-defined]
    return rows


def _above(actor: Actor) -> dict[str, object]:
    """The list that imports stand under: machines, or for who sees none the accounts."""
    name, label = ("machines", _("Machines")) if actor.may(VIEW) else ("accounts", _("Accounts and posts"))
    return {"url": reverse(name), "label": label}


@page(VIEW_IMPORTS)
def imports(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Past imports, files under way, and the form for the next."""
    found, next_url = keyset(request, batches(actor), ("-id",))
    listing = Listing(
        id="imports", title=_("Past imports"), rows=_dress(actor, found),
        row_template="console/equipment/import_row.html",
        columns=[
            *columns(_("Time"), _("What it holds"), _("File")),
            *({"label": label, "css": "is-num"} for label in (_("Taken in"), _("Refused"))), *columns(_("By"), ""),
        ],
        next_url=next_url, empty={
            "title": _("Nothing imported yet"), "symbol": "file-import",
            "text": _("Customers first, then machines, then their past orders; people before their qualifications."),
        },
    )  # fmt: skip
    open_files = import_files(actor).exclude(state__in=[ImportState.TAKEN, ImportState.DROPPED])[:UNDER_WAY]
    kinds = kinds_for(actor)
    context = {
        "title": _("Import"), "listing": listing, "above": _above(actor),
        "form": ImportForm(kinds) if kinds and actor.may("equipment.open_import") else None,
        "open_files": [look(each) for each in open_files],
        "headings": [{"label": IMPORT_KINDS[kind], "columns": _columns(kind)} for kind in kinds],
    }  # fmt: skip
    return show(request, "console/equipment/imports.html", context, fragment="console/parts/listing.html")


@require_POST
@page("equipment.open_import")
def open_import(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Keep a file and go on to its page; a file that is no table comes back with the reason."""
    form = ImportForm(kinds_for(actor), request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            return leave(request, _opened(actor, form.cleaned_data))
        except Refusal as refusal:
            refuse(form, refusal)
    return render(request, "console/equipment/import_form.html", {"form": form}, status=422)


def _opened(actor: Actor, values: dict[str, Any]) -> str:
    upload: UploadedFile[bytes] = values["file"]
    kind, source, name = ImportKind(values["kind"]), values["source"].strip(), upload.name or "file"
    with tempfile.TemporaryDirectory(prefix="anxiu-import-") as folder:
        path = Path(folder) / "file"
        with path.open("wb") as file:
            for chunk in upload.chunks():
                file.write(chunk)
        head = head_of(path, EXAMPLES)
        facts = Table(path, Layout(kind), settings.ENV.currency).facts()

        def perform() -> Answer:
            with path.open("rb") as content:
                size = path.stat().st_size
                new = NewFile(kind, source, name, facts.digest, size, content, head.header, head.rows)
                row = actions.open_import(actor=actor, at=now(), new=new)
            return Answer(DONE, reverse("import_file", args=[row.uid]))

        request = f"{kind}:{source}:{facts.digest}".encode()
        return once(principal=actor.key, key=values["key"], request=request, perform=perform).body


@page("equipment.undo_import")
def undo(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Take an import back."""

    def run(values: dict[str, Any]) -> object:
        return actions.undo_import(actor=actor, at=now(), batch_uid=uid)

    batch = batches(actor).filter(uid=uid).first()
    done = _("The import is being undone.") if batch and is_large(batch) else _("The import was undone.")
    lead = _("Rows that were changed since, or that something else refers to, stay.")
    verb = Verb(_("Undo import"), _("Undo import"), run, lead=lead, danger=True, done=done)
    return dialog(request, actor, VerbForm(request.POST or None), verb)
