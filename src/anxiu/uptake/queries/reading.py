"""Reading who has to know which version: one's own, everybody's, and the questions of one sitting."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, When

from anxiu.accounts.models import Holding
from anxiu.kernel.action import view
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import NotFound
from anxiu.kernel.values import reading as figures_of
from anxiu.regulation.models import Clause, Figure, Version
from anxiu.regulation.queries import Speaker, fit_of
from anxiu.regulation.rules.quiz import Situation
from anxiu.uptake.choices import ReadingState
from anxiu.uptake.models import Attempt, Reading
from anxiu.uptake.rules import reading as rules
from anxiu.uptake.values import PASS_MARK, QUESTIONS

VIEW = view("uptake.view_readings", posts={"supervisor", "hr", "management", "administrator"})
OWES: Final = Exists(Reading.objects.filter(person=OuterRef("pk"), state=ReadingState.OPEN))


def mine(actor: Actor) -> QuerySet[Reading]:
    """What the actor has to know or has acknowledged: what is open first, by when it is due; then newest first."""
    rows = Reading.objects.select_related("version__region").exclude(state=ReadingState.LIFTED)
    if actor.person_id is None:
        return rows.none()
    return rows.filter(person=actor.person_id).order_by(
        "-state", Case(When(state=ReadingState.OPEN, then="due_at")), "-id"
    )


def my_reading(actor: Actor, uid: UUID) -> Reading:
    """One of the actor's own; those of others are as if they were not there."""
    found = mine(actor).select_related("person").filter(uid=uid).first()
    if found is None:
        raise NotFound("kernel.not_found")
    return found


def readings(actor: Actor) -> QuerySet[Reading]:
    """Everybody's, of the regions the actor sees."""
    actor.require(VIEW)
    rows = Reading.objects.select_related("version", "person__region").exclude(state=ReadingState.LIFTED)
    return rows if actor.regions is None else rows.filter(person__region__in=actor.regions)


@dataclass(frozen=True, slots=True)
class Tally:
    """How people of a region and post stand with a version."""

    region_id: int | None
    post: str
    all: int
    acknowledged: int
    passed: int
    overdue: int

    @property
    def waiting(self) -> int:
        """Who has not acknowledged."""
        return self.all - self.acknowledged


def counts(actor: Actor, version_id: int, at: datetime) -> list[Tally]:
    """How many have acknowledged a version, by home region and post; one statement."""
    is_open = Q(state=ReadingState.OPEN)
    rows = (
        readings(actor).filter(version_id=version_id).order_by("person__region__code", "post")
        .values_list("person__region_id", "post")
        .annotate(
            everybody=Count("id"), done=Count("id", filter=Q(state=ReadingState.ACKNOWLEDGED)),
            passed=Count("id", filter=is_open & Q(passed_at__isnull=False)),
            late=Count("id", filter=is_open & Q(due_at__lte=at)),
        )
    )  # fmt: skip
    return [Tally(*each) for each in rows]


def overdue_versions(person_ids: Collection[int], at: datetime) -> Mapping[int, tuple[str, ...]]:
    """The codes of versions that people have not acknowledged in time, by person; one statement."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = Reading.objects.filter(person_id__in=person_ids, state=ReadingState.OPEN, due_at__lte=at)
    for person, code in rows.order_by("due_at", "id").values_list("person_id", "version__code"):
        found[person].append(code)
    return {person: tuple(codes) for person, codes in found.items()}


# ---- what changed ----------------------------------------------------------------------------------------------------
def base_of(reading: Reading) -> Version | None:
    """The version somebody acknowledged last before this one; one statement."""
    rows = Reading.objects.filter(person=reading.person_id, state=ReadingState.ACKNOWLEDGED).exclude(pk=reading.pk)
    if reading.acknowledged_at:
        rows = rows.filter(acknowledged_at__lt=reading.acknowledged_at)
    last = rows.filter(version__order_type=reading.version.order_type).order_by("-acknowledged_at").first()
    return last.version if last else None


def changed_since(base_id: int, version_id: int) -> frozenset[str]:
    """The clauses of a version that say something else than in another, or whose figures do; two statements."""
    held: dict[int, dict[str, object]] = {base_id: {}, version_id: {}}
    for version, key, raw in Figure.objects.filter(version__in=held).values_list("version_id", "key", "raw"):
        held[version][key] = raw
    said: dict[int, dict[str, object]] = {base_id: {}, version_id: {}}
    for each in Clause.objects.filter(version__in=held):
        figures = [held[each.version_id].get(key) for key in each.value_keys]
        texts = (each.title_zh, each.title_en, each.text_zh, each.text_en)
        said[each.version_id][each.number] = (texts, each.value_keys, figures)
    return frozenset(each for each, what in said[version_id].items() if said[base_id].get(each) != what)


# ---- a sitting -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Sitting:
    """The questions somebody is asked now: which sitting it is, how many right answers pass, and what says them."""

    number: int
    seed: str
    drawn: tuple[Situation, ...]
    needed: int
    speaker: Speaker


def posts_held(person_id: int) -> frozenset[str]:
    """The posts somebody holds anywhere; one statement."""
    rows = Holding.objects.filter(person=person_id, post__retired_at=None)
    return frozenset(rows.values_list("post__code", flat=True))


def sitting(reading: Reading) -> Sitting:
    """The next sitting of a reading: another one is drawn after each attempt. Eight statements."""
    number = Attempt.objects.filter(reading=reading).count() + 1
    figures = figures_of(reading.version_id)
    asked, said = fit_of(reading.version_id)
    base = base_of(reading)
    changed = changed_since(base.pk, reading.version_id) if base else frozenset()
    seed = f"{reading.uid}:{number}"
    drawn = rules.sitting(asked, rules.Person(posts_held(reading.person_id), changed), figures(QUESTIONS), seed)
    return Sitting(number, seed, drawn, rules.needed(len(drawn), figures(PASS_MARK)), said)


def attempts(reading: Reading) -> Sequence[Attempt]:
    """Every sitting so far, the last first; one statement."""
    return list(Attempt.objects.filter(reading=reading).order_by("-number"))
