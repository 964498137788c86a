"""Machines in the console: list, page, verbs, labels, imports."""

from django.urls import path

from anxiu.console.equipment import verbs
from anxiu.console.equipment.detail import machine_page
from anxiu.console.equipment.import_files import drop_import, import_file, map_import, start_import
from anxiu.console.equipment.imports import imports, open_import, undo
from anxiu.console.equipment.listing import listed, machine_labels

urlpatterns = [
    path("machines/", listed, name="machines"),
    path("machines/add/", verbs.add_machine, name="add_machine"),
    path("machines/labels/", machine_labels, name="machine_labels"),
    path("machines/<uuid:uid>/", machine_page, name="machine"),
    path("machines/<uuid:uid>/change/", verbs.change_machine, name="change_machine"),
    path("machines/<uuid:uid>/move/", verbs.move_machine, name="move_machine"),
    path("machines/<uuid:uid>/close/", verbs.retire_machine, name="retire_machine"),
    path("machines/<uuid:uid>/label/renew/", verbs.renew_label, name="renew_label"),
    path("machines/<uuid:uid>/documents/add/", verbs.add_document, name="add_document"),
    path("imports/", imports, name="imports"),
    path("imports/open/", open_import, name="open_import"),
    path("imports/files/<uuid:uid>/", import_file, name="import_file"),
    path("imports/files/<uuid:uid>/columns/", map_import, name="map_import"),
    path("imports/files/<uuid:uid>/start/", start_import, name="start_import"),
    path("imports/files/<uuid:uid>/drop/", drop_import, name="drop_import"),
    path("imports/<uuid:uid>/undo/", undo, name="undo_import"),
]
