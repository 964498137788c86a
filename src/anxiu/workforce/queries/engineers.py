"""Who there is: the engineers an actor may see, their grades and skills, and what must be known of many at once."""

from collections.abc import Iterable
from datetime import date, datetime, tzinfo
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Max, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.timezone import get_default_timezone

from anxiu.accounts.models import Outlet, Person, Region
from anxiu.accounts.queries import people
from anxiu.kernel.action import view
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import NotFound
from anxiu.kernel.values import Reading, reading
from anxiu.regulation.queries import in_force
from anxiu.workforce.choices import QualificationKind
from anxiu.workforce.models import Engineer, Qualification, Skill, Standing
from anxiu.workforce.values import GRADES, Grade

VIEW: Final = view(
    "workforce.view_engineers",
    posts={"agent", "dispatcher", "engineer", "supervisor", "hr", "management", "partner", "administrator"},
)
VIEW_OUTLET: Final = view("workforce.view_own_outlet", posts={"partner"})
VIEW_PHONES: Final = view("workforce.view_phones", posts={"agent", "dispatcher", "supervisor", "hr"})
VIEW_PAPERS: Final = view("workforce.view_papers", posts={"supervisor", "hr"})
VIEW_STANDING: Final = view("workforce.view_standing", posts={"dispatcher", "supervisor", "hr", "management"})
_PARTS: Final = 3  # source: usual masking of mobile numbers, 138*****678


def zone_of(region: Region) -> tzinfo:
    """The region's time zone, or the company's."""
    return ZoneInfo(region.time_zone) if region.time_zone else get_default_timezone()


def figures(region_id: int | None, at: datetime) -> Reading:
    """The regulation in force for the people of a region, or of the company; one statement."""
    return reading(in_force(region_id, "", at).pk)


def grades(region_id: int | None, at: datetime) -> tuple[Grade, ...]:
    """The grades of a region's regulation, or of the company's, lowest first."""
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


def not_engineers(actor: Actor) -> QuerySet[Person]:
    """The people the actor sees who are at work and no engineers."""
    return people(actor).filter(is_active=True, engineer=None).order_by("name_key", "pk")


def engineer_by_uid(actor: Actor, uid: UUID) -> Engineer:
    """One engineer, retired or not."""
    found = engineers(actor, retired=True).filter(uid=uid).first()
    if found is None:
        raise NotFound("kernel.not_found")
    return found


def engineer_of(person_id: int | None) -> Engineer | None:
    """The engineer a person is, if any."""
    return Engineer.objects.filter(person_id=person_id, retired_at=None).first() if person_id else None


def bar_not_over(moment: datetime) -> Q:
    """Suspensions that are not over by a moment."""
    return (Q(barred_until=None) | Q(barred_until__gt=moment)) & (Q(ended_at=None) | Q(ended_at__gt=moment))


def bar_end(bar: Standing) -> datetime | None:
    """When a suspension ends or ended: at its term, or when it was lifted before."""
    ends = [each for each in (bar.barred_until, bar.ended_at) if each is not None]
    return min(ends, default=None)


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
    rows = Standing.objects.filter(bar_not_over(at), engineer__in=list(engineer_ids), barred_from__lte=at)
    return {each.engineer_id: each for each in rows.order_by("id")}


def masked(text: str) -> str:
    """A phone or document number with its middle third hidden, and a little more where it does not divide."""
    shown = len(text) // _PARTS
    return f"{text[:shown]}{'*' * (len(text) - shown - shown)}{text[len(text) - shown:]}"
