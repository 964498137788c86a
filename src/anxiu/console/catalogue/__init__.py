"""The catalogue in the console: lists and verbs."""

from django.urls import path

from anxiu.console.catalogue import verbs
from anxiu.console.catalogue.listing import catalogue, fault_class_list, part_list

urlpatterns = [
    path("catalogue/", catalogue, name="catalogue"),
    path("catalogue/faults/", fault_class_list, name="fault_classes"),
    path("catalogue/parts/", part_list, name="parts"),
    path("catalogue/families/add/", verbs.add_family, name="add_family"),
    path("catalogue/families/<uuid:uid>/change/", verbs.change_family, name="change_family"),
    path("catalogue/families/<uuid:uid>/close/", verbs.retire_family, name="retire_family"),
    path("catalogue/models/add/", verbs.add_model, name="add_model"),
    path("catalogue/models/<uuid:uid>/change/", verbs.change_model, name="change_model"),
    path("catalogue/models/<uuid:uid>/close/", verbs.retire_model, name="retire_model"),
    path("catalogue/faults/add/", verbs.add_fault_class, name="add_fault_class"),
    path("catalogue/faults/<uuid:uid>/change/", verbs.change_fault_class, name="change_fault_class"),
    path("catalogue/faults/<uuid:uid>/close/", verbs.retire_fault_class, name="retire_fault_class"),
    path("catalogue/parts/add/", verbs.add_part, name="add_part"),
    path("catalogue/parts/<uuid:uid>/change/", verbs.change_part, name="change_part"),
    path("catalogue/parts/<uuid:uid>/close/", verbs.retire_part, name="retire_part"),
]
