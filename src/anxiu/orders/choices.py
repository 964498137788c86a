"""Closed lists of the service order, and the one table that says which verb exists from which state."""

from enum import StrEnum
from typing import Final


class Channel(StrEnum):
    """How the request reached us."""

    PHONE = "phone"
    WEB = "web"
    H5 = "h5"
    API = "api"


class Step(StrEnum):
    """The seven steps of the process, in order."""

    ACCEPT = "accept"
    PREPARE = "prepare"
    ARRIVE = "arrive"
    REPAIR = "repair"
    SIGN_OFF = "sign_off"
    FOLLOW_UP = "follow_up"
    ARCHIVE = "archive"


class State(StrEnum):
    """Where an order stands. `suspended` is not a state: it lies over the one the order is in."""

    ACCEPTED = "accepted"
    BOOKED = "booked"
    PREPARING = "preparing"
    PREPARED = "prepared"
    TRAVELLING = "travelling"
    ON_SITE = "on_site"
    REPAIRING = "repairing"
    SIGNING = "signing"
    FOLLOWING_UP = "following_up"
    CLOSING = "closing"
    ARCHIVED = "archived"
    CANCELLED = "cancelled"


STEP_OF: Final = {
    State.ACCEPTED: Step.ACCEPT,
    State.BOOKED: Step.ACCEPT,
    State.PREPARING: Step.PREPARE,
    State.PREPARED: Step.PREPARE,
    State.TRAVELLING: Step.ARRIVE,
    State.ON_SITE: Step.ARRIVE,
    State.REPAIRING: Step.REPAIR,
    State.SIGNING: Step.SIGN_OFF,
    State.FOLLOWING_UP: Step.FOLLOW_UP,
    State.CLOSING: Step.ARCHIVE,
    State.ARCHIVED: Step.ARCHIVE,
    State.CANCELLED: Step.ARCHIVE,
}
ENDED: Final = frozenset({State.ARCHIVED, State.CANCELLED})
OPEN: Final = frozenset(State) - ENDED
BEFORE_WORK: Final = frozenset({State.ACCEPTED, State.BOOKED, State.PREPARING, State.PREPARED, State.TRAVELLING})
ON_THE_JOB: Final = frozenset({State.ON_SITE, State.REPAIRING})
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
    "identify_machine": (BEFORE_WORK | ON_THE_JOB, None),
    "unlink_repeat": (OPEN, None),
    "ask_question": (frozenset(State) - {State.ARCHIVED}, None),
    "answer_question": (frozenset(State) - {State.ARCHIVED}, None),
    "add_customer_media": (BEFORE_WORK | ON_THE_JOB, None),
    "book_visit": (frozenset({State.ACCEPTED, State.ON_SITE, State.REPAIRING}), State.BOOKED),
    "reschedule": (frozenset({State.BOOKED, State.PREPARING, State.PREPARED, State.TRAVELLING}), State.BOOKED),
    "accept_visit": (frozenset({State.BOOKED}), State.PREPARING),
    "decline_visit": (frozenset({State.BOOKED}), State.ACCEPTED),
    "prepare": (frozenset({State.PREPARING}), State.PREPARED),
    "depart": (frozenset({State.PREPARED}), State.TRAVELLING),
    "arrive": (frozenset({State.PREPARING, State.PREPARED, State.TRAVELLING}), State.ON_SITE),
    "assess": (frozenset({State.ON_SITE}), State.REPAIRING),
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
# While suspended, only these; `book_visit` and `reschedule` end the suspension by themselves.
WHILE_SUSPENDED: Final = frozenset(
    {
        "contact_customer", "propose_hand_over", "accept_hand_over", "decline_hand_over", "change_severity",
        "ask_question", "answer_question", "add_customer_media", "identify_machine", "unlink_repeat",
        "add_entry", "book_visit", "reschedule", "resume", "cancel",
    }
)  # fmt: skip


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


class ClockEffect(StrEnum):
    """What a suspension for a reason does to the clocks."""

    PAUSE = "pause"
    RUN = "run"
