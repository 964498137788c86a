"""A dialog for every verb about mail."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anxiu.console.mail.forms import MailboxForm, TakeIn
from anxiu.console.order_forms import Question
from anxiu.console.pages import Verb, VerbForm, dialog, page
from anxiu.customers.rules import masked_email
from anxiu.kernel.actor import Actor
from anxiu.kernel.time import now
from anxiu.mail import actions
from anxiu.mail.actions import NewMailbox
from anxiu.mail.fetching import Came, probe
from anxiu.mail.messages import FAULTS, REASONS
from anxiu.mail.models import Mailbox
from anxiu.mail.queries import again, last_mail, mail, mailbox
from anxiu.orders.models import Order
from anxiu.orders.queries import order, visible


@page("mail.add_mailbox")
def add_mailbox(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Name a mailbox, then go to its page to try it."""

    def gone(made: object) -> str:
        return reverse("mailbox", args=[made.uid]) if isinstance(made, Mailbox) else reverse("mailboxes")

    verb = Verb(
        title=_("Add a mailbox"), submit=_("Add the mailbox"), go=gone, done=_("Added. Now try the connection."),
        lead=_("What comes in from now on is read every minute. What lies there already is left alone."),
        run=lambda given: actions.add_mailbox(actor=actor, at=now(), new=NewMailbox(**given)),
    )  # fmt: skip
    return dialog(request, actor, MailboxForm(actor, request.POST or None), verb)


@page("mail.change_mailbox")
def change_mailbox(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Change a mailbox."""
    row = mailbox(actor, uid)

    def run(given: dict[str, Any]) -> object:
        password = given.pop("password")
        return actions.change_mailbox(actor=actor, at=now(), mailbox_uid=uid, changes=given, password=password)

    verb = Verb(
        title=_("Change the mailbox"), submit=_("Save"), done=_("Saved."), run=run,
        lead=_("Another server, user name or folder is read from now on; what lies there already is left alone."),
    )  # fmt: skip
    return dialog(request, actor, MailboxForm(actor, request.POST or None, row=row), verb)


@page("mail.try_mailbox")
def try_mailbox(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Try the connection, and say in words what fails."""
    row = mailbox(actor, uid)
    came = probe(row) if request.method == "POST" else Came()  # before the change: it may take a while
    held = _("The connection holds. The folder has {count} mails.").format(count=came.count)
    failed = " ".join(str(each) for each in (FAULTS.get(came.fault, ""), came.error) if each)
    verb = Verb(
        title=_("Try the connection"), submit=_("Try it"), done="" if came.fault else held,
        lead=_("Connects, logs in and opens the folder. Nothing is read or changed."), warn=lambda _done: failed,
        run=lambda _given: actions.try_mailbox(actor=actor, at=now(), mailbox_uid=uid, came=came),
    )  # fmt: skip
    return dialog(request, actor, VerbForm(request.POST or None), verb)


@page("mail.switch_mailbox_off")
def switch_mailbox_off(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Read a mailbox no more."""
    mailbox(actor, uid)
    verb = Verb(
        title=_("Switch the mailbox off"), submit=pgettext_lazy("mail", "Switch off"), danger=True,
        done=_("The mailbox is switched off."),
        lead=_("Nothing more is read. What comes in meanwhile stays on the server and is read once it is on again."),
        run=lambda _given: actions.switch_mailbox_off(actor=actor, at=now(), mailbox_uid=uid),
    )  # fmt: skip
    return dialog(request, actor, VerbForm(request.POST or None), verb)


@page("mail.switch_mailbox_on")
def switch_mailbox_on(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Read a mailbox again."""
    mailbox(actor, uid)
    verb = Verb(
        title=_("Switch the mailbox on"), submit=pgettext_lazy("mail", "Switch on"),
        done=_("The mailbox is switched on."), lead=_("What came in meanwhile is read too."),
        run=lambda _given: actions.switch_mailbox_on(actor=actor, at=now(), mailbox_uid=uid),
    )  # fmt: skip
    return dialog(request, actor, VerbForm(request.POST or None), verb)


@page("mail.take_mail_in")
def take_mail_in(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Take in a mail that lies aside."""
    row = mail(actor, uid)
    letter = again(row) if request.method == "POST" else None
    suggested = row.order if row.order and visible(actor).filter(pk=row.order.pk).exists() else None

    def gone(made: object) -> str:
        seen = isinstance(made, Order) and visible(actor).filter(pk=made.pk).exists()
        return reverse("order", args=[made.uid]) if seen and isinstance(made, Order) else reverse("mails")

    verb = Verb(
        title=_("Take the mail in"), submit=_("Take in"), done=_("The mail is taken in."), go=gone,
        lead=row.subject or _("(no subject)"), notes=[REASONS[row.reason]] if row.reason else (),
        run=lambda given: actions.take_mail_in(
            actor=actor, at=now(), mail_uid=uid, files=letter.files if letter else (), **given
        ),
    )  # fmt: skip
    form = TakeIn(request.POST or None, initial={"number": suggested.number if suggested else ""})
    return dialog(request, actor, form, verb)


@page("mail.dismiss_mail")
def dismiss_mail(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Dismiss a mail that lies aside."""
    row = mail(actor, uid)
    verb = Verb(
        title=_("Dismiss the mail"), submit=_("Dismiss"), danger=True, done=_("The mail is dismissed."),
        lead=row.subject or _("(no subject)"),
        run=lambda _given: actions.dismiss_mail(actor=actor, at=now(), mail_uid=uid),
    )  # fmt: skip
    return dialog(request, actor, VerbForm(request.POST or None), verb)


@page("mail.reply_by_mail")
def reply_by_mail(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Answer by mail, in the thread the customer has."""
    row = order(actor, uid)
    asked = last_mail(row.pk)
    address = asked.sender if asked else (row.contact.email if row.contact else "") or row.request.caller_email
    verb = Verb(
        title=_("Answer by mail"), submit=_("Send"), done=_("The answer is on its way."), keep=f"reply-{uid}",
        lead=_("To {address}").format(address=masked_email(address)) if address else "",
        run=lambda given: actions.reply_by_mail(actor=actor, at=now(), order_uid=uid, text=given["text"]),
    )  # fmt: skip
    return dialog(request, actor, Question(request.POST or None), verb)
