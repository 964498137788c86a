"""Who is told that a version is to be read, that the time is nearly over, and that it has passed."""

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from typing import Final

from django.conf import settings
from django.utils.timezone import get_default_timezone

from anxiu.accounts.choices import PostCode
from anxiu.accounts.models import Person
from anxiu.accounts.queries import holders
from anxiu.kernel.events import Recorded
from anxiu.kernel.subscribers import reactor
from anxiu.notify.actions import Message, tell_people
from anxiu.notify.choices import Kind
from anxiu.notify.links import learning_address, readings_address
from anxiu.regulation.models import Version
from anxiu.uptake.events import ReadingAssigned, ReadingReminded, ReadingsOverdue
from anxiu.uptake.models import Reading
from anxiu.workforce.queries import zone_of

NAMED: Final = 5  # source: own choice; a line of names, the rest is on the page


def _zone(person: Person) -> tzinfo:
    return zone_of(person.region) if person.region else get_default_timezone()


def _words(version: Version, language: str) -> Mapping[str, object]:
    chinese = language.startswith("zh")
    return {
        "code": version.code, "name": version.name_zh if chinese else version.name_en,
        "company": settings.ENV.company_zh if chinese else settings.ENV.company_en,
    }  # fmt: skip


def _tell(fact: Recorded, row: Reading, *, days: int = 0, late: bool = False, by_email: bool) -> None:
    if not row.is_open:
        return
    said = {"days": days, "late": late, "due_at": row.due_at, "url": learning_address()}
    context = {**_words(row.version, row.person.language), **said}
    tell_people(Message(Kind.READING_DUE, fact, _zone(row.person), context), [row.person], by_email=by_email)


def _readings(ids: Sequence[int]) -> list[Reading]:
    return list(Reading.objects.select_related("version", "person__region").filter(pk__in=ids).order_by("pk"))


@reactor("notify.reading", ReadingAssigned, ReadingReminded)
def reading(fact: Recorded) -> None:
    """Whoever has to read a version knows it at once, and is reminded by email too."""
    days = fact.body.get("days", 0)
    for row in _readings([fact["reading_id"]]):
        _tell(fact, row, days=days, by_email=bool(days))


@reactor("notify.readings_overdue", ReadingsOverdue)
def readings_overdue(fact: Recorded) -> None:
    """Whoever is late, each for themselves; and the supervisors of the region in one message about all."""
    late = [each for each in _readings(fact["reading_ids"]) if each.is_open]
    for row in late:
        _tell(fact, row, late=True, by_email=True)
    if not late:
        return
    names = [each.person.name for each in late]
    for person in holders(PostCode.SUPERVISOR, fact.region_id):
        comma = "、" if person.language.startswith("zh") else ", "
        said = {
            "count": len(late), "names": comma.join(names[:NAMED]), "more": max(len(names) - NAMED, 0),
            "url": readings_address(late[0].version.code),
        }  # fmt: skip
        context = {**_words(late[0].version, person.language), **said}
        tell_people(Message(Kind.READING_LATE, fact, _zone(person), context), [person])
