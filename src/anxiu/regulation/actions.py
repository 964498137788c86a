"""The only way to change regulations."""

import logging
from collections.abc import Mapping
from datetime import datetime

from django.db.models import F, QuerySet

from anxiu.accounts.models import Region
from anxiu.kernel import values
from anxiu.kernel.action import action, in_transaction
from anxiu.kernel.actor import SYSTEM, Actor, Subject
from anxiu.kernel.errors import GateShut, Invalid, NotAllowed, NotFound, Stale, WrongState
from anxiu.kernel.events import record
from anxiu.kernel.gates import ask
from anxiu.kernel.time import now
from anxiu.kernel.values import REGISTRY, Scope
from anxiu.regulation.choices import Origin, VersionState
from anxiu.regulation.events import AddendumAdded, RegulationAdopted, RegulationWithdrawn
from anxiu.regulation.models import Clause, Figure, Version
from anxiu.regulation.queries import in_force, preset, presets, versions
from anxiu.regulation.rules.preset import Article, Content, Figures, Preset, addendum, changed, content, known_part

log = logging.getLogger(__name__)

FIRST = "default"


@action(posts={"administrator", "management"})
def adopt_preset(
    *, actor: Actor, at: datetime, preset_code: str, in_force_from: datetime, region_id: int | None = None,
    order_type: str = "", changes: Mapping[str, object] | None = None, despite: bool = False,
) -> Version:  # fmt: skip
    """Put a preset in force, with the company's own figures where `changes` (raw figures by key) says so.

    For a region or an order type, figures of company scope are those of the company's own version. `despite` does it
    knowing what speaks against it.

    Records: RegulationAdopted. Refuses: an unknown preset or region, missing, unknown or unreadable figures, a company
    figure changed for a part of it, a beginning in the past or the very one of another version of the same scope, what
    holds for everybody by who sees some regions only, and what a gate has against it.
    """
    own = dict(changes or {})
    source = known_part(preset(preset_code), REGISTRY)
    ready = content(source, REGISTRY, own)
    _require_reach(actor, region_id)
    if region_id is not None and not Region.objects.filter(pk=region_id, retired_at=None).exists():
        raise NotFound("kernel.not_found")
    if region_id is not None or order_type:
        ready = Content(ready.articles, _with_company_figures(ready.figures, own, in_force_from))
    version = _draft(source, actor=actor, at=at)
    version.region_id, version.order_type, version.in_force_from = region_id, order_type, in_force_from
    _require_free_moment(version, at)
    version.save(force_insert=True)
    _write(version, ready, None)
    _ask_the_gates(version, actor, at, despite=despite)
    return _adopted(version, own, actor=actor, at=at)


@action(posts={"administrator", "management"})
def amend_version(
    *, actor: Actor, at: datetime, version_id: int, in_force_from: datetime, changes: Mapping[str, object],
    despite: bool = False,
) -> Version:  # fmt: skip
    """Put a version in force that differs from another of its scope in the figures of `changes` (raw, by key).

    Records: RegulationAdopted. Refuses: a version that is not the latest of its scope, what `adopt_preset` refuses of
    figures, moments and gates, and changes that change nothing.
    """
    base = versions(actor).select_for_update(of=("self",)).filter(pk=version_id).first()
    if base is None:
        raise NotFound("kernel.not_found")
    _require_reach(actor, base.region_id)
    if base.state != VersionState.IN_FORCE:
        raise WrongState("regulation.not_in_force")
    if base != _same_scope(base).order_by(F("in_force_from").desc(nulls_last=True), "-pk").first():
        raise Stale("regulation.not_the_latest")
    held = {each.key: (each.raw, Origin(each.origin)) for each in base.figures.all()}
    own = {key: raw for key, raw in changes.items() if key not in held or held[key][0] != raw}
    if not own:
        raise Invalid("regulation.nothing_changed")
    figures = changed(held, REGISTRY, own)
    if base.region_id is not None or base.order_type:
        figures = _with_company_figures(figures, own, in_force_from)
    version = _copy(base, actor=actor, at=at)
    version.in_force_from = in_force_from
    _require_free_moment(version, at)
    version.save(force_insert=True)
    _write(version, Content((), figures), None)
    Clause.objects.bulk_create([_copied(each, version) for each in base.clauses.all()])
    _ask_the_gates(version, actor, at, despite=despite)
    return _adopted(version, own, actor=actor, at=at)


@action(posts={"administrator", "management"})
def withdraw_version(*, actor: Actor, at: datetime, version_id: int) -> None:
    """End a version; what was judged by it stays as it is.

    Records: RegulationWithdrawn. Refuses: a version not in force, the last one that holds for everybody.
    """
    version = versions(actor).select_for_update(of=("self",)).filter(pk=version_id).first()
    if version is None:
        raise NotFound("kernel.not_found")
    _require_reach(actor, version.region_id)
    if version.state != VersionState.IN_FORCE:
        raise WrongState("regulation.not_in_force")
    for_all = version.region_id is None and not version.order_type
    if for_all and not _for_all_at(at).exclude(pk=version.pk).exists():
        raise WrongState("regulation.last_one")
    version.state, version.withdrawn_at = VersionState.WITHDRAWN, at
    version.save(update_fields=["state", "withdrawn_at"])
    record(
        RegulationWithdrawn(version.code),
        subject=Subject("regulation", version.pk), region_id=version.region_id, actor=actor, at=at,
    )  # fmt: skip


def install() -> None:
    """Put the default regulation in force on a new installation, and add to the others what a new release brings.

    Run after every migration.
    """
    in_transaction(_install)


def _install() -> None:
    at = now()
    if not Version.objects.exists():
        known = known_part(preset(FIRST), REGISTRY)
        if missing := sorted(REGISTRY.keys() - known.figures.keys()):
            log.error("values without a figure in the default regulation: %s", ", ".join(missing))
        version = _draft(known, actor=SYSTEM, at=at)
        version.save(force_insert=True)
        _write(version, content(known, {key: REGISTRY[key] for key in known.figures}, {}), None)
        _put_in_force(version)
        record(
            RegulationAdopted(version.code, FIRST, "", None, ()),
            subject=Subject("regulation", version.pk), region_id=None, actor=SYSTEM, at=at,
        )  # fmt: skip
        return
    for version in Version.objects.select_for_update().filter(state=VersionState.IN_FORCE):
        _add_addendum(version, at)


def _add_addendum(version: Version, at: datetime) -> None:
    source = presets().get(version.preset)
    if source is None:
        log.error("regulation %s came from preset %s, which this release does not have", version.code, version.preset)
        return
    held = frozenset(version.figures.values_list("key", flat=True))
    numbers = frozenset(version.clauses.values_list("number", flat=True))
    new = addendum(known_part(source, REGISTRY), held, numbers)
    if new.figures:
        _write(version, new, at)
        values.forget(version.pk)
        record(
            AddendumAdded(version.code, tuple(sorted(new.figures))),
            subject=Subject("regulation", version.pk), region_id=version.region_id, actor=SYSTEM, at=at,
        )  # fmt: skip


def _for_all_at(at: datetime) -> QuerySet[Version]:
    return Version.objects.filter(state=VersionState.IN_FORCE, region=None, order_type="").exclude(in_force_from__gt=at)


def _require_reach(actor: Actor, region_id: int | None) -> None:
    """Who sees some regions only decides for those; what holds for everybody is not theirs to set."""
    if region_id is not None:
        actor.require_region(region_id)
    elif actor.regions is not None:
        raise NotAllowed("regulation.for_everybody")


def _same_scope(version: Version) -> QuerySet[Version]:
    rows = Version.objects.filter(order_type=version.order_type, state=VersionState.IN_FORCE)
    return rows.filter(region=None) if version.region_id is None else rows.filter(region_id=version.region_id)


def _require_free_moment(version: Version, at: datetime) -> None:
    if version.in_force_from is None or version.in_force_from < at:
        raise Invalid("regulation.already_began", field="in_force_from")
    if _same_scope(version).filter(in_force_from=version.in_force_from).exists():
        raise Invalid("regulation.moment_taken", field="in_force_from")


def _ask_the_gates(version: Version, actor: Actor, at: datetime, *, despite: bool) -> None:
    """What the apps above have against it; whoever knows may do it all the same."""
    shut = ask([version], "put_in_force", actor, at)[version.pk]
    missing = tuple(each for verdict in shut for each in verdict.missing)
    if missing and not despite:
        raise GateShut("regulation.speaks_against", field="despite", missing=missing)


def _adopted(version: Version, own: Mapping[str, object], *, actor: Actor, at: datetime) -> Version:
    _put_in_force(version)
    record(
        RegulationAdopted(
            version.code, version.preset, version.order_type, version.in_force_from, tuple(sorted(own))
        ),
        subject=Subject("regulation", version.pk), region_id=version.region_id, actor=actor, at=at,
    )  # fmt: skip
    return version


def _with_company_figures(figures: Figures, own: Mapping[str, object], at: datetime) -> Figures:
    """A region or an order type may differ in what orders and people are judged by, not in what holds company-wide."""
    company = {key for key in figures if REGISTRY[key].scope is Scope.COMPANY}
    if wrong := sorted(company & own.keys()):
        raise Invalid("regulation.company_figure", field="changes", keys=", ".join(wrong))
    held = {each.key: (each.raw, Origin(each.origin)) for each in Figure.objects.filter(version=in_force(None, "", at))}
    return {**figures, **{key: held[key] for key in company & held.keys()}}


def _next_code(preset_code: str) -> str:
    """A code that counts the versions made from one preset."""
    same = Version.objects.filter(preset=preset_code)
    list(same.select_for_update().values_list("pk", flat=True))  # adoptions queue here, so that the count below holds
    return f"{preset_code}-{same.count() + 1}"


def _draft(source: Preset, *, actor: Actor, at: datetime) -> Version:
    """A version to be filled."""
    return Version(
        code=_next_code(source.code), preset=source.code, state=VersionState.DRAFT,
        name_zh=source.name.zh, name_en=source.name.en,
        purpose_zh=source.purpose.zh, purpose_en=source.purpose.en,
        scope_zh=source.scope.zh, scope_en=source.scope.en,
        principles_zh=source.principles.zh, principles_en=source.principles.en,
        created_at=at, created_by_id=actor.person_id,
    )  # fmt: skip


def _copy(base: Version, *, actor: Actor, at: datetime) -> Version:
    """A version to be filled, for the same scope and with the same purpose, scope and principles as another."""
    return Version(
        code=_next_code(base.preset), preset=base.preset, state=VersionState.DRAFT,
        name_zh=base.name_zh, name_en=base.name_en, purpose_zh=base.purpose_zh, purpose_en=base.purpose_en,
        scope_zh=base.scope_zh, scope_en=base.scope_en,
        principles_zh=base.principles_zh, principles_en=base.principles_en,
        region_id=base.region_id, order_type=base.order_type, created_at=at, created_by_id=actor.person_id,
    )  # fmt: skip


def _copied(clause: Clause, version: Version) -> Clause:
    clause.pk, clause.version, clause.addendum_at = None, version, None
    clause._state.adding = True
    return clause


def _write(version: Version, ready: Content, addendum_at: datetime | None) -> None:
    Clause.objects.bulk_create([_clause(version, each, addendum_at) for each in ready.articles])
    Figure.objects.bulk_create(
        [
            Figure(version=version, key=key, raw=raw, origin=origin, addendum_at=addendum_at)
            for key, (raw, origin) in ready.figures.items()
        ]
    )


def _clause(version: Version, article: Article, addendum_at: datetime | None) -> Clause:
    return Clause(
        version=version, position=article.position, number=article.number,
        chapter_number=article.chapter.number,
        chapter_title_zh=article.chapter.title.zh, chapter_title_en=article.chapter.title.en,
        title_zh=article.title.zh, title_en=article.title.en, text_zh=article.text.zh, text_en=article.text.en,
        value_keys=list(article.values), control=article.control,
        manual_control_zh=article.manual.zh, manual_control_en=article.manual.en, origin=article.origin,
        addendum_at=addendum_at,
    )  # fmt: skip


def _put_in_force(version: Version) -> None:
    version.state = VersionState.IN_FORCE
    version.save(update_fields=["state"])
