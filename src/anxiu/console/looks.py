"""Colours and icons of an order's closed lists: the word is in `orders.messages`, the look is here."""

from typing import Final

from anxiu.orders.choices import State
from anxiu.regulation.choices import Severity

TONES: Final = {
    State.ACCEPTED: "amber",
    State.BOOKED: "blue",
    State.PREPARING: "blue",
    State.PREPARED: "blue",
    State.TRAVELLING: "teal",
    State.ON_SITE: "violet",
    State.REPAIRING: "violet",
    State.SIGNING: "amber",
    State.FOLLOWING_UP: "green",
    State.CLOSING: "green",
    State.ARCHIVED: "grey",
    State.CANCELLED: "grey",
}
LEVELS: Final = {Severity.URGENT: 1, Severity.NORMAL: 3, Severity.MINOR: 4}
# How an event looks in the history: icon and tone by its kind.
HISTORY: Final = {
    "orders.opened": ("phone-incoming", "blue"),
    "orders.customer_contacted": ("phone-call", "green"),
    "orders.hand_over_proposed": ("arrows-exchange", ""),
    "orders.handed_over": ("arrows-exchange", "blue"),
    "orders.hand_over_declined": ("arrows-exchange", "amber"),
    "orders.severity_changed": ("flame", "red"),
    "orders.version_adopted": ("scale", "blue"),
    "orders.machine_identified": ("engine", ""),
    "orders.repeat_unlinked": ("link-off", ""),
    "orders.visit_booked": ("calendar-plus", "blue"),
    "orders.visit_rescheduled": ("calendar-time", "amber"),
    "orders.visit_accepted": ("user-check", "blue"),
    "orders.visit_declined": ("user-minus", "amber"),
    "orders.prepared": ("checklist", "blue"),
    "orders.departed": ("truck", "teal"),
    "orders.arrived": ("map-pin-check", "violet"),
    "orders.assessed": ("stethoscope", "violet"),
    "orders.entry_added": ("note", ""),
    "orders.suspended": ("player-pause", "red"),
    "orders.resumed": ("player-play", "green"),
    "orders.repair_completed": ("tool", "green"),
    "orders.signed_off": ("signature", "green"),
    "orders.sign_off_refused": ("writing-sign", "red"),
    "orders.document_issued": ("file-type-pdf", ""),
    "orders.guarantee_given": ("shield-check", "green"),
    "orders.guarantee_claimed": ("shield-check", "green"),
    "orders.followed_up": ("phone-call", ""),
    "orders.archived": ("archive", "green"),
    "orders.cancelled": ("circle-x", "grey"),
    "orders.question_asked": ("help", "amber"),
    "orders.question_answered": ("message-circle", "green"),
    "orders.media_added": ("photo", ""),
    "sla.clocks_started": ("clock", ""),
    "sla.clocks_stopped": ("clock", ""),
    "sla.clocks_paused": ("clock-pause", ""),
    "sla.clocks_resumed": ("clock", ""),
    "sla.clocks_retargeted": ("clock", ""),
    "sla.clock_warned": ("clock-exclamation", "amber"),
    "sla.clock_broken": ("clock-exclamation", "red"),
    "sla.breach_withdrawn": ("clock", "green"),
    "sla.escalated": ("alarm", "red"),
    "sla.nobody_to_call": ("alarm", "red"),
    "sla.escalation_acknowledged": ("alarm", "green"),
    "feedback.rated": ("star", "amber"),
}
