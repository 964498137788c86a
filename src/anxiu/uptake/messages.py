"""Codes of the uptake app, in words."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anxiu.duties.kinds import declare
from anxiu.kernel.messages import register
from anxiu.uptake.choices import ReadingState

TO_READ: Final = declare("regulation_reading", _("Read and acknowledge the regulation"))

STATES: Final[Mapping[str, Promise | str]] = {
    ReadingState.OPEN: _("Not yet"),
    ReadingState.ACKNOWLEDGED: _("Acknowledged"),
    ReadingState.LIFTED: _("Not required any more"),
}

register(
    refusals={
        "uptake.not_open": _("This version is acknowledged already, or not yours to read any more."),
        "uptake.quiz_first": _("Answer the questions first: they are not passed yet."),
        "uptake.passed_already": _("You have passed the questions on this version."),
        "uptake.no_questions": _("There are no questions for your post."),
        "uptake.other_questions": _("The questions have changed meanwhile. Here are the present ones."),
        "uptake.unanswered": _("Please choose an answer."),
    },
    sentences={
        "uptake.reading_assigned": _("{person_id} has to read regulation {code}, due {due_at}"),
        "uptake.reading_lifted": _("{person_id} need not read regulation {code} any more"),
        "uptake.reading_reminded": _("{person_id} was reminded of regulation {code}, {days} days before it is due"),
        "uptake.readings_overdue": _("Regulation {code} was not acknowledged in time"),
        "uptake.quiz_taken": _("Questions on regulation {code} answered: {right} of {asked} right"),
        "uptake.acknowledged": _("{person_id} acknowledged regulation {code}"),
    },
)
