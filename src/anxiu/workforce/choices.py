"""Closed lists of the workforce app."""

from enum import StrEnum


class QualificationKind(StrEnum):
    """What a qualification is: a skill with a level, a certificate with an issuer, or the induction."""

    SKILL = "skill"
    CERTIFICATE = "certificate"
    INDUCTION = "induction"


class Difficulty(StrEnum):
    """How hard a fault is, easiest first; a grade says up to where somebody works alone."""

    BASIC = "basic"
    COMPLEX = "complex"
    HARD = "hard"

    @property
    def rank(self) -> int:
        """Place in the order of difficulty, from 0."""
        return list(Difficulty).index(self)


class BarReason(StrEnum):
    """Why somebody may not be sent."""

    DISCIPLINE = "discipline"
    TRAINING = "training"
    SAFETY = "safety"
    HEALTH = "health"
    INVESTIGATION = "investigation"


class ShiftKind(StrEnum):
    """Ordinary working time, or being on call for what cannot wait."""

    WORK = "work"
    ON_CALL = "on_call"


class LeaveKind(StrEnum):
    """Kinds of leave, as the attendance list counts them."""

    ANNUAL = "annual"
    SICK = "sick"
    PERSONAL = "personal"
    STATUTORY = "statutory"
    COMPENSATORY = "compensatory"


class OccupancyKind(StrEnum):
    """What takes an engineer's time."""

    VISIT = "visit"
    LEAVE = "leave"
    TRAINING = "training"


class EngineerState(StrEnum):
    """How lists sort engineers: at work, suspended, with a certificate that lapses, gone."""

    ACTIVE = "active"
    BARRED = "barred"
    LAPSING = "lapsing"
    LEFT = "left"
