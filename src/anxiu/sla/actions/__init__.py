"""The only way to change clocks, ladders, rosters and the calendar.

`start` to `set_owner` are parts of other apps' verbs; the verbs proper are in `verbs` and `days`.
"""

from anxiu.sla.actions.clocks import (
    drop,
    exempt,
    pause,
    resume,
    retarget,
    set_owner,
    start,
    start_as,
    start_before,
    stop,
)  # fmt: skip
from anxiu.sla.actions.days import BY_HAND, NewDay, confirm_year, reckon_again, seed_calendar, set_calendar_day
from anxiu.sla.actions.ticking import tick, tick_all
from anxiu.sla.actions.verbs import NewDuty, acknowledge, remove_duty, retry_clock, set_duty

__all__ = [
    "BY_HAND",
    "NewDay",
    "NewDuty",
    "acknowledge",
    "confirm_year",
    "drop",
    "exempt",
    "pause",
    "reckon_again",
    "remove_duty",
    "resume",
    "retarget",
    "retry_clock",
    "seed_calendar",
    "set_calendar_day",
    "set_duty",
    "set_owner",
    "start",
    "start_as",
    "start_before",
    "stop",
    "tick",
    "tick_all",
]
