"""By which channels somebody is told of something, and going on to the next one, once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q

from anxiu.accounts.models import Person
from anxiu.customers.models import Contact
from anxiu.kernel.jobs import defer_many
from anxiu.kernel.values import reading
from anxiu.notify.actions.accounts import waits_for
from anxiu.notify.channels import OFFERS, offered
from anxiu.notify.choices import EMAIL_PLACE, URGENT, Kind, Medium, State
from anxiu.notify.models import Notice, Preference, Setup
from anxiu.notify.queries import addresses
from anxiu.notify.rules import Way, route
from anxiu.notify.values import FALL_BACK_AFTER
from anxiu.regulation.queries import in_force

LEASE: Final = timedelta(minutes=5)  # source: own choice; a job that has not come by then is deferred again
EMAIL: Final = Setup(medium=Medium.EMAIL, is_on=True, place=EMAIL_PLACE, to_customers=True)


@dataclass(frozen=True, slots=True)
class Reach:
    """A channel and the address it has of somebody."""

    medium: str
    address: str


def ways() -> list[Way]:
    """The channels that are on, in the company's order. Email is, until somebody says otherwise."""
    rows = [each for each in Setup.objects.all() if each.medium in OFFERS]
    if all(each.medium != Medium.EMAIL for each in rows):
        rows.append(EMAIL)
    rows.sort(key=lambda each: (each.place, each.medium))
    return [Way(each.medium, each.use, each.to_customers) for each in rows if each.is_on]


def reaches(kind: Kind, person: Person | None, contact: Contact | None, email: str = "") -> list[Reach]:
    """The channels by which somebody is told of this, in order. One that waits comes only if there is no other."""
    on = [each for each in ways() if kind != Kind.MAIL_REPLY or each.medium == Medium.EMAIL]  # it answers a mail
    if [each.medium for each in on] == [Medium.EMAIL]:
        address = person.email if person is not None else email
        chosen = _chosen(person, kind) if person is not None else None
        gone = chosen == "" and kind not in URGENT
        return [Reach(Medium.EMAIL, address)] if address and not gone and _carries_email(on, kind, person) else []
    known = addresses(person, contact, email)
    kinds = {each.medium: offered(each.medium).address for each in on}
    reachable = {medium: known[each] for medium, each in kinds.items() if each in known}
    found = route(
        on, reachable, to_customer=person is None, urgent=kind in URGENT,
        chosen=_chosen(person, kind) if person is not None else None,
    )  # fmt: skip
    ready = [each for each in found if waits_for(each) is None]
    return [Reach(each, reachable[each]) for each in (ready or found)]


def _carries_email(on: Sequence[Way], kind: Kind, person: Person | None) -> bool:
    return bool(route(on, {Medium.EMAIL}, to_customer=person is None, urgent=kind in URGENT))


def _chosen(person: Person, kind: Kind) -> str | None:
    return Preference.objects.filter(person=person, kind=kind).values_list("medium", flat=True).first()


def falls_at(at: datetime) -> datetime:
    """When a notice that has not left goes by the next channel."""
    return at + reading(in_force(None, "", at).pk)(FALL_BACK_AFTER)


def fall_back(notice: Notice, at: datetime) -> Notice | None:
    """Write a notice that did not leave anew, for the next channel not tried yet; part of a caller's change."""
    first = notice.first_id or notice.pk
    chain = Notice.objects.filter(Q(pk=first) | Q(first=first))
    tried = set(chain.values_list("medium", flat=True))
    email = notice.address if notice.medium == Medium.EMAIL else ""
    found = reaches(Kind(notice.kind), notice.person, notice.contact, email)
    left = [each for each in found if each.medium not in tried]
    if not left or notice.kind == Kind.TEST or not notice.body:
        return None
    following = Notice(
        key=f"{first}:{left[0].medium}", first_id=first, person=notice.person, contact=notice.contact,
        medium=left[0].medium, kind=notice.kind, language=notice.language, subject_kind=notice.subject_kind,
        subject_id=notice.subject_id, region_id=notice.region_id, title=notice.title, body=notice.body,
        address=left[0].address, position=notice.position, occurred_at=notice.occurred_at, created_at=at,
        state=State.QUEUED, next_at=at + LEASE, told=notice.told,
        falls_at=falls_at(at) if left[1:] else None,
    )  # fmt: skip
    following.save(force_insert=True)
    defer_many("notify.send", "send", [{"notice_id": following.pk}])
    return following
