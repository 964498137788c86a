"""Addresses of the customer pages. Each secret opens one thing; its purpose is part of the address."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from anxiu.accounts.choices import LinkPurpose
from anxiu.portal import checks, consents, documents, rate, report, sign, track
from anxiu.portal.pages import lost, page


@page
def nowhere(request: HttpRequest, rest: str) -> HttpResponse:
    """Any other address under this prefix, in the look people came from."""
    return lost(request)


urlpatterns = [
    path("report/", report.report, name="report"),
    path("r/<str:code>/", report.report_by_label, name="report_by_label"),
    path("u/<str:key>/<uuid:uid>/", report.pending_file, name="pending_file"),
    path("t/<str:secret>/", track.track, name="track"),
    path("t/<str:secret>/receipt/", track.receipt, name="receipt"),
    path("t/<str:secret>/ask/", track.track_ask, name="track_ask"),
    path("t/<str:secret>/reply/", track.track_reply, name="track_reply"),
    path("t/<str:secret>/consent/", consents.track_consent, name="track_consent"),
    path("t/<str:secret>/check/", checks.track_check, name="track_check"),
    path("t/<str:secret>/media/", track.track_media, name="track_media"),
    path("t/<str:secret>/sign/", track.track_door, {"purpose": LinkPurpose.SIGN}, name="track_sign"),
    path("t/<str:secret>/rate/", track.track_door, {"purpose": LinkPurpose.RATE}, name="track_rate"),
    path("t/<str:secret>/photo/", track.track_photo, name="track_photo"),
    path("t/<str:secret>/files/<uuid:uid>/", track.track_file, name="track_file"),
    path("t/<str:secret>/documents/<int:number>/", documents.track_document, name="track_document"),
    path("s/<str:secret>/", sign.sign, name="sign"),
    path("rate/<str:secret>/", rate.rate, name="rate"),
    path("d/<str:secret>/", documents.document, name="document"),
    path("d/<str:secret>/<int:number>/", documents.document_file, name="document_file"),
    path("<path:rest>/", nowhere),
]
