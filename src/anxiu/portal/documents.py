"""The documents of an order, by a link of their own or from the tracking page: the bytes as they were issued."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from anxiu.accounts.choices import LinkPurpose
from anxiu.files.queries import open_attachment
from anxiu.kernel.access import AccessKind
from anxiu.kernel.errors import NotFound
from anxiu.portal.pages import enter, machine_name, page
from anxiu.portal.queries import Door, documents
from anxiu.portal.track import papers, send


@page
@require_safe
def document(request: HttpRequest, secret: str) -> HttpResponse:
    """What was issued for this order."""
    found = enter(request, secret, LinkPurpose.DOCUMENT)
    context = {
        "title": _("Your documents"), "lead": machine_name(found.order), "order": found.order, "secret": secret,
        "documents": papers(found.order),
    }  # fmt: skip
    return render(request, "portal/documents.html", context)


@page
@require_safe
def document_file(request: HttpRequest, secret: str, number: int) -> HttpResponseBase:
    """One of them as a PDF, by the document link."""
    return _sent(request, enter(request, secret, LinkPurpose.DOCUMENT, AccessKind.EXPORT), number)


@page
@require_safe
def track_document(request: HttpRequest, secret: str, number: int) -> HttpResponseBase:
    """One of them as a PDF, from the tracking page."""
    return _sent(request, enter(request, secret, LinkPurpose.TRACK, AccessKind.EXPORT), number)


def _sent(request: HttpRequest, found: Door, number: int) -> HttpResponseBase:
    chosen = next((each for each in documents(found.order) if each.pk == number), None)
    if chosen is None:
        raise NotFound("kernel.not_found")
    return send(request, open_attachment(found.actor, chosen.attachment_uid))
