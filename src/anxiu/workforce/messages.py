"""Codes of the workforce app, in words; and an engineer's reasons in the reader's language."""

from django.utils.functional import lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from anxiu.kernel.errors import WrongState
from anxiu.kernel.messages import explain, register
from anxiu.kernel.values import Words
from anxiu.workforce.choices import (
    BarReason,
    Difficulty,
    EngineerState,
    LeaveKind,
    OccupancyKind,
    QualificationKind,
    ShiftKind,
)
from anxiu.workforce.rules import Reason

register(
    refusals={
        "workforce.still_engineer": _("They still stand among the engineers; end that first."),
        # Why an engineer may not be given a piece of work.
        "workforce.has_left": _("No longer goes on visits."),
        "workforce.other_region": _("Belongs to another region."),
        "workforce.other_outlet": _("Belongs to another outlet."),
        "workforce.grade_unknown": _("The grade “{grade}” is not in the regulation in force."),
        "workforce.type_beyond_grade": _("The grade {grade} does not do this type of work."),
        "workforce.too_hard_for_grade": _("The grade {grade} does not do work of this difficulty alone."),
        "workforce.skill_missing": _("Lacks the skill {skill}."),
        "workforce.skill_lapsed": _("The skill {skill} is not valid on that day."),
        "workforce.skill_too_low": _("Holds {skill} at level {level}; level {needed} is needed."),
        "workforce.certificate_missing": _("Lacks the certificate {certificate}."),
        "workforce.certificate_not_valid": _("The certificate {certificate} is not valid on that day."),
        "workforce.no_induction": _("Has not passed the induction."),
        "workforce.barred": _("Suspended from orders."),
        "workforce.barred_until": _("Suspended from orders until {until}."),
        "workforce.regulation_unread": _("Has not acknowledged the regulation in time: {version}."),
        "workforce.off_shift": _("Not on shift for the whole time."),
        "workforce.on_call_only": _("Only on call at that time, for what cannot wait."),
        "workforce.already_booked": _("Already booked: {when}."),
        "workforce.on_leave": _("On leave: {when}."),
        "workforce.in_training": _("In training: {when}."),
        # Refusals of verbs.
        "workforce.double_booking": _("{engineer} is already booked: {when}."),
        "workforce.ends_before_start": _("The end must be after the start."),
        "workforce.already_engineer": _("This person already is an engineer."),
        "workforce.number_taken": _("Another engineer already has this number."),
        "workforce.code_taken": _("This code is already used."),
        "workforce.outlet_elsewhere": _("This outlet belongs to another region."),
        "workforce.unknown_grade": _("The regulation in force has no grade “{grade}”."),
        "workforce.grade_lost": _("It does not have the grade “{grade}”. Engineers who hold it ({count}): {names}."),
        "workforce.same_grade": _("The engineer already has this grade."),
        "workforce.skills_for_grade": _("The grade asks for skills that are not held: {skills}."),
        "workforce.unknown_skill": _("There is no such skill."),
        "workforce.unknown_certificate": _("The regulation in force does not know the certificate “{certificate}”."),
        "workforce.level_out_of_range": _("A skill's level is 1, 2 or 3."),
        "workforce.name_or_code": _("A certificate needs a kind or a name."),
        "workforce.already_revoked": _("This qualification was already revoked."),
        "workforce.already_lifted": _("This suspension was already lifted."),
        "workforce.bar_over": _("This suspension is already over."),
        "workforce.day_twice": _("The hours of one day overlap."),
        "workforce.already_cancelled": _("This was already cancelled."),
        "workforce.already_retired": _("This engineer already left."),
        "workforce.still_booked": _("The engineer still has visits: hand them over first."),
        "workforce.not_changeable": _("This field cannot be changed here."),
        "workforce.place_incomplete": _("A place needs both latitude and longitude."),
    },
    sentences={
        "workforce.engineer_added": _("Became an engineer, grade {grade}"),
        "workforce.engineer_changed": _("Details changed: {fields}"),
        "workforce.engineer_retired": _("No longer goes on visits"),
        "workforce.grade_set": _("Grade changed from {before} to {after}"),
        "workforce.skill_added": _("Skill {code} added"),
        "workforce.skill_retired": _("Skill {code} retired"),
        "workforce.qualification_added": _("Qualification added: {code}"),
        "workforce.qualification_revoked": _("Qualification revoked: {code}"),
        "workforce.qualification_expiring": _("Qualification {code} lapses on {valid_to}"),
        "workforce.engineer_barred": _("Suspended from orders from {barred_from}"),
        "workforce.bar_lifted": _("Suspension lifted"),
        "workforce.shift_pattern_set": _("Weekly hours set from {valid_from}"),
        "workforce.shift_added": _("Shift added: {starts_at} to {ends_at}"),
        "workforce.shift_cancelled": _("Shift cancelled"),
        "workforce.leave_booked": _("Leave booked: {starts_at} to {ends_at}"),
        "workforce.leave_cancelled": _("Leave cancelled"),
    },
)

QUALIFICATION_KINDS = {
    QualificationKind.SKILL: _("Skill"),
    QualificationKind.CERTIFICATE: _("Certificate"),
    QualificationKind.INDUCTION: _("Induction"),
}
LEVELS = {1: _("Assists"), 2: _("Works alone"), 3: _("Teaches others")}
DIFFICULTIES = {Difficulty.BASIC: _("Basic"), Difficulty.COMPLEX: _("Complex"), Difficulty.HARD: _("Hard")}
BAR_REASONS = {
    BarReason.DISCIPLINE: _("Discipline"),
    BarReason.TRAINING: _("Training"),
    BarReason.SAFETY: _("Safety"),
    BarReason.HEALTH: _("Health"),
    BarReason.INVESTIGATION: _("Inquiry"),
}
SHIFT_KINDS = {ShiftKind.WORK: _("Ordinary shift"), ShiftKind.ON_CALL: _("On call")}
LEAVE_KINDS = {
    LeaveKind.ANNUAL: _("Annual leave"),
    LeaveKind.SICK: _("Sick leave"),
    LeaveKind.PERSONAL: _("Personal leave"),
    LeaveKind.STATUTORY: _("Statutory leave"),
    LeaveKind.COMPENSATORY: _("Time off in lieu"),
}
OCCUPANCY_KINDS = {
    OccupancyKind.VISIT: _("Customer visit"),
    OccupancyKind.LEAVE: _("Leave"),
    OccupancyKind.TRAINING: _("In training"),
}
STATES = {
    EngineerState.ACTIVE: _("At work"),
    EngineerState.BARRED: _("Suspended"),
    EngineerState.LAPSING: _("Certificate lapsing"),
    EngineerState.LEFT: _("Has left"),
}
WEEKDAYS = {
    1: _("Monday"), 2: _("Tuesday"), 3: _("Wednesday"), 4: _("Thursday"), 5: _("Friday"), 6: _("Saturday"),
    7: _("Sunday"),
}  # fmt: skip
FIELDS = {
    "region_id": _("region"),
    "outlet_id": _("outlet"),
    "number": _("number"),
    "started_date": _("first day"),
    "base_latitude": _("base"),
    "base_longitude": _("base"),
}


def _spoken(words: Words) -> str:
    return words.in_language(get_language() or "zh-hans")


spoken = lazy(_spoken, str)


def refusal(reason: Reason) -> WrongState:
    """A reason as a refusal, as `GateShut.missing` wants it; names follow the language of whoever reads it."""
    params = {key: spoken(value) if isinstance(value, Words) else value for key, value in reason.params.items()}
    return WrongState(reason.code, field="", **params)


def in_words(reason: Reason) -> str:
    """A reason in the active language."""
    return explain(refusal(reason))
