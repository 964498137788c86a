"""The text of a version on paper: as a page to print, and as a PDF."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from anxiu.console.pages import page, show
from anxiu.console.regulation import CONTROLS, ORIGINS
from anxiu.console.versions.verbs import one
from anxiu.console.versions.words import language, name_of, scope_of, shown_about, state_of
from anxiu.kernel.actor import Actor
from anxiu.kernel.time import now
from anxiu.regulation.documents import text_pdf
from anxiu.regulation.queries import VIEW, document


@page(VIEW)
def print_version(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Contents, numbered chapters and clauses on plain paper."""
    version = one(actor, uid)
    context = {
        "title": name_of(version), "version": version, "scope": scope_of(version),
        "state": state_of(version, now())[0], "about": shown_about(version),
        "document": document(actor, version.pk, language()), "controls": CONTROLS, "origins": ORIGINS,
    }  # fmt: skip
    return show(request, "console/versions/print.html", context)


@page(VIEW)
def version_pdf(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """The same as a PDF, in the language of the reader or the one the address asks for."""
    version = one(actor, uid)
    wanted = request.GET.get("language", "") or language()
    wanted = "zh-hans" if wanted.startswith("zh") else "en"
    content = text_pdf(actor, version, wanted)
    return pdf(content, f"{version.code}-{wanted}.pdf")


def pdf(content: bytes, name: str) -> HttpResponse:
    """Bytes of a PDF, shown in the browser under a name."""
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)
