"""Recording a session at which a version was explained."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from anxiu.accounts.queries import people
from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.errors import Invalid, NotFound
from anxiu.kernel.events import Sealed, record
from anxiu.regulation.models import Clause
from anxiu.regulation.queries import versions
from anxiu.uptake.actions.remarks import said
from anxiu.uptake.events import SessionRecorded
from anxiu.uptake.models import Session

PLACE = 120  # source: the column's width


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session: when and where, about which clauses, with what (cases, a film, where it is kept), and who came."""

    held_at: datetime
    place: str
    words: str
    person_ids: Sequence[int]
    numbers: Sequence[str] = ()


@action(posts={"administrator", "management", "supervisor", "hr"})
def record_session(*, actor: Actor, at: datetime, version_id: int, new: NewSession) -> Session:
    """Record a session on a version with who came, of the people one sees.

    Records: SessionRecorded. Refuses: no place, nothing said of it, nobody who came, a person or clause that is not
    there, a session that is still to come, a version one may not read.
    """
    version = versions(actor).filter(pk=version_id).first()
    if version is None:
        raise NotFound("kernel.not_found")
    if new.held_at > at:
        raise Invalid("kernel.in_future", field="held_at")
    place, words = said(new.place, "place"), said(new.words, "words")
    if len(place) > PLACE:
        raise Invalid("kernel.too_long", field="place", limit=PLACE)
    came = list(people(actor).filter(pk__in=new.person_ids).order_by("pk"))
    if not came:
        raise Invalid("uptake.nobody_came", field="person_ids")
    if len(came) != len(set(new.person_ids)):
        raise NotFound("kernel.not_found")
    there = set(Clause.objects.filter(version=version, number__in=new.numbers).values_list("number", flat=True))
    if unknown := sorted(set(new.numbers) - there):
        raise Invalid("uptake.no_such_clause", field="numbers", number=", ".join(unknown))
    homes = {each.region_id for each in came}
    row = Session.objects.create(
        version=version, region_id=homes.pop() if len(homes) == 1 else None, held_at=new.held_at, place=place,
        numbers=list(dict.fromkeys(new.numbers)), words=words, recorded_by_id=actor.person_id, recorded_at=at,
    )  # fmt: skip
    row.attendees.set(came)
    fact = SessionRecorded(
        row.pk, version.code, tuple(row.numbers), tuple(each.pk for each in came), Sealed(place), Sealed(words)
    )
    record(fact, subject=Subject("session", row.pk), region_id=row.region_id, actor=actor, at=at)
    return row
