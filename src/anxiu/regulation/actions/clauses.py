"""Writing, adding and removing clauses of a draft; each change with its reason."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from anxiu.kernel import values
from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import Invalid, NotFound
from anxiu.kernel.events import Sealed, canonical
from anxiu.kernel.values import Words
from anxiu.regulation.actions.moves import locked, require_said, tell
from anxiu.regulation.choices import Control, Origin, VersionState
from anxiu.regulation.events import ClauseAdded, ClauseRemoved, ClauseWritten
from anxiu.regulation.models import Clause, Version
from anxiu.regulation.queries import figures, known_of, presets
from anxiu.regulation.rules.drafting import Around, Wording, place_of, require_wording
from anxiu.regulation.rules.preset import known_part

CHAPTER = 80  # source: the column's width


@action(posts={"administrator", "management", "supervisor"})
def write_clause(*, actor: Actor, at: datetime, version_id: int, number: str, wording: Wording, why: str) -> Clause:
    """Word a clause of a draft anew, or say what holds it.

    Records: ClauseWritten. Refuses: no reason, a clause that is not there, an empty part, languages that say different
    figures, figures nobody knows or another clause governs, a control that does not exist, nothing changed.
    """
    version = locked(actor, version_id, VersionState.DRAFT)
    why = require_said(why, "why")
    clause = _clause(version, number)
    require_wording(number, wording, _around(version))
    old, new = written(wording_of(clause)), written(wording)
    if old == new:
        raise Invalid("regulation.nothing_changed")
    _put(clause, wording)
    clause.origin = _origin(version, number, wording)
    clause.save()
    fact = ClauseWritten(version.code, number, Sealed(canonical(old)), Sealed(canonical(new)), Sealed(why))
    tell(version, fact, actor=actor, at=at)
    return clause


@action(posts={"administrator", "management", "supervisor"})
def add_clause(
    *, actor: Actor, at: datetime, version_id: int, number: str, wording: Wording, why: str,
    chapter: Words | None = None,
) -> Clause:  # fmt: skip
    """Add a clause to a draft under a free number; a chapter that is not there yet needs its title.

    Records: ClauseAdded. Refuses: no reason, a number that is none or taken, a new chapter without a title, what
    `write_clause` refuses of a wording.
    """
    version = locked(actor, version_id, VersionState.DRAFT)
    why = require_said(why, "why")
    chapter_number, position = place_of(number)
    if Clause.objects.filter(version=version, number=number).exists():
        raise Invalid("regulation.number_taken", field="number", number=number)
    require_wording(number, wording, _around(version))
    title = _chapter(version, chapter_number, chapter)
    clause = Clause(
        version=version, number=number, position=position, chapter_number=chapter_number,
        chapter_title_zh=title.zh, chapter_title_en=title.en,
    )  # fmt: skip
    _put(clause, wording)
    clause.origin = _origin(version, number, wording)
    clause.save(force_insert=True)
    fact = ClauseAdded(version.code, number, Sealed(canonical(written(wording))), Sealed(why))
    tell(version, fact, actor=actor, at=at)
    return clause


@action(posts={"administrator", "management", "supervisor"})
def remove_clause(*, actor: Actor, at: datetime, version_id: int, number: str, why: str) -> None:
    """Take a clause out of a draft; the figures it governed stay, until another clause governs them.

    Records: ClauseRemoved. Refuses: no reason, a clause that is not there, a version that is no draft.
    """
    version = locked(actor, version_id, VersionState.DRAFT)
    why = require_said(why, "why")
    clause = _clause(version, number)
    chapter = {"zh": clause.chapter_title_zh, "en": clause.chapter_title_en}
    old = {**written(wording_of(clause)), "chapter": chapter}
    clause.delete()
    tell(version, ClauseRemoved(version.code, number, Sealed(canonical(old)), Sealed(why)), actor=actor, at=at)


def wording_of(clause: Clause) -> Wording:
    """A stored clause as somebody would write it."""
    return Wording(
        Words(clause.title_zh, clause.title_en), Words(clause.text_zh, clause.text_en), Control(clause.control),
        tuple(clause.value_keys), tuple(clause.enforced_by), tuple(clause.indicators),
        Words(clause.manual_control_zh, clause.manual_control_en),
    )  # fmt: skip


def written(wording: Wording) -> Mapping[str, Any]:
    """A wording as it is kept with the event."""
    return asdict(wording)


def _clause(version: Version, number: str) -> Clause:
    clause = Clause.objects.filter(version=version, number=number).first()
    if clause is None:
        raise NotFound("kernel.not_found")
    return clause


def _around(version: Version) -> Around:
    rows = Clause.objects.filter(version=version).values_list("number", "value_keys")
    governed = {key: number for number, keys in rows for key in keys}
    return Around(known_of(version.pk), values.REGISTRY, figures(version.pk), governed)


def _chapter(version: Version, number: int, given: Words | None) -> Words:
    """The chapter's title: that of the chapter that is there, else the given one."""
    there = Clause.objects.filter(version=version, chapter_number=number).first()
    if there is not None:
        return Words(there.chapter_title_zh, there.chapter_title_en)
    if given is None or not given.zh.strip() or not given.en.strip():
        raise Invalid("regulation.chapter_untitled", field="chapter_zh", number=number)
    if max(len(given.zh), len(given.en)) > CHAPTER:
        raise Invalid("kernel.too_long", field="chapter_zh", limit=CHAPTER)
    return Words(given.zh.strip(), given.en.strip())


def _origin(version: Version, number: str, wording: Wording) -> Origin:
    """A clause that is again what the draft began with is as much the publication's, or ours, as it was."""
    base = Clause.objects.filter(version=version.based_on_id, number=number).first() if version.based_on_id else None
    if base is not None:
        return Origin(base.origin) if written(wording_of(base)) == written(wording) else Origin.COMPANY
    source = presets().get(version.preset)
    known = known_part(source, values.REGISTRY).articles if source else ()
    article = next((each for each in known if each.number == number), None)
    if article is None:
        return Origin.COMPANY
    theirs = Wording(
        article.title, article.text, article.control, article.values, article.enforced_by, article.indicators,
        article.manual,
    )  # fmt: skip
    return article.origin if written(theirs) == written(wording) else Origin.COMPANY


def _put(clause: Clause, wording: Wording) -> None:
    clause.title_zh, clause.title_en = wording.title.zh.strip(), wording.title.en.strip()
    clause.text_zh, clause.text_en = wording.text.zh, wording.text.en
    clause.control, clause.value_keys = wording.control, list(wording.values)
    clause.enforced_by, clause.indicators = list(wording.enforced_by), list(wording.indicators)
    clause.manual_control_zh, clause.manual_control_en = wording.manual.zh.strip(), wording.manual.en.strip()
