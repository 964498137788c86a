"""Codes of the service clocks. What people read for them is in `messages.py`."""

from enum import StrEnum
from typing import Final


class ClockKind(StrEnum):
    """What a clock measures. Hand-over is the time from intake to an engineer having the order."""

    FIRST_RESPONSE = "first_response"
    HAND_OVER = "hand_over"
    ACCEPTANCE = "acceptance"
    PREPARE = "prepare"
    ARRIVAL = "arrival"
    APPROVAL = "approval"
    RESOLUTION = "resolution"
    SIGN_OFF = "sign_off"
    FOLLOW_UP = "follow_up"
    ARCHIVE = "archive"
    ANSWER = "answer"


class RunState(StrEnum):
    """Where a clock stands. Stopped: what was promised happened. Dropped: the matter ended without it."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    DROPPED = "dropped"


LIVE: Final = frozenset({RunState.RUNNING, RunState.PAUSED})


class Why(StrEnum):
    """Why deadlines were reckoned anew."""

    SEVERITY = "severity"
    CALENDAR = "calendar"
    VERSION = "version"
    CUSTOMER = "customer"


class PauseReason(StrEnum):
    """Why a clock may stand still: all of them are outside the company's own hands."""

    CUSTOMER_UNREACHABLE = "customer_unreachable"
    CUSTOMER_POSTPONED = "customer_postponed"
    CUSTOMER_APPROVAL = "customer_approval"
    SITE_NOT_READY = "site_not_ready"
    ACCESS_REFUSED = "access_refused"
    PARTS_ON_ORDER = "parts_on_order"
    FORCE_MAJEURE = "force_majeure"


class Exemption(StrEnum):
    """Why a promise binds no more, whatever became of it: another one stands in its place."""

    MERGED = "merged"


class Outcome(StrEnum):
    """What became of a promise."""

    KEPT = "kept"
    BROKEN = "broken"
    EXEMPT = "exempt"
    RUNNING = "running"


class Because(StrEnum):
    """The reason beside an outcome."""

    IN_TIME = "in_time"
    LATE_FACT_IN_TIME = "late_fact_in_time"
    STOPPED_LATE = "stopped_late"
    PAST_DUE = "past_due"
    EXEMPTED = "exempted"
    DROPPED_BEFORE_DUE = "dropped_before_due"
    DROPPED_AFTER_DUE = "dropped_after_due"
    PAUSED = "paused"
    NOT_YET_DUE = "not_yet_due"


class Refusal(StrEnum):
    """Why a clock refuses a change."""

    ALREADY_STOPPED = "already_stopped"
    ALREADY_PAUSED = "already_paused"
    NOT_PAUSED = "not_paused"
    BEFORE_START = "before_start"
    BEFORE_LAST_PAUSE = "before_last_pause"
    PAUSE_ENDS_BEFORE_IT_BEGINS = "pause_ends_before_it_begins"
    REASON_MISSING = "reason_missing"
    BAD_TARGET = "bad_target"
    BAD_WARNING = "bad_warning"
    BAD_PAUSES = "bad_pauses"


class BadHours(StrEnum):
    """Why working hours cannot be reckoned with."""

    NOT_A_WEEK = "not_a_week"
    NO_HOURS = "no_hours"
    OVERLAP = "overlap"
    NIGHT_OVERLAP = "night_overlap"
    UNREADABLE = "unreadable"
    UNKNOWN_ZONE = "unknown_zone"


class CallReason(StrEnum):
    """Why the next level of a ladder is called."""

    RUNG_DUE = "rung_due"
    NOT_ACKNOWLEDGED = "not_acknowledged"


class DutyReason(StrEnum):
    """How the person on duty was found, or why somebody was not called."""

    OWNER = "owner"
    OWN_REGION = "own_region"
    WIDER_REGION = "wider_region"
    WHOLE_COMPANY = "whole_company"
    POST_HOLDER = "post_holder"
    ABSENT = "absent"
    ALL_ABSENT = "all_absent"
    NOBODY_ON_DUTY = "nobody_on_duty"
