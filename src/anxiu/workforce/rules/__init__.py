"""Pure decisions about engineers: slots of time, shifts from patterns, and who may be sent."""

from anxiu.workforce.rules.eligibility import Eligibility, Facts, Held, Need, Reason, SkillNeed, eligibility
from anxiu.workforce.rules.shifts import Pattern, ShiftSlot, shifts
from anxiu.workforce.rules.slots import Busy, Period, Slot, brief, covered, decode, encode

__all__ = [
    "Busy", "Eligibility", "Facts", "Held", "Need", "Pattern", "Period", "Reason", "ShiftSlot", "SkillNeed", "Slot",
    "brief", "covered", "decode", "eligibility", "encode", "shifts",
]  # fmt: skip
