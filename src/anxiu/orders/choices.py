"""Closed lists of the service order, and the one table that says which verb exists from which state."""

from enum import StrEnum
from typing import Final

from anxiu.regulation.choices import OrderType

NUMBER_PREFIX: Final = "WX"  # 维修: what the number of an order begins with


class Channel(StrEnum):
    """How the request reached us."""

    PHONE = "phone"
    WEB = "web"
    H5 = "h5"
    API = "api"
    EMAIL = "email"


class State(StrEnum):
    """Where an order stands. `suspended` is not a state: it lies over the one the order is in."""

    ACCEPTED = "accepted"
    BOOKED = "booked"
    PREPARING = "preparing"
    PREPARED = "prepared"
    TRAVELLING = "travelling"
    ON_SITE = "on_site"
    APPROVING = "approving"
    REPAIRING = "repairing"
    SIGNING = "signing"
    FOLLOWING_UP = "following_up"
    CLOSING = "closing"
    ARCHIVED = "archived"
    CANCELLED = "cancelled"
    MERGED = "merged"


ENDED: Final = frozenset({State.ARCHIVED, State.CANCELLED, State.MERGED})
OPEN: Final = frozenset(State) - ENDED
BEFORE_WORK: Final = frozenset({State.ACCEPTED, State.BOOKED, State.PREPARING, State.PREPARED, State.TRAVELLING})
# Nobody has left for it yet: it can still be taken back as if it had not been booked.
BEFORE_LEAVING: Final = BEFORE_WORK - {State.TRAVELLING}
ON_THE_JOB: Final = frozenset({State.ON_SITE, State.APPROVING, State.REPAIRING})
# The work is complete: lines of its record are only set right now, and what was signed is then signed again.
AFTER_THE_WORK: Final = frozenset({State.SIGNING, State.FOLLOWING_UP, State.CLOSING})
AFTER_SIGNING: Final = AFTER_THE_WORK - {State.SIGNING}

# verb -> (from, to); `to` None leaves the state as it is.
TRANSITIONS: Final[dict[str, tuple[frozenset[State], State | None]]] = {
    "contact_customer": (OPEN, None),
    "propose_hand_over": (OPEN, None),
    "accept_hand_over": (OPEN, None),
    "decline_hand_over": (OPEN, None),
    "change_severity": (BEFORE_WORK | ON_THE_JOB, None),
    "adopt_version": (OPEN, None),
    "identify_machine": (BEFORE_WORK | ON_THE_JOB, None),
    "unlink_repeat": (OPEN, None),
    "ask_question": (frozenset(State) - {State.ARCHIVED}, None),
    "answer_question": (frozenset(State) - {State.ARCHIVED}, None),
    "add_customer_media": (BEFORE_WORK | ON_THE_JOB, None),
    "merge_order": (BEFORE_LEAVING, State.MERGED),
    "separate_order": (frozenset({State.MERGED}), State.ACCEPTED),
    "split_order": (frozenset({State.ACCEPTED}), None),
    "ask_reporter": (frozenset({State.ACCEPTED}), None),
    "note_reply": (OPEN, None),
    "book_visit": (frozenset({State.ACCEPTED}) | ON_THE_JOB, State.BOOKED),
    "reschedule": (frozenset({State.BOOKED, State.PREPARING, State.PREPARED, State.TRAVELLING}), State.BOOKED),
    "accept_visit": (frozenset({State.BOOKED}), State.PREPARING),
    "decline_visit": (frozenset({State.BOOKED}), State.ACCEPTED),
    "prepare": (frozenset({State.PREPARING}), State.PREPARED),
    "depart": (frozenset({State.PREPARED}), State.TRAVELLING),
    "arrive": (frozenset({State.PREPARING, State.PREPARED, State.TRAVELLING}), State.ON_SITE),
    "assess": (frozenset({State.ON_SITE}), State.REPAIRING),
    "solve_remotely": (frozenset({State.ACCEPTED}), State.SIGNING),
    "send_out": (frozenset({State.ACCEPTED, State.REPAIRING, State.SIGNING}), State.ACCEPTED),
    "approve_plan": (frozenset({State.APPROVING}), State.REPAIRING),
    "reject_plan": (frozenset({State.APPROVING}), State.ON_SITE),
    "check_items": (OPEN, None),
    "uncheck_item": (OPEN, None),
    "write_summary": (AFTER_THE_WORK, None),
    "add_entry": (frozenset({State.PREPARING, State.PREPARED, State.TRAVELLING}) | ON_THE_JOB | AFTER_THE_WORK, None),
    "complete_repair": (frozenset({State.REPAIRING}), State.SIGNING),
    "sign_off": (AFTER_THE_WORK, State.FOLLOWING_UP),
    "refuse_sign_off": (AFTER_THE_WORK, State.FOLLOWING_UP),
    "follow_up": (frozenset({State.FOLLOWING_UP}), State.CLOSING),
    "accept_unresolved": (AFTER_SIGNING, None),
    "archive": (frozenset({State.CLOSING}), State.ARCHIVED),
    "suspend": (BEFORE_WORK | ON_THE_JOB, None),
    "resume": (BEFORE_WORK | ON_THE_JOB, None),
    "cancel": (BEFORE_WORK | ON_THE_JOB, State.CANCELLED),
}
# From these the verb leaves the state as it is: a corrected record is signed again wherever the order stands by then.
STAYS: Final[dict[str, frozenset[State]]] = {"sign_off": AFTER_SIGNING, "refuse_sign_off": AFTER_SIGNING}
# The verbs that take an order on, and the state each is for.
FORWARD: Final = {
    "book_visit": State.ACCEPTED,
    "accept_visit": State.BOOKED,
    "prepare": State.PREPARING,
    "depart": State.PREPARED,
    "arrive": State.TRAVELLING,
    "assess": State.ON_SITE,
    "approve_plan": State.APPROVING,
    "complete_repair": State.REPAIRING,
    "sign_off": State.SIGNING,
    "refuse_sign_off": State.SIGNING,
    "follow_up": State.FOLLOWING_UP,
    "archive": State.CLOSING,
}
# The way to the customer: a process has all of it (preparing may be left out) or nothing of it.
VISIT: Final = (State.BOOKED, State.PREPARING, State.PREPARED, State.TRAVELLING, State.ON_SITE)
# While suspended, only these; `book_visit` and `reschedule` end the suspension by themselves.
WHILE_SUSPENDED: Final = frozenset(
    {
        "contact_customer", "propose_hand_over", "accept_hand_over", "decline_hand_over", "change_severity",
        "adopt_version",
        "ask_question", "answer_question", "add_customer_media", "identify_machine", "unlink_repeat",
        "add_entry", "check_items", "uncheck_item", "book_visit", "reschedule", "resume", "cancel", "merge_order",
        "note_reply",
    }
)  # fmt: skip


# The order types that begin with a fault: only they repeat one, and only their guarantee covers one.
ABOUT_FAULTS: Final = frozenset({OrderType.REPAIR, OrderType.REMOTE})


class Role(StrEnum):
    """Who answers for a step."""

    OWNER = "owner"
    ENGINEER = "engineer"
    DISPATCHER = "dispatcher"
    SUPERVISOR = "supervisor"
    CUSTOMER = "customer"


class StepGate(StrEnum):
    """What must be there before a step is left, beyond its checklists and its evidence.

    A refused sign-off does not open `signed`; `plan_approved` sends every plan to be approved, whatever it costs;
    `customer_contacted` means: reached since the visit was accepted.
    """

    CUSTOMER_CONTACTED = "customer_contacted"
    PLAN_APPROVED = "plan_approved"
    SIGNED = "signed"
    REPORT_ISSUED = "report_issued"
    NO_OPEN_QUESTIONS = "no_open_questions"
    SUMMARY_WRITTEN = "summary_written"


class VisitState(StrEnum):
    """Where a visit stands; it is live (occupies the engineer) until it is declined, released or done."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    TRAVELLING = "travelling"
    ON_SITE = "on_site"
    DONE = "done"
    RELEASED = "released"


LIVE_VISITS: Final = frozenset({VisitState.PROPOSED, VisitState.ACCEPTED, VisitState.TRAVELLING, VisitState.ON_SITE})


class EntryKind(StrEnum):
    """What a line of the work record is."""

    NOTE = "note"
    PHOTO = "photo"
    VIDEO = "video"
    READING = "reading"
    LABOUR = "labour"
    PART = "part"
    CHECK = "check"


UNTICKED: Final = "unticked"  # the code of the note that takes a tick back, and says why
SUMMARY: Final = "summary"  # the code of the note that says what is learned from an order


class PlanState(StrEnum):
    """What became of a plan."""

    WITHIN_LIMITS = "within_limits"
    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"


class ArrivalProof(StrEnum):
    """What shows that the engineer is there."""

    PLACE = "place"
    MACHINE_LABEL = "machine_label"
    STATEMENT = "statement"


class SignOffOutcome(StrEnum):
    """How the customer's sign-off ended."""

    SIGNED = "signed"
    REFUSED = "refused"


class SignOffMeans(StrEnum):
    """On whose screen it was signed."""

    SCREEN = "screen"
    LINK = "link"


class ContactResult(StrEnum):
    """What came of an attempt to reach the customer; only `reached` is a response."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"


class DocumentKind(StrEnum):
    """Documents issued for an order."""

    REPORT = "report"
    GUARANTEE = "guarantee"


class HandOverState(StrEnum):
    """Where a proposed change of owner stands."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"


# Why an order waits that was asked back: no reason of the list, for nobody chooses it.
ASKED_BACK: Final = "asked_back"


class ClockEffect(StrEnum):
    """What a suspension for a reason does to the clocks."""

    PAUSE = "pause"
    RUN = "run"
