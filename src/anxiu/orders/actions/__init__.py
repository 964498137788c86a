"""The only way to change orders: one function a verb, each with the same moves in the same order."""

from anxiu.orders.actions.checks import check_items, uncheck_item
from anxiu.orders.actions.closing import (
    Signing,
    accept_unresolved,
    archive,
    follow_up,
    refuse_sign_off,
    send_link,
    sign_off,
)  # fmt: skip
from anxiu.orders.actions.consents import answer_consent
from anxiu.orders.actions.customer import add_customer_media, answer_question, ask_question
from anxiu.orders.actions.inquiries import ask_reporter, chase_reply, note_reply
from anxiu.orders.actions.intake import Opened, Report, identify_machine, open_order
from anxiu.orders.actions.issuing import issue_document
from anxiu.orders.actions.ownership import (
    accept_hand_over,
    adopt_version,
    change_severity,
    contact_customer,
    decline_hand_over,
    propose_hand_over,
    unlink_repeat,
)  # fmt: skip
from anxiu.orders.actions.plans import NewPlan, approve_plan, reject_plan
from anxiu.orders.actions.remote import send_out, solve_remotely
from anxiu.orders.actions.splitting import Part, split_order
from anxiu.orders.actions.triage import merge_order, separate_order
from anxiu.orders.actions.visits import (
    accept_visit,
    arrive,
    book_visit,
    decline_visit,
    depart,
    prepare,
    reschedule,
)  # fmt: skip
from anxiu.orders.actions.work import (
    NewEntry,
    add_entry,
    assess,
    cancel,
    complete_repair,
    resume,
    suspend,
    write_summary,
)  # fmt: skip

__all__ = [
    "NewEntry",
    "NewPlan",
    "Opened",
    "Part",
    "Report",
    "Signing",
    "accept_hand_over",
    "accept_unresolved",
    "accept_visit",
    "add_customer_media",
    "add_entry",
    "adopt_version",
    "answer_consent",
    "answer_question",
    "approve_plan",
    "archive",
    "arrive",
    "ask_question",
    "ask_reporter",
    "assess",
    "book_visit",
    "cancel",
    "change_severity",
    "chase_reply",
    "check_items",
    "complete_repair",
    "contact_customer",
    "decline_hand_over",
    "decline_visit",
    "depart",
    "follow_up",
    "identify_machine",
    "issue_document",
    "merge_order",
    "note_reply",
    "open_order",
    "prepare",
    "propose_hand_over",
    "refuse_sign_off",
    "reject_plan",
    "reschedule",
    "resume",
    "send_link",
    "send_out",
    "separate_order",
    "sign_off",
    "solve_remotely",
    "split_order",
    "suspend",
    "uncheck_item",
    "unlink_repeat",
    "write_summary",
]
