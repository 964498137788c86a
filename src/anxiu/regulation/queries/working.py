"""Reading what a version is worked on by: its readiness, its group and comments, and who changed what, why."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, cast

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from anxiu.accounts.models import Person
from anxiu.kernel import values
from anxiu.kernel.action import VERBS, VIEWS
from anxiu.kernel.actor import ACCOUNTS, Actor
from anxiu.kernel.errors import NotFound
from anxiu.kernel.gates import names as gate_names
from anxiu.kernel.models import EventRow, SealedText
from anxiu.kernel.subscribers import REACTORS
from anxiu.kernel.values import Words
from anxiu.regulation.choices import UNDER_WAY, Control, VersionState
from anxiu.regulation.models import Clause, Comment, Figure, Member, Question, Version
from anxiu.regulation.queries.quiz import situation_of, speaker, unfit_among
from anxiu.regulation.queries.reading import VIEW_DRAFTS, figures, versions
from anxiu.regulation.rules.controls import GUARDS, INDICATORS
from anxiu.regulation.rules.readiness import Held, Known, Readiness
from anxiu.regulation.rules.readiness import readiness as judged

WRITING: Final = (
    "regulation.draft_started", "regulation.draft_described", "regulation.figure_set", "regulation.clause_written",
    "regulation.clause_added", "regulation.clause_removed", "regulation.question_added", "regulation.question_written",
    "regulation.question_removed", "regulation.question_moved",
)  # fmt: skip


def enforcers() -> frozenset[str]:
    """Everything that a clause held by a gate may name: verbs, rights to see, gates, reactors, guards."""
    return frozenset({*VERBS, *VIEWS, *gate_names(), *REACTORS, *GUARDS})


def known_of(version_id: int) -> Known:
    """What the clauses of a version may rest on; one statement."""
    keys = Figure.objects.filter(version_id=version_id).values_list("key", flat=True)
    return Known(frozenset(keys) & values.REGISTRY.keys(), enforcers(), frozenset(INDICATORS))


def readiness(version_id: int) -> Readiness:
    """The readiness list of a version; four statements."""
    clauses, said = list(Clause.objects.filter(version_id=version_id)), speaker(version_id)
    known = Known(frozenset(said.stored) & values.REGISTRY.keys(), enforcers(), frozenset(INDICATORS))
    asked = map(situation_of, Question.objects.filter(version_id=version_id).order_by("position", "id"))
    return judged(map(_held, clauses), known, unfit_among(asked, {each.number for each in clauses}, said))


def _held(clause: Clause) -> Held:
    return Held(
        clause.number, Words(clause.title_zh, clause.title_en), Control(clause.control), tuple(clause.value_keys),
        tuple(clause.enforced_by), tuple(clause.indicators),
        Words(clause.manual_control_zh, clause.manual_control_en),
    )  # fmt: skip


def require_readable(actor: Actor, version_id: int) -> None:
    """As if it were not there, unless the actor may read it."""
    if not versions(actor).filter(pk=version_id).exists():
        raise NotFound("kernel.not_found")


def questions(actor: Actor, version_id: int) -> QuerySet[Question]:
    """The questions of a version, in order."""
    require_readable(actor, version_id)
    return Question.objects.filter(version_id=version_id).order_by("position", "id")


def group(actor: Actor, version_id: int) -> QuerySet[Member]:
    """The working group of a version."""
    require_readable(actor, version_id)
    return Member.objects.filter(version_id=version_id).select_related("person").order_by("pk")


def comments(actor: Actor, version_id: int) -> QuerySet[Comment]:
    """What was said of a version under review; nothing to whom it is not for."""
    require_readable(actor, version_id)
    rows = Comment.objects.filter(version_id=version_id).select_related("author", "settled_by").order_by("pk")
    return rows if _takes_part(actor, version_id) else rows.none()


def _takes_part(actor: Actor, version_id: int) -> bool:
    """Whether what was said on the way to a version is for the actor: who may see drafts, and its working group."""
    return actor.may(VIEW_DRAFTS) or Member.objects.filter(version=version_id, person=actor.person_id).exists()


def authors_of(version: Version) -> set[int | None]:
    """Whoever wrote a part of a version since it was begun."""
    rows = EventRow.objects.filter(subject_kind="regulation", subject_id=version.pk, kind__in=WRITING)
    return set(rows.values_list("actor_id", flat=True).distinct())


@dataclass(frozen=True, slots=True)
class MovedOn:
    """What changed in the version a draft began from: the one that holds instead of it, figures by key, clauses."""

    latest: Version
    figures: tuple[str, ...]
    clauses: tuple[str, ...]


def moved_on(actor: Actor, version: Version) -> MovedOn | None:
    """What a version under way does not know yet, because a later version of its base's scope came; six statements."""
    base = version.based_on
    if base is None or version.state not in UNDER_WAY:
        return None
    rows = versions(actor).filter(state=VersionState.IN_FORCE, order_type=base.order_type, region=base.region_id)
    latest = rows.first()
    if latest is None or latest == base or latest.created_at <= version.created_at:
        return None
    old, new = figures(base.pk), figures(latest.pk)
    keys = sorted(key for key in new.keys() & values.REGISTRY.keys() if old.get(key) != new[key])
    texts = [{each.number: _said(each) for each in Clause.objects.filter(version=one)} for one in (base, latest)]
    numbers = [each for each in {**texts[0], **texts[1]} if texts[0].get(each) != texts[1].get(each)]
    return MovedOn(latest, tuple(keys), tuple(numbers)) if keys or numbers else None


def _said(clause: Clause) -> tuple[object, ...]:
    return (_held(clause), clause.text_zh, clause.text_en)


# ---- the change log --------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Change:
    """One entry of the log: who did what, when and why. `old` and `new` are what was written; None when erased."""

    id: int
    kind: str
    at: datetime
    who: str
    body: Mapping[str, Any]
    old: Any
    new: Any
    words: str


def log(actor: Actor, version_id: int) -> list[Change]:
    """Everything that happened to a version, newest first; its reasons for those who took part. Four statements."""
    require_readable(actor, version_id)
    told = _takes_part(actor, version_id)
    texts = SealedText.objects.filter(event=OuterRef("pk")).values(each=JSONObject(field="field", text="text"))
    rows = EventRow.objects.filter(subject_kind="regulation", subject_id=version_id)
    found = list(rows.annotate(texts=ArraySubquery(texts)).order_by("-id"))
    asked = {row.actor_id for row in found if row.actor_kind in ACCOUNTS}
    names = dict(Person.objects.filter(pk__in=asked).values_list("pk", "name"))
    changes = [_change(each, names) for each in found]
    return changes if told else [_untold(each) for each in changes]


def _untold(change: Change) -> Change:
    """An entry for who did not take part: without its reason, and without the answers to questions."""
    asked = change.kind.startswith("regulation.question_")
    return replace(change, words="", old=None if asked else change.old, new=None if asked else change.new)


def _change(row: EventRow, names: Mapping[int, str]) -> Change:
    texts = cast("list[dict[str, str]]", row.texts)  # type: ignore[attr-defined]  # annotated
    sealed = {each["field"]: each["text"] for each in texts}
    words = sealed.get("why") or sealed.get("text") or sealed.get("answer") or ""
    who = names.get(row.actor_id or 0, "") if row.actor_kind in ACCOUNTS else ""
    return Change(
        row.pk, row.kind, row.occurred_at, who, json.loads(row.body), _read(sealed.get("old")),
        _read(sealed.get("new")), words,
    )  # fmt: skip


def _read(text: str | None) -> Any:
    """What was written, as the verb kept it; a text that was overwritten since is gone like one that was erased."""
    try:
        return json.loads(text) if text else None
    except ValueError:
        return None
