"""What the verbs of the regulation have in common: find and lock, check reach, make and fill a version, tell of it."""

from collections.abc import Mapping, Set
from datetime import datetime

from django.db.models import QuerySet

from anxiu.accounts.models import Region
from anxiu.kernel import values
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.errors import GateShut, Invalid, NotAllowed, NotFound, WrongState
from anxiu.kernel.events import Event, Sealed, record
from anxiu.kernel.gates import ask
from anxiu.kernel.values import Scope
from anxiu.regulation.choices import Control, Origin, VersionState
from anxiu.regulation.events import RegulationAdopted
from anxiu.regulation.messages import STATES
from anxiu.regulation.models import Clause, Figure, Question, Version
from anxiu.regulation.queries import in_force, presets, readiness, versions
from anxiu.regulation.rules.preset import Article, Content, Figures, Preset, changed, known_part
from anxiu.regulation.rules.quiz import Situation, Unfit
from anxiu.regulation.rules.readiness import Lack
from anxiu.regulation.rules.text import Placeholder, pieces
from anxiu.regulation.rules.words import as_stored

LONGEST = 4000  # source: own choice; two pages of text
LACKS = {
    Lack.VALUE: "regulation.lacks_value",
    Lack.FIGURE: "regulation.lacks_figure",
    Lack.GATE: "regulation.lacks_gate",
    Lack.UNKNOWN_GATE: "regulation.lacks_unknown_gate",
    Lack.INDICATOR: "regulation.lacks_indicator",
    Lack.UNKNOWN_INDICATOR: "regulation.lacks_unknown_indicator",
    Lack.MANUAL: "regulation.lacks_manual",
}

UNFIT = {
    Unfit.CLAUSE: "regulation.question_lacks_clause",
    Unfit.FIGURE: "regulation.question_lacks_figure",
    Unfit.ALIKE: "regulation.question_alike",
}


def locked(actor: Actor, version_id: int, *states: VersionState) -> Version:
    """A version the actor sees and decides about, locked, in one of these states."""
    version = versions(actor).select_for_update(of=("self",)).filter(pk=version_id).first()
    if version is None:
        raise NotFound("kernel.not_found")
    require_reach(actor, version.region_id)
    require_state(version, *states)
    return version


def require_state(version: Version, *states: VersionState) -> None:
    """Refuse what the version's state does not know."""
    if version.state not in states:
        if states == (VersionState.IN_FORCE,):
            raise WrongState("regulation.not_in_force")
        raise WrongState("regulation.wrong_state", state=STATES[VersionState(version.state)])


def require_reach(actor: Actor, region_id: int | None) -> None:
    """Who sees some regions only decides for those; what holds for everybody is not theirs to set."""
    if region_id is not None:
        actor.require_region(region_id)
    elif actor.regions is not None:
        raise NotAllowed("regulation.for_everybody")


def require_region(region_id: int | None) -> None:
    """Refuse a region that is not there."""
    if region_id is not None and not Region.objects.filter(pk=region_id, retired_at=None).exists():
        raise NotFound("kernel.not_found")


def require_said(text: str, field: str) -> str:
    """A reason or remark, which must not be empty."""
    text = text.strip()
    if not text:
        raise Invalid("kernel.required", field=field)
    if len(text) > LONGEST:
        raise Invalid("kernel.too_long", field=field, limit=LONGEST)
    return text


def tell(version: Version, fact: Event, *, actor: Actor, at: datetime) -> None:
    """Record what happened to a version."""
    record(fact, subject=Subject("regulation", version.pk), region_id=version.region_id, actor=actor, at=at)


# ---- a version and its content ---------------------------------------------------------------------------------------
def new_version(source: Preset, *, actor: Actor, at: datetime) -> Version:
    """A version to be filled from a preset."""
    return Version(
        code=_next_code(source.code), preset=source.code, state=VersionState.DRAFT,
        name_zh=source.name.zh, name_en=source.name.en,
        purpose_zh=source.purpose.zh, purpose_en=source.purpose.en,
        scope_zh=source.scope.zh, scope_en=source.scope.en,
        principles_zh=source.principles.zh, principles_en=source.principles.en,
        created_at=at, created_by_id=actor.person_id,
    )  # fmt: skip


def copy_of(base: Version, *, actor: Actor, at: datetime) -> Version:
    """A version to be filled, for the same scope and with the same purpose, scope and principles as another."""
    return Version(
        code=_next_code(base.preset), preset=base.preset, state=VersionState.DRAFT, based_on=base,
        name_zh=base.name_zh, name_en=base.name_en, purpose_zh=base.purpose_zh, purpose_en=base.purpose_en,
        scope_zh=base.scope_zh, scope_en=base.scope_en,
        principles_zh=base.principles_zh, principles_en=base.principles_en,
        region_id=base.region_id, order_type=base.order_type, created_at=at, created_by_id=actor.person_id,
    )  # fmt: skip


def _next_code(preset_code: str) -> str:
    """A code that counts the versions made from one preset."""
    same = Version.objects.filter(preset=preset_code)
    list(same.select_for_update().values_list("pk", flat=True))  # adoptions queue here, so that the count below holds
    return f"{preset_code}-{same.count() + 1}"


def write(version: Version, ready: Content, addendum_at: datetime | None) -> None:
    """Put articles and figures into a version."""
    Clause.objects.bulk_create([clause_of(version, each, addendum_at) for each in ready.articles])
    Question.objects.bulk_create(
        [question_of(version, each, place, addendum_at) for place, each in enumerate(ready.questions, 1)]
    )
    Figure.objects.bulk_create(
        [
            Figure(version=version, key=key, raw=raw, origin=origin, addendum_at=addendum_at)
            for key, (raw, origin) in ready.figures.items()
        ]
    )


def copy_clauses(base: Version, version: Version) -> None:
    """Put the clauses of one version into another.

    Versions of older releases did not yet name what holds a clause, and know figures that are gone; the preset they
    came from says what does.
    """
    source = presets().get(base.preset)
    articles = {each.number: each for each in known_part(source, values.REGISTRY).articles} if source else {}
    held, clauses = held_figures(base), list(base.clauses.all())
    copies = []
    for clause in clauses:
        governed = {key for each in clauses if each.number != clause.number for key in each.value_keys}
        if set(clause.value_keys) - values.REGISTRY.keys():
            _without_the_gone(clause, articles.get(clause.number), governed, held)
        clause.pk, clause.version, clause.addendum_at = None, version, None
        clause._state.adding = True
        if clause.control == Control.GATE and not clause.enforced_by and clause.number in articles:
            _hold_as(clause, articles[clause.number], governed)
        copies.append(clause)
    Clause.objects.bulk_create(copies)
    _copy_questions(base, version)


def _copy_questions(base: Version, version: Version) -> None:
    copies = list(base.questions.all())
    for each in copies:
        each.pk, each.version, each.addendum_at = None, version, None
        each._state.adding = True
    Question.objects.bulk_create(copies)


def _without_the_gone(
    clause: Clause, article: Article | None, governed: Set[str], held: Mapping[str, tuple[object, Origin]]
) -> None:
    """Let a clause rest on figures that are there: as its preset words it now, or, the company's own, on the others."""
    clause.value_keys = [key for key in clause.value_keys if key in values.REGISTRY]
    theirs = clause.origin != Origin.COMPANY
    if article and (theirs or (clause.control == Control.VALUE and not clause.value_keys)):
        clause.value_keys = []
        _hold_as(clause, article, governed)
    if article and theirs:
        clause.title_zh, clause.title_en = article.title.zh, article.title.en
        clause.text_zh, clause.text_en = article.text.zh, article.text.en
        return
    clause.text_zh = _said_plainly(clause.text_zh, "zh", held)
    clause.text_en = _said_plainly(clause.text_en, "en", held)


def _said_plainly(text: str, language: str, held: Mapping[str, tuple[object, Origin]]) -> str:
    """A text whose gone figures are plain words; the copy does not hold them."""
    def said(piece: str | Placeholder) -> str:
        if isinstance(piece, str):
            return piece
        if piece.key in values.REGISTRY:
            return piece.written
        return as_stored(held[piece.key][0] if piece.key in held else None, language)

    return "".join(map(said, pieces(text)))


def _hold_as(clause: Clause, article: Article, governed: Set[str]) -> None:
    """Hold a clause by what its preset names; figures that another clause governs stay there."""
    if not clause.value_keys:
        clause.value_keys = [key for key in article.values if key not in governed]
    clause.indicators = list(article.indicators)
    clause.control, clause.enforced_by = article.control, list(article.enforced_by)
    clause.manual_control_zh, clause.manual_control_en = article.manual.zh, article.manual.en


def clause_of(version: Version, article: Article, addendum_at: datetime | None) -> Clause:
    """A clause as a preset words it."""
    return Clause(
        version=version, position=article.position, number=article.number,
        chapter_number=article.chapter.number,
        chapter_title_zh=article.chapter.title.zh, chapter_title_en=article.chapter.title.en,
        title_zh=article.title.zh, title_en=article.title.en, text_zh=article.text.zh, text_en=article.text.en,
        value_keys=list(article.values), control=article.control,
        enforced_by=list(article.enforced_by), indicators=list(article.indicators),
        manual_control_zh=article.manual.zh, manual_control_en=article.manual.en, origin=article.origin,
        addendum_at=addendum_at,
    )  # fmt: skip


def question_of(version: Version, asked: Situation, place: int, addendum_at: datetime | None) -> Question:
    """A question as a preset writes it."""
    return put_question(
        Question(version=version, code=asked.code, position=place, origin=Origin.OURS, addendum_at=addendum_at), asked
    )


def put_question(row: Question, asked: Situation) -> Question:
    """Write a question into its row."""
    row.number, row.posts = asked.number, list(asked.posts)
    row.situation_zh, row.situation_en = asked.situation.zh, asked.situation.en
    row.why_zh, row.why_en = asked.why.zh, asked.why.en
    row.options = [{"zh": each.words.zh, "en": each.words.en, "right": each.right} for each in asked.choices]
    return row


def held_figures(version: Version) -> dict[str, tuple[object, Origin]]:
    """A version's figures as written, and whose they are."""
    return {each.key: (each.raw, Origin(each.origin)) for each in version.figures.all()}


def with_company_figures(figures: Figures, own: Mapping[str, object], at: datetime) -> Figures:
    """A region or an order type may differ in what orders and people are judged by, not in what holds company-wide."""
    company = {key for key in figures if key in values.REGISTRY and values.REGISTRY[key].scope is Scope.COMPANY}
    if wrong := sorted(company & own.keys()):
        raise Invalid("regulation.company_figure", field="changes", keys=", ".join(wrong))
    held = held_figures(in_force(None, "", at))
    return {**figures, **{key: held[key] for key in company & held.keys()}}


# ---- taking effect ---------------------------------------------------------------------------------------------------
def same_scope(version: Version) -> QuerySet[Version]:
    """The versions in force for the very scope of this one."""
    rows = Version.objects.filter(order_type=version.order_type, state=VersionState.IN_FORCE)
    return rows.filter(region=None) if version.region_id is None else rows.filter(region_id=version.region_id)


def require_free_moment(version: Version, in_force_from: datetime, at: datetime) -> None:
    """Refuse a beginning in the past, or the very one of another version of the scope."""
    if in_force_from < at:
        raise Invalid("regulation.already_began", field="in_force_from")
    if same_scope(version).filter(in_force_from=in_force_from).exists():
        raise Invalid("regulation.moment_taken", field="in_force_from")


def take_effect(version: Version, in_force_from: datetime, actor: Actor, at: datetime, *, despite: bool) -> None:
    """Put a version in force: every figure is there, every clause is held, and no gate has anything against it.

    Whoever knows what a gate that yields has against it may do it all the same.
    """
    require_held(version)
    version.in_force_from = in_force_from
    _ask_the_gates(version, actor, at, despite=despite)
    begin(version, in_force_from)


def require_held(version: Version) -> None:
    """Refuse a version with a figure missing, or a clause that nothing holds."""
    changed(held_figures(version), values.REGISTRY, {})  # complete, readable, and fitting each other
    if not (found := readiness(version.pk)).is_ready:
        lacks = [
            Invalid(LACKS[each.lack], number=each.number, names=", ".join(each.names))
            for each in found.lacking if each.lack
        ]  # fmt: skip
        lacks += [Invalid(UNFIT[each.unfit], question=each.code, number=each.number) for each in found.unfit]
        raise GateShut("regulation.not_ready", missing=tuple(lacks))


def begin(version: Version, in_force_from: datetime | None) -> None:
    """Let a version hold from a moment on; without one it has always held."""
    version.state, version.in_force_from = VersionState.IN_FORCE, in_force_from
    version.save(update_fields=["state", "in_force_from"])


def _ask_the_gates(version: Version, actor: Actor, at: datetime, *, despite: bool) -> None:
    """What the apps above have against it; `despite` is about what yields to it, and nothing else."""
    shut = [each for each in ask([version], "put_in_force", actor, at)[version.pk] if not (each.yields and despite)]
    if missing := tuple(each for verdict in shut for each in verdict.missing):
        field = "despite" if all(each.yields for each in shut) else ""
        raise GateShut("regulation.speaks_against", field=field, missing=missing)


def own_figures(version: Version) -> dict[str, object]:
    """The figures of a version that the company set itself, as written."""
    return dict(Figure.objects.filter(version=version, origin=Origin.COMPANY).values_list("key", "raw"))


def adopted(version: Version, changed: Mapping[str, object], why: str) -> RegulationAdopted:
    """The fact that a version holds from its moment on."""
    return RegulationAdopted(
        version.code, version.preset, version.order_type, version.in_force_from, tuple(sorted(changed)), Sealed(why)
    )
