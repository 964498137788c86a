"""Files that leave the house: the evidence of an order, long lists, and where they are fetched."""

from django.urls import path

from anxiu.console.exported import pages, verbs

urlpatterns = [
    path("orders/<uuid:uid>/evidence/", verbs.export_evidence, name="export_evidence"),
    path("exports/", pages.mine, name="exports"),
    path("exports/lists/", verbs.export_lists, name="export_lists"),
    path("exports/<uuid:uid>/", pages.fetch, name="export_file"),
    path("exports/<uuid:uid>/cancel/", verbs.cancel_export, name="cancel_export"),
]
