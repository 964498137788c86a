"""Codes of the regulation app, in words."""

from django.utils.translation import gettext_lazy as _

from anxiu.kernel.messages import register
from anxiu.regulation.choices import PilotOutcome, VersionState

STATES = {
    VersionState.DRAFT: _("Draft"),
    VersionState.IN_REVIEW: _("In review"),
    VersionState.APPROVED: _("Approved"),
    VersionState.ON_TRIAL: _("On trial"),
    VersionState.IN_FORCE: _("In force"),
    VersionState.WITHDRAWN: _("Withdrawn"),
    VersionState.DISCARDED: _("Discarded"),
}
OUTCOMES = {PilotOutcome.ROLLED_OUT: _("Rolled out"), PilotOutcome.WITHDRAWN: _("Withdrawn after the pilot")}

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
        "regulation.wrong_state": _("This version is not at that point: {state}."),
        "regulation.figure_refused": _(
            "Clause {number}: {key} cannot be so. Expected {expected}, but found “{given}”."
        ),
        "regulation.figure_unfit": _("Clause {number}: {fault}"),
        "regulation.unfit": "{fault}",
        "regulation.stray_brace": _("A brace that belongs to no figure. Write {{app.key}} where a figure is said."),
        "regulation.governed_elsewhere": _("{key} is governed by clause {number} already."),
        "regulation.languages_differ": _("The two languages say different figures: {keys}."),
        "regulation.figure_not_listed": _("The text says figures that the clause does not govern: {keys}."),
        "regulation.row_unknown": _("A figure has no such row: {rows}."),
        "regulation.control_unknown": _("Nothing in this system is called: {codes}."),
        "regulation.number_wrong": _("“{given}” is no number of a clause. Write chapter and place, such as 3.10."),
        "regulation.number_taken": _("There is a clause {number} already."),
        "regulation.chapter_untitled": _("Chapter {number} is new: give its title in both languages."),
        "regulation.no_working_group": _("Name the working group first."),
        "regulation.named_twice": _("Somebody is named twice."),
        "regulation.not_in_group": _("Only members of the working group comment."),
        "regulation.no_such_clause": _("There is no clause {number}."),
        "regulation.comment_is_settled": _("This comment is settled already."),
        "regulation.own_draft": _("Who alone wrote a version does not approve it: somebody else has to."),
        "regulation.comments_open": _("{count} comments are not settled, on: {numbers}."),
        "regulation.not_ready": _("The version cannot take effect, because nothing holds some of its clauses."),
        "regulation.question_code_wrong": _(
            "“{given}” is no code: small letters, digits and hyphens, as first-contact."
        ),
        "regulation.question_code_taken": _("There is a question {given} already."),
        "regulation.question_choices": _("Write {least} to {most} choices: at least one right, at least one wrong."),
        "regulation.no_such_place": _("There are {count} questions; there is no place {place}."),
        "regulation.question_lacks_clause": _("Question {question}: there is no clause {number} any more."),
        "regulation.question_lacks_figure": _("Question {question}: a figure it says is missing."),
        "regulation.question_alike": _("Question {question}: a wrong choice says the same as a right one."),
        "regulation.lacks_value": _("{number}: no figure is named that enforces it."),
        "regulation.lacks_figure": _("{number}: there is no figure of {names}."),
        "regulation.lacks_gate": _("{number}: no verb or gate is named that enforces it."),
        "regulation.lacks_unknown_gate": _("{number}: this system has no {names}."),
        "regulation.lacks_indicator": _("{number}: no indicator is named that measures it."),
        "regulation.lacks_unknown_indicator": _("{number}: this system does not measure {names}."),
        "regulation.lacks_manual": _("{number}: it is not said who checks what."),
        "regulation.pilot_everywhere": _("A pilot needs regions or kinds of service in which it does not run."),
        "regulation.pilot_outside": _("The version does not apply there: {place}."),
        "regulation.pilot_elsewhere": _(
            "Another version holds there, which this one would not replace: {place}, {version}."
        ),
        "regulation.pilot_overlaps": _("The pilot of version {version} runs there already: {place}."),
        "regulation.pilot_without_indicator": _("Choose at least one indicator by which the pilot is compared."),
        "regulation.pilot_ends_first": _("The planned last day lies before the beginning."),
        "regulation.pilot_company_figures": _(
            "A pilot may change what orders and people are judged by, not what holds for the whole company:"
        ),
        "regulation.pilot_company_figure": _("Clause {number}: {key}"),
        "regulation.pilot_company_loose": _("{key}, which no clause governs"),
        "regulation.pilot_over": _("This pilot is decided already."),
    },
    sentences={
        "regulation.adopted": _("Regulation {code} adopted"),
        "regulation.addendum_added": _("Addendum to regulation {code}: {keys}"),
        "regulation.withdrawn": _("Regulation {code} withdrawn"),
        "regulation.draft_started": _("Draft {code} started from {source}"),
        "regulation.draft_described": _("Description of draft {code} written"),
        "regulation.figure_set": _("Figure {key} of draft {code} set"),
        "regulation.clause_written": _("Clause {number} of draft {code} written"),
        "regulation.clause_added": _("Clause {number} added to draft {code}"),
        "regulation.clause_removed": _("Clause {number} removed from draft {code}"),
        "regulation.question_added": _("Question {question} on clause {number} added to draft {code}"),
        "regulation.question_written": _("Question {question} on clause {number} of draft {code} written"),
        "regulation.question_removed": _("Question {question} on clause {number} removed from draft {code}"),
        "regulation.question_moved": _("Question {question} of draft {code} moved to place {place}"),
        "regulation.group_named": _("Working group of version {code} named"),
        "regulation.submitted": _("Draft {code} submitted for review"),
        "regulation.commented": _("Comment on clause {number} of version {code}"),
        "regulation.comment_settled": _("Comment on clause {number} of version {code} settled"),
        "regulation.returned": _("Version {code} returned to draft"),
        "regulation.approved": _("Version {code} approved"),
        "regulation.draft_discarded": _("Draft {code} discarded"),
        "regulation.pilot_started": _("Pilot of version {code} started"),
        "regulation.pilot_rolled_out": _("Version {code} rolled out after its pilot"),
        "regulation.pilot_withdrawn": _("Version {code} withdrawn after its pilot"),
    },
)
