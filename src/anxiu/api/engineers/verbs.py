"""The verbs of the workforce over the API, one function each."""

from collections.abc import Callable
from datetime import time
from typing import Any, TypeVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from pydantic import BaseModel

from anxiu.accounts.actions import NewPerson
from anxiu.accounts.choices import PostCode
from anxiu.api.asking import Key
from anxiu.api.doing import REFUSED, do
from anxiu.api.engineers import asked
from anxiu.api.engineers import schemas as s
from anxiu.api.engineers.reading import router
from anxiu.api.finding import known_person_key, outlet_key, region_key
from anxiu.api.timing import RowKey, SlugInPath
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import Invalid
from anxiu.workforce import actions
from anxiu.workforce.models import Qualification, Skill, Standing
from anxiu.workforce.queries import engineers

F = TypeVar("F", bound=Callable[..., HttpResponse])
Answer = Callable[[Any], BaseModel]
_engineer: Answer = s.ChangedEngineerOut.of


def _verb(thing: str, answer: type[BaseModel], name: str, summary: str) -> Callable[[F], F]:
    declared: Callable[[F], F] = router.post(
        f"/{thing}/actions/{name}", response={200: answer, **REFUSED}, summary=summary
    )
    return declared


def _of(uid: UUID, **more: Any) -> Callable[[Actor], dict[str, Any]]:
    """The engineer of the address, gone or not, and what else the verb takes; 0 is nobody."""
    return lambda actor: {
        "engineer_id": engineers(actor, retired=True).filter(uid=uid).values_list("pk", flat=True).first() or 0, **more,
    }  # fmt: skip


# ---- engineers -------------------------------------------------------------------------------------------------------
@router.post("/engineers", response={201: s.ChangedEngineerOut, **REFUSED}, summary="Add an engineer: add_engineer")
def add_engineer(request: HttpRequest, body: asked.AddEngineerIn, key: Key) -> HttpResponse:
    """Make a person an engineer, with an account if they have none."""

    def given(actor: Actor) -> dict[str, Any]:
        if (body.person is None) == (body.new_person is None):
            raise Invalid("kernel.required", field="person")
        region, outlet = region_key(actor, body.region), outlet_key(actor, body.outlet)
        if region is None:
            raise Invalid("kernel.required", field="region")
        person: NewPerson | int
        if body.new_person is not None:
            person = NewPerson(
                name=body.new_person.name, email=body.new_person.email, phone=body.new_person.phone,
                name_en=body.new_person.name_en, posts=((PostCode.ENGINEER.value, None),), region_id=region,
                outlet_id=outlet,
            )  # fmt: skip
        else:
            assert body.person is not None, "one of the two is given"
            person = known_person_key(actor, body.person)
        new = actions.NewEngineer(
            person=person, region_id=region, grade=body.grade, started_date=body.started_date, outlet_id=outlet,
            number=body.number, base=body.base.place() if body.base else None,
        )  # fmt: skip
        return {"new": new}

    return do(request, key, "workforce.add_engineer", given, _engineer, status=201)


@_verb("engineers/{uuid:uid}", s.ChangedEngineerOut, "change_engineer", "Change an engineer's details")
def change_engineer(request: HttpRequest, uid: UUID, body: asked.ChangeEngineerIn, key: Key) -> HttpResponse:
    """Change an engineer's region, outlet, number, starting day or base."""

    def given(actor: Actor) -> dict[str, Any]:
        named, changes = body.model_fields_set, dict[str, Any]()
        if body.region is not None:
            changes["region_id"] = region_key(actor, body.region)
            if changes["region_id"] is None:
                raise Invalid("kernel.required", field="region")
        if body.outlet is not None:
            changes["outlet_id"] = outlet_key(actor, body.outlet)
        if body.number is not None:
            changes["number"] = body.number
        if body.started_date is not None:
            changes["started_date"] = body.started_date
        if "base" in named:
            changes["base_latitude"] = body.base.latitude if body.base else None
            changes["base_longitude"] = body.base.longitude if body.base else None
        return _of(uid, changes=changes)(actor)

    return do(request, key, "workforce.change_engineer", given, _engineer)


@_verb("engineers/{uuid:uid}", s.ChangedEngineerOut, "set_grade", "Give another grade")
def set_grade(request: HttpRequest, uid: UUID, body: asked.GradeIn, key: Key) -> HttpResponse:
    """Give an engineer another grade of the regulation in force."""
    return do(request, key, "workforce.set_grade", _of(uid, grade=body.grade, reason=body.reason), _engineer)


@_verb("engineers/{uuid:uid}", s.ChangedEngineerOut, "retire_engineer", "End somebody's work as an engineer")
def retire_engineer(request: HttpRequest, uid: UUID, key: Key) -> HttpResponse:
    """End somebody's work as an engineer; the account and everything done stay."""
    return do(request, key, "workforce.retire_engineer", _of(uid), _engineer)


# ---- skills and papers -----------------------------------------------------------------------------------------------
@router.post("/skills", response={201: s.SkillOut, **REFUSED}, summary="Add a skill: add_skill")
def add_skill(request: HttpRequest, body: asked.SkillIn, key: Key) -> HttpResponse:
    """Add a skill to those the company tells apart."""
    return do(request, key, "workforce.add_skill", lambda actor: body.model_dump(), s.SkillOut.of, status=201)


@_verb("skills/{slug:code}", s.SkillOut, "retire_skill", "Give a skill to nobody any more")
def retire_skill(request: HttpRequest, code: SlugInPath, key: Key) -> HttpResponse:
    """Give a skill to nobody any more; those who hold it keep it."""
    return do(request, key, "workforce.retire_skill", lambda actor: {"skill_id": _skill_id(code)}, s.SkillOut.of)


def _skill_id(code: str) -> int:
    return Skill.objects.filter(code=code).values_list("pk", flat=True).first() or 0


@_verb("engineers/{uuid:uid}", s.QualifiedOut, "add_qualification", "Give a skill, a certificate or the induction")
def add_qualification(request: HttpRequest, uid: UUID, body: asked.QualificationIn, key: Key) -> HttpResponse:
    """Give an engineer a skill, a certificate or the induction."""

    def given(actor: Actor) -> dict[str, Any]:
        new = actions.NewQualification(
            kind=body.kind, valid_from=body.valid_from, valid_to=body.valid_to, skill_id=_skill_id(body.skill),
            level=body.level, code=body.code, name=body.name, issuer=body.issuer, number=body.number,
        )  # fmt: skip
        return _of(uid, new=new)(actor)

    return do(request, key, "workforce.add_qualification", given, s.QualifiedOut.of)


@_verb("qualifications/{uuid:uid}", s.QualifiedOut, "revoke_qualification", "End a qualification before its time")
def revoke_qualification(request: HttpRequest, uid: UUID, body: asked.WhyIn, key: Key) -> HttpResponse:
    """End a qualification before its time."""

    def given(actor: Actor) -> dict[str, Any]:
        found = Qualification.objects.filter(uid=uid).values_list("pk", flat=True).first()
        return {"qualification_id": found or 0, "reason": body.reason}

    return do(request, key, "workforce.revoke_qualification", given, s.QualifiedOut.of)


# ---- standing --------------------------------------------------------------------------------------------------------
@_verb("engineers/{uuid:uid}", s.StandingOut, "bar", "Suspend an engineer from orders")
def bar(request: HttpRequest, uid: UUID, body: asked.BarIn, key: Key) -> HttpResponse:
    """Suspend an engineer from orders, until a moment or until it is lifted."""
    given = _of(
        uid, barred_from=body.barred_from, barred_until=body.barred_until, reason=body.reason, note=body.note
    )
    return do(request, key, "workforce.bar", given, s.StandingOut.of)


@_verb("standings/{uuid:uid}", s.StandingOut, "lift_bar", "End a suspension early")
def lift_bar(request: HttpRequest, uid: UUID, body: asked.WhyIn, key: Key) -> HttpResponse:
    """End a suspension early."""

    def given(actor: Actor) -> dict[str, Any]:
        found = Standing.objects.filter(uid=uid).values_list("pk", flat=True).first()
        return {"standing_id": found or 0, "reason": body.reason}

    return do(request, key, "workforce.lift_bar", given, s.StandingOut.of)


# ---- time ------------------------------------------------------------------------------------------------------------
@_verb("engineers/{uuid:uid}", s.PatternOut, "set_shift_pattern", "Set the weekly hours from a day on")
def set_shift_pattern(request: HttpRequest, uid: UUID, body: asked.PatternIn, key: Key) -> HttpResponse:
    """Set an engineer's weekly hours from a day on; what held until then stays as it was."""
    hours = [
        actions.Hours(each.weekday, time.fromisoformat(each.start), time.fromisoformat(each.end))
        for each in body.hours
    ]  # fmt: skip

    def out(made: Any) -> s.PatternOut:
        return s.PatternOut(valid_from=body.valid_from, hours=[s.HoursOut.of(each) for each in made])

    return do(request, key, "workforce.set_shift_pattern", _of(uid, hours=hours, valid_from=body.valid_from), out)


@_verb("engineers/{uuid:uid}", s.ShiftOut, "add_shift", "Add a single shift")
def add_shift(request: HttpRequest, uid: UUID, body: asked.ShiftIn, key: Key) -> HttpResponse:
    """Add a single shift beside the weekly hours: extra work, or being on call."""
    given = _of(uid, kind=body.kind, starts_at=body.starts_at, ends_at=body.ends_at)
    return do(request, key, "workforce.add_shift", given, s.ShiftOut.of)


@_verb("shifts/{int:number}", s.ShiftOut, "cancel_shift", "Take a single shift back")
def cancel_shift(request: HttpRequest, number: RowKey, key: Key) -> HttpResponse:
    """Take a single shift back."""
    return do(request, key, "workforce.cancel_shift", lambda actor: {"shift_id": number}, s.ShiftOut.of)


@_verb("engineers/{uuid:uid}", s.LeaveOut, "book_leave", "Grant leave")
def book_leave(request: HttpRequest, uid: UUID, body: asked.LeaveIn, key: Key) -> HttpResponse:
    """Grant an engineer leave."""
    given = _of(uid, kind=body.kind, starts_at=body.starts_at, ends_at=body.ends_at, note=body.note)
    return do(request, key, "workforce.book_leave", given, s.LeaveOut.of)


@_verb("leaves/{int:number}", s.LeaveOut, "cancel_leave", "Take a leave back")
def cancel_leave(request: HttpRequest, number: RowKey, key: Key) -> HttpResponse:
    """Take a leave back; its time is free again."""
    return do(request, key, "workforce.cancel_leave", lambda actor: {"leave_id": number}, s.LeaveOut.of)
