"""Codes of the feedback app, in words."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anxiu.duties.kinds import declare
from anxiu.feedback.choices import RecoveryOutcome, Via
from anxiu.kernel.messages import register

register(
    refusals={
        "feedback.not_finished": _("This order can be rated once the work is signed off."),
        "feedback.already_rated": _("This order has been rated already. Thank you."),
        "feedback.score_off_scale": _("Choose a score from 1 to {most}."),
        "feedback.mark_off_scale": _("{key} is {mark}, but it must be below the best score, {best}. Change it first."),
        "feedback.nps_off_scale": _("Choose a number from 0 to 10."),
        "feedback.unknown_tag": _("“{tag}” is not one of the phrases."),
        "feedback.words_missing": _("Say in a few words what was done."),
    },
    sentences={
        "feedback.rated": _("Rated {score} of {scale}"),
        "feedback.recovery_resolved": _("The low rating was followed up"),
    },
)

RECOVERY: Final = declare("recovery", _("Make good after a low rating"))
OUTCOMES: Final[Mapping[str, Promise | str]] = {
    RecoveryOutcome.CONTENT: _("The customer is content now"),
    RecoveryOutcome.NEW_ORDER: _("A new order was opened"),
    RecoveryOutcome.NOT_REACHED: _("The customer could not be reached"),
    RecoveryOutcome.NOT_CONTENT: _("The customer is still not content"),
}
VIAS: Final[Mapping[str, Promise | str]] = {
    Via.LINK: _("by the customer"),
    Via.AGENT: _("told to an agent"),
}
