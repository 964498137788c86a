"""What an address of the dashboard asks for: a span of days and, where named, region, family, severity and person."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final, cast
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from anxiu.accounts.models import Person, Region
from anxiu.accounts.queries import people, regions
from anxiu.catalogue.models import Family
from anxiu.catalogue.queries import families
from anxiu.feedback.values import SCALE
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import NotFound
from anxiu.kernel.given import day as given_day
from anxiu.kernel.time import now
from anxiu.kernel.values import reading
from anxiu.kpi.queries import RANK, VIEW_TEAM, Slice, Span, Wanted, rules_of, slices
from anxiu.kpi.queries.figures import COMPANY
from anxiu.kpi.rules.figures import Aims
from anxiu.kpi.rules.indicators import INDICATORS, Indicator
from anxiu.orders.messages import SEVERITIES
from anxiu.regulation.models import Pilot, Version
from anxiu.regulation.queries import VIEW, in_force, pilots

PERIODS: Final[dict[str, tuple[int, Promise]]] = {
    "30": (30, _("Last 30 days")), "90": (90, _("Last 90 days")), "365": (365, _("Last 365 days")),
}  # fmt: skip
TRIED, REST = "tried", "rest"  # the sides of a pilot
USUAL, OWN_DAYS, LONGEST = "90", "custom", 3 * 366
KEPT: Final = ("period", "since", "until", "region", "family", "severity", "person", "pilot", "side", "without")


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, with the rows its address names."""

    wanted: Wanted
    period: str
    query: str
    is_team: bool
    region: Region | None
    family: Family | None
    person: Person | None
    regions: tuple[Region, ...]
    families: tuple[Family, ...]
    version: Version
    pilot: Pilot | None = None
    tried: bool = False

    @property
    def aims(self) -> Aims:
        """The targets that hold here."""
        return rules_of(self.version)

    @property
    def scale(self) -> int:
        """The best score a customer can give under this version."""
        return reading(self.version.pk)(SCALE)

    def to(self, name: str, code: str, **more: object) -> str:
        """The address of a page about an indicator, with the same question."""
        extra = urlencode({key: str(value) for key, value in more.items() if value not in (None, "")})
        query = "&".join(filter(None, (self.query, extra)))
        return reverse(name, args=[code]) + (f"?{query}" if query else "")

    def home(self, **more: object) -> str:
        """The dashboard with the same question."""
        extra = urlencode({key: str(value) for key, value in more.items() if value not in (None, "")})
        query = "&".join(filter(None, (self.query, extra)))
        return reverse("dashboard") + (f"?{query}" if query else "")


def is_chinese() -> bool:
    """Whether the page is in Chinese."""
    return (get_language() or "zh").startswith("zh")


def local_name(row: Any) -> str:
    """A row's name in the reader's language."""
    return str(row.name_zh if is_chinese() else row.name_en)


def asked_of(request: HttpRequest, actor: Actor) -> Question:
    """What the address asks for; what it names and the reader may not see is as if it were not named."""
    given = request.GET
    period, span = _span(request)
    seen = tuple(regions(actor))
    region = next((each for each in seen if each.code == given.get("region")), None)
    kinds = tuple(each for each in families(actor) if each.retired_at is None)
    family = next((each for each in kinds if each.code == given.get("family")), None)
    severity = given.get("severity", "")
    severity = severity if severity in SEVERITIES else ""
    is_team = actor.may(VIEW_TEAM)
    one = cast("Person", request.user)
    person = (_person(actor, given.get("person", "")) if actor.may(RANK) else None) if is_team else one
    pilot, tried = _pilot(actor, given.get("pilot", "")), given.get("side") == TRIED
    wanted = Wanted(
        span, region.pk if region else None, family.pk if family else None, severity, person.pk if person else None,
        _part(pilot, seen, given.get("without", ""), tried=tried) if pilot else None,
    )  # fmt: skip
    home = region.pk if region else (person or one).region_id
    query = urlencode({name: given[name] for name in KEPT if given.get(name)})
    return Question(
        wanted, period, query, is_team, region, family, person, seen, kinds, in_force(home, "", now()),
        pilot, tried,
    )  # fmt: skip


def _span(request: HttpRequest) -> tuple[str, Span]:
    """The span an address names; one that is no span is the usual one. Today is included."""
    tomorrow = now().astimezone(COMPANY).date() + timedelta(days=1)
    period = request.GET.get("period", USUAL)
    if period == OWN_DAYS:
        since, last = given_day(request.GET.get("since", "")), given_day(request.GET.get("until", ""))
        if since and last and since <= last and (last - since).days <= LONGEST:
            return OWN_DAYS, Span(since, last + timedelta(days=1))
    period = period if period in PERIODS else USUAL
    return period, Span(tomorrow - timedelta(days=PERIODS[period][0]), tomorrow)


def _pilot(actor: Actor, text: str) -> Pilot | None:
    """The pilot one side of which is asked for."""
    try:
        uid = UUID(text)
    except ValueError:
        return None
    return pilots(actor).filter(uid=uid).first() if actor.may(VIEW) else None


def _part(pilot: Pilot, seen: Iterable[Region], without: str, *, tried: bool) -> Slice:
    """One side of a pilot, without the regions that had too few cases to count."""
    codes = set(without.split(","))
    left_out = frozenset(each.pk for each in seen if each.code in codes)
    return replace(slices(pilot)[0 if tried else 1], without=left_out)


def _person(actor: Actor, text: str) -> Person | None:
    try:
        uid = UUID(text)
    except ValueError:
        return None
    return people(actor).filter(uid=uid).first()


def named(code: str) -> Indicator:
    """The indicator of an address."""
    if code not in INDICATORS:
        raise NotFound("kernel.not_found")
    return INDICATORS[code]
