"""Writing notices: rendered once, kept as rows, their sending deferred in the same transaction."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from anxiu.accounts.models import Person
from anxiu.customers.models import Contact
from anxiu.kernel.actor import SYSTEM, ActorKind, Subject
from anxiu.kernel.events import Fact, Recorded, record_many
from anxiu.kernel.jobs import defer_many
from anxiu.kernel.time import now
from anxiu.kernel.values import reading
from anxiu.notify import is_quiet, is_read
from anxiu.notify.actions.accounts import waits_for
from anxiu.notify.actions.gathering import gather_for, join, keep, open_message
from anxiu.notify.actions.routing import LEASE, Reach, falls_at, reaches
from anxiu.notify.choices import WAITING, Kind, Medium, Reason, State
from anxiu.notify.events import PersonTold
from anxiu.notify.models import Address, Gathered, Notice, Preference
from anxiu.notify.texts import render
from anxiu.notify.values import TOO_OLD
from anxiu.orders.models import Order
from anxiu.regulation.queries import in_force

OWN_PAGE: Final = Reach(Medium.INAPP, "")


@dataclass(frozen=True, slots=True)
class To:
    """Who is told: a person of ours, or a customer at an address of their own.

    `beside` names the report by which a further customer is told of the same fact.
    """

    language: str
    person: Person | None = None
    contact: Contact | None = None
    address: str = ""
    beside: str = ""

    @property
    def key(self) -> str:
        """What tells one recipient of an event from another."""
        return f"p{self.person.pk}" if self.person else f"c{self.contact.pk if self.contact else 0}{self.beside}"


@dataclass(frozen=True, slots=True)
class Message:
    """What is told, after which fact, and what its text needs; times are shown in `zone`."""

    kind: Kind
    fact: Recorded
    zone: Any
    context: Mapping[str, object]


def too_old(fact: Recorded) -> bool:
    """Whether a fact lies so far back that nobody is written to about it any more."""
    at = now()
    return at - fact.occurred_at > reading(in_force(None, "", at).pk)(TOO_OLD)


def may_send(fact: Recorded) -> bool:
    """Whether anything about a fact may leave the house."""
    return not is_quiet() and not too_old(fact)


def tell_customer(message: Message, to: To) -> Notice | None:
    """Write to a customer by the first channel that reaches them; nothing about what is long past."""
    if not may_send(message.fact):
        return None
    found = reaches(message.kind, None, to.contact, to.address)
    return _write(message, to, found) if found else None


def is_reached(kind: Kind, to: To) -> bool:
    """Whether any channel reaches a customer."""
    return bool(to.address) or bool(reaches(kind, None, to.contact, to.address))


def tell_people(message: Message, people: list[Person], *, by_email: bool = False) -> list[Notice]:
    """Put a notice on people's pages, and send it where it must not wait; none about one's own doing."""
    own = message.fact.actor_id if message.fact.actor_kind == ActorKind.PERSON else None
    told = [each for each in dict.fromkeys(people) if each.is_active and not each.is_service and each.pk != own]
    made: list[Notice] = []
    for person in told:
        to = To(language=person.language, person=person)
        made.append(_gather(message, to, person, [OWN_PAGE]))
        if by_email and may_send(message.fact) and (found := reaches(message.kind, person, None)):
            made.append(_gather(message, to, person, found))
    if not is_quiet():
        _record_told([each for each in made if each.medium == Medium.INAPP and _is_news(each)])
    return made


def _is_news(notice: Notice) -> bool:
    """Whether open pages are told: of a message that grows, each time it has doubled."""
    return not notice.told & (notice.told - 1)


def _gather(message: Message, to: To, person: Person, found: Sequence[Reach]) -> Notice:
    """Write a notice, or let one that still grows tell it as well."""
    at = now()
    lasts = gather_for(message.kind, at)
    if not lasts:
        return _write(message, to, found)
    grows = open_message(person, found[0].medium, at)
    if grows is not None:
        join(grows, _made(message, to, found), message.zone)
        return grows
    notice = _write(message, to, found, gathers_for=lasts)
    keep(notice, notice)
    return notice


def _record_told(notices: list[Notice]) -> None:
    facts = [
        Fact(
            PersonTold(each.pk, each.kind, each.subject_kind, each.subject_id), Subject("person", each.person_id),
            None, each.created_at,
        )
        for each in notices if each.person_id is not None
    ]  # fmt: skip
    if facts:
        record_many(facts, actor=SYSTEM)


def _write(message: Message, to: To, found: Sequence[Reach], gathers_for: timedelta | None = None) -> Notice:
    """Keep a notice for the first of these channels; the others are for when it does not leave."""
    notice = _made(message, to, found)
    if gathers_for is not None:
        notice.gathers_until = notice.created_at + gathers_for
        if notice.state == State.QUEUED:
            notice.next_at = notice.gathers_until  # until then it grows; the sweep sends it
    notice.save(force_insert=True)
    if notice.state == State.QUEUED and gathers_for is None:
        defer_many("notify.send", "send", [{"notice_id": notice.pk}])
    return notice


def _made(message: Message, to: To, found: Sequence[Reach]) -> Notice:
    """A notice as it would be written, not kept yet."""
    medium, address = found[0].medium, found[0].address
    fact, at = message.fact, now()
    text = render(message.kind, to.language, message.zone, message.context)
    delivered = medium == Medium.INAPP
    waits = None if delivered else waits_for(medium)
    return Notice(
        key=f"{message.kind}:{fact.position}:{medium}:{to.key}", person=to.person, contact=to.contact, medium=medium,
        kind=message.kind, language=to.language, subject_kind=fact.subject.kind, subject_id=fact.subject.id,
        region_id=fact.region_id, title=text.title, body=text.body, address=address,
        position=fact.position, occurred_at=fact.occurred_at, created_at=at,
        state=State.SENT if delivered else State.HELD if waits else State.QUEUED, reason=waits or "",
        sent_at=at if delivered else None, read_at=at if delivered and is_read() else None,
        next_at=None if delivered else at + LEASE, falls_at=falls_at(at) if found[1:] else None,
    )  # fmt: skip


def erase_contact(contact_ids: Collection[int], order_ids: Collection[int]) -> int:
    """Blank what notices hold of people: those to them, and what colleagues were told of their orders. How many rows.

    What was not sent stays unsent. A colleague's notice keeps the order's number, so that it still leads there.
    """
    rows = Notice.objects.filter(Q(contact__in=contact_ids) | Q(subject_kind="order", subject_id__in=order_ids))
    rows.filter(state__in=sorted(WAITING)).update(state=State.CANCELLED, reason=Reason.ERASED, next_at=None)
    Address.objects.filter(contact__in=contact_ids).delete()
    told = Gathered.objects.filter(subject_kind="order", subject_id__in=order_ids)
    return blank(rows) + told.update(title=_number())


def erase_person(person_id: int, order_ids: Collection[int]) -> int:
    """Delete what a colleague was told, and blank what others were told of the orders they had. How many rows."""
    Address.objects.filter(person=person_id).delete()
    Preference.objects.filter(person=person_id).delete()
    left = Person.objects.get(pk=person_id).retired_at
    told = Notice.objects.filter(subject_kind="order", subject_id__in=order_ids, created_at__lte=left)
    blanked = blank(told.exclude(person=person_id).exclude(state__in=sorted(WAITING)))
    theirs = Notice.objects.filter(person=person_id)
    theirs.update(first=None)
    return blanked + theirs.delete()[0]


def blank(rows: QuerySet[Notice]) -> int:
    """Blank what notices say, part of a caller's change; how many rows.

    A colleague's notice about an order keeps its number, so that it still leads there.
    """
    gathered = Gathered.objects.filter(notice__in=rows).update(title=_number())
    customers = rows.filter(person=None).update(title="", body="", address="", error="")
    return gathered + customers + rows.exclude(person=None).update(title=_number(), body="", address="", error="")


def _number() -> Case:
    order = Order.objects.filter(pk=OuterRef("subject_id")).values("number")[:1]
    return Case(When(subject_kind="order", then=Coalesce(Subquery(order), Value(""))), default=Value(""))
