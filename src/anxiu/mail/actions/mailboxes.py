"""Mailboxes: named, changed, tried, switched off and on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.conf import settings

from anxiu.accounts.queries import regions
from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.checks import change, require_fitting
from anxiu.kernel.errors import Invalid, NotFound, WrongState
from anxiu.kernel.events import record
from anxiu.kernel.ids import uuid7
from anxiu.mail.choices import Security, Strangers
from anxiu.mail.events import (
    MailboxAdded,
    MailboxChanged,
    MailboxSwitchedOff,
    MailboxSwitchedOn,
    MailboxTried,
)  # fmt: skip
from anxiu.mail.fetching import Came
from anxiu.mail.models import Mailbox
from anxiu.mail.queries import mailboxes
from anxiu.mail.sealing import sealed
from anxiu.regulation.choices import OrderType

CHANGEABLE: Final = frozenset({
    "address", "host", "port", "security", "login", "folder", "region_id", "order_type", "strangers", "most_an_hour",
    "plus_tags",
})  # fmt: skip
WHERE: Final = frozenset({"host", "port", "folder", "login"})  # another one of these is another mailbox to read
OFTEN: Final = 20  # source: own choice; more than anybody writes to us in an hour, less than two machines


@dataclass(frozen=True, slots=True)
class NewMailbox:
    """Where mail comes in, how to get it, and what becomes of it."""

    address: str
    host: str
    port: int
    login: str
    password: str
    region_id: int
    security: Security = Security.TLS
    folder: str = "INBOX"
    order_type: OrderType = OrderType.REPAIR
    strangers: Strangers = Strangers.ASIDE
    most_an_hour: int = OFTEN
    plus_tags: bool = False


def _told(row: Mailbox, fact: Any, actor: Actor, at: datetime) -> None:
    record(fact, subject=Subject("mailbox", row.pk), region_id=row.region_id, actor=actor, at=at)


def _locked(actor: Actor, uid: UUID) -> Mailbox:
    row = mailboxes(actor).select_for_update(of=("self",)).filter(uid=uid).first()
    if row is None:
        raise NotFound("kernel.not_found")
    return row


def _check(actor: Actor, row: Mailbox) -> None:
    """What every mailbox has to be."""
    require_fitting(row)
    if any(each.isspace() or not each.isascii() for each in row.host) or "/" in row.host or "@" in row.host:
        raise Invalid("mail.bad_host", field="host")
    if not row.login.isprintable():
        raise Invalid("mail.bad_login", field="login")
    if row.security == Security.NONE and not settings.MAIL_SERVERS_INSIDE:
        raise Invalid("mail.no_tls", field="security")
    if not regions(actor).filter(pk=row.region_id).exists():
        raise Invalid("mail.unknown_region", field="region")
    if Mailbox.objects.filter(address=row.address).exclude(pk=row.pk).exists():
        raise Invalid("mail.address_taken", field="address")


@action(posts={"administrator"})
def add_mailbox(*, actor: Actor, at: datetime, new: NewMailbox) -> Mailbox:
    """Name a mailbox. What comes in from now on is read; what lies there already is left alone.

    Records: MailboxAdded. Refuses: a name that is none, no password, a region out of sight, an address twice.
    """
    uid = uuid7()
    if not new.password:
        raise Invalid("mail.password_missing", field="password")
    row = Mailbox(
        uid=uid, address=new.address.strip().lower(), host=new.host.strip().lower(), port=new.port, login=new.login,
        security=new.security, password=sealed(new.password, uid), folder=new.folder.strip(), region_id=new.region_id,
        order_type=new.order_type, strangers=new.strangers, most_an_hour=new.most_an_hour, plus_tags=new.plus_tags,
        created_at=at.replace(microsecond=0),
    )  # fmt: skip
    _check(actor, row)
    row.save(force_insert=True)
    _told(row, MailboxAdded(), actor, at)
    return row


@action(posts={"administrator"})
def change_mailbox(
    *, actor: Actor, at: datetime, mailbox_uid: UUID, changes: Mapping[str, Any], password: str = ""
) -> Mailbox:
    """Change a mailbox; without a password the present one stays. Another folder is read from now on.

    Records: MailboxChanged. Refuses: what adding one refuses; another server without its password.
    """
    row = _locked(actor, mailbox_uid)
    given = {name: value.strip().lower() if name in ("address", "host") else value for name, value in changes.items()}
    fields = set(change(row, given, CHANGEABLE))
    if "host" in fields and not password:
        raise Invalid("mail.password_missing", field="password")  # nor is the present one told to another server
    if password:
        row.password = sealed(password, row.uid)
        fields.add("password")
    if not fields:
        return row
    _check(actor, row)
    told = tuple(sorted(fields))
    if fields & WHERE:
        row.uid_validity, row.last_uid, row.created_at = 0, 0, at.replace(microsecond=0)
        fields |= {"uid_validity", "last_uid", "created_at"}
    row.next_poll_at = at
    row.save(update_fields=[*fields, "next_poll_at"])
    _told(row, MailboxChanged(told), actor, at)
    return row


@action(posts={"administrator"})
def try_mailbox(*, actor: Actor, at: datetime, mailbox_uid: UUID, came: Came) -> Mailbox:
    """Note what a trial of the connection found; whoever asks has made the trial before, outside of the change.

    Records: MailboxTried.
    """
    row = _locked(actor, mailbox_uid)
    row.tried_at, row.fault, row.error = at, came.fault, came.error
    row.failing_since = (row.failing_since or at) if came.fault else None
    row.told_at = row.told_at if came.fault else None
    row.save(update_fields=["tried_at", "fault", "error", "failing_since", "told_at"])
    _told(row, MailboxTried(came.fault), actor, at)
    return row


@action(posts={"administrator"})
def switch_mailbox_off(*, actor: Actor, at: datetime, mailbox_uid: UUID) -> Mailbox:
    """Read a mailbox no more. What comes in meanwhile stays on its server.

    Records: MailboxSwitchedOff. Refuses: one that is off.
    """
    row = _locked(actor, mailbox_uid)
    if not row.is_on:
        raise WrongState("mail.is_off")
    row.off_at, row.fault, row.error, row.failing_since, row.told_at = at, "", "", None, None
    row.save(update_fields=["off_at", "fault", "error", "failing_since", "told_at"])
    _told(row, MailboxSwitchedOff(), actor, at)
    return row


@action(posts={"administrator"})
def switch_mailbox_on(*, actor: Actor, at: datetime, mailbox_uid: UUID) -> Mailbox:
    """Read a mailbox again, with what came in meanwhile.

    Records: MailboxSwitchedOn. Refuses: one that is on.
    """
    row = _locked(actor, mailbox_uid)
    if row.is_on:
        raise WrongState("mail.is_on")
    row.off_at, row.next_poll_at = None, at
    row.save(update_fields=["off_at", "next_poll_at"])
    _told(row, MailboxSwitchedOn(), actor, at)
    return row
