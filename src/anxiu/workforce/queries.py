"""Reading the workforce: who there is, who may be given a piece of work and why not, and who is taken when."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Max, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.timezone import get_default_timezone

from anxiu.accounts.models import Outlet, Region
from anxiu.kernel.action import view
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.errors import NotFound
from anxiu.kernel.values import Reading, Words, reading
from anxiu.regulation.queries import in_force
from anxiu.workforce.choices import OccupancyKind, QualificationKind, ShiftKind
from anxiu.workforce.models import Engineer, Occupancy, Qualification, Shift, ShiftPattern, Skill, Standing
from anxiu.workforce.rules import (
    Busy,
    Eligibility,
    Facts,
    Held,
    Need,
    Pattern,
    Period,
    ShiftSlot,
    Slot,
    eligibility,
    shifts,
)
from anxiu.workforce.values import GRADES, Grade

VIEW: Final = view(
    "workforce.view_engineers",
    posts={"agent", "dispatcher", "engineer", "supervisor", "hr", "management", "partner", "administrator"},
)
VIEW_OUTLET: Final = view("workforce.view_own_outlet", posts={"partner"})
VIEW_PHONES: Final = view("workforce.view_phones", posts={"agent", "dispatcher", "supervisor", "hr"})
VIEW_PAPERS: Final = view("workforce.view_papers", posts={"supervisor", "hr"})
VIEW_STANDING: Final = view("workforce.view_standing", posts={"dispatcher", "supervisor", "hr", "management"})
_DAY: Final = timedelta(days=1)
_PARTS: Final = 3  # source: usual masking of mobile numbers, 138*****678


def zone_of(region: Region) -> tzinfo:
    """The region's time zone, or the company's."""
    return ZoneInfo(region.time_zone) if region.time_zone else get_default_timezone()


def figures(region_id: int, at: datetime) -> Reading:
    """The regulation in force for the people of a region; one statement."""
    return reading(in_force(region_id, "", at).pk)


def grades(region_id: int, at: datetime) -> tuple[Grade, ...]:
    """The grades of a region's regulation, lowest first."""
    known = figures(region_id, at)(GRADES)
    return tuple(sorted(known, key=lambda grade: grade.rank))


def skills() -> QuerySet[Skill]:
    """The skills that may be given."""
    return Skill.objects.filter(retired_at=None)


def engineers(actor: Actor, *, retired: bool = False) -> QuerySet[Engineer]:
    """The engineers the actor may see: of their regions, of their own outlet for a partner, and themselves."""
    rows = Engineer.objects.select_related("person", "region", "outlet")
    if not retired:
        rows = rows.filter(retired_at=None)
    if not actor.may(VIEW):
        return rows.none()
    if actor.regions is None:
        return rows
    mine = Q(region_id__in=actor.regions) | Q(person_id=actor.person_id)
    if actor.may(VIEW_OUTLET) and actor.person_id is not None:
        mine |= Q(outlet__in=Outlet.objects.filter(people=actor.person_id))
    return rows.filter(mine)


def engineer_by_uid(actor: Actor, uid: UUID) -> Engineer:
    """One engineer, retired or not."""
    found = engineers(actor, retired=True).filter(uid=uid).first()
    if found is None:
        raise NotFound("kernel.not_found")
    return found


def engineer_of(person_id: int | None) -> Engineer | None:
    """The engineer a person is, if any."""
    return Engineer.objects.filter(person_id=person_id, retired_at=None).first() if person_id else None


@dataclass(frozen=True, slots=True)
class Candidate:
    """An engineer, whether they may be given the work, and how much of that day is already taken."""

    engineer: Engineer
    eligibility: Eligibility
    load: timedelta


def candidates(
    actor: Actor, need: Need, at: datetime, figures: Reading, *, only: Collection[int] | None = None
) -> list[Candidate]:
    """The engineers of the need's region, those who may first: lowest sufficient grade, then least load. 6 statements.

    `figures` is the version in force for the region (`figures(region_id, at)`). `only` asks about these engineers,
    whatever their region.
    """
    rows = engineers(actor)
    rows = rows.filter(region_id=need.region_id) if only is None else rows.filter(pk__in=only)
    found = list(rows)
    known = _facts(found, need, at)
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
    day = _local_day(moment.date(), facts.zone)
    return sum(
        (
            min(each.slot.ends_at, day.ends_at) - max(each.slot.starts_at, day.starts_at)
            for each in facts.busy
            if each.slot.overlaps(day)
        ),
        timedelta(),
    )


def _local_day(day: date, zone: tzinfo) -> Slot:
    midnight = datetime.min.time()
    return Slot(datetime.combine(day, midnight, zone), datetime.combine(day + _DAY, midnight, zone))


def _facts(found: Sequence[Engineer], need: Need, at: datetime) -> dict[int, Facts]:
    """What the rule asks about each engineer; 5 statements, however many there are."""
    ids = [each.pk for each in found]
    begin, end = (need.slot.starts_at, need.slot.ends_at) if need.slot else (at, at)
    window = Slot(begin - _DAY, end + _DAY)  # the whole local day around the slot, for the load
    held: dict[int, dict[str, dict[str, list[Held]]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    for row in Qualification.objects.filter(engineer__in=ids, revoked_at=None).select_related("skill"):
        code = row.skill.code if row.skill else row.code
        held[row.engineer_id][row.kind][code].append(Held(row.level or 0, row.valid_from, row.valid_to))
    bars: dict[int, list[Period]] = defaultdict(list)
    for bar in Standing.objects.filter(_bar_after(begin), engineer__in=ids):
        bars[bar.engineer_id].append(Period(bar.barred_from, _bar_end(bar)))
    taken = _taken(ids, window, need.ignoring)
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
            busy=tuple(taken[each.pk]),
        )
        for each in found
    }


def _frozen(held: Mapping[str, Iterable[Held]]) -> dict[str, tuple[Held, ...]]:
    return {code: tuple(many) for code, many in held.items()}


def _bar_after(moment: datetime) -> Q:
    """Suspensions that are not over by a moment."""
    return (Q(barred_until=None) | Q(barred_until__gt=moment)) & (Q(ended_at=None) | Q(ended_at__gt=moment))


def _bar_end(bar: Standing) -> datetime | None:
    ends = [each for each in (bar.barred_until, bar.ended_at) if each is not None]
    return min(ends, default=None)


def shifts_between(zones: Mapping[int, tzinfo], window: Slot) -> dict[int, tuple[ShiftSlot, ...]]:
    """The shifts of engineers (id → time zone) that touch a window: weekly hours and single shifts. 2 statements."""
    weekly: dict[int, list[Pattern]] = defaultdict(list)
    for row in ShiftPattern.objects.filter(engineer__in=zones).exclude(
        valid_to__lt=(window.starts_at - _DAY - _DAY).date()  # an overnight shift of the local day before
    ):
        weekly[row.engineer_id].append(Pattern(row.weekday, row.start, row.end, row.valid_from, row.valid_to))
    single: dict[int, list[ShiftSlot]] = defaultdict(list)
    for each in Shift.objects.filter(
        engineer__in=zones, cancelled_at=None, ends_at__gt=window.starts_at, starts_at__lt=window.ends_at
    ):
        single[each.engineer_id].append(ShiftSlot(Slot(each.starts_at, each.ends_at), ShiftKind(each.kind)))
    return {
        key: tuple(
            sorted(
                [*(ShiftSlot(slot, ShiftKind.WORK) for slot in shifts(weekly[key], zone, window)), *single[key]],
                key=lambda shift: shift.slot.starts_at,
            )
        )
        for key, zone in zones.items()
    }


def _taken(ids: Collection[int], window: Slot, ignoring: Subject | None = None) -> dict[int, list[Busy]]:
    taken: dict[int, list[Busy]] = defaultdict(list)
    for row in occupancy(ids, window.starts_at, window.ends_at):
        if ignoring is None or (row.subject_kind, row.subject_id) != (ignoring.kind, ignoring.id):
            taken[row.engineer_id].append(Busy(Slot(row.starts_at, row.ends_at), OccupancyKind(row.kind)))
    return taken


def occupancy(engineer_ids: Iterable[int], from_: datetime, to: datetime) -> QuerySet[Occupancy]:
    """What takes these engineers' time between two moments, in order; the caller may see these engineers."""
    return Occupancy.objects.filter(
        engineer__in=list(engineer_ids), live=True, ends_at__gt=from_, starts_at__lt=to
    ).order_by("starts_at", "id")


def skill_names(codes: Iterable[str]) -> dict[str, Words]:
    """Names of skills by code."""
    return {each.code: Words(each.name_zh, each.name_en) for each in Skill.objects.filter(code__in=list(codes))}


def expiring(engineer_ids: Iterable[int], until: date) -> dict[int, date]:
    """For each engineer the first day by which a certificate lapses, or has lapsed, without a newer one beside it."""
    found: dict[int, date] = {}
    rows = (
        Qualification.objects.filter(
            engineer__in=list(engineer_ids), revoked_at=None, kind=QualificationKind.CERTIFICATE
        )
        .values("engineer_id", "code", "name")
        .annotate(last=Max(Coalesce("valid_to", date.max)))
        .filter(last__lte=until)
    )
    for row in rows:
        found[row["engineer_id"]] = min(row["last"], found.get(row["engineer_id"], row["last"]))
    return found


def barred_now(engineer_ids: Iterable[int], at: datetime) -> dict[int, Standing]:
    """The suspension that holds for each of these engineers at a moment."""
    rows = Standing.objects.filter(_bar_after(at), engineer__in=list(engineer_ids), barred_from__lte=at).order_by("id")
    return {each.engineer_id: each for each in rows}


def masked(text: str) -> str:
    """A phone or document number with its middle third hidden, and a little more where it does not divide."""
    shown = len(text) // _PARTS
    return f"{text[:shown]}{'*' * (len(text) - shown - shown)}{text[len(text) - shown:]}"
