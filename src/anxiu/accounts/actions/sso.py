"""Whom the company's login service sends: the person it was before, or the one its confirmed address belongs to."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from anxiu.accounts.events import IdentityLinked
from anxiu.accounts.models import Identity, Person
from anxiu.kernel.actor import SYSTEM, Subject
from anxiu.kernel.events import record


@dataclass(frozen=True, slots=True)
class Claimed:
    """What the login service says about who comes; `email` only where it has confirmed the address itself."""

    issuer: str
    subject: str
    email: str


@transaction.atomic
def recognise(claimed: Claimed, domains: frozenset[str], at: datetime) -> Person | None:
    """The person behind a login, linked from now on; nobody's verb, for they only come in.

    Nobody is linked by an address that is not confirmed or of no domain named; nor by one whose person the service has
    known under another key: it may have given the address to somebody new.
    """
    known = Identity.objects.select_related("person").filter(issuer=claimed.issuer, subject=claimed.subject).first()
    if known is not None:
        person = known.person
        return person if person.is_active and not person.is_service else None
    email = claimed.email.strip().lower()
    if not email or email.rpartition("@")[-1] not in domains:
        return None
    found = Person.objects.select_for_update().filter(email=email, is_active=True, is_service=False).first()
    if found is None or Identity.objects.filter(issuer=claimed.issuer, person=found).exists():
        return None
    Identity.objects.create(person=found, issuer=claimed.issuer, subject=claimed.subject, created_at=at)
    record(IdentityLinked(), subject=Subject("person", found.pk), region_id=found.region_id, actor=SYSTEM, at=at)
    return found
