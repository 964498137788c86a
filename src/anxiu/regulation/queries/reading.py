"""Reading regulations: which version holds, its figures, and the document people read."""

import tomllib
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any, Final

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from anxiu.accounts.models import Person, Region
from anxiu.kernel import values
from anxiu.kernel.action import view
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import NotFound
from anxiu.kernel.prepared import Prepared
from anxiu.kernel.time import now
from anxiu.kernel.values import Words
from anxiu.regulation.choices import BEGUN, HELD, UNDER_WAY, OrderType, VersionState
from anxiu.regulation.models import Clause, Figure, Member, Place, Version
from anxiu.regulation.rules.document import Document, Reader, Stored, Written, compose
from anxiu.regulation.rules.preset import Article, Preset, known_part, read_preset
from anxiu.regulation.rules.words import Terms, in_words, is_chinese

VIEW = view(
    "regulation.view",
    posts={
        "agent", "dispatcher", "engineer", "supervisor", "warehouse", "hr", "finance", "management", "partner",
        "administrator",
    },
)  # fmt: skip
VIEW_DRAFTS = view("regulation.view_drafts", posts={"supervisor", "management", "administrator"})
_PRESETS = files("anxiu.regulation") / "presets"
_TERMS = "terms.toml"


@cache
def terms() -> Terms:
    """The words of codes that figures use."""
    written = tomllib.loads((_PRESETS / _TERMS).read_text("utf-8"))
    return Terms(
        {name: {code: Words(words["zh"], words["en"]) for code, words in own.items()} for name, own in written.items()}
    )


@cache
def presets() -> Mapping[str, Preset]:
    """The regulations that ship with this release, by code; the one the others build on first."""
    names = sorted(each.name for each in _PRESETS.iterdir() if each.name.endswith(".toml") and each.name != _TERMS)
    written = {name.removesuffix(".toml"): tomllib.loads((_PRESETS / name).read_text("utf-8")) for name in names}
    found: dict[str, Preset] = {}
    for code in sorted(written, key=lambda each: ("based_on" in written[each], each)):
        found[code] = read_preset(code, written[code], found.get(written[code].get("based_on", "")))
    return found


def preset(code: str) -> Preset:
    """One regulation that ships with this release."""
    if code not in presets():
        raise NotFound("regulation.unknown_preset", preset=code)
    return presets()[code]


def _holding(at: datetime, order_type: str, regions: Q) -> QuerySet[Version]:
    """The versions that hold for an order, the most specific first."""
    # A pilot's version, which has no beginning of its own, holds in its places; there it goes before what holds else.
    begun = Q(in_force_from__lte=at) | Q(in_force_from=None, pilot=None)
    held = Q(state__in=sorted(BEGUN)) & begun & (Q(withdrawn_at=None) | Q(withdrawn_at__gt=at))
    tried = trials(at).filter(regions, order_type__in=["", order_type], pilot__version=OuterRef("pk"))
    return (
        Version.objects.alias(tried=Exists(tried))
        .filter(held | Q(tried=True), regions, order_type__in=["", order_type])
        .order_by(
            F("region").desc(nulls_last=True), F("order_type").desc(), F("tried").desc(),
            F("in_force_from").desc(nulls_last=True), "-pk",
        )
    )  # fmt: skip


def trials(at: datetime) -> QuerySet[Place]:
    """The places of the pilots that run at a moment."""
    return Place.objects.filter(
        Q(pilot__holds_until=None) | Q(pilot__holds_until__gt=at), pilot__starts_at__lte=at
    )


def _in_force(at: datetime, order_type: str, regions: Q) -> QuerySet[Version]:
    return _holding(at, order_type, regions)[:1]


def contenders(region_id: int, order_type: str, at: datetime) -> list[Version]:
    """The versions that held for a region and an order type at a moment: the first one won. One statement."""
    return list(_holding(at, str(order_type), Q(region=None) | Q(region_id=region_id)).select_related("region"))


_IN_FORCE: Final = Prepared[Version](lambda at, kind: _in_force(at, kind, Q(region=None)))
_IN_FORCE_IN: Final = Prepared[Version](
    lambda at, kind, region: _in_force(at, kind, Q(region=None) | Q(region_id=region))
)


def in_force(region_id: int | None, order_type: str, at: datetime) -> Version:
    """The version that holds for a region and an order type at a moment; the most specific wins. One statement.

    `order_type` "" asks what holds for people or the company rather than an order. Of two versions for the same
    scope the one on trial there wins, else the later one; a version without a beginning has always held.
    """
    asked = (at, str(order_type))
    version = _IN_FORCE.first(*asked) if region_id is None else _IN_FORCE_IN.first(*asked, region_id)
    if version is None:
        raise NotFound("regulation.none_in_force")
    return version


def regions_of_their_own(at: datetime) -> QuerySet[Region, int]:
    """The regions that have a version of their own for people at a moment, or one on trial, by key."""
    own = Version.objects.filter(state=VersionState.IN_FORCE, order_type="").exclude(in_force_from__gt=at)
    tried = trials(at).filter(order_type="")
    here = {"region": OuterRef("pk")}
    return Region.objects.filter(Exists(own.filter(**here)) | Exists(tried.filter(**here))).values_list("pk", flat=True)


def figures(version_id: int) -> Mapping[str, object]:
    """A version's figures as written, by key: what the read port of the kernel asks for. One statement."""
    found: dict[str, object] = dict(Figure.objects.filter(version_id=version_id).values_list("key", "raw"))
    if not found:
        raise NotFound("kernel.not_found")
    return found


def versions(actor: Actor) -> QuerySet[Version]:
    """The versions the actor may read; newest first.

    What holds or held: for all, for the actor's regions and home region. What is being written or was given up: by who
    may see drafts, for all and the actor's regions, and by the members of its working group.
    """
    actor.require(VIEW)
    rows = Version.objects.select_related("region", "created_by", "approved_by", "based_on").order_by(
        F("in_force_from").desc(nulls_last=True), "-pk"
    )
    seen = Q() if actor.regions is None else Q(region=None) | Q(region_id__in=actor.regions)
    held = Q(state__in=sorted(HELD))
    asked = held & seen
    if actor.may(VIEW_DRAFTS):
        asked |= ~held & seen
    if actor.person_id is not None:
        if actor.regions is not None:
            asked |= held & Q(region__in=Person.objects.filter(pk=actor.person_id).values("region"))
        asked |= Q(pk__in=Member.objects.filter(person=actor.person_id).values("version"))
    return rows.filter(asked)


def applies(version: Version, region_id: int | None, order_type: str, at: datetime) -> bool:
    """Whether a version holds at a moment for a region and an order type, be another more specific or not.

    One statement for a version on trial, else none.
    """
    if version.state == VersionState.ON_TRIAL:
        here = Q(region=None) | Q(region=region_id) if region_id is not None else Q(region=None)
        return trials(at).filter(here, order_type__in=["", order_type], pilot__version=version).exists()
    began = version.state == VersionState.IN_FORCE and (version.in_force_from is None or version.in_force_from <= at)
    return began and version.region_id in (None, region_id) and version.order_type in ("", order_type)


def under_way(actor: Actor) -> QuerySet[Version]:
    """The versions being written, reviewed or approved that the actor may read, newest first."""
    return versions(actor).filter(state__in=sorted(UNDER_WAY))


def document(actor: Actor, version_id: int, language: str, search: str = "", origin: str = "") -> Document:
    """A version to read in one language; with `search`, only the clauses that hold these words. Three statements, two
    more for a version for a part of the company.

    With `origin`, only the clauses that come from there.
    """
    version = versions(actor).filter(pk=version_id).first()
    if version is None:
        raise NotFound("kernel.not_found")
    stored = stored_figures(version)
    clauses = tuple(_written(each, language) for each in Clause.objects.filter(version_id=version_id))
    return compose(clauses, Reader(stored, values.REGISTRY, terms(), language, search, origin))


def stored_figures(version: Version) -> dict[str, Stored]:
    """The figures of a version to be read; one statement, three for a part of the company.

    What holds for the whole company is said as the company's own version says it, in whichever version it is read.
    """
    rows = list(Figure.objects.filter(version=version))
    if version.region_id is not None or version.order_type:
        company = in_force(None, "", version.withdrawn_at or now())
        whole = [key for key, value in values.REGISTRY.items() if value.scope is values.Scope.COMPANY]
        there = {each.key: each for each in Figure.objects.filter(version=company, key__in=whole)}
        rows = [there.get(each.key, each) for each in rows]
    return {each.key: Stored(each.key, each.raw, each.origin, each.addendum_at) for each in rows}


def preset_document(actor: Actor, code: str, language: str, search: str = "", origin: str = "") -> Document:
    """A preset to read before anybody puts it in force; as `document`. No statement."""
    actor.require(VIEW)
    source = known_part(preset(code), values.REGISTRY)
    clauses = tuple(_worded(each, language) for each in source.articles)
    return compose(clauses, Reader(_stored(source), values.REGISTRY, terms(), language, search, origin))


def known_for(code: str, language: str) -> tuple[tuple[str, str], ...]:
    """What a preset is known for: each label with what it says, its figures in words."""
    source = known_part(preset(code), values.REGISTRY)
    reader = Reader(_stored(source), values.REGISTRY, terms(), language)
    said = (reader.sentence(each.says.in_language(language)) for each in source.known_for)
    return tuple(
        (each.label.in_language(language), "".join(piece.text for piece in sentence))
        for each, sentence in zip(source.known_for, said, strict=True)
    )


def _stored(source: Preset) -> dict[str, Stored]:
    return {key: Stored(key, raw, source.origin(key), None) for key, raw in source.figures.items()}


def _written(clause: Clause, language: str) -> Written:
    zh = is_chinese(language)
    return Written(
        number=clause.number,
        chapter_number=clause.chapter_number,
        chapter_title=clause.chapter_title_zh if zh else clause.chapter_title_en,
        title=clause.title_zh if zh else clause.title_en,
        text=clause.text_zh if zh else clause.text_en,
        values=tuple(clause.value_keys),
        control=clause.control,
        manual=clause.manual_control_zh if zh else clause.manual_control_en,
        addendum_at=clause.addendum_at,
        origin=clause.origin,
    )


def _worded(article: Article, language: str) -> Written:
    return Written(
        number=article.number,
        chapter_number=article.chapter.number,
        chapter_title=article.chapter.title.in_language(language),
        title=article.title.in_language(language),
        text=article.text.in_language(language),
        values=article.values,
        control=article.control,
        manual=article.manual.in_language(language),
        addendum_at=None,
        origin=article.origin,
    )


def clause_about(version_id: int, key: str, language: str) -> str:
    """The title of the clause that governs a value, with its number; nothing when none does."""
    clause = Clause.objects.filter(version_id=version_id, value_keys__contains=[key]).first()
    return f"{clause.number} {clause.title_zh if is_chinese(language) else clause.title_en}" if clause else ""


def figure_in_words(key: str, value: Any, language: str) -> str:
    """A parsed figure of a value as part of a sentence, for explanations."""
    return in_words(values.REGISTRY[key].kind, value, language, terms())


def order_type_in_words(order_type: OrderType, language: str) -> str:
    """What a kind of service is called in the regulation."""
    return terms().of(order_type, language)
