"""Codes of the trace app, in words."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anxiu.files.choices import Purpose
from anxiu.kernel.messages import register
from anxiu.trace.choices import ExportState

register(
    refusals={
        "trace.export_over": _("This file is made already, or was given up."),
        "trace.export_broken": _("It could not be made. Ask for it again; administrators see why under Failures."),
        "trace.export_gone": _("This file is not there any more. Ask for it again."),
        "trace.too_many_exports": _("You have {limit} files under way. Wait for one of them."),
        "trace.unknown_list": _("There is no such list to export."),
    },
    sentences={
        "trace.evidence_exported": _("Evidence package asked for"),
        "trace.list_exported": _("A list was made into a file: {listed} ({format})"),
        "trace.export_cancelled": _("A file that was asked for was given up"),
    },
)

STATES: Final[Mapping[str, Promise | str]] = {
    ExportState.WAITING: pgettext_lazy("export", "Waiting"),
    ExportState.MAKING: pgettext_lazy("export", "Being made"),
    ExportState.DONE: pgettext_lazy("export", "Ready"),
    ExportState.FAILED: pgettext_lazy("export", "Failed"),
    ExportState.CANCELLED: pgettext_lazy("export", "Given up"),
    ExportState.EXPIRED: pgettext_lazy("export", "Expired"),
}
PURPOSES: Final[Mapping[str, Promise | str]] = {
    Purpose.INTAKE_PHOTO: _("Photo sent with the report"),
    Purpose.INTAKE_VIDEO: _("Video sent with the report"),
    Purpose.EVIDENCE_PHOTO: _("Photo of the work"),
    Purpose.EVIDENCE_VIDEO: _("Video of the work"),
    Purpose.SIGNATURE: _("Signature"),
    Purpose.SIGNED_DOCUMENT: _("Signed document"),
    Purpose.REPORT: _("Service report"),
    Purpose.GUARANTEE: _("Guarantee certificate"),
    Purpose.DOCUMENT: _("Document"),
    Purpose.PORTRAIT: _("Portrait"),
}
