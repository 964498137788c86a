"""What the API says and takes about engineers."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import BaseModel, Field

from anxiu.api.asking import Code, Line, Words
from anxiu.api.order_schemas import PlaceIn
from anxiu.api.timing import Clock, Day, Moment
from anxiu.workforce.choices import BarReason, LeaveKind, OccupancyKind, QualificationKind, ShiftKind
from anxiu.workforce.models import Engineer, Leave, Occupancy, Qualification, Shift, ShiftPattern, Skill, Standing
from anxiu.workforce.queries import Day as WeekDay
from anxiu.workforce.queries import Paper, Profile, Row
from anxiu.workforce.rules import ShiftSlot

Short = Annotated[Line, Field(max_length=80)]
Slug = Annotated[str, Field(max_length=32, pattern=r"^[A-Za-z0-9_-]+$")]


# ---- answered --------------------------------------------------------------------------------------------------------
class SkillOut(BaseModel):
    """A skill the company tells apart."""

    code: str
    name_zh: str
    name_en: str
    family: str

    @staticmethod
    def of(row: Skill) -> "SkillOut":
        """From a row."""
        return SkillOut(code=row.code, name_zh=row.name_zh, name_en=row.name_en, family=row.family)


class SkillsOut(BaseModel):
    """A page of skills."""

    items: list[SkillOut]
    next: str


class HeldSkillOut(BaseModel):
    """A skill somebody holds, and its level."""

    code: str
    level: int


class StretchOut(BaseModel):
    """A stretch of time, and what it is."""

    kind: ShiftKind
    starts_at: datetime
    ends_at: datetime

    @staticmethod
    def of(shift: ShiftSlot) -> "StretchOut":
        """From a shift as it was reckoned."""
        return StretchOut(kind=shift.kind, starts_at=shift.slot.starts_at, ends_at=shift.slot.ends_at)


class EngineerOut(BaseModel):
    """An engineer as a list shows them; the phone is masked for those who may not see it."""

    uid: UUID
    number: str
    name: str
    grade: str
    region: str
    outlet: str
    phone: str
    skills: list[HeldSkillOut]
    is_barred: bool
    certificates_lapse_on: date | None
    shifts_today: list[StretchOut]
    visits_today: int
    booked_minutes_today: int
    is_away_today: bool
    retired_at: datetime | None

    @staticmethod
    def of(row: Row) -> "EngineerOut":
        """From a row of the list."""
        return EngineerOut(**_summary(row))


def _summary(row: Row) -> dict[str, Any]:
    one = row.engineer
    return {
        "uid": one.uid, "number": one.number, "name": one.person.name, "grade": one.grade, "region": one.region.code,
        "outlet": one.outlet.code if one.outlet else "", "phone": row.phone,
        "skills": [HeldSkillOut(code=each.skill.code, level=each.level or 0) for each in row.skills if each.skill],
        "is_barred": row.bar is not None, "certificates_lapse_on": row.lapses_on,
        "shifts_today": [StretchOut.of(each) for each in row.shifts], "visits_today": row.visits,
        "booked_minutes_today": int(row.booked.total_seconds() // 60), "is_away_today": row.is_away,
        "retired_at": one.retired_at,
    }  # fmt: skip


class EngineersOut(BaseModel):
    """A page of engineers."""

    items: list[EngineerOut]
    next: str


class QualificationOut(BaseModel):
    """A skill, a certificate or the induction; the number is masked for those who may not see papers."""

    uid: UUID
    kind: QualificationKind
    code: str
    name_zh: str
    name_en: str
    level: int | None
    valid_from: date
    valid_to: date | None
    issuer: str
    number: str
    counts: bool
    lapses_soon: bool

    @staticmethod
    def of(paper: Paper) -> "QualificationOut":
        """From a paper as the reader may see it."""
        row = paper.row
        return QualificationOut(
            uid=row.uid, kind=QualificationKind(row.kind), code=row.skill.code if row.skill else row.code,
            name_zh=paper.name.zh, name_en=paper.name.en, level=row.level, valid_from=row.valid_from,
            valid_to=row.valid_to, issuer=row.issuer, number=paper.number, counts=paper.counts,
            lapses_soon=paper.lapses_soon,
        )  # fmt: skip


class QualifiedOut(BaseModel):
    """A qualification that was added or revoked."""

    uid: UUID
    kind: QualificationKind
    valid_from: date
    valid_to: date | None
    revoked_at: datetime | None

    @staticmethod
    def of(row: Qualification) -> "QualifiedOut":
        """From a row."""
        return QualifiedOut(
            uid=row.uid, kind=QualificationKind(row.kind), valid_from=row.valid_from, valid_to=row.valid_to,
            revoked_at=row.revoked_at,
        )  # fmt: skip


class StandingOut(BaseModel):
    """A time in which an engineer may not be sent."""

    uid: UUID
    reason: BarReason
    barred_from: datetime
    barred_until: datetime | None
    note: str
    ended_at: datetime | None

    @staticmethod
    def of(row: Standing) -> "StandingOut":
        """From a row."""
        return StandingOut(
            uid=row.uid, reason=BarReason(row.reason), barred_from=row.barred_from, barred_until=row.barred_until,
            note=row.note, ended_at=row.ended_at,
        )  # fmt: skip


class HoursOut(BaseModel):
    """Weekly hours on one day, local time: 1 Monday to 7 Sunday."""

    weekday: int
    start: str
    end: str

    @staticmethod
    def of(row: ShiftPattern) -> "HoursOut":
        """From a row."""
        return HoursOut(weekday=row.weekday, start=f"{row.start:%H:%M}", end=f"{row.end:%H:%M}")


class PatternOut(BaseModel):
    """The weekly hours that were set."""

    valid_from: date
    hours: list[HoursOut]


class ShiftOut(BaseModel):
    """A single shift."""

    id: int
    kind: ShiftKind
    starts_at: datetime
    ends_at: datetime
    cancelled_at: datetime | None

    @staticmethod
    def of(row: Shift) -> "ShiftOut":
        """From a row."""
        return ShiftOut(
            id=row.pk, kind=ShiftKind(row.kind), starts_at=row.starts_at, ends_at=row.ends_at,
            cancelled_at=row.cancelled_at,
        )  # fmt: skip


class LeaveOut(BaseModel):
    """A leave."""

    id: int
    kind: LeaveKind
    starts_at: datetime
    ends_at: datetime
    cancelled_at: datetime | None

    @staticmethod
    def of(row: Leave) -> "LeaveOut":
        """From a row."""
        return LeaveOut(
            id=row.pk, kind=LeaveKind(row.kind), starts_at=row.starts_at, ends_at=row.ends_at,
            cancelled_at=row.cancelled_at,
        )  # fmt: skip


class ProfileOut(EngineerOut):
    """An engineer with what they hold and when they work, as far as the caller may see it."""

    person: UUID
    grade_zh: str
    grade_en: str
    started_date: date
    time_zone: str
    base_latitude: float | None
    base_longitude: float | None
    qualifications: list[QualificationOut]
    standings: list[StandingOut]
    hours: list[HoursOut]
    shifts: list[ShiftOut]
    leaves: list[LeaveOut]

    @staticmethod
    def shown(found: Profile) -> "ProfileOut":
        """From a profile."""
        one = found.engineer
        return ProfileOut(
            **_summary(found.summary), person=one.person.uid, grade_zh=found.grade.name.zh if found.grade else "",
            grade_en=found.grade.name.en if found.grade else "", started_date=one.started_date,
            time_zone=str(found.zone), base_latitude=one.base_latitude, base_longitude=one.base_longitude,
            qualifications=[
                QualificationOut.of(each) for each in (*found.skills, *found.certificates, *found.inductions)
            ],
            standings=[StandingOut.of(each) for each in found.standings],
            hours=[HoursOut.of(each) for each in found.patterns],
            shifts=[ShiftOut.of(each) for each in found.single_shifts],
            leaves=[LeaveOut.of(each) for each in found.leaves],
        )  # fmt: skip


class ChangedEngineerOut(BaseModel):
    """An engineer after a change."""

    uid: UUID
    number: str
    grade: str
    region: str
    outlet: str
    started_date: date
    retired_at: datetime | None

    @staticmethod
    def of(row: Engineer) -> "ChangedEngineerOut":
        """From a row."""
        return ChangedEngineerOut(
            uid=row.uid, number=row.number, grade=row.grade, region=row.region.code,
            outlet=row.outlet.code if row.outlet else "", started_date=row.started_date, retired_at=row.retired_at,
        )  # fmt: skip


class TakenOut(BaseModel):
    """What takes an engineer's time."""

    kind: OccupancyKind
    starts_at: datetime
    ends_at: datetime

    @staticmethod
    def of(row: Occupancy) -> "TakenOut":
        """From a row."""
        return TakenOut(kind=OccupancyKind(row.kind), starts_at=row.starts_at, ends_at=row.ends_at)


class DayOut(BaseModel):
    """One day of an engineer's week: its shifts and what takes time in them."""

    date: date
    shifts: list[StretchOut]
    taken: list[TakenOut]

    @staticmethod
    def of(day: WeekDay) -> "DayOut":
        """From a day."""
        return DayOut(
            date=day.date, shifts=[StretchOut.of(each) for each in day.shifts],
            taken=[TakenOut.of(each) for each in day.taken],
        )  # fmt: skip


class EngineerLineOut(BaseModel):
    """One event of an engineer as a sentence in the caller's language."""

    kind: str
    at: datetime
    who: str
    sentence: str
    detail: str


# ---- asked -----------------------------------------------------------------------------------------------------------
class NewPersonIn(Schema):
    """Somebody who has no account yet."""

    name: Short
    email: Annotated[Line, Field(max_length=200)]
    phone: Annotated[Line, Field(max_length=32)] = ""
    name_en: Short = ""


class AddEngineerIn(Schema):
    """Whom to make an engineer: `person` who has an account, else a `new_person`. No number: one is made."""

    person: UUID | None = None
    new_person: NewPersonIn | None = None
    region: Code
    outlet: Code = ""
    grade: Code
    started_date: Day
    number: Annotated[Line, Field(max_length=24)] = ""
    base: PlaceIn | None = None


class ChangeEngineerIn(Schema):
    """What changes; what is not named stays. An empty outlet: none. A base of null: none."""

    region: Code | None = None
    outlet: Code | None = None
    number: Annotated[Line, Field(min_length=1, max_length=24)] | None = None
    started_date: Day | None = None
    base: PlaceIn | None = None


class GradeIn(Schema):
    """The new grade and why."""

    grade: Code
    reason: Line


class QualificationIn(Schema):
    """A skill (`skill`, `level`), a certificate (`code` of a known kind, or a `name`), or the induction."""

    kind: QualificationKind
    valid_from: Day
    valid_to: Day | None = None
    skill: Code = ""
    level: Annotated[int, Field(ge=1, le=3)] | None = None
    code: Annotated[str, Field(max_length=32, pattern=r"^[A-Za-z0-9_-]*$")] = ""
    name: Annotated[Line, Field(max_length=120)] = ""
    issuer: Annotated[Line, Field(max_length=120)] = ""
    number: Annotated[Line, Field(max_length=64)] = ""


class WhyIn(Schema):
    """Why, in words."""

    reason: Line


class BarIn(Schema):
    """From when and until when not to be sent; without an end, until it is lifted."""

    barred_from: Moment
    barred_until: Moment | None = None
    reason: BarReason
    note: Words = ""


class HoursIn(Schema):
    """Local working hours on a day of the week; an end not after the start is the next day."""

    weekday: Literal[1, 2, 3, 4, 5, 6, 7]
    start: Clock
    end: Clock


class PatternIn(Schema):
    """The weekly hours from a day on. None: off duty."""

    valid_from: Day
    hours: Annotated[list[HoursIn], Field(max_length=50)]


class ShiftIn(Schema):
    """A single shift."""

    kind: ShiftKind
    starts_at: Moment
    ends_at: Moment


class LeaveIn(Schema):
    """A leave."""

    kind: LeaveKind
    starts_at: Moment
    ends_at: Moment
    note: Line = ""


class SkillIn(Schema):
    """A skill to tell apart; `family` is the code of the product family it belongs to, if to one."""

    code: Slug
    name_zh: Annotated[Line, Field(min_length=1, max_length=80)]
    name_en: Annotated[Line, Field(min_length=1, max_length=80)]
    family: Annotated[str, Field(max_length=32, pattern=r"^[A-Za-z0-9_-]*$")] = ""
