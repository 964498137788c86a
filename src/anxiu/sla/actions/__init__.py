"""The only way to change clocks, ladders, rosters and the calendar.

`start` to `set_owner` are parts of other apps' verbs; the verbs proper are in `verbs` and `days`.
"""

from anxiu.sla.actions.clocks import drop, pause, resume, retarget, set_owner, start, start_before, stop
from anxiu.sla.actions.days import confirm_year, reckon_again, seed_calendar, set_calendar_day

__all__ = [
    "confirm_year",
    "drop",
    "pause",
    "reckon_again",
    "resume",
    "retarget",
    "seed_calendar",
    "set_calendar_day",
    "set_owner",
    "start",
    "start_before",
    "stop",
]
