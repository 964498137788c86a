"""May this engineer be given this work? One rule for every way of asking: board, proposal, plan, booking, swap."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from typing import Final

from anxiu.kernel.actor import Subject
from anxiu.kernel.values import Reading, Words
from anxiu.regulation.choices import OrderType, Severity
from anxiu.uptake.values import BAR_OVERDUE
from anxiu.workforce.choices import Difficulty, OccupancyKind, ShiftKind
from anxiu.workforce.rules.shifts import ShiftSlot
from anxiu.workforce.rules.slots import Busy, Period, Slot, brief, covered
from anxiu.workforce.values import CERTIFICATES, GRADES, INDUCTION_REQUIRED, ON_CALL_SEVERITIES, Grade

_SECOND: Final = timedelta(seconds=1)
_TAKEN: Final = {
    OccupancyKind.VISIT: "workforce.already_booked",
    OccupancyKind.LEAVE: "workforce.on_leave",
    OccupancyKind.TRAINING: "workforce.in_training",
}


@dataclass(frozen=True, slots=True)
class SkillNeed:
    """A skill the work asks for, at least at a level (1 to 3)."""

    code: str
    level: int
    name: Words


@dataclass(frozen=True, slots=True)
class Need:
    """What a piece of work asks of whoever does it. Without a slot, only what does not depend on the hour is judged.

    `certificates` are codes beyond those that the regulation asks for by family and order type. `ignoring` names a
    thing whose own booking does not stand in the way: the visit that is being moved.
    """

    order_type: OrderType
    region_id: int
    difficulty: Difficulty
    severity: Severity = Severity.NORMAL
    family: str = ""
    outlet_id: int | None = None
    skills: tuple[SkillNeed, ...] = ()
    certificates: tuple[str, ...] = ()
    slot: Slot | None = None
    ignoring: Subject | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A qualification as held. `valid_to` is the last day it counts, as printed on it; none means for good."""

    level: int
    valid_from: date
    valid_to: date | None

    def counts(self, first: date, last: date) -> bool:
        """Whether it is valid on every day from first to last."""
        return self.valid_from <= first and (self.valid_to is None or last <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an engineer: qualifications by code, and what fills the time around the slot."""

    engineer_id: int
    region_id: int
    outlet_id: int | None
    grade: str
    is_active: bool
    zone: tzinfo
    skills: Mapping[str, tuple[Held, ...]] = field(default_factory=dict)
    certificates: Mapping[str, tuple[Held, ...]] = field(default_factory=dict)
    inductions: tuple[Held, ...] = ()
    bars: tuple[Period, ...] = ()
    shifts: tuple[ShiftSlot, ...] = ()
    busy: tuple[Busy, ...] = ()
    unread: tuple[str, ...] = ()  # codes of versions that were not acknowledged in time


@dataclass(frozen=True, slots=True)
class Reason:
    """Why not: a code with what fills its sentence, in both languages where it is a name."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Eligibility:
    """The answer, with every reason against and the keys of the regulation it rests on."""

    engineer_id: int
    because: tuple[Reason, ...]
    value_keys: tuple[str, ...]

    @property
    def may(self) -> bool:
        """Whether the engineer may be given the work."""
        return not self.because


def eligibility(facts: Facts, need: Need, at: datetime, reading: Reading) -> Eligibility:
    """Judge one engineer for one piece of work. `reading` is the version in force for the engineer's home region.

    Source: service regulations ask that suspended engineers, lapsed certificates, unfinished induction and work
    outside the grade's scope are never assigned.
    """
    span = need.slot or Slot(at, at + _SECOND)
    grade = next((each for each in reading(GRADES) if each.code == facts.grade), None)
    because = (
        *_place(facts, need),
        *_scope(facts, need, grade),
        *_qualified(facts, need, span, reading),
        *_standing(facts, span),
        *_unread(facts, reading),
        *(_time(facts, need, need.slot, reading) if need.slot else ()),
    )
    keys = {GRADES.key, CERTIFICATES.key, INDUCTION_REQUIRED.key, *((ON_CALL_SEVERITIES.key,) if need.slot else ())}
    keys |= {BAR_OVERDUE.key} if reading(BAR_OVERDUE) else set()
    return Eligibility(facts.engineer_id, because, tuple(sorted(keys)))


def _place(facts: Facts, need: Need) -> Iterator[Reason]:
    if not facts.is_active:
        yield Reason("workforce.has_left")
    if facts.region_id != need.region_id:
        yield Reason("workforce.other_region")
    if need.outlet_id is not None and facts.outlet_id != need.outlet_id:
        yield Reason("workforce.other_outlet")


def _scope(facts: Facts, need: Need, grade: Grade | None) -> Iterator[Reason]:
    if grade is None:
        yield Reason("workforce.grade_unknown", {"grade": facts.grade})
        return
    if need.order_type not in grade.order_types:
        yield Reason("workforce.type_beyond_grade", {"grade": grade.name})
    if need.difficulty.rank > grade.difficulty.rank:
        yield Reason("workforce.too_hard_for_grade", {"grade": grade.name})


def _qualified(facts: Facts, need: Need, span: Slot, reading: Reading) -> Iterator[Reason]:
    first, last = span.starts_at.astimezone(facts.zone).date(), (span.ends_at - _SECOND).astimezone(facts.zone).date()
    for skill in need.skills:
        held = facts.skills.get(skill.code, ())
        valid = [each.level for each in held if each.counts(first, last)]
        if not held:
            yield Reason("workforce.skill_missing", {"skill": skill.name})
        elif not valid:
            yield Reason("workforce.skill_lapsed", {"skill": skill.name})
        elif max(valid) < skill.level:
            yield Reason("workforce.skill_too_low", {"skill": skill.name, "level": max(valid), "needed": skill.level})
    known = {each.code: each for each in reading(CERTIFICATES)}
    asked = dict.fromkeys(need.certificates)
    asked |= dict.fromkeys(
        each.code for each in known.values() if need.family in each.families or need.order_type in each.order_types
    )
    for code in asked:
        name = known[code].name if code in known else code
        held = facts.certificates.get(code, ())
        if not held:
            yield Reason("workforce.certificate_missing", {"certificate": name})
        elif not any(each.counts(first, last) for each in held):
            yield Reason("workforce.certificate_not_valid", {"certificate": name})
    if reading(INDUCTION_REQUIRED) and not any(each.counts(first, last) for each in facts.inductions):
        yield Reason("workforce.no_induction")


def _standing(facts: Facts, span: Slot) -> Iterator[Reason]:
    for bar in facts.bars:
        if bar.touches(span):
            until = bar.ends_at
            yield (
                Reason("workforce.barred_until", {"until": f"{until.astimezone(facts.zone):%Y-%m-%d %H:%M}"})
                if until
                else Reason("workforce.barred")
            )
            return


def _unread(facts: Facts, reading: Reading) -> Iterator[Reason]:
    """Where the regulation says so, who has not acknowledged it in time is not sent."""
    if reading(BAR_OVERDUE) and facts.unread:
        yield Reason("workforce.regulation_unread", {"version": ", ".join(facts.unread)})


def _time(facts: Facts, need: Need, slot: Slot, reading: Reading) -> Iterator[Reason]:
    work = [each.slot for each in facts.shifts if each.kind is ShiftKind.WORK]
    on_call = [each.slot for each in facts.shifts if each.kind is ShiftKind.ON_CALL]
    if not covered(slot, work):
        if covered(slot, [*work, *on_call]) and need.severity not in reading(ON_CALL_SEVERITIES):
            yield Reason("workforce.on_call_only")
        elif not covered(slot, [*work, *on_call]):
            yield Reason("workforce.off_shift")
    for each in facts.busy:
        if each.slot.overlaps(slot):
            yield Reason(_TAKEN[each.kind], {"when": brief(each.slot, facts.zone)})
