"""Codes of the catalogue app, in words."""

from django.utils.translation import gettext_lazy as _

from anxiu.kernel.messages import register

register(
    refusals={
        "catalogue.code_taken": _("This code or number is already used."),
        "catalogue.unknown_family": _("There is no such product family."),
        "catalogue.unknown_model": _("There is no such model."),
        "catalogue.unknown_qualification": _("There is no skill or certificate “{codes}”."),
        "catalogue.negative": _("This cannot be less than zero."),
        "catalogue.unknown_currency": _("There is no currency “{given}”."),
        "catalogue.family_has_models": _("This family still has models."),
        "catalogue.is_retired": _("This is no longer in use."),
    },
    sentences={
        "catalogue.family_added": _("Product family {code} added"),
        "catalogue.family_changed": _("Product family {code} changed: {fields}"),
        "catalogue.family_retired": _("Product family {code} closed"),
        "catalogue.model_added": _("Model {code} added"),
        "catalogue.model_changed": _("Model {code} changed: {fields}"),
        "catalogue.model_retired": _("Model {code} closed"),
        "catalogue.fault_class_added": _("Fault class {code} added"),
        "catalogue.fault_class_changed": _("Fault class {code} changed: {fields}"),
        "catalogue.fault_class_retired": _("Fault class {code} closed"),
        "catalogue.part_added": _("Part {number} added"),
        "catalogue.part_changed": _("Part {number} changed: {fields}"),
        "catalogue.part_retired": _("Part {number} closed"),
    },
)
