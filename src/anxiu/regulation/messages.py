"""Codes of the regulation app, in words."""

from django.utils.translation import gettext_lazy as _

from anxiu.kernel.messages import register

register(
    refusals={
        "regulation.none_in_force": _("No regulation is in force at this moment."),
        "regulation.unknown_preset": _("There is no preset “{preset}”."),
        "regulation.figures_missing": _("The regulation has no figure for: {keys}."),
        "regulation.figures_unknown": _("The regulation knows no value called: {keys}."),
        "regulation.figure_wrong": _("The figure of {key} cannot be read: expected {expected}, but found “{given}”."),
        "regulation.company_figure": _("These figures hold for the whole company and cannot differ here: {keys}."),
        "regulation.moment_taken": _("Another version for the same scope takes effect at this very moment."),
        "regulation.already_began": _("A version may not take effect before now: what happened was judged by another."),
        "regulation.not_the_latest": _("A later version of the same scope exists. Amend that one."),
        "regulation.nothing_changed": _("Nothing was changed."),
        "regulation.last_one": _("The company must keep one regulation in force for everybody."),
        "regulation.for_everybody": _("What holds for everybody is set by who sees the whole company."),
        "regulation.speaks_against": _("This speaks against putting it in force:"),
        "regulation.not_in_force": _("This version is not in force."),
    },
    sentences={
        "regulation.adopted": _("Regulation {code} adopted"),
        "regulation.addendum_added": _("Addendum to regulation {code}: {keys}"),
        "regulation.withdrawn": _("Regulation {code} withdrawn"),
    },
)
