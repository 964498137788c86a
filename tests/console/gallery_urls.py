"""The gallery and what its frame links to; the real addresses carry it only where DEBUG is on."""

import json

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from anxiu.console.gallery import gallery, portal_gallery


def live(request: HttpRequest) -> HttpResponse:
    """One frame, then the end: the browser comes back for the next by itself."""
    frame = f"retry: 200\ndata: {json.dumps({'topics': ['orders']})}\n\n"
    return HttpResponse(frame, content_type="text/event-stream")


def gallery_live(request: HttpRequest) -> HttpResponse:
    """The gallery with its live stream switched on."""
    response = gallery(request)
    response.content = response.content.replace(b"<body ", b'<body data-live-stream="/live" ', 1)
    return response


urlpatterns = [
    path("gallery/", gallery),
    path("gallery/portal/", portal_gallery),
    path("gallery-live/", gallery_live),
    path("live", live),
    path("i18n/", include("django.conf.urls.i18n")),
    path("accounts/", include("allauth.urls")),
    path("", include("anxiu.console.exported")),
]
