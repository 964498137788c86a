"""Writing notices: rendered once, kept as rows, their sending deferred in the same transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from anxiu.accounts.models import Person
from anxiu.customers.models import Contact
from anxiu.kernel.actor import SYSTEM, ActorKind, Subject
from anxiu.kernel.events import Fact, Recorded, record_many
from anxiu.kernel.jobs import defer_many
from anxiu.kernel.time import now
from anxiu.kernel.values import reading
from anxiu.notify import is_quiet, is_read
from anxiu.notify.actions.gathering import gather_for, join, keep, open_message
from anxiu.notify.channels import channel
from anxiu.notify.choices import WAITING, Kind, Medium, Reason, State
from anxiu.notify.events import PersonTold
from anxiu.notify.models import Notice
from anxiu.notify.texts import render
from anxiu.notify.values import TOO_OLD
from anxiu.regulation.queries import in_force

LEASE: Final = timedelta(minutes=5)  # source: own choice; a job that has not come by then is deferred again


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
    """Write an email to a customer; nothing about what is long past."""
    return _write(message, to, Medium.EMAIL) if to.address and may_send(message.fact) else None


def tell_people(message: Message, people: list[Person], *, by_email: bool = False) -> list[Notice]:
    """Put a notice on people's pages, and into their mailboxes where it must not wait; none about one's own doing."""
    own = message.fact.actor_id if message.fact.actor_kind == ActorKind.PERSON else None
    told = [each for each in dict.fromkeys(people) if each.is_active and not each.is_service and each.pk != own]
    made: list[Notice] = []
    for person in told:
        to = To(language=person.language, person=person, address=person.email)
        media = [Medium.INAPP, *([Medium.EMAIL] if by_email and person.email and may_send(message.fact) else [])]
        made += [_gather(message, to, person, medium) for medium in media]
    if not is_quiet():
        _record_told([each for each in made if each.medium == Medium.INAPP and _is_news(each)])
    return made


def _is_news(notice: Notice) -> bool:
    """Whether open pages are told: of a message that grows, each time it has doubled."""
    return not notice.told & (notice.told - 1)


def _gather(message: Message, to: To, person: Person, medium: Medium) -> Notice:
    """Write a notice, or let one that still grows tell it as well."""
    at = now()
    lasts = gather_for(message.kind, at)
    if not lasts:
        return _write(message, to, medium)
    grows = open_message(person, medium, at)
    if grows is not None:
        join(grows, _made(message, to, medium), message.zone)
        return grows
    notice = _write(message, to, medium, gathers_for=lasts)
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


def _write(message: Message, to: To, medium: Medium, gathers_for: timedelta | None = None) -> Notice:
    notice = _made(message, to, medium)
    if gathers_for is not None:
        notice.gathers_until = notice.created_at + gathers_for
        if notice.state == State.QUEUED:
            notice.next_at = notice.gathers_until  # until then it grows; the sweep sends it
    notice.save(force_insert=True)
    if notice.state == State.QUEUED and gathers_for is None:
        defer_many("notify.send", "send", [{"notice_id": notice.pk}])
    return notice


def _made(message: Message, to: To, medium: Medium) -> Notice:
    """A notice as it would be written, not kept yet."""
    fact, at = message.fact, now()
    text = render(message.kind, to.language, message.zone, message.context)
    waits = channel(medium).waits_for()
    delivered = medium is Medium.INAPP
    return Notice(
        key=f"{message.kind}:{fact.position}:{medium}:{to.key}", person=to.person, contact=to.contact, medium=medium,
        kind=message.kind, language=to.language, subject_kind=fact.subject.kind, subject_id=fact.subject.id,
        region_id=fact.region_id, title=text.title, body=text.body, address="" if delivered else to.address,
        position=fact.position, occurred_at=fact.occurred_at, created_at=at,
        state=State.SENT if delivered else State.HELD if waits else State.QUEUED, reason=waits or "",
        sent_at=at if delivered else None, read_at=at if delivered and is_read() else None,
        next_at=None if delivered else at + LEASE,
    )  # fmt: skip


def erase_contact(contact_id: int) -> int:
    """Blank what notices hold of a contact; what was not sent stays unsent. How many rows were blanked."""
    rows = Notice.objects.filter(contact_id=contact_id)
    rows.filter(state__in=sorted(WAITING)).update(state=State.CANCELLED, reason=Reason.ERASED, next_at=None)
    return rows.update(title="", body="", address="", error="")
