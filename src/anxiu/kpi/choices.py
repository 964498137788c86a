"""Codes of measuring."""

from enum import StrEnum
from typing import Final


class Verdict(StrEnum):
    """What became of a case under a clause. Exempt: the regulation itself says that it does not count."""

    KEPT = "kept"
    BROKEN = "broken"
    EXEMPT = "exempt"


class Whose(StrEnum):
    """Whose part of the work a case is."""

    OWNER = "owner"
    ENGINEER = "engineer"


class Standing(StrEnum):
    """What can be said of a clause from its cases."""

    KEPT = "kept"
    PARTLY = "partly"
    BROKEN = "broken"
    NO_CASES = "no_cases"
    BY_PEOPLE = "by_people"
    BY_SYSTEM = "by_system"
    BY_FIGURES = "by_figures"


class TimeCode(StrEnum):
    """Indicators that are a mean time."""

    RESPONSE = "response"
    ACCEPTANCE = "acceptance"
    WAIT = "wait"
    HANDLING = "handling"


class ShareCode(StrEnum):
    """Indicators that are a share of a hundred; satisfaction as a share of the best score."""

    ON_TIME = "on_time"
    ACCEPTED = "accepted"
    COMPLETION = "completion"
    RESOLUTION = "resolution"
    FIRST_FIX = "first_fix"
    REPEAT = "repeat"
    REMOTE = "remote"
    SATISFACTION = "satisfaction"
    SATISFIED = "satisfied"
    CLOCKS = "clocks"
    CLOCK_FIRST_RESPONSE = "clock_first_response"
    CLOCK_HAND_OVER = "clock_hand_over"
    CLOCK_ACCEPTANCE = "clock_acceptance"
    CLOCK_PREPARE = "clock_prepare"
    CLOCK_ARRIVAL = "clock_arrival"
    CLOCK_APPROVAL = "clock_approval"
    CLOCK_RESOLUTION = "clock_resolution"
    CLOCK_SIGN_OFF = "clock_sign_off"
    CLOCK_FOLLOW_UP = "clock_follow_up"
    CLOCK_ARCHIVE = "clock_archive"
    CLOCK_ANSWER = "clock_answer"


NPS: Final = "nps"


class ScorePart(StrEnum):
    """What a service score is made of; what nothing measures yet has its place, as publications weigh it."""

    SATISFACTION = "satisfaction"
    SATISFIED = "satisfied"
    FIRST_FIX = "first_fix"
    REPEAT = "repeat"
    RESOLUTION = "resolution"
    RESPONSE = "response"
    HANDLING = "handling"
    ON_TIME = "on_time"
    CLOCKS = "clocks"
    ATTENDANCE = "attendance"
    COST = "cost"
    KNOWLEDGE = "knowledge"


class Missing(StrEnum):
    """Why a part of a score has no points."""

    NOT_MEASURED = "not_measured"
    NO_DATA = "no_data"
    TOO_FEW = "too_few"
    NO_TARGET = "no_target"


class Answer(StrEnum):
    """What became of a visit that an engineer was asked for. Withdrawn before an answer was due: nobody's matter."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    UNANSWERED = "unanswered"
    WITHDRAWN = "withdrawn"


class Source(StrEnum):
    """Which facts an indicator is counted from."""

    ORDER = "order"
    VISIT = "visit"
    CASE = "case"


class Unit(StrEnum):
    """What a figure is said in: how many, a span of seconds, a share of 1, a share of the best score, or points."""

    COUNT = "count"
    TIME = "time"
    SHARE = "share"
    SCORE = "score"
    POINTS = "points"


class Better(StrEnum):
    """Which way is good."""

    LESS = "less"
    MORE = "more"
    NEITHER = "neither"


class Rank(StrEnum):
    """What can be said of a figure beside its target."""

    MET = "met"
    MISSED = "missed"
    TOO_FEW = "too_few"
    NO_DATA = "no_data"
    NO_TARGET = "no_target"


class Finding(StrEnum):
    """What a comparison found."""

    CHANGED = "changed"
    NOT_DISTINGUISHABLE = "not_distinguishable"
    TOO_FEW = "too_few"
    NO_DATA = "no_data"
