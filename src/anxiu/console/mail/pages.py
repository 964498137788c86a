"""The mailboxes, one mailbox, and the mails that came in."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anxiu.console.accounts.forms import named
from anxiu.console.pages import Listing, address, columns, keyset, page, show
from anxiu.customers.rules import masked_email
from anxiu.kernel.access import AccessKind, note_access
from anxiu.kernel.actor import Actor
from anxiu.kernel.time import now
from anxiu.mail.choices import TAKEN, MailState
from anxiu.mail.messages import FAULTS, LEFT_OUT, REASONS, SECURITIES, STATES, STRANGERS
from anxiu.mail.models import Mail, Mailbox
from anxiu.mail.queries import VIEW_MAILBOXES, VIEW_MAILS, mail, mailbox, mailboxes, mails
from anxiu.orders.messages import TYPES

TONES: Final = {
    MailState.OPENED: "green", MailState.JOINED: "green", MailState.ASIDE: "amber", MailState.DISMISSED: "grey",
}  # fmt: skip
TABS: Final = (
    ("", pgettext_lazy("mail", "Set aside"), (MailState.ASIDE,)), ("taken", _("Taken in"), tuple(sorted(TAKEN))),
    ("dismissed", _("Dismissed"), (MailState.DISMISSED,)),
)  # fmt: skip
VERBS: Final = ("change_mailbox", "try_mailbox", "switch_mailbox_off", "switch_mailbox_on")


def _tabs(actor: Actor, chosen: str) -> list[dict[str, object]]:
    """The pages about mail that the actor may open."""
    known = (("mails", _("Mails"), VIEW_MAILS), ("mailboxes", _("Mailboxes"), VIEW_MAILBOXES))
    return [
        {"label": label, "url": reverse(name), "active": name == chosen}
        for name, label, permission in known
        if actor.may(permission)
    ]


def _standing(row: Mailbox) -> tuple[object, str]:
    """In a word how a mailbox stands, and its colour."""
    if not row.is_on:
        return _("Switched off"), "grey"
    if row.fault:
        return _("Cannot be read"), "red"
    return (_("Is read"), "green") if row.read_at or row.tried_at else (_("Not read yet"), "blue")


def _dressed_boxes(rows: Sequence[Mailbox]) -> Sequence[Mailbox]:
    for row in rows:
        row.standing, row.tone = _standing(row)  # type: ignore[attr-defined]
        row.place = named(row.region)  # type: ignore[attr-defined]
        row.why = FAULTS.get(row.fault, "")  # type: ignore[attr-defined]
        row.type_words = TYPES[row.order_type]  # type: ignore[attr-defined]
        row.security_words = SECURITIES[row.security]  # type: ignore[attr-defined]
        row.strangers_words = STRANGERS[row.strangers]  # type: ignore[attr-defined]
    return rows


def _dressed(actor: Actor, rows: Sequence[Mail]) -> Sequence[Mail]:
    for row in rows:
        row.state_words, row.tone = STATES[row.state], TONES[MailState(row.state)]  # type: ignore[attr-defined]
        row.why = REASONS.get(row.reason, "")  # type: ignore[attr-defined]
        row.masked = masked_email(row.sender)  # type: ignore[attr-defined]
        waits = row.state == MailState.ASIDE
        row.may_take = waits and actor.may("mail.take_mail_in")  # type: ignore[attr-defined]
        row.may_dismiss = waits and actor.may("mail.dismiss_mail")  # type: ignore[attr-defined]
        row.left_out_words = _left_out(row)  # type: ignore[attr-defined]
    return rows


def _left_out(row: Mail) -> list[tuple[str, object]]:
    """The parts that were not kept, by name, with the reason in words."""
    return [(each["name"], LEFT_OUT.get(each["code"], _("a kind of file that is not taken"))) for each in row.left_out]


@page(VIEW_MAILBOXES)
def mailboxes_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The mailboxes, the newest first."""
    rows, next_url = keyset(request, mailboxes(actor), ("-id",))
    add = {
        "label": _("Add a mailbox"), "icon": "plus", "look": "is-primary", "dialog": reverse("add_mailbox"),
        "size": "is-wide",
    }  # fmt: skip
    listing = Listing(
        id="mailboxes", rows=_dressed_boxes(rows), row_template="console/mail/mailbox_row.html", next_url=next_url,
        columns=columns(
            _("Mailbox"), _("Region"), _("Opens orders for"), _("State"), pgettext_lazy("mail", "Last read")
        ),
        first_url=address(request) if request.GET.get("after") else "", live="mailbox",
        actions=[add] if actor.may("mail.add_mailbox") else [],
        empty={
            "title": _("No mailboxes yet"), "symbol": "mail",
            "text": _("Name the mailbox that customers write to: their mails become orders, their answers join them."),
        },
    )  # fmt: skip
    context = {"title": _("Mail"), "listing": listing, "pages": _tabs(actor, "mailboxes")}
    return show(request, "console/mail/list.html", context, fragment="console/parts/listing.html")


@page(VIEW_MAILBOXES)
def mailbox_page(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """One mailbox: how it is read and what becomes of its mail."""
    [row] = _dressed_boxes([mailbox(actor, uid)])
    may = {verb: actor.may(f"mail.{verb}") for verb in VERBS}
    return show(request, "console/mail/mailbox.html", {"title": row.address, "mailbox": row, "may": may})


@page(VIEW_MAILS)
def mails_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The mails that came in: first those that lie aside and wait for somebody."""
    get = request.GET
    chosen = next((each for each in TABS if each[0] == get.get("tab", "")), TABS[0])
    rows = mails(actor).filter(state__in=chosen[2])
    if get.get("reason") in REASONS:
        rows = rows.filter(reason=get["reason"])
    found, next_url = keyset(request, rows, ("-id",))
    tabs = [
        {"label": label, "url": address(request, tab=key), "active": key == chosen[0],
         "count": mails(actor).filter(state=MailState.ASIDE).count() if not key else None}
        for key, label, _states in TABS
    ]  # fmt: skip
    reasons = {
        "name": "reason",
        "label": _("All reasons"),
        "value": get.get("reason", ""),
        "choices": list(REASONS.items()),
    }
    listing = Listing(
        id="mails", rows=_dressed(actor, found), row_template="console/mail/row.html", next_url=next_url, tabs=tabs,
        columns=columns(_("Mail"), pgettext_lazy("mail", "From"), _("State"), _("Order"), _("Received"), ""),
        first_url=address(request) if get.get("after") else "", filters=[reasons], is_filtered=bool(get.get("reason")),
        hidden=[("tab", get["tab"])] if get.get("tab") else [],
        empty={
            "title": _("No mails here"), "symbol": "inbox",
            "text": _("What is not taken in by itself is listed here with its reason, for thirty days."),
        },
    )  # fmt: skip
    context = {"title": _("Mail"), "listing": listing, "pages": _tabs(actor, "mails")}
    return show(request, "console/mail/list.html", context, fragment="console/parts/listing.html")


@page(VIEW_MAILS)
def mail_page(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """One mail, as text. Leaves an access row."""
    row = mail(actor, uid)
    note_access(actor, AccessKind.DETAIL, "mail", [row.pk], now())
    [row] = _dressed(actor, [row])
    return render(request, "console/mail/mail.html", {"title": row.subject or _("(no subject)"), "mail": row})
