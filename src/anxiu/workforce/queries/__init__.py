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
    not_engineers,
    skills,
    zone_of,
)
from anxiu.workforce.queries.history import Line, history, qualification_names
from anxiu.workforce.queries.listing import Filters, Row, listed, rows
from anxiu.workforce.queries.profile import Day, Paper, Profile, cut, profile, week
from anxiu.workforce.queries.regrading import GradeShift, grade_shifts, grades_out_of_force
from anxiu.workforce.queries.time import occupancy, shifts_between, taken

__all__ = [
    "VIEW",
    "VIEW_PAPERS",
    "VIEW_PHONES",
    "VIEW_STANDING",
    "Candidate",
    "Day",
    "Filters",
    "GradeShift",
    "Line",
    "Paper",
    "Profile",
    "Row",
    "barred_now",
    "candidate",
    "candidates",
    "cut",
    "engineer_by_uid",
    "engineer_of",
    "engineers",
    "expiring",
    "figures",
    "grade_shifts",
    "grades",
    "grades_out_of_force",
    "history",
    "listed",
    "masked",
    "not_engineers",
    "occupancy",
    "profile",
    "qualification_names",
    "rows",
    "shifts_between",
    "skills",
    "taken",
    "week",
    "zone_of",
]
