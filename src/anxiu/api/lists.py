"""Lists that are read beside orders: engineers, the regulation."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from anxiu.api.asking import PAGE, Cursor, Limit, Line, page_of
from anxiu.api.auth import actor_of
from anxiu.api.problems import Problem
from anxiu.kernel.errors import NotFound
from anxiu.kernel.time import now
from anxiu.regulation.queries import VIEW as VIEW_REGULATION
from anxiu.regulation.queries import document, in_force
from anxiu.regulation.rules.document import Said
from anxiu.workforce.queries import engineers

router = Router()
REFUSED = {401: Problem, 403: Problem, 404: Problem, 422: Problem}


class EngineerOut(Schema):
    """An engineer."""

    uid: UUID
    number: str
    name: str
    grade: str
    region: str


class EngineersOut(Schema):
    """A page of engineers."""

    items: list[EngineerOut]
    next: str


class ClauseOut(Schema):
    """A clause of the regulation in force, figures filled in."""

    number: str
    title: str
    text: str


def _plain(said: Sequence[Said]) -> str:
    return "".join(each.text for each in said)


class RegulationOut(Schema):
    """The regulation in force."""

    name: str
    in_force_from: datetime | None
    clauses: list[ClauseOut]


@router.get("/engineers", response={200: EngineersOut, **REFUSED}, tags=["workforce"], summary="List engineers")
def list_engineers(request: HttpRequest, after: Cursor = "", limit: Limit = PAGE) -> EngineersOut:
    """Engineers the caller sees, newest first."""
    found, following = page_of(engineers(actor_of(request)), after, limit)
    items = [
        EngineerOut(uid=each.uid, number=each.number, name=each.person.name, grade=each.grade, region=each.region.code)
        for each in found
    ]
    return EngineersOut(items=items, next=following)


@router.get(
    "/regulation", response={200: RegulationOut, **REFUSED}, tags=["regulation"], summary="The regulation in force"
)
def get_regulation(request: HttpRequest, language: Line = "zh-hans") -> RegulationOut:
    """The clauses in words, with their figures filled in."""
    actor = actor_of(request)
    actor.require(VIEW_REGULATION)
    language = "en" if language == "en" else "zh-hans"
    version = in_force(None, "", now())
    written = document(actor, version.pk, language)
    clauses = [
        ClauseOut(
            number=clause.number, title=_plain(clause.title), text="\n".join(_plain(each) for each in clause.paragraphs)
        )
        for chapter in written.chapters
        for clause in chapter.clauses
    ]
    if not clauses:
        raise NotFound("kernel.not_found")
    name = version.name_zh if language != "en" else version.name_en
    return RegulationOut(name=name, in_force_from=version.in_force_from, clauses=clauses)
