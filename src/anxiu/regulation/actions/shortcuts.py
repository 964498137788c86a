"""Shortcuts for one person who decides alone: a preset or other figures take effect at once, without a draft."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import F

from anxiu.kernel import values
from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import Invalid, Stale
from anxiu.regulation.actions.moves import (
    adopted,
    copy_clauses,
    copy_of,
    held_figures,
    locked,
    new_version,
    require_free_moment,
    require_reach,
    require_region,
    same_scope,
    take_effect,
    tell,
    with_company_figures,
    write,
)
from anxiu.regulation.choices import VersionState
from anxiu.regulation.models import Version
from anxiu.regulation.queries import preset
from anxiu.regulation.rules.preset import Content, changed, content, known_part


@action(posts={"administrator", "management"})
def adopt_preset(
    *, actor: Actor, at: datetime, preset_code: str, in_force_from: datetime, region_id: int | None = None,
    order_type: str = "", changes: Mapping[str, object] | None = None, why: str = "", despite: bool = False,
) -> Version:  # fmt: skip
    """Put a preset in force, with the company's own figures where `changes` (raw figures by key) says so.

    For a region or an order type, figures of company scope are those of the company's own version. `despite` does it
    knowing what speaks against it.

    Records: RegulationAdopted. Refuses: an unknown preset or region, missing, unknown or unreadable figures, a company
    figure changed for a part of it, a clause that nothing holds, a beginning in the past or the very one of another
    version of the same scope, what holds for everybody by who sees some regions only, and what a gate has against it.
    """
    own = dict(changes or {})
    source = known_part(preset(preset_code), values.REGISTRY)
    ready = content(source, values.REGISTRY, own)
    require_reach(actor, region_id)
    require_region(region_id)
    if region_id is not None or order_type:
        figures = with_company_figures(ready.figures, own, in_force_from)
        ready = Content(ready.articles, figures, ready.questions)
    version = new_version(source, actor=actor, at=at)
    version.region_id, version.order_type = region_id, order_type
    require_free_moment(version, in_force_from, at)
    version.save(force_insert=True)
    write(version, ready, None)
    take_effect(version, in_force_from, actor, at, despite=despite)
    tell(version, adopted(version, own, why), actor=actor, at=at)
    return version


@action(posts={"administrator", "management"})
def amend_version(
    *, actor: Actor, at: datetime, version_id: int, in_force_from: datetime, changes: Mapping[str, object],
    why: str = "", despite: bool = False,
) -> Version:  # fmt: skip
    """Put a version in force that differs from another of its scope in the figures of `changes` (raw, by key).

    Records: RegulationAdopted. Refuses: a version that is not the latest of its scope, what `adopt_preset` refuses of
    figures, clauses, moments and gates, and changes that change nothing.
    """
    base = locked(actor, version_id, VersionState.IN_FORCE)
    if base != same_scope(base).order_by(F("in_force_from").desc(nulls_last=True), "-pk").first():
        raise Stale("regulation.not_the_latest")
    held = held_figures(base)
    own = {key: raw for key, raw in changes.items() if key not in held or held[key][0] != raw}
    if not own:
        raise Invalid("regulation.nothing_changed")
    figures = changed(held, values.REGISTRY, own)
    if base.region_id is not None or base.order_type:
        figures = with_company_figures(figures, own, in_force_from)
    version = copy_of(base, actor=actor, at=at)
    require_free_moment(version, in_force_from, at)
    version.save(force_insert=True)
    write(version, Content((), figures), None)
    copy_clauses(base, version)
    take_effect(version, in_force_from, actor, at, despite=despite)
    tell(version, adopted(version, own, why), actor=actor, at=at)
    return version
