"""Telling people that another version of the regulation is on trial where they work, and what became of it."""

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from anxiu.accounts.models import Person
from anxiu.kernel.events import Recorded
from anxiu.kernel.subscribers import reactor
from anxiu.notify.actions import Message, tell_people
from anxiu.notify.choices import Kind
from anxiu.notify.links import pilot_address
from anxiu.regulation.choices import OrderType, PilotOutcome
from anxiu.regulation.events import PilotRolledOut, PilotStarted, PilotWithdrawn
from anxiu.regulation.models import Pilot, Version
from anxiu.regulation.queries import order_type_in_words


@reactor("notify.pilot", PilotStarted, PilotRolledOut, PilotWithdrawn)
def pilot(fact: Recorded) -> None:
    """Everybody who works where a version is tried, and who leads it; of a roll-out everybody it then holds for."""
    rows = Pilot.objects.select_related("version", "base", "leader").prefetch_related("places__region")
    row = rows.get(pk=fact["pilot_id"])
    kind = Kind.PILOT_STARTED if fact.kind == PilotStarted.kind else Kind.PILOT_ENDED
    for language, people in _by_language(_concerned(row, fact)).items():
        tell_people(Message(kind, fact, ZoneInfo(settings.TIME_ZONE), _said(row, fact, language)), people)


def _concerned(row: Pilot, fact: Recorded) -> list[Person]:
    people = Person.objects.filter(is_active=True)
    here: tuple[int, ...] = row.regions
    if fact.kind == PilotRolledOut.kind:
        here = (row.version.region_id,) if row.version.region_id is not None else ()
    found = people.filter(region__in=here) if here else people
    return list(dict.fromkeys([*found.order_by("pk"), row.leader]))


def _by_language(people: list[Person]) -> dict[str, list[Person]]:
    found: dict[str, list[Person]] = {}
    for each in people:
        found.setdefault(each.language, []).append(each)
    return found


def _said(row: Pilot, fact: Recorded, language: str) -> dict[str, Any]:
    zh = language.startswith("zh")
    back = Version.objects.get(code=fact.body.get("base", row.base.code))
    regions = dict.fromkeys(
        each.region.name_zh if zh else each.region.name_en for each in row.places.all() if each.region
    )
    kinds = (order_type_in_words(OrderType(each), language) for each in row.order_types)
    comma = "、" if zh else ", "
    return {
        "name": row.version.name_zh if zh else row.version.name_en, "code": row.version.code,
        "where": " · ".join(filter(None, (comma.join(regions), comma.join(kinds)))),
        "starts_at": row.starts_at, "until": row.until_date, "purpose": row.purpose, "leader": row.leader.name,
        "rolled_out": row.outcome == PilotOutcome.ROLLED_OUT, "from": row.holds_until, "reason": row.decision,
        "base": f"{back.name_zh if zh else back.name_en} {back.code}", "url": pilot_address(row),
    }  # fmt: skip
