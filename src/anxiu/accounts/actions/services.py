"""Service accounts: accounts of programs, that no person logs in with."""

from datetime import datetime
from typing import Final

from anxiu.accounts.actions.people import check_place, hold, sort_key, to_change
from anxiu.accounts.events import ServiceAdded, ServiceChanged, ServiceResumed, ServiceRetired, ServiceSuspended
from anxiu.accounts.models import ApiToken, Client, ClientSecret, Person
from anxiu.accounts.queries import services
from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.errors import Invalid, NotFound
from anxiu.kernel.events import Event, Sealed, record
from anxiu.kernel.ids import uuid7

NOWHERE: Final = "service.invalid"  # source: RFC 2606; no mail is ever delivered there
Held = tuple[tuple[str, int | None], ...]


@action(posts={"administrator"})
def add_service(*, actor: Actor, at: datetime, name: str, posts: Held, region_id: int | None = None) -> Person:
    """Open an account for a program. It has no password; keys and clients are given to it one by one.

    Records: ServiceAdded. Refuses: a name that is taken, an unknown post, a place out of sight, a post above one's own.
    """
    check_place(actor, region_id, posts)
    name = _free(name)
    uid = uuid7()
    row = Person(
        uid=uid, name=name, name_key=sort_key(name), email=f"{uid}@{NOWHERE}", is_service=True, region_id=region_id,
        created_at=at,
    )  # fmt: skip
    row.set_unusable_password()
    row.save(force_insert=True)
    hold(actor, row, posts)
    _tell(actor, at, row, ServiceAdded(Sealed(name), tuple(code for code, _ in posts)))
    return row


def _free(name: str, besides: int = 0) -> str:
    """The name, tidied: of two programs of one name nobody could tell who did what."""
    name = name.strip()
    if Person.objects.filter(is_service=True, retired_at=None, name=name).exclude(pk=besides).exists():
        raise Invalid("accounts.name_taken", field="name")
    return name


def _tell(actor: Actor, at: datetime, row: Person, event: Event) -> None:
    record(event, subject=Subject("person", row.pk), region_id=row.region_id, actor=actor, at=at)


def to_serve(actor: Actor, service_id: int, *, closed: bool = False) -> Person:
    """A service account to be changed, locked; one that was ended stays as it is."""
    row = to_change(actor, service_id, services(actor))
    if row.retired_at is not None or (not row.is_active and not closed):
        raise NotFound("kernel.not_found")
    return row


@action(posts={"administrator"})
def change_service(
    *, actor: Actor, at: datetime, service_id: int, name: str | None = None, posts: Held | None = None,
    place: tuple[int | None] | None = None,
) -> Person:  # fmt: skip
    """Change the name, posts or region (`place`) of a service account; what is left out stays.

    Records: ServiceChanged. Refuses: an account that was ended, a name that is taken, a place out of sight, a post or
    an account above one's own.
    """
    row = to_serve(actor, service_id, closed=True)
    found = set()
    if name is not None and name.strip() != row.name:
        row.name = _free(name, row.pk)
        row.name_key = sort_key(row.name)
        found.add("name")
    if place is not None and place != (row.region_id,):
        (row.region_id,) = place
        found.add("region_id")
    if place is not None or posts is not None:
        check_place(actor, row.region_id, posts or ())
    row.save(update_fields=["name", "name_key", "region_id"])
    if posts is not None and set(posts) != set(row.holdings.values_list("post__code", "region_id")):
        hold(actor, row, posts)
        found.add("posts")
    if found:
        _tell(actor, at, row, ServiceChanged(tuple(sorted(found))))
    return row


@action(posts={"administrator"})
def suspend_service(*, actor: Actor, at: datetime, service_id: int) -> None:
    """Suspend a service account: its keys and clients stop at once and work again when it is resumed.

    Records: ServiceSuspended. Refuses: an account that is suspended or ended, an account above one's own.
    """
    row = to_serve(actor, service_id)
    row.is_active = False
    row.save(update_fields=["is_active"])
    _tell(actor, at, row, ServiceSuspended())


@action(posts={"administrator"})
def resume_service(*, actor: Actor, at: datetime, service_id: int) -> None:
    """Let a suspended service account work again.

    Records: ServiceResumed. Refuses: an account that is not suspended or was ended, an account above one's own.
    """
    row = to_serve(actor, service_id, closed=True)
    if row.is_active:
        raise Invalid("accounts.not_suspended")
    row.is_active = True
    row.save(update_fields=["is_active"])
    _tell(actor, at, row, ServiceResumed())


@action(posts={"administrator"})
def retire_service(*, actor: Actor, at: datetime, service_id: int) -> None:
    """End a service account for good, with its keys and clients; nothing it did is touched.

    Records: ServiceRetired. Refuses: an account that was ended, an account above one's own.
    """
    row = to_serve(actor, service_id, closed=True)
    row.is_active, row.retired_at = False, at
    row.save(update_fields=["is_active", "retired_at"])
    ApiToken.objects.filter(person=row, revoked_at=None).update(revoked_at=at)
    ClientSecret.objects.filter(client__person=row, revoked_at=None).update(revoked_at=at)
    Client.objects.filter(person=row, revoked_at=None).update(revoked_at=at)
    _tell(actor, at, row, ServiceRetired())
