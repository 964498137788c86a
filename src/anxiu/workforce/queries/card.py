"""What a customer sees of the engineer who comes. Reads for callers that have made sure whose visit it is."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from anxiu.kernel.values import Words
from anxiu.workforce.choices import QualificationKind
from anxiu.workforce.models import Engineer, Qualification
from anxiu.workforce.queries.engineers import figures, zone_of
from anxiu.workforce.values import CERTIFICATES, GRADES


@dataclass(frozen=True, slots=True)
class Card:
    """Grade in words where the regulation names it, and the names of the certificates that hold on the day."""

    grade: Words | None
    certificates: tuple[Words, ...]


def card(engineer: Engineer, at: datetime) -> Card:
    """The grade and the certificates of an engineer that are valid at a moment; two statements."""
    reading = figures(engineer.region_id, at)
    today = at.astimezone(zone_of(engineer.region)).date()
    named = {each.code: each.name for each in reading(CERTIFICATES)}
    held = (
        Qualification.objects.filter(engineer=engineer, kind=QualificationKind.CERTIFICATE, revoked_at=None)
        .filter(Q(valid_to=None) | Q(valid_to__gte=today), valid_from__lte=today)
        .order_by("code", "name")
    )
    said = {(row.code, row.name): row.name or row.code for row in held}
    names = {key: named.get(key[0]) or Words(own, own) for key, own in said.items()}
    grade = next((each.name for each in reading(GRADES) if each.code == engineer.grade), None)
    return Card(grade, tuple(names.values()))
