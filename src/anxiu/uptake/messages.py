"""Codes of the uptake app, in words."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anxiu.duties.kinds import declare
from anxiu.kernel.messages import register
from anxiu.uptake.choices import Decision, ReadingState, RemarkKind, RemarkState

TO_READ: Final = declare("regulation_reading", _("Read and acknowledge the regulation"))

REVIEW: Final = declare("regulation_review", _("Review the regulation"))

STATES: Final[Mapping[str, Promise | str]] = {
    ReadingState.OPEN: _("Not yet"),
    ReadingState.ACKNOWLEDGED: _("Acknowledged"),
    ReadingState.LIFTED: _("Not required any more"),
}

REMARKS: Final[Mapping[str, Promise | str]] = {
    RemarkKind.REMARK: _("Remark"),
    RemarkKind.PROPOSAL: _("Proposal"),
    RemarkKind.QUESTION: _("Question"),
    RemarkKind.MISTAKE: _("Mistake"),
}
REMARK_STATES: Final[Mapping[str, Promise | str]] = {
    RemarkState.OPEN: _("Open"),
    RemarkState.ANSWERED: _("Answered"),
    RemarkState.TAKEN_UP: _("Taken up into a draft"),
}
DECISIONS: Final[Mapping[str, Promise | str]] = {
    Decision.KEEP: _("Keep"),
    Decision.AMEND: _("Amend"),
    Decision.DROP: _("Drop"),
}

register(
    refusals={
        "uptake.not_open": _("This version is acknowledged already, or not yours to read any more."),
        "uptake.quiz_first": _("Answer the questions first: they are not passed yet."),
        "uptake.passed_already": _("You have passed the questions on this version."),
        "uptake.no_questions": _("There are no questions for your post."),
        "uptake.other_questions": _("The questions have changed meanwhile. Here are the present ones."),
        "uptake.no_such_clause": _("There is no clause {number} in this version."),
        "uptake.remark_is_settled": _("This remark is settled already."),
        "uptake.no_draft": _("Only a draft takes a remark up."),
        "uptake.review_is_closed": _("This review is closed."),
        "uptake.not_decided": _("Nothing is decided yet: decide on a clause at least."),
        "uptake.nobody_came": _("Name who came."),
        "uptake.unanswered": _("Please choose an answer."),
    },
    sentences={
        "uptake.reading_assigned": _("{person_id} has to read regulation {code}, due {due_at}"),
        "uptake.reading_lifted": _("{person_id} need not read regulation {code} any more"),
        "uptake.reading_reminded": _("{person_id} was reminded of regulation {code}, {days} days before it is due"),
        "uptake.readings_overdue": _("Regulation {code} was not acknowledged in time"),
        "uptake.quiz_taken": _("Questions on regulation {code} answered: {right} of {asked} right"),
        "uptake.acknowledged": _("{person_id} acknowledged regulation {code}"),
        "uptake.clause_remarked": _("Clause {number} of regulation {code} was remarked on"),
        "uptake.remark_replied": _("A remark on clause {number} of regulation {code} was replied to"),
        "uptake.remark_settled": _("A remark on clause {number} of regulation {code} was settled"),
        "uptake.review_opened": _("{owner_id} has to review the regulation, due {due_at}"),
        "uptake.clause_decided": _("Review decided on clause {number} of regulation {code}"),
        "uptake.review_closed": _("Review of the regulation closed, {decided} clauses decided"),
        "uptake.session_recorded": _("A session on regulation {code} was recorded"),
    },
)
