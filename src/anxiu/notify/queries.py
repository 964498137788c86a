"""Reading notices: one's own, what was delivered, and what was not."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.timezone import get_default_timezone
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob

from anxiu.accounts.models import Person
from anxiu.customers.models import Contact
from anxiu.kernel.action import view
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import NotFound
from anxiu.kernel.models import Cursor
from anxiu.notify.channels import OFFERS, Offer
from anxiu.notify.choices import EMAIL_PLACE, WAITING, AddressKind, Kind, Medium, Reason, State
from anxiu.notify.models import Address, Notice, Preference, Setup
from anxiu.notify.rules import masked_address

VIEW_CHANNELS = view("notify.view_channels", posts={"administrator"})
VIEW_FAILURES = view("notify.view_failures", posts={"supervisor", "administrator"})


def inbox(actor: Actor) -> QuerySet[Notice]:
    """The notices on the actor's own page, newest first."""
    return Notice.objects.filter(person=actor.person_id, medium=Medium.INAPP).order_by("-id")


def unread(actor: Actor) -> QuerySet[Notice]:
    """Those that were not read yet."""
    return inbox(actor).filter(read_at=None)


# Asked of every person who opens a page, in the statement that finds them.
UNREAD: Final = Exists(Notice.objects.filter(person=OuterRef("pk"), medium=Medium.INAPP, read_at=None))


def deliveries(actor: Actor) -> QuerySet[Notice]:
    """Everything that was written to anybody about things in the actor's regions, newest first."""
    actor.require(VIEW_FAILURES)
    rows = Notice.objects.select_related("person", "contact__customer", "region").order_by("-id")
    return rows if actor.regions is None else rows.filter(region_id__in=actor.regions)


def notice(actor: Actor, uid: UUID) -> Notice:
    """One notice of the delivery log."""
    found = deliveries(actor).filter(uid=uid).first()
    if found is None:
        raise NotFound("kernel.not_found")
    return found


def not_delivered(actor: Actor) -> QuerySet[Notice]:
    """Notices that failed for good or wait for something."""
    chain = Coalesce(OuterRef("first"), OuterRef("pk"))
    followed = Exists(Notice.objects.filter(first=chain, pk__gt=OuterRef("pk")))
    return deliveries(actor).filter(~followed, state__in=[State.FAILED, State.HELD])


def held_in(actor: Actor) -> int:
    """How many notices of the actor's regions wait for a mail server."""
    return deliveries(actor).filter(state=State.HELD).count()


def last_test(actor: Actor) -> Notice | None:
    """The last email the actor sent to themselves to see whether mail leaves."""
    rows = Notice.objects.filter(person=actor.person_id, medium=Medium.EMAIL, kind=Kind.TEST)
    return rows.order_by("-id").first()


def told_about(subject_kind: str, subject_id: int) -> QuerySet[Notice]:
    """What was written about one thing; its own app has asked whether the actor may see that thing."""
    return Notice.objects.filter(subject_kind=subject_kind, subject_id=subject_id).order_by("id")


def email_is_configured() -> bool:
    """Whether a mail server is named; without one, email waits."""
    return bool(settings.EMAIL_HOST)


def held_count() -> int:
    """How many notices wait for a mail server; for the doctor and the failures page."""
    return Notice.objects.filter(state=State.HELD).count()


# ---- channels --------------------------------------------------------------------------------------------------------
def media() -> dict[str, object]:
    """Every channel there is, in words."""
    return {each.medium: each.words for each in OFFERS.values()}


def masked_to(medium: str, address: str) -> str:
    """What everybody may see of where a notice went."""
    return masked_address(OFFERS[medium].address if medium in OFFERS else "", address)


def media_ready() -> set[str]:
    """The channels by which anything can be sent now; one statement."""
    on = set(Setup.objects.filter(is_on=True).values_list("medium", flat=True)) - {Medium.EMAIL}
    return on | ({Medium.EMAIL} if email_is_configured() else set())


def addresses(person: Person | None, contact: Contact | None, email: str = "") -> dict[AddressKind, str]:
    """Where somebody is reached."""
    known: dict[AddressKind, str] = {AddressKind.EMAIL: email}
    if person is not None:
        known |= {AddressKind.EMAIL: person.email, AddressKind.PHONE: person.phone}
    elif contact is not None:
        known |= {AddressKind.EMAIL: email or contact.email, AddressKind.PHONE: contact.phone}
    if person is not None or contact is not None:
        own = Address.objects.filter(person=person) if person is not None else Address.objects.filter(contact=contact)
        known |= {AddressKind(each.kind): each.value for each in own}
    return {kind: value for kind, value in known.items() if value}


def present_address(row: Notice) -> str:
    """Where a notice goes if it is sent again: to the address its recipient has now."""
    known = {} if row.kind == Kind.TEST else addresses(row.person, row.contact)
    return known.get(OFFERS[row.medium].address) or row.address


@dataclass(frozen=True, slots=True)
class Standing:
    """How a channel stands: set up how, when it last sent, what went wrong last, how many wait, how many today."""

    offer: Offer
    setup: Setup | None
    sent_at: datetime | None
    failure: Notice | None
    waiting: int
    paid_today: int

    @property
    def is_on(self) -> bool:
        """Whether anything goes out by it; email needs no setting up here."""
        return self.setup.is_on if self.setup else self.offer.medium == Medium.EMAIL

    @property
    def place(self) -> int | None:
        """Where it stands in the company's order; nowhere while it is not set up."""
        unplaced = EMAIL_PLACE if self.offer.medium == Medium.EMAIL else None
        return self.setup.place if self.setup else unplaced

    @property
    def is_near_limit(self) -> bool:
        """Whether four fifths of what a day allows are used."""
        most = self.setup.daily_most if self.setup else None
        return most is not None and self.paid_today * WHOLE >= most * NEAR


NEAR, WHOLE = 4, 5  # source: own choice; a day's evening is left to react


def standings(actor: Actor, at: datetime) -> list[Standing]:
    """Every channel beside people's own pages, in the company's order."""
    actor.require(VIEW_CHANNELS)
    setups = {each.medium: each for each in Setup.objects.all()}
    rows = [_standing(each, setups.get(each.medium), at) for each in OFFERS.values() if each.medium != Medium.INAPP]
    return sorted(rows, key=lambda each: (not each.is_on, each.place or 0))


def standing(actor: Actor, medium: str, at: datetime) -> Standing:
    """One channel."""
    actor.require(VIEW_CHANNELS)
    if medium not in OFFERS or medium == Medium.INAPP:
        raise NotFound("kernel.not_found")
    return _standing(OFFERS[medium], Setup.objects.filter(medium=medium).first(), at)


def _standing(offer: Offer, setup: Setup | None, at: datetime) -> Standing:
    rows = Notice.objects.filter(medium=offer.medium)
    sent = rows.filter(state=State.SENT).order_by("-id").values_list("sent_at", flat=True).first()
    failed = rows.filter(state=State.FAILED).order_by("-id").first()
    waiting = rows.filter(state__in=sorted(WAITING)).count()
    today = paid(at).filter(medium=offer.medium).count() if offer.costs else 0
    return Standing(offer, setup, sent, failed, waiting, today)


PAID: Final = Q(state__in=[State.SENT, State.SENDING]) | Q(reason=Reason.UNCERTAIN)  # or may have been


def day_of(at: datetime) -> datetime:
    """When the company's day began."""
    zone = get_default_timezone()
    return datetime.combine(at.astimezone(zone).date(), time.min, zone)


def paid(at: datetime) -> QuerySet[Notice]:
    """What was or may have been paid for today."""
    costly = [each.medium for each in OFFERS.values() if each.costs]
    return Notice.objects.filter(PAID, tried_at__gte=day_of(at), medium__in=costly)


def channel_log(actor: Actor, medium: str) -> QuerySet[Notice]:
    """What was sent by a channel, newest first."""
    actor.require(VIEW_CHANNELS)
    rows = Notice.objects.select_related("person", "contact__customer", "region").order_by("-id").filter(medium=medium)
    return rows if actor.regions is None else rows.filter(region_id__in=actor.regions)


def media_on() -> list[str]:
    """The channels people of ours may choose: those that are on, and email."""
    on = set(Setup.objects.filter(is_on=True).values_list("medium", flat=True)) | {Medium.EMAIL}
    return [medium for medium in OFFERS if medium in on]


def own_addresses(actor: Actor) -> dict[AddressKind, str]:
    """Where the actor is reached."""
    return addresses(Person.objects.filter(pk=actor.person_id or 0).first(), None)


def own_choices(actor: Actor) -> dict[str, str]:
    """By which channel the actor wants to be told of what."""
    return dict(Preference.objects.filter(person=actor.person_id).values_list("kind", "medium"))


def addresses_of(**whose: object) -> QuerySet[Address]:
    """Where a person or contact is reached beside email and phone; their own app has asked who may see them."""
    return Address.objects.filter(**whose).order_by("kind")


# ---- what went wrong elsewhere: things of the whole installation -----------------------------------------------------
@dataclass(frozen=True, slots=True)
class FailedJob:
    """A job that was given up: which, with what, how often it was tried, and when it last failed."""

    id: int
    task: str
    args: str
    attempts: int
    failed_at: datetime | None


def jobs_that_failed(actor: Actor) -> QuerySet[ProcrastinateJob]:
    """The jobs that failed for good, the latest first. Sends are listed as notices, not here."""
    actor.require(VIEW_FAILURES)
    return ProcrastinateJob.objects.filter(status="failed").exclude(task_name="notify.send").order_by("-id")


def failed_jobs(actor: Actor, most: int) -> list[FailedJob]:
    """The latest jobs that failed for good; two statements."""
    return described(jobs_that_failed(actor)[:most])


def described(jobs: Iterable[ProcrastinateJob]) -> list[FailedJob]:
    """What is told of failed jobs the caller may see; one statement."""
    rows = list(jobs)
    ended = ProcrastinateEvent.objects.filter(job__in=rows, type="failed").values_list("job_id").annotate(Max("at"))
    failed_at: dict[int, datetime] = dict(ended.order_by())
    return [
        FailedJob(
            each.id, each.task_name, json.dumps(each.args, ensure_ascii=False), each.attempts, failed_at.get(each.id)
        )
        for each in rows
    ]


def failed_projectors(actor: Actor) -> QuerySet[Cursor]:
    """Projectors that cannot get past an event; they try again by themselves until the cause is gone."""
    actor.require(VIEW_FAILURES)
    return Cursor.objects.filter(failed_at__isnull=False).order_by("name")
