"""Reading reviews: what was decided, and which figures changed since the last one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from django.db.models import F, Q, QuerySet

from anxiu.kernel.action import view
from anxiu.kernel.actor import Actor
from anxiu.kernel.models import EventRow, SealedText
from anxiu.regulation.choices import HELD
from anxiu.regulation.models import Figure, Version
from anxiu.uptake.models import Decided, Review

VIEW_REVIEWS = view("uptake.view_reviews", posts={"supervisor", "management", "administrator"})


def reviews(actor: Actor) -> QuerySet[Review]:
    """Every review, of the whole company; newest first."""
    actor.require(VIEW_REVIEWS)
    return Review.objects.select_related("owner", "closed_by").order_by("-pk")


def decisions(review: Review) -> list[Decided]:
    """What holds of what was decided, clause by clause; one statement."""
    latest: dict[tuple[int, str], Decided] = {}
    for each in Decided.objects.filter(review=review).select_related("by", "version").order_by("pk"):
        latest[each.version_id, each.number] = each
    return sorted(latest.values(), key=lambda each: tuple(map(int, each.number.split("."))))


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A figure that a version changed: from what to what, when it took effect, and why."""

    key: str
    version: Version
    at: datetime
    old: object
    new: object
    why: str


def figures_changed(actor: Actor, since: datetime, until: datetime) -> list[FigureChange]:
    """The figures that versions put in force for everybody changed, newest first; four statements."""
    actor.require(VIEW_REVIEWS)
    held = [each for each in _adopted(until) if each.region_id is None and not each.order_type]
    raws: dict[int, dict[str, object]] = {each.pk: {} for each in held}
    for version, key, raw in Figure.objects.filter(version__in=raws).values_list("version_id", "key", "raw"):
        raws[version][key] = raw
    whys = _reasons([each.pk for each in held])
    found = []
    for before, after in pairwise(held):
        at = after.in_force_from or after.created_at
        if at < since:
            continue
        old, new = raws[before.pk], raws[after.pk]
        found += [
            FigureChange(key, after, at, old[key], new[key], whys.get(after.pk, ""))
            for key in sorted(old.keys() & new.keys()) if old[key] != new[key]
        ]  # fmt: skip
    return list(reversed(found))


def _adopted(until: datetime) -> Sequence[Version]:
    """The versions that held before a moment, in the order they began; one without a beginning was the first."""
    rows = Version.objects.filter(Q(in_force_from=None) | Q(in_force_from__lte=until), state__in=sorted(HELD))
    return list(rows.order_by(F("in_force_from").asc(nulls_first=True), "pk"))


def _reasons(ids: Sequence[int]) -> dict[int, str]:
    """Why versions were put in force, as far as it was said and not erased."""
    rows = EventRow.objects.filter(kind="regulation.adopted", subject_kind="regulation", subject_id__in=ids)
    events = dict(rows.values_list("pk", "subject_id"))
    texts = SealedText.objects.filter(event__in=events, field="why").values_list("event_id", "text")
    return {events[event]: text for event, text in texts}


