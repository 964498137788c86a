"""Reading pilots: which run or ran, where, and what one would change that it must not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from anxiu.accounts.models import Person
from anxiu.kernel import values
from anxiu.kernel.actor import Actor
from anxiu.kernel.values import Scope, Words
from anxiu.regulation.models import Clause, Figure, Pilot, Place, Version
from anxiu.regulation.queries.reading import VIEW
from anxiu.regulation.rules.piloting import Spot

AROUND = ("version__region", "base", "leader", "started_by", "decided_by")


def pilots(actor: Actor) -> QuerySet[Pilot]:
    """The pilots the actor may know of, the newest first: in all regions, in theirs, and in the one they live in."""
    actor.require(VIEW)
    places = Prefetch("places", Place.objects.select_related("region"))
    rows = Pilot.objects.select_related(*AROUND).prefetch_related(places).order_by("-starts_at", "-pk")
    if actor.regions is None:
        return rows
    near = Q(region=None) | Q(region__in=actor.regions)
    if actor.person_id is not None:
        near |= Q(region__in=Person.objects.filter(pk=actor.person_id).values("region"))
    return rows.filter(Exists(Place.objects.filter(near, pilot=OuterRef("pk"))))


def running(rows: QuerySet[Pilot], at: datetime) -> QuerySet[Pilot]:
    """Those of them that run at a moment, or will."""
    return rows.filter(Q(holds_until=None) | Q(holds_until__gt=at))


def spots_of(pilot: Pilot) -> tuple[Spot, ...]:
    """Where a pilot holds."""
    return tuple(Spot(each.region_id, each.order_type) for each in pilot.places.all())


def company_figures_changed(version_id: int, base_id: int) -> list[tuple[str, str]]:
    """The figures of the whole company that two versions say otherwise, each with its clause; two statements."""
    rows = Figure.objects.filter(version__in=[version_id, base_id], key__in=_of_the_company())
    said: dict[str, dict[int, object]] = {}
    for key, version, raw in rows.values_list("key", "version_id", "raw"):
        said.setdefault(key, {})[version] = raw
    wrong = sorted(key for key, raws in said.items() if raws.get(version_id) != raws.get(base_id))
    numbers = _clauses(version_id, wrong) if wrong else {}
    return [(numbers.get(key, ""), key) for key in wrong]


def _of_the_company() -> list[str]:
    return [key for key, value in values.REGISTRY.items() if value.scope is Scope.COMPANY]


def _clauses(version_id: int, keys: Sequence[str]) -> dict[str, str]:
    rows = Clause.objects.filter(version=version_id, value_keys__overlap=list(keys))
    return {key: number for number, held in rows.values_list("number", "value_keys") for key in held}


def since_then(pilot: Pilot, at: datetime) -> QuerySet[Version]:
    """The versions that took effect for the rest while a pilot ran."""
    until = min(pilot.holds_until or at, at)
    rows = Version.objects.filter(
        order_type=pilot.version.order_type, region=pilot.version.region_id, in_force_from__gt=pilot.starts_at,
        in_force_from__lt=until,
    )  # fmt: skip
    return rows.exclude(pk=pilot.version_id).order_by("in_force_from")


@dataclass(frozen=True, slots=True)
class Difference:
    """What a version says otherwise than another: a figure as written on both sides, or the words of a clause."""

    number: str
    title: Words
    key: str = ""
    old: Any = None
    new: Any = None


def differences(version_id: int, base_id: int) -> list[Difference]:
    """What a version says otherwise than the one it takes the place of, in the order of its clauses; two statements."""
    raws: dict[str, dict[int, Any]] = {}
    for key, version, raw in Figure.objects.filter(version__in=[version_id, base_id]).values_list(
        "key", "version_id", "raw"
    ):
        raws.setdefault(key, {})[version] = raw
    other = {key: said for key, said in raws.items() if said.get(version_id) != said.get(base_id)}
    clauses = list(Clause.objects.filter(version__in=[version_id, base_id]).order_by("chapter_number", "position"))
    before = {each.number: _worded(each) for each in clauses if each.version_id == base_id}
    found = []
    for each in (each for each in clauses if each.version_id == version_id):
        title = Words(each.title_zh, each.title_en)
        keys = [key for key in each.value_keys if key in other]
        found += [
            Difference(each.number, title, key, other[key].get(base_id), other.pop(key).get(version_id)) for key in keys
        ]
        if not keys and _worded(each) != before.get(each.number):
            found.append(Difference(each.number, title))
    loose = [Difference("", Words("", ""), key, said.get(base_id), said.get(version_id)) for key, said in other.items()]
    return [*found, *loose]


def _worded(clause: Clause) -> tuple[str, ...]:
    return (clause.title_zh, clause.title_en, clause.text_zh, clause.text_en)
