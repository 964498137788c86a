"""The only way to change how a regulation is taken up."""

from anxiu.uptake.actions.keeping import keep_readings
from anxiu.uptake.actions.learning import acknowledge_version, take_quiz
from anxiu.uptake.actions.remarks import remark_on_clause, reply_to_remark, settle_remark
from anxiu.uptake.actions.reviewing import close_review, decide_on_clause, keep_review
from anxiu.uptake.actions.sessions import NewSession, record_session

__all__ = [
    "NewSession",
    "acknowledge_version",
    "close_review",
    "decide_on_clause",
    "keep_readings",
    "keep_review",
    "record_session",
    "remark_on_clause",
    "reply_to_remark",
    "settle_remark",
    "take_quiz",
]
