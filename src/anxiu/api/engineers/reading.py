"""Reading engineers over the API: the list, one of them, their week, their history, and the skills there are."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from anxiu.accounts.queries import regions
from anxiu.api.asking import PAGE, Code, Cursor, Limit, Line, page_of
from anxiu.api.auth import actor_of
from anxiu.api.doing import REFUSED
from anxiu.api.engineers import schemas as s
from anxiu.api.timing import Day
from anxiu.kernel.access import AccessKind, note_access
from anxiu.kernel.time import now
from anxiu.workforce.choices import EngineerState
from anxiu.workforce.models import Engineer
from anxiu.workforce.queries import (
    VIEW,
    Filters,
    engineer_by_uid,
    history,
    listed,
    profile,
    rows,
    skills,
    week,
    zone_of,
)  # fmt: skip

router = Router(tags=["workforce"])


@router.get("/engineers", response={200: s.EngineersOut, **REFUSED}, summary="List engineers")
def list_engineers(
    request: HttpRequest, q: Line = "", region: Code = "", grade: Code = "", skill: Code = "",
    state: EngineerState = EngineerState.ACTIVE, after: Cursor = "", limit: Limit = PAGE,
) -> s.EngineersOut:  # fmt: skip
    """Engineers the caller sees, newest first; `q` searches name, pinyin, number and the end of the phone number."""
    actor, at = actor_of(request), now()
    known = regions(actor).filter(code=region).first() if region else None
    found = listed(actor, Filters(q, known.pk if known else None, grade, skill, state), at)
    page, following = page_of(found.none() if region and known is None else found, after, limit)
    return s.EngineersOut(items=[s.EngineerOut.of(each) for each in rows(actor, page, at)], next=following)


@router.get("/engineers/{uuid:uid}", response={200: s.ProfileOut, **REFUSED}, summary="One engineer")
def get_engineer(request: HttpRequest, uid: UUID) -> s.ProfileOut:
    """An engineer with qualifications, standing, hours, shifts and leaves. Leaves an access row."""
    actor, at = actor_of(request), now()
    found = profile(actor, uid, at)
    note_access(actor, AccessKind.DETAIL, "engineer", [found.engineer.pk], at)
    return s.ProfileOut.shown(found)


@router.get("/engineers/{uuid:uid}/week", response={200: list[s.DayOut], **REFUSED}, summary="An engineer's week")
def get_week(request: HttpRequest, uid: UUID, first: Day | None = None) -> list[s.DayOut]:
    """Seven days from `first` on, today when left out: shifts, visits, leave, training."""
    engineer = engineer_by_uid(actor_of(request), uid)
    begin = first or now().astimezone(zone_of(engineer.region)).date()
    return [s.DayOut.of(each) for each in week(engineer, begin)]


@router.get(
    "/engineers/{uuid:uid}/history",
    response={200: list[s.EngineerLineOut], **REFUSED},
    summary="An engineer's history",
)
def get_engineer_history(request: HttpRequest, uid: UUID) -> list[s.EngineerLineOut]:
    """The latest events as sentences in the caller's language, newest first. Leaves an access row."""
    actor, at = actor_of(request), now()
    engineer: Engineer = engineer_by_uid(actor, uid)
    note_access(actor, AccessKind.DETAIL, "engineer", [engineer.pk], at)
    return [
        s.EngineerLineOut(kind=each.kind, at=each.at, who=each.who, sentence=each.sentence, detail=each.detail)
        for each in history(actor, engineer, at)
    ]


@router.get("/skills", response={200: s.SkillsOut, **REFUSED}, summary="List skills")
def list_skills(request: HttpRequest, after: Cursor = "", limit: Limit = PAGE) -> s.SkillsOut:
    """The skills that may be given, newest first."""
    actor_of(request).require(VIEW)
    found, following = page_of(skills(), after, limit)
    return s.SkillsOut(items=[s.SkillOut.of(each) for each in found], next=following)
