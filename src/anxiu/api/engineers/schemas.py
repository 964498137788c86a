"""What the API says about engineers."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from anxiu.workforce.choices import BarReason, LeaveKind, OccupancyKind, QualificationKind, ShiftKind
from anxiu.workforce.models import Engineer, Leave, Occupancy, Qualification, Shift, ShiftPattern, Skill, Standing
from anxiu.workforce.queries import Day as WeekDay
from anxiu.workforce.queries import Paper, Profile, Row
from anxiu.workforce.rules import ShiftSlot


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
