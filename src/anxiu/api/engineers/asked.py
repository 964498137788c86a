"""What the API takes about engineers."""

from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from anxiu.api.asking import Code, Line, Words
from anxiu.api.order_schemas import PlaceIn
from anxiu.api.timing import Clock, Day, Moment
from anxiu.workforce.choices import BarReason, LeaveKind, QualificationKind, ShiftKind

Short = Annotated[Line, Field(max_length=80)]
Slug = Annotated[str, Field(max_length=32, pattern=r"^[A-Za-z0-9_-]+$")]


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
