"""The only way to change the workforce."""

from anxiu.workforce.actions.bookings import Booking, hold, occupy, occupy_all, release
from anxiu.workforce.actions.engineers import (
    NewEngineer,
    add_engineer,
    add_skill,
    change_engineer,
    engineer_row,
    retire_engineer,
    retire_skill,
    set_grade,
)
from anxiu.workforce.actions.qualifications import (
    NewQualification,
    add_qualification,
    qualification_row,
    remind_of_expiry,
    revoke_qualification,
)
from anxiu.workforce.actions.rosters import (
    Hours,
    add_shift,
    book_leave,
    cancel_leave,
    cancel_shift,
    set_shift_pattern,
)
from anxiu.workforce.actions.standing import bar, lift_bar

__all__ = [
    "Booking",
    "Hours",
    "NewEngineer",
    "NewQualification",
    "add_engineer",
    "add_qualification",
    "add_shift",
    "add_skill",
    "bar",
    "book_leave",
    "cancel_leave",
    "cancel_shift",
    "change_engineer",
    "engineer_row",
    "hold",
    "lift_bar",
    "occupy",
    "occupy_all",
    "qualification_row",
    "release",
    "remind_of_expiry",
    "retire_engineer",
    "retire_skill",
    "revoke_qualification",
    "set_grade",
    "set_shift_pattern",
]  # fmt: skip
