"""The only way to read the workforce."""

from anxiu.workforce.queries.candidates import Candidate, candidate, candidates
from anxiu.workforce.queries.engineers import (
    VIEW,
    VIEW_PAPERS,
    VIEW_PHONES,
    VIEW_STANDING,
    barred_now,
    engineer_by_uid,
    engineer_of,
    engineers,
    expiring,
    figures,
    grades,
    masked,
    skill_names,
    skills,
    zone_of,
)
from anxiu.workforce.queries.time import occupancy, shifts_between

__all__ = [
    "VIEW",
    "VIEW_PAPERS",
    "VIEW_PHONES",
    "VIEW_STANDING",
    "Candidate",
    "barred_now",
    "candidate",
    "candidates",
    "engineer_by_uid",
    "engineer_of",
    "engineers",
    "expiring",
    "figures",
    "grades",
    "masked",
    "occupancy",
    "shifts_between",
    "skill_names",
    "skills",
    "zone_of",
]
