"""Closed lists of the notify app."""

from enum import StrEnum
from typing import Final


class Medium(StrEnum):
    """The channels the program comes with; a plug-in may register others under names of their own."""

    INAPP = "inapp"
    EMAIL = "email"
    WECOM = "wecom"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"
    WECHAT = "wechat"
    TENCENT_SMS = "tencent_sms"
    ALIYUN_SMS = "aliyun_sms"


class AddressKind(StrEnum):
    """What an address of a channel is; channels may share one."""

    NONE = ""
    EMAIL = "email"
    PHONE = "phone"
    WECOM = "wecom"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"
    WECHAT = "wechat"


class Carries(StrEnum):
    """What a channel carries to people of ours."""

    EVERYTHING = "everything"
    URGENT = "urgent"
    NOTHING = "nothing"


class State(StrEnum):
    """Where a notice stands. Held: it cannot be sent yet and waits; failed: a person has to look."""

    QUEUED = "queued"
    SENDING = "sending"
    HELD = "held"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"


WAITING: Final = frozenset({State.QUEUED, State.SENDING, State.HELD})


class Kind(StrEnum):
    """What a notice says; each has its texts under this name."""

    # to customers
    RECEIPT = "receipt"
    VISIT_CONFIRMED = "visit_confirmed"
    VISIT_MOVED = "visit_moved"
    DEPARTED = "departed"
    ARRIVED = "arrived"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    SIGN_REQUEST = "sign_request"
    SIGN_AGAIN = "sign_again"
    REPORT_READY = "report_ready"
    RATING_REQUEST = "rating_request"
    CANCELLED = "cancelled"
    ANSWERED = "answered"
    MERGED = "merged"
    SEPARATED = "separated"
    SPLIT_OFF = "split_off"
    ASKED_BACK = "asked_back"
    ASKED_AGAIN = "asked_again"
    MAIL_REPLY = "mail_reply"
    # to staff
    NEW_ORDER = "new_order"
    VISIT_OFFERED = "visit_offered"
    VISIT_TAKEN_AWAY = "visit_taken_away"
    VISIT_DECLINED = "visit_declined"
    QUESTION = "question"
    WARNING = "warning"
    ESCALATED = "escalated"
    NOBODY_TO_CALL = "nobody_to_call"
    HAND_OVER_ASKED = "hand_over_asked"
    HAND_OVER_TAKEN = "hand_over_taken"
    HAND_OVER_DECLINED = "hand_over_declined"
    LOW_RATING = "low_rating"
    VISIT_CALLED_OFF = "visit_called_off"
    REPLY_CAME = "reply_came"
    REPLY_MISSED = "reply_missed"
    MAIL_CAME = "mail_came"
    PLAN_WAITS = "plan_waits"
    PLAN_DECIDED = "plan_decided"
    READING_DUE = "reading_due"
    READING_LATE = "reading_late"
    PILOT_STARTED = "pilot_started"
    PILOT_ENDED = "pilot_ended"
    HOOK_OFF = "hook_off"
    MAILBOX_FAILING = "mailbox_failing"
    DIGEST = "digest"
    TEST = "test"


EMAIL_PLACE: Final = 50  # source: own choice; where email stands in the company's order while nobody has placed it

# What breaks or is about to break a deadline.
URGENT: Final = frozenset({Kind.WARNING, Kind.ESCALATED, Kind.NOBODY_TO_CALL, Kind.DIGEST})


class Reason(StrEnum):
    """Why a notice was not delivered."""

    NO_SERVER = "no_server"
    WAITED_TOO_LONG = "waited_too_long"
    REFUSED = "refused"
    BAD_ADDRESS = "bad_address"
    SERVER_BUSY = "server_busy"
    UNREACHABLE = "unreachable"
    LOGIN = "login"
    INTERRUPTED = "interrupted"
    ERASED = "erased"
    BOUNCED = "bounced"
    # of the channels that ask a vendor
    NOT_SET_UP = "not_set_up"
    RATE = "rate"
    TIMEOUT = "timeout"
    MALFORMED = "malformed"
    UNCERTAIN = "uncertain"
    SETTINGS = "settings"
    NO_TEMPLATE = "no_template"
    CONTENT = "content"
    NOT_SUBSCRIBED = "not_subscribed"
    NO_CREDIT = "no_credit"
    DAILY_LIMIT = "daily_limit"
    PERSON_LIMIT = "person_limit"
    FELL_BACK = "fell_back"
