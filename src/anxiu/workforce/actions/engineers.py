"""Engineers and the skills the company tells apart."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import connection

from anxiu.accounts.actions import NewPerson, add_person, change_person
from anxiu.accounts.choices import PostCode
from anxiu.accounts.models import Holding, Outlet, Person
from anxiu.accounts.queries import people
from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.checks import require_fitting
from anxiu.kernel.errors import Invalid, NotFound, WrongState
from anxiu.kernel.events import Sealed, record
from anxiu.kernel.geo import Place
from anxiu.kernel.ids import number
from anxiu.workforce.actions.locking import locked, subject
from anxiu.workforce.choices import OccupancyKind, QualificationKind
from anxiu.workforce.events import (
    EngineerAdded,
    EngineerChanged,
    EngineerRetired,
    GradeSet,
    SkillAdded,
    SkillRetired,
)  # fmt: skip
from anxiu.workforce.models import Engineer, Occupancy, Qualification, Skill
from anxiu.workforce.queries import grades, zone_of
from anxiu.workforce.values import Grade

NUMBER_WIDTH: Final = 4  # source: own choice; numbers grow beyond it


@dataclass(frozen=True, slots=True)
class NewEngineer:
    """What is needed to make somebody an engineer: an existing person, or a new one. No number: one is made."""

    person: NewPerson | int
    region_id: int
    grade: str
    started_date: date
    outlet_id: int | None = None
    number: str = ""
    base: Place | None = None


@action(posts={"hr"})
def add_engineer(*, actor: Actor, at: datetime, new: NewEngineer) -> Engineer:
    """Make a person an engineer, with an account if they have none.

    Records: EngineerAdded. Refuses: a region out of sight, somebody who already is one, an unknown grade, an outlet of
    another region, a number that is taken.
    """
    actor.require_region(new.region_id)
    _grade(new.grade, new.region_id, at)
    _check_outlet(new.outlet_id, new.region_id)
    person = _person(actor, at, new)
    if Engineer.objects.filter(person=person).exists():
        raise Invalid("workforce.already_engineer", field="person")
    if new.number and Engineer.objects.filter(number=new.number).exists():
        raise Invalid("workforce.number_taken", field="number")
    engineer = engineer_row(new, person, at)
    engineer.save(force_insert=True)
    record(EngineerAdded(person.pk, new.grade), subject=subject(engineer), region_id=new.region_id, actor=actor, at=at)
    return engineer


def engineer_row(new: NewEngineer, person: Person, at: datetime, source: str = "", source_id: str = "") -> Engineer:
    """An engineer's row, with a number where none is given, not yet saved."""
    with connection.cursor() as cursor:
        cursor.execute("select nextval(pg_get_serial_sequence('workforce_engineer', 'id'))")
        (key,) = cursor.fetchone()
    row = Engineer(
        pk=key, person=person, region_id=new.region_id, outlet_id=new.outlet_id, grade=new.grade,
        number=new.number or number("E", key, NUMBER_WIDTH), started_date=new.started_date, created_at=at,
        base_latitude=new.base.latitude if new.base else None, base_longitude=new.base.longitude if new.base else None,
        source=source, source_id=source_id,
    )  # fmt: skip
    require_fitting(row)
    return row


def _person(actor: Actor, at: datetime, new: NewEngineer) -> Person:
    """The person behind the new engineer, holding the engineer's post."""
    if isinstance(new.person, NewPerson):
        return add_person(actor=actor, at=at, new=new.person)
    person = people(actor).filter(pk=new.person, is_active=True).first()
    if person is None:
        raise NotFound("kernel.not_found")
    held = tuple(Holding.objects.filter(person=person).values_list("post__code", "region_id"))
    if PostCode.ENGINEER not in {code for code, _ in held}:
        posts = (*held, (PostCode.ENGINEER.value, None))
        change_person(actor=actor, at=at, person_id=person.pk, changes={}, posts=posts)
    return person


def _grade(code: str, region_id: int, at: datetime) -> Grade:
    found = next((each for each in grades(region_id, at) if each.code == code), None)
    if found is None:
        raise Invalid("workforce.unknown_grade", field="grade", grade=code)
    return found


def _check_outlet(outlet_id: int | None, region_id: int) -> None:
    if outlet_id is not None and not Outlet.objects.filter(pk=outlet_id, region_id=region_id).exists():
        raise Invalid("workforce.outlet_elsewhere", field="outlet")


@action(posts={"hr", "supervisor"})
def change_engineer(*, actor: Actor, at: datetime, engineer_id: int, changes: dict[str, Any]) -> Engineer:
    """Change an engineer's region, outlet, number, starting day or base.

    Records: EngineerChanged. Refuses: a field that is not changed this way, an outlet of another region, a number that
    is taken, half a place.
    """
    engineer = locked(actor, engineer_id)
    allowed = {"region_id", "outlet_id", "number", "started_date", "base_latitude", "base_longitude"}
    if wrong := changes.keys() - allowed:
        raise Invalid("workforce.not_changeable", field=sorted(wrong)[0])
    changed = {field: value for field, value in changes.items() if getattr(engineer, field) != value}
    for field, value in changed.items():
        setattr(engineer, field, value)
    actor.require_region(engineer.region_id)
    _check_outlet(engineer.outlet_id, engineer.region_id)
    if (engineer.base_latitude is None) != (engineer.base_longitude is None):
        raise Invalid("workforce.place_incomplete", field="base_latitude")
    if Engineer.objects.filter(number=engineer.number).exclude(pk=engineer.pk).exists():
        raise Invalid("workforce.number_taken", field="number")
    if changed:
        engineer.save(update_fields=list(changed))
        record(
            EngineerChanged(tuple(sorted(changed))),
            subject=subject(engineer), region_id=engineer.region_id, actor=actor, at=at,
        )  # fmt: skip
    return engineer


@action(posts={"hr"})
def set_grade(*, actor: Actor, at: datetime, engineer_id: int, grade: str, reason: str) -> Engineer:
    """Give an engineer another grade of the regulation in force.

    Records: GradeSet. Refuses: an unknown grade, the same one, one whose required skills are not held.
    """
    engineer = locked(actor, engineer_id)
    wanted = _grade(grade, engineer.region_id, at)
    if engineer.grade == grade:
        raise WrongState("workforce.same_grade")
    today = at.astimezone(zone_of(engineer.region)).date()
    held = set(
        Qualification.objects.filter(engineer=engineer, kind=QualificationKind.SKILL, revoked_at=None)
        .filter(valid_from__lte=today)
        .exclude(valid_to__lt=today)
        .values_list("skill__code", flat=True)
    )
    if missing := [code for code in wanted.skills if code not in held]:
        raise WrongState("workforce.skills_for_grade", skills=", ".join(missing))
    before, engineer.grade = engineer.grade, grade
    engineer.save(update_fields=["grade"])
    record(
        GradeSet(before, grade, Sealed(reason)),
        subject=subject(engineer), region_id=engineer.region_id, actor=actor, at=at,
    )  # fmt: skip
    return engineer


@action(posts={"hr"})
def retire_engineer(*, actor: Actor, at: datetime, engineer_id: int) -> Engineer:
    """End somebody's work as an engineer; the account and everything done stay.

    Records: EngineerRetired. Refuses: somebody with visits still to come.
    """
    engineer = locked(actor, engineer_id)
    ahead = Occupancy.objects.filter(engineer=engineer, live=True, kind=OccupancyKind.VISIT, ends_at__gt=at)
    if ahead.exists():
        raise WrongState("workforce.still_booked")
    engineer.retired_at = at
    engineer.save(update_fields=["retired_at"])
    record(EngineerRetired(), subject=subject(engineer), region_id=engineer.region_id, actor=actor, at=at)
    return engineer


@action(posts={"hr", "supervisor"})
def add_skill(*, actor: Actor, at: datetime, code: str, name_zh: str, name_en: str, family: str = "") -> Skill:
    """Add a skill to those the company tells apart.

    Records: SkillAdded. Refuses: a code that is taken.
    """
    if Skill.objects.filter(code=code).exists():
        raise Invalid("workforce.code_taken", field="code")
    skill = Skill.objects.create(code=code, name_zh=name_zh, name_en=name_en, family=family)
    record(SkillAdded(code), subject=Subject("skill", skill.pk), region_id=None, actor=actor, at=at)
    return skill


@action(posts={"hr", "supervisor"})
def retire_skill(*, actor: Actor, at: datetime, skill_id: int) -> Skill:
    """Give a skill to nobody any more; those who hold it keep it.

    Records: SkillRetired.
    """
    skill = Skill.objects.select_for_update().filter(pk=skill_id, retired_at=None).first()
    if skill is None:
        raise NotFound("kernel.not_found")
    skill.retired_at = at
    skill.save(update_fields=["retired_at"])
    record(SkillRetired(skill.code), subject=Subject("skill", skill.pk), region_id=None, actor=actor, at=at)
    return skill
