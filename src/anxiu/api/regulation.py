"""The regulation over the API: what is in force, every version with its document and figures; every verb of it."""

from collections.abc import Sequence
from datetime import datetime
from math import isfinite
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import AfterValidator, BaseModel, Field

from anxiu.api.asking import PAGE, Code, Cursor, Key, Limit, Line, Words, page_of, storable
from anxiu.api.auth import actor_of
from anxiu.api.doing import REFUSED, act
from anxiu.api.finding import region_key
from anxiu.api.timing import Moment
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import NotFound
from anxiu.kernel.time import now
from anxiu.regulation import actions
from anxiu.regulation.choices import Control, OrderType, Origin, VersionState
from anxiu.regulation.models import Figure, Version
from anxiu.regulation.queries import (
    VIEW,
    document,
    in_force,
    known_for,
    preset,
    preset_document,
    presets,
    versions,
)
from anxiu.regulation.rules.document import ClauseText, Document, Said
from anxiu.regulation.rules.preset import Preset

router = Router(tags=["regulation"])


# ---- asked and answered ----------------------------------------------------------------------------------------------
class ClauseOut(Schema):
    """A clause of the regulation in force, figures filled in."""

    number: str
    title: str
    text: str


class RegulationOut(Schema):
    """The regulation in force."""

    name: str
    in_force_from: datetime | None
    clauses: list[ClauseOut]


class VersionOut(BaseModel):
    """A version: to whom it applies (no region, no order type: to all), from when, and where it stands."""

    uid: UUID
    code: str
    preset: str
    name_zh: str
    name_en: str
    region: str
    order_type: str
    state: VersionState
    in_force_from: datetime | None
    created_at: datetime
    withdrawn_at: datetime | None

    @staticmethod
    def of(row: Version) -> "VersionOut":
        """From a row."""
        return VersionOut(
            uid=row.uid, code=row.code, preset=row.preset, name_zh=row.name_zh, name_en=row.name_en,
            region=row.region.code if row.region else "", order_type=row.order_type, state=VersionState(row.state),
            in_force_from=row.in_force_from, created_at=row.created_at, withdrawn_at=row.withdrawn_at,
        )  # fmt: skip


class VersionsOut(BaseModel):
    """A page of versions."""

    items: list[VersionOut]
    next: str


class WrittenClauseOut(BaseModel):
    """A clause in one language, its figures in words; `keys` are the values it governs, `manual` who checks what.

    `origin`: of the publication, taken from the general regulation (`ours`), or the company's own.
    """

    number: str
    title: str
    text: str
    keys: list[str]
    control: Control
    manual: str
    origin: Origin


class ChapterOut(BaseModel):
    """A chapter."""

    number: int
    title: str
    clauses: list[WrittenClauseOut]


class VersionDetailOut(VersionOut):
    """A version as a document to read."""

    purpose: str
    scope: str
    principles: str
    chapters: list[ChapterOut]


class FigureOut(BaseModel):
    """A figure as it was written, and where it comes from."""

    key: str
    raw: Any
    origin: Origin
    addendum_at: datetime | None


class FiguresOut(BaseModel):
    """A page of figures."""

    items: list[FigureOut]
    next: str


class PresetOut(BaseModel):
    """A regulation that ships with this release: whom it suits, and how much of it a publication says.

    `based_on` names the preset that serves where the publication is silent.
    """

    code: str
    name_zh: str
    name_en: str
    trade_zh: str
    trade_en: str
    based_on: str
    clauses: int
    published_clauses: int
    published_figures: list[str]

    @staticmethod
    def of(preset: Preset) -> "PresetOut":
        """From a preset."""
        return PresetOut(
            code=preset.code, name_zh=preset.name.zh, name_en=preset.name.en, trade_zh=preset.trade.zh,
            trade_en=preset.trade.en, based_on=preset.based_on, clauses=len(preset.articles),
            published_clauses=sum(each.origin is Origin.PUBLISHED for each in preset.articles),
            published_figures=sorted(preset.published),
        )  # fmt: skip


class KnownOut(BaseModel):
    """What a preset is known for."""

    label: str
    says: str


class PresetDetailOut(PresetOut):
    """A preset as a document to read, and its figures as they are written."""

    known_for: list[KnownOut]
    purpose: str
    scope: str
    principles: str
    chapters: list[ChapterOut]
    figures: dict[str, Any]


def _storable(raw: Any) -> Any:
    """What a JSON column holds: no NUL, no half characters, no infinities."""
    match raw:
        case str():
            storable(raw)
        case float():
            if not isfinite(raw):
                raise ValueError("a number must be finite")
        case dict():
            for key, value in raw.items():
                _storable(key)
                _storable(value)
        case list():
            for value in raw:
                _storable(value)
    return raw


Raw = Annotated[Any, AfterValidator(_storable)]
Changes = Annotated[dict[str, Any], Field(max_length=500), AfterValidator(_storable)]


class AdoptIn(Schema):
    """Which preset, for whom, from when (at once when left out), with which figures of the company's own.

    `despite`: put it in force although engineers hold grades that it does not have; else that is refused, naming them.
    """

    preset: Code
    region: Code = ""
    order_type: OrderType | None = None
    in_force_from: Moment | None = None
    changes: Changes = {}
    why: Words = ""
    despite: bool = False


class AmendIn(Schema):
    """The figures that change, as they are written, by key; from when, at once when left out; `despite` as above."""

    changes: Changes
    in_force_from: Moment | None = None
    why: Words = ""
    despite: bool = False


class EndIn(Schema):
    """Why a version ends."""

    why: Words = ""


# ---- reading ---------------------------------------------------------------------------------------------------------
def _plain(said: Sequence[Said]) -> str:
    return "".join(each.text for each in said)


def _text(clause: ClauseText) -> str:
    return "\n".join(_plain(each) for each in clause.paragraphs)


def _chapters(written: Document) -> list[ChapterOut]:
    return [
        ChapterOut(
            number=chapter.number, title=chapter.title,
            clauses=[
                WrittenClauseOut(
                    number=each.number, title=_plain(each.title), text=_text(each), keys=list(each.keys),
                    control=Control(each.control), manual=each.manual, origin=Origin(each.origin),
                )
                for each in chapter.clauses
            ],
        )
        for chapter in written.chapters
    ]  # fmt: skip


def _language(asked: str) -> str:
    return "en" if asked == "en" else "zh-hans"


@router.get("/regulation", response={200: RegulationOut, **REFUSED}, summary="The regulation in force")
def get_regulation(request: HttpRequest, language: Line = "zh-hans") -> RegulationOut:
    """The clauses in words, with their figures filled in."""
    actor = actor_of(request)
    actor.require(VIEW)
    language = _language(language)
    version = in_force(None, "", now())
    written = document(actor, version.pk, language)
    clauses = [
        ClauseOut(number=clause.number, title=_plain(clause.title), text=_text(clause))
        for chapter in written.chapters
        for clause in chapter.clauses
    ]
    if not clauses:
        raise NotFound("kernel.not_found")
    name = version.name_zh if language != "en" else version.name_en
    return RegulationOut(name=name, in_force_from=version.in_force_from, clauses=clauses)


@router.get("/regulation/presets", response={200: list[PresetOut], **REFUSED}, summary="Regulations that ship with us")
def list_presets(request: HttpRequest) -> list[PresetOut]:
    """The regulations this release can put in force; a handful."""
    actor_of(request).require(VIEW)
    return [PresetOut.of(each) for each in presets().values()]


@router.get("/regulation/presets/{code}", response={200: PresetDetailOut, **REFUSED}, summary="One of them")
def get_preset(request: HttpRequest, code: str, language: Line = "zh-hans", q: Line = "") -> PresetDetailOut:
    """A preset to read in one language before anybody puts it in force; with `q`, only the clauses with these words."""
    actor, language = actor_of(request), _language(language)
    written = preset_document(actor, code, language, q)
    source = preset(code)
    return PresetDetailOut(
        **PresetOut.of(source).model_dump(), figures=dict(source.figures), chapters=_chapters(written),
        known_for=[KnownOut(label=label, says=says) for label, says in known_for(code, language)],
        purpose=source.purpose.in_language(language), scope=source.scope.in_language(language),
        principles=source.principles.in_language(language),
    )  # fmt: skip


@router.get("/regulation/versions", response={200: VersionsOut, **REFUSED}, summary="List versions")
def list_versions(request: HttpRequest, after: Cursor = "", limit: Limit = PAGE) -> VersionsOut:
    """The versions the caller may read, newest first."""
    found, following = page_of(versions(actor_of(request)), after, limit)
    return VersionsOut(items=[VersionOut.of(each) for each in found], next=following)


def version_of(actor: Actor, uid: UUID) -> Version:
    """A version the caller may read."""
    found = versions(actor).filter(uid=uid).first()
    if found is None:
        raise NotFound("kernel.not_found")
    return found


@router.get("/regulation/versions/{uuid:uid}", response={200: VersionDetailOut, **REFUSED}, summary="One version")
def get_version(request: HttpRequest, uid: UUID, language: Line = "zh-hans", q: Line = "") -> VersionDetailOut:
    """A version to read in one language; with `q`, only the clauses that hold these words."""
    actor, language = actor_of(request), _language(language)
    row, zh = version_of(actor, uid), language != "en"
    chapters = _chapters(document(actor, row.pk, language, q))
    return VersionDetailOut(
        **VersionOut.of(row).model_dump(), purpose=row.purpose_zh if zh else row.purpose_en,
        scope=row.scope_zh if zh else row.scope_en, principles=row.principles_zh if zh else row.principles_en,
        chapters=chapters,
    )  # fmt: skip


@router.get("/regulation/versions/{uuid:uid}/figures", response={200: FiguresOut, **REFUSED}, summary="List figures")
def list_figures(request: HttpRequest, uid: UUID, after: Cursor = "", limit: Limit = PAGE) -> FiguresOut:
    """A version's figures as they were written, which is how `changes` takes them."""
    rows = Figure.objects.filter(version=version_of(actor_of(request), uid))
    found, following = page_of(rows, after, limit)
    items = [
        FigureOut(key=each.key, raw=each.raw, origin=Origin(each.origin), addendum_at=each.addendum_at)
        for each in found
    ]  # fmt: skip
    return FiguresOut(items=items, next=following)


# ---- verbs -----------------------------------------------------------------------------------------------------------
@router.post("/regulation/versions", response={201: VersionOut, **REFUSED}, summary="Adopt a preset: adopt_preset")
def adopt_preset(request: HttpRequest, body: AdoptIn, key: Key) -> HttpResponse:
    """Put a preset in force, with the company's own figures where `changes` says so."""

    def work(actor: Actor) -> VersionOut:
        at = now()
        row = actions.adopt_preset(
            actor=actor, at=at, preset_code=body.preset, in_force_from=body.in_force_from or at,
            region_id=region_key(actor, body.region), order_type=body.order_type or "", changes=body.changes,
            why=body.why, despite=body.despite,
        )  # fmt: skip
        return VersionOut.of(row)

    return act(request, key, "regulation.adopt_preset", work, status=201)


@router.post(
    "/regulation/versions/{uuid:uid}/actions/amend_version",
    response={200: VersionOut, **REFUSED},
    summary="Put a version with other figures in force",
)
def amend_version(request: HttpRequest, uid: UUID, body: AmendIn, key: Key) -> HttpResponse:
    """Put a version in force that differs from this one in the figures of `changes`; the answer is the new one."""

    def work(actor: Actor) -> VersionOut:
        at, base = now(), version_of(actor, uid)
        row = actions.amend_version(
            actor=actor, at=at, version_id=base.pk, in_force_from=body.in_force_from or at, changes=body.changes,
            why=body.why, despite=body.despite,
        )  # fmt: skip
        return VersionOut.of(row)

    return act(request, key, "regulation.amend_version", work)


@router.post(
    "/regulation/versions/{uuid:uid}/actions/withdraw_version",
    response={200: VersionOut, **REFUSED},
    summary="End a version",
)
def withdraw_version(request: HttpRequest, uid: UUID, key: Key, body: EndIn | None = None) -> HttpResponse:
    """End a version; what was judged by it stays as it is."""

    def work(actor: Actor) -> VersionOut:
        why = body.why if body else ""
        actions.withdraw_version(actor=actor, at=now(), version_id=version_of(actor, uid).pk, why=why)
        return VersionOut.of(version_of(actor, uid))

    return act(request, key, "regulation.withdraw_version", work)
