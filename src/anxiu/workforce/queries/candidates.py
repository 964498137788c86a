"""Who may be given a piece of work, and why not the others."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import NotFound
from anxiu.kernel.values import Reading
from anxiu.uptake.queries import overdue_versions
from anxiu.uptake.values import BAR_OVERDUE
from anxiu.workforce.choices import QualificationKind
from anxiu.workforce.models import Engineer, Qualification, Standing
from anxiu.workforce.queries.engineers import bar_end, bar_not_over, engineers, zone_of
from anxiu.workforce.queries.time import local_day, shifts_between, taken
from anxiu.workforce.rules import Eligibility, Facts, Held, Need, Period, Slot, eligibility
from anxiu.workforce.values import GRADES

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An engineer, whether they may be given the work, and how much of that day is already taken."""

    engineer: Engineer
    eligibility: Eligibility
    load: timedelta


def candidates(
    actor: Actor, need: Need, at: datetime, figures: Reading, *, only: Collection[int] | None = None
) -> list[Candidate]:
    """The engineers of the need's region, those who may first: lowest sufficient grade, then least load. 6 statements,
    one more where the regulation bars who has not acknowledged it.

    `figures` is the version in force for the region (`figures(region_id, at)`). `only` asks about these engineers,
    whatever their region.
    """
    rows = engineers(actor)
    rows = rows.filter(region_id=need.region_id) if only is None else rows.filter(pk__in=only)
    found = list(rows)
    unread = overdue_versions([each.person_id for each in found], at) if figures(BAR_OVERDUE) else {}
    known = _facts(found, need, at, unread)
    ranks = {each.code: each.rank for each in figures(GRADES)}
    result = [
        Candidate(one, eligibility(known[one.pk], need, at, figures), _load(known[one.pk], need, at)) for one in found
    ]
    last = max(ranks.values(), default=0) + 1
    result.sort(
        key=lambda one: (
            not one.eligibility.may,
            len(one.eligibility.because),
            ranks.get(one.engineer.grade, last),
            one.load,
            one.engineer.pk,
        )
    )
    return result


def candidate(actor: Actor, need: Need, at: datetime, figures: Reading, *, engineer_id: int) -> Candidate:
    """One engineer judged by the same rule; as if absent when the actor may not see them."""
    found = candidates(actor, need, at, figures, only=[engineer_id])
    if not found:
        raise NotFound("kernel.not_found")
    return found[0]


def _load(facts: Facts, need: Need, at: datetime) -> timedelta:
    """Time taken on the local day the work begins."""
    moment = (need.slot.starts_at if need.slot else at).astimezone(facts.zone)
    day = local_day(moment.date(), facts.zone)
    return sum(
        (
            min(each.slot.ends_at, day.ends_at) - max(each.slot.starts_at, day.starts_at)
            for each in facts.busy
            if each.slot.overlaps(day)
        ),
        timedelta(),
    )


def _facts(
    found: Sequence[Engineer], need: Need, at: datetime, unread: Mapping[int, tuple[str, ...]]
) -> dict[int, Facts]:
    """What the rule asks about each engineer; 5 statements, however many there are."""
    ids = [each.pk for each in found]
    begin, end = (need.slot.starts_at, need.slot.ends_at) if need.slot else (at, at)
    window = Slot(begin - _DAY, end + _DAY)  # the whole local day around the slot, for the load
    held: dict[int, dict[str, dict[str, list[Held]]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    for row in Qualification.objects.filter(engineer__in=ids, revoked_at=None).select_related("skill"):
        code = row.skill.code if row.skill else row.code
        held[row.engineer_id][row.kind][code].append(Held(row.level or 0, row.valid_from, row.valid_to))
    bars: dict[int, list[Period]] = defaultdict(list)
    for bar in Standing.objects.filter(bar_not_over(begin), engineer__in=ids):
        bars[bar.engineer_id].append(Period(bar.barred_from, bar_end(bar)))
    busy = taken(ids, window, need.ignoring)
    on_shift = shifts_between({each.pk: zone_of(each.region) for each in found}, window)
    return {
        each.pk: Facts(
            engineer_id=each.pk,
            region_id=each.region_id,
            outlet_id=each.outlet_id,
            grade=each.grade,
            is_active=each.retired_at is None and each.person.is_active,
            zone=zone_of(each.region),
            skills=_frozen(held[each.pk][QualificationKind.SKILL]),
            certificates=_frozen(held[each.pk][QualificationKind.CERTIFICATE]),
            inductions=tuple(one for many in held[each.pk][QualificationKind.INDUCTION].values() for one in many),
            bars=tuple(bars[each.pk]),
            shifts=on_shift[each.pk],
            busy=tuple(busy[each.pk]),
            unread=unread.get(each.person_id, ()),
        )
        for each in found
    }


def _frozen(held: Mapping[str, Iterable[Held]]) -> dict[str, tuple[Held, ...]]:
    return {code: tuple(many) for code, many in held.items()}
