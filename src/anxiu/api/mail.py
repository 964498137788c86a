"""Mail over the API: mailboxes, the mails that came in, the thread of an order; every verb of them."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import BaseModel, Field, StringConstraints

from anxiu.api.asking import PAGE, Cursor, Key, Limit
from anxiu.api.auth import actor_of
from anxiu.api.doing import REFUSED, UNREAD, Changes, Email, Slug, Text, act, paged
from anxiu.api.finding import region_key
from anxiu.kernel.access import AccessKind, note_access
from anxiu.kernel.actor import Actor
from anxiu.kernel.time import now
from anxiu.mail import actions
from anxiu.mail.actions import NewMailbox
from anxiu.mail.choices import MailState, Security, Strangers
from anxiu.mail.fetching import probe
from anxiu.mail.models import Mail, Mailbox, Reply
from anxiu.mail.queries import again, mail, mailbox, mailboxes, mails, mails_of, replies_of
from anxiu.orders.queries import order
from anxiu.regulation.choices import OrderType

router = Router(tags=["mail"])
Host = Annotated[Text, StringConstraints(min_length=1, max_length=253)]
Login = Annotated[Text, StringConstraints(min_length=1, max_length=254)]
Secret = Annotated[str, StringConstraints(max_length=500)]
Folder = Annotated[Text, StringConstraints(min_length=1, max_length=120)]
Port = Annotated[int, Field(ge=1, le=65535)]
Hourly = Annotated[int, Field(ge=1, le=1000)]
Words = Annotated[Text, StringConstraints(min_length=1, max_length=20_000)]
# Listed by their codes, for the description knows shapes by their last name only.
StateCode = Annotated[str, Field(description="opened, joined, aside or dismissed")]


class MailboxIn(Schema):
    """A mailbox to name."""

    address: Email
    host: Host
    port: Port = 993
    security: Security = Security.TLS
    login: Login
    password: Secret
    folder: Folder = "INBOX"
    region: Slug
    order_type: OrderType = OrderType.REPAIR
    strangers: Strangers = Strangers.ASIDE
    most_an_hour: Hourly = 20
    plus_tags: bool = False


class MailboxChangeIn(Changes):
    """What changes of a mailbox; another server needs the password anew."""

    address: Email = ""
    host: Host = ""
    port: Port = 993
    security: Security = Security.TLS
    login: Login = ""
    password: Secret = ""
    folder: Folder = ""
    region: Slug = ""
    order_type: OrderType = OrderType.REPAIR
    strangers: Strangers = Strangers.ASIDE
    most_an_hour: Hourly = 20
    plus_tags: bool = False


class MailboxOut(BaseModel):
    """A mailbox and how reading it goes; its password is never answered."""

    uid: UUID
    address: str
    host: str
    port: int
    security: str
    login: str
    folder: str
    region: str
    order_type: str
    strangers: str
    most_an_hour: int
    plus_tags: bool
    created_at: datetime
    off_at: datetime | None
    read_at: datetime | None
    tried_at: datetime | None
    failing_since: datetime | None
    fault: str
    error: str


class MailboxesOut(BaseModel):
    """A page of mailboxes."""

    items: list[MailboxOut]
    next: str


class MailOut(BaseModel):
    """A mail that came in; where it lies aside, why."""

    uid: UUID
    mailbox: str
    sender: str
    sender_name: str
    subject: str
    size: int
    received_at: datetime
    state: StateCode
    reason: str
    order: str


class MailDetailOut(MailOut):
    """The same with what is new in it as text, and the parts that were not kept."""

    text: str
    files: list[UUID]
    left_out: list[str]


class MailsOut(BaseModel):
    """A page of mails."""

    items: list[MailOut]
    next: str


class TakeInIn(Schema):
    """Into which order, by its number; a new one without."""

    order: Annotated[Text, StringConstraints(max_length=16)] = ""


class TakenInOut(BaseModel):
    """The order a mail was taken into."""

    order: UUID
    number: str


class MailReplyIn(Schema):
    """An answer; to the latest mail of the order where none is named."""

    text: Words
    mail: UUID | None = None


class MailReplyOut(BaseModel):
    """An answer that is on its way."""

    uid: UUID
    subject: str
    text: str
    written_at: datetime


class MailThreadOut(BaseModel):
    """What came in about an order and what was answered, each in the order of time."""

    mails: list[MailDetailOut]
    replies: list[MailReplyOut]


def _box(row: Mailbox) -> MailboxOut:
    shown: dict[str, Any] = {name: getattr(row, name) for name in MailboxOut.model_fields if name != "region"}
    return MailboxOut(**shown, region=row.region.code)


def _told(row: Mail) -> dict[str, Any]:
    names = ("uid", "sender", "sender_name", "subject", "size", "received_at", "state", "reason")
    said = {name: getattr(row, name) for name in names}
    return {**said, "mailbox": row.mailbox.address, "order": row.order.number if row.order else ""}


def _whole(row: Mail) -> MailDetailOut:
    left_out = [f"{each['name']}: {each['code']}" for each in row.left_out]
    return MailDetailOut(**_told(row), text=row.text, files=row.files, left_out=left_out)


def _reply(row: Reply) -> MailReplyOut:
    return MailReplyOut(uid=row.uid, subject=row.subject, text=row.text, written_at=row.written_at)


# ---- mailboxes -------------------------------------------------------------------------------------------------------
@router.get("/mailboxes", response={200: MailboxesOut, **UNREAD}, summary="List mailboxes")
def list_mailboxes(request: HttpRequest, after: Cursor = "", limit: Limit = PAGE) -> dict[str, Any]:
    """The mailboxes, newest first."""
    return paged(mailboxes(actor_of(request)), after, limit, _box)


@router.get("/mailboxes/{uuid:uid}", response={200: MailboxOut, **UNREAD}, summary="One mailbox")
def get_mailbox(request: HttpRequest, uid: UUID) -> MailboxOut:
    """One mailbox."""
    return _box(mailbox(actor_of(request), uid))


@router.post("/mailboxes", response={201: MailboxOut, **REFUSED}, summary="Name a mailbox: add_mailbox")
def add_mailbox(request: HttpRequest, body: MailboxIn, key: Key) -> HttpResponse:
    """Name a mailbox; what comes in from now on is read every minute."""

    def work(actor: Actor) -> MailboxOut:
        given = body.model_dump(exclude={"region"})
        region_id = region_key(actor, body.region) or 0
        return _box(actions.add_mailbox(actor=actor, at=now(), new=NewMailbox(**given, region_id=region_id)))

    return act(request, key, "mail.add_mailbox", work, status=201)


@router.post(
    "/mailboxes/{uuid:uid}/actions/change_mailbox", response={200: MailboxOut, **REFUSED}, summary="Change a mailbox"
)
def change_mailbox(request: HttpRequest, uid: UUID, body: MailboxChangeIn, key: Key) -> HttpResponse:
    """Change a mailbox; without a password the present one stays."""

    def work(actor: Actor) -> MailboxOut:
        mailbox(actor, uid)
        changes = body.given("password", "region")
        if body.region:
            changes["region_id"] = region_key(actor, body.region)
        row = actions.change_mailbox(actor=actor, at=now(), mailbox_uid=uid, changes=changes, password=body.password)
        return _box(mailbox(actor, row.uid))

    return act(request, key, "mail.change_mailbox", work)


@router.post(
    "/mailboxes/{uuid:uid}/actions/try_mailbox", response={200: MailboxOut, **REFUSED}, summary="Try the connection"
)
def try_mailbox(request: HttpRequest, uid: UUID, key: Key) -> HttpResponse:
    """Connect, log in and open the folder; `fault` says what fails, and is empty where nothing does."""
    asks = actor_of(request)
    asks.require("mail.try_mailbox")
    came = probe(mailbox(asks, uid))  # before the change: it may take a while

    def work(actor: Actor) -> MailboxOut:
        return _box(actions.try_mailbox(actor=actor, at=now(), mailbox_uid=uid, came=came))

    return act(request, key, "mail.try_mailbox", work)


@router.post(
    "/mailboxes/{uuid:uid}/actions/switch_mailbox_off", response={200: MailboxOut, **REFUSED}, summary="Read it no more"
)
def switch_mailbox_off(request: HttpRequest, uid: UUID, key: Key) -> HttpResponse:
    """Read a mailbox no more; what comes in meanwhile stays on its server."""

    def work(actor: Actor) -> MailboxOut:
        return _box(actions.switch_mailbox_off(actor=actor, at=now(), mailbox_uid=uid))

    return act(request, key, "mail.switch_mailbox_off", work)


@router.post(
    "/mailboxes/{uuid:uid}/actions/switch_mailbox_on", response={200: MailboxOut, **REFUSED}, summary="Read it again"
)
def switch_mailbox_on(request: HttpRequest, uid: UUID, key: Key) -> HttpResponse:
    """Read a mailbox again, with what came in meanwhile."""

    def work(actor: Actor) -> MailboxOut:
        return _box(actions.switch_mailbox_on(actor=actor, at=now(), mailbox_uid=uid))

    return act(request, key, "mail.switch_mailbox_on", work)


# ---- mails -----------------------------------------------------------------------------------------------------------
@router.get("/mails", response={200: MailsOut, **UNREAD}, summary="List mails that came in")
def list_mails(
    request: HttpRequest, state: MailState | None = None, after: Cursor = "", limit: Limit = PAGE
) -> dict[str, Any]:
    """What came in, newest first; with `state=aside` what waits for somebody to look."""
    rows = mails(actor_of(request))
    if state:
        rows = rows.filter(state=state)
    return paged(rows, after, limit, lambda row: MailOut(**_told(row)))


@router.get("/mails/{uuid:uid}", response={200: MailDetailOut, **UNREAD}, summary="One mail")
def get_mail(request: HttpRequest, uid: UUID) -> MailDetailOut:
    """One mail as text. Leaves an access row."""
    actor = actor_of(request)
    row = mail(actor, uid)
    note_access(actor, AccessKind.DETAIL, "mail", [row.pk], now())
    return _whole(row)


@router.post("/mails/{uuid:uid}/actions/take_mail_in", response={200: TakenInOut, **REFUSED}, summary="Take a mail in")
def take_mail_in(request: HttpRequest, uid: UUID, body: TakeInIn, key: Key) -> HttpResponse:
    """Take in a mail that lies aside: into an order, or as a new one."""
    asks = actor_of(request)
    asks.require("mail.take_mail_in")
    letter = again(mail(asks, uid))

    def work(actor: Actor) -> TakenInOut:
        files = letter.files if letter else ()
        made = actions.take_mail_in(actor=actor, at=now(), mail_uid=uid, number=body.order, files=files)
        return TakenInOut(order=made.uid, number=made.number)

    return act(request, key, "mail.take_mail_in", work)


@router.post("/mails/{uuid:uid}/actions/dismiss_mail", response={200: MailOut, **REFUSED}, summary="Dismiss a mail")
def dismiss_mail(request: HttpRequest, uid: UUID, key: Key) -> HttpResponse:
    """Dismiss a mail that lies aside: nothing comes of it."""

    def work(actor: Actor) -> MailOut:
        return MailOut(**_told(actions.dismiss_mail(actor=actor, at=now(), mail_uid=uid)))

    return act(request, key, "mail.dismiss_mail", work)


# ---- the thread of an order ------------------------------------------------------------------------------------------
@router.get("/orders/{uuid:uid}/mails", response={200: MailThreadOut, **UNREAD}, summary="The mails of an order")
def get_mail_thread(request: HttpRequest, uid: UUID) -> MailThreadOut:
    """What came in about an order and what was answered. Leaves an access row."""
    actor = actor_of(request)
    row = order(actor, uid)
    note_access(actor, AccessKind.DETAIL, "order", [row.pk], now())
    came = mails_of(row.pk).select_related("mailbox", "order")
    return MailThreadOut(mails=[_whole(each) for each in came], replies=[_reply(each) for each in replies_of(row.pk)])


@router.post(
    "/orders/{uuid:uid}/actions/reply_by_mail", response={201: MailReplyOut, **REFUSED}, summary="Answer by mail"
)
def reply_by_mail(request: HttpRequest, uid: UUID, body: MailReplyIn, key: Key) -> HttpResponse:
    """Answer by mail, in the thread the customer has."""

    def work(actor: Actor) -> MailReplyOut:
        return _reply(actions.reply_by_mail(actor=actor, at=now(), order_uid=uid, text=body.text, mail_uid=body.mail))

    return act(request, key, "mail.reply_by_mail", work, status=201)
