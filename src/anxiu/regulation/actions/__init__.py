"""The only way to change regulations: draft, review, approve, try, put in force, withdraw."""

from anxiu.regulation.actions.clauses import add_clause, remove_clause, write_clause
from anxiu.regulation.actions.drafting import Description, Source, describe_draft, set_figure, start_draft
from anxiu.regulation.actions.installing import FIRST, install
from anxiu.regulation.actions.piloting import Trial, roll_out_pilot, start_pilot, withdraw_pilot
from anxiu.regulation.actions.questions import add_question, move_question, remove_question, write_question
from anxiu.regulation.actions.review import (
    approve_version,
    comment_on_clause,
    name_working_group,
    return_to_draft,
    settle_comment,
    submit_for_review,
)
from anxiu.regulation.actions.shortcuts import adopt_preset, amend_version
from anxiu.regulation.actions.standing import discard_draft, put_in_force, withdraw_version
from anxiu.regulation.rules.drafting import Wording
from anxiu.regulation.rules.quiz import Choice, Situation

__all__ = [
    "FIRST",
    "Choice",
    "Description",
    "Situation",
    "Source",
    "Trial",
    "Wording",
    "add_clause",
    "add_question",
    "adopt_preset",
    "amend_version",
    "approve_version",
    "comment_on_clause",
    "describe_draft",
    "discard_draft",
    "install",
    "move_question",
    "name_working_group",
    "put_in_force",
    "remove_clause",
    "remove_question",
    "return_to_draft",
    "roll_out_pilot",
    "set_figure",
    "settle_comment",
    "start_draft",
    "start_pilot",
    "submit_for_review",
    "withdraw_pilot",
    "withdraw_version",
    "write_clause",
    "write_question",
]
