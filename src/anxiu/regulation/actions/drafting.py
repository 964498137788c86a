"""Beginning a draft, and changing its description and its figures: one change and one reason at a time."""

from dataclasses import dataclass, fields
from datetime import datetime

from django.utils.functional import lazy

from anxiu.kernel import values
from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import Invalid, NotFound
from anxiu.kernel.events import Sealed, canonical
from anxiu.kernel.messages import explain
from anxiu.kernel.values import Scope
from anxiu.regulation.actions.moves import (
    copy_clauses,
    copy_of,
    held_figures,
    locked,
    new_version,
    require_reach,
    require_region,
    require_said,
    tell,
    with_company_figures,
    write,
)
from anxiu.regulation.choices import OrderType, Origin, VersionState
from anxiu.regulation.events import DraftDescribed, DraftStarted, FigureSet
from anxiu.regulation.models import Clause, Figure, Version
from anxiu.regulation.queries import preset, presets, versions
from anxiu.regulation.rules.preset import Content, content, known_part, unfit

_explained = lazy(explain, str)
NAME = 120  # source: the column's width
TEXT = 8000  # source: own choice; four pages


@dataclass(frozen=True, slots=True)
class Description:
    """What stands before the first chapter, in both languages; a part left out stays as it is."""

    name_zh: str | None = None
    name_en: str | None = None
    purpose_zh: str | None = None
    purpose_en: str | None = None
    scope_zh: str | None = None
    scope_en: str | None = None
    principles_zh: str | None = None
    principles_en: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """What a draft begins from: a preset of this release, or a version that is there."""

    preset_code: str = ""
    version_id: int | None = None


@action(posts={"administrator", "management", "supervisor"})
def start_draft(
    *, actor: Actor, at: datetime, source: Source, why: str, region_id: int | None = None, order_type: str = ""
) -> Version:
    """Begin a draft from a preset or from any version, for everybody, a region, an order type, or both.

    For a region or an order type, figures of company scope are those of the company's own version.

    Records: DraftStarted. Refuses: no reason, a preset, version, region or order type that is not there, what holds for
    everybody by who sees some regions only.
    """
    why = require_said(why, "why")
    require_reach(actor, region_id)
    require_region(region_id)
    if order_type and order_type not in set(OrderType):
        raise Invalid("kernel.not_a_choice", field="order_type", given=order_type)
    base = None
    if source.version_id is not None:
        base = versions(actor).filter(pk=source.version_id).first()
        if base is None:
            raise NotFound("kernel.not_found")
        version, ready = copy_of(base, actor=actor, at=at), Content((), _known_figures(base))
    else:
        known = known_part(preset(source.preset_code), values.REGISTRY)
        version, ready = new_version(known, actor=actor, at=at), content(known, values.REGISTRY, {})
    version.region_id, version.order_type = region_id, order_type
    if region_id is not None or order_type:
        ready = Content(ready.articles, with_company_figures(ready.figures, {}, at), ready.questions)
    version.save(force_insert=True)
    write(version, ready, None)
    if base is not None:
        copy_clauses(base, version)
    came_from = base.code if base is not None else source.preset_code
    tell(version, DraftStarted(version.code, came_from, order_type, Sealed(why)), actor=actor, at=at)
    return version


def _known_figures(base: Version) -> dict[str, tuple[object, Origin]]:
    return {key: held for key, held in held_figures(base).items() if key in values.REGISTRY}


@action(posts={"administrator", "management", "supervisor"})
def describe_draft(*, actor: Actor, at: datetime, version_id: int, description: Description, why: str) -> Version:
    """Write a draft's name, purpose, scope or principles.

    Records: DraftDescribed. Refuses: no reason, an empty or overlong part, nothing changed, a version that is no draft.
    """
    version = locked(actor, version_id, VersionState.DRAFT)
    why = require_said(why, "why")
    given = {each.name: getattr(description, each.name) for each in fields(description)}
    said = {name: text.strip() for name, text in given.items() if text is not None}
    new = {name: text for name, text in said.items() if text != getattr(version, name)}
    for name, text in new.items():
        if not text:
            raise Invalid("kernel.required", field=name)
        limit = NAME if name.startswith("name") else TEXT
        if len(text) > limit:
            raise Invalid("kernel.too_long", field=name, limit=limit)
    if not new:
        raise Invalid("regulation.nothing_changed")
    old = {name: getattr(version, name) for name in new}
    for name, text in new.items():
        setattr(version, name, text)
    version.save(update_fields=sorted(new))
    fact = DraftDescribed(
        version.code, tuple(sorted(new)), Sealed(canonical(old)), Sealed(canonical(new)), Sealed(why)
    )
    tell(version, fact, actor=actor, at=at)
    return version


@action(posts={"administrator", "management", "supervisor"})
def set_figure(*, actor: Actor, at: datetime, version_id: int, key: str, raw: object, why: str) -> Figure:
    """Set a figure of a draft, as its kind writes it.

    Records: FigureSet. Refuses: no reason, a key nobody knows, a figure out of range or one that does not fit the
    others (naming clause and reason), one of the whole company in a version for a part of it, nothing changed, a
    version that is no draft.
    """
    version = locked(actor, version_id, VersionState.DRAFT)
    why = require_said(why, "why")
    if key not in values.REGISTRY:
        raise Invalid("regulation.figures_unknown", field="key", keys=key)
    if (version.region_id is not None or version.order_type) and values.REGISTRY[key].scope is Scope.COMPANY:
        raise Invalid("regulation.company_figure", field="key", keys=key)
    number = Clause.objects.filter(version=version, value_keys__contains=[key]).values_list("number", flat=True).first()
    raw = _readable(key, raw, number or "")
    figure = Figure.objects.filter(version=version, key=key).first()
    if figure is not None and figure.raw == raw:
        raise Invalid("regulation.nothing_changed")
    figure = figure or Figure(version=version, key=key)
    _require_fitting(version, key, raw, number or "")
    old, figure.raw, figure.origin = figure.raw, raw, _origin(version, key, raw)
    figure.save()
    values.forget(version.pk)
    fact = FigureSet(
        version.code, key, number or "", Sealed(canonical(old)), Sealed(canonical(raw)), Sealed(why)
    )
    tell(version, fact, actor=actor, at=at)
    return figure


def _readable(key: str, raw: object, number: str) -> object:
    """The figure as its kind writes it, or a refusal that names the clause and the reason."""
    kind = values.REGISTRY[key].kind
    try:
        return kind.dump(kind.parse(raw))
    except Invalid as wrong:
        expected, given = wrong.params.get("expected", ""), wrong.params.get("given", "")
        code = "regulation.figure_refused" if number else "regulation.figure_wrong"
        raise Invalid(code, field="raw", number=number, key=key, expected=expected, given=given) from None


def _require_fitting(version: Version, key: str, raw: object, number: str) -> None:
    """Refuse a figure that brings a fault which was not there: on the way to a whole version each step only mends."""
    held = held_figures(version)
    if values.REGISTRY.keys() - held.keys() - {key}:
        return  # of a figure that is missing nothing can be said; the version does not take effect without it
    before = {_told(each) for each in unfit(held, values.REGISTRY)} if key in held else set()
    after = unfit({**held, key: (raw, Origin.COMPANY)}, values.REGISTRY)
    if new := tuple(each for each in after if _told(each) not in before):
        code = "regulation.figure_unfit" if number else "regulation.unfit"
        errors = tuple(Invalid(code, field="raw", number=number, fault=_explained(each)) for each in new)
        raise Invalid(code, field="raw", errors=errors, **errors[0].params)


def _told(fault: Invalid) -> tuple[str, tuple[str, ...]]:
    return fault.code, tuple(f"{name}={said}" for name, said in sorted(fault.params.items()))


def _origin(version: Version, key: str, raw: object) -> Origin:
    """A figure that is again what the draft began with, or what the preset says, is whose it was."""
    base = Figure.objects.filter(version=version.based_on_id, key=key).first() if version.based_on_id else None
    if base is not None and base.raw == raw:
        return Origin(base.origin)
    source = presets().get(version.preset)
    if source is None or key not in source.figures:
        return Origin.COMPANY
    kind = values.REGISTRY[key].kind
    same = kind.dump(kind.parse(source.figures[key])) == raw
    return source.origin(key) if same else Origin.COMPANY
