"""Codes of mail, in words."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anxiu.kernel.messages import register
from anxiu.mail.choices import Fault, MailState, Reason, Security, Strangers

register(
    refusals={
        "mail.bad_host": _("This is not the name of a mail server."),
        "mail.bad_login": _("The user name must be on one line."),
        "mail.password_missing": _("Enter the password."),
        "mail.no_tls": _("Without TLS the password would cross the internet for anybody to read."),
        "mail.address_taken": _("There is a mailbox with this address already."),
        "mail.unknown_region": _("Choose one of your regions."),
        "mail.is_on": _("The mailbox is read already."),
        "mail.is_off": _("The mailbox is switched off."),
        "mail.not_aside": _("This mail does not lie aside any more."),
        "mail.unknown_order": _("There is no order with this number."),
        "mail.no_address": _("There is no address to write to."),
        "mail.text_missing": _("Write something first."),
    },
    sentences={
        "mail.mailbox_added": _("Mailbox added"),
        "mail.mailbox_changed": _("Mailbox changed: {fields}"),
        "mail.mailbox_tried": _("Connection to a mailbox tried"),
        "mail.mailbox_switched_off": _("Mailbox switched off"),
        "mail.mailbox_switched_on": _("Mailbox switched on"),
        "mail.mailbox_failing": _("The mailbox cannot be read"),
        "mail.joined": _("A mail came in"),
        "mail.taken_in": _("A mail that lay aside was taken in"),
        "mail.dismissed": _("A mail that lay aside was dismissed"),
        "mail.replied": _("Answered by mail"),
        "mail.bounced": _("A mail to the customer came back undelivered"),
    },
)

SECURITIES: Final[Mapping[str, Promise | str]] = {
    Security.TLS: _("TLS (port 993)"),
    Security.STARTTLS: _("STARTTLS (port 143)"),
    Security.NONE: _("None, within the own network only"),
}
STRANGERS: Final[Mapping[str, Promise | str]] = {
    Strangers.OPEN: _("Open an order without a customer"),
    Strangers.ASIDE: _("Set it aside for a person to look at"),
}
STATES: Final[Mapping[str, Promise | str]] = {
    MailState.OPENED: pgettext_lazy("mail", "Order opened"),
    MailState.JOINED: pgettext_lazy("mail", "Joined an order"),
    MailState.ASIDE: pgettext_lazy("mail", "Set aside"),
    MailState.DISMISSED: pgettext_lazy("mail", "Dismissed"),
}
REASONS: Final[Mapping[str, Promise | str]] = {
    Reason.AUTOMATIC: _("Sent by a machine: an absence note or another automatic answer"),
    Reason.BULK: _("Sent to many: a newsletter or a mailing list"),
    Reason.BOUNCE: _("A mail of ours came back undelivered"),
    Reason.OWN: _("Our own mail came back to us"),
    Reason.TOO_MANY: _("More mails from this address than are taken in within an hour"),
    Reason.STRANGER: _("The address is not known"),
    Reason.TOO_LARGE: _("Too large: only its subject was read"),
    Reason.TOO_MANY_PARTS: _("Built of more parts than a mail of a person has"),
    Reason.BROKEN: _("It could not be read"),
    Reason.EMPTY: _("There is nothing in it"),
    Reason.REFUSED: _("No order could be made of it"),
}
LEFT_OUT: Final[Mapping[str, Promise | str]] = {
    "mail.nested": _("a mail within the mail"),
    "mail.logo": _("a small picture of the signature"),
    "mail.too_many_files": _("more files than are taken"),
    "files.too_large": _("too large"),
    "files.damaged": _("damaged"),
    "files.empty": _("empty"),
    "files.active_document": _("holds a program"),
    "files.wrong_ending": _("is not what its name says"),
}
FAULTS: Final[Mapping[str, Promise | str]] = {
    Fault.UNKNOWN_HOST: _("The server's name is not known"),
    Fault.INSIDE: _("The server is within the own network; ANXIU_MAIL_SERVERS_INSIDE=true allows that"),
    Fault.UNREACHABLE: _("The server cannot be reached"),
    Fault.TIMEOUT: _("The server did not answer in time"),
    Fault.CERTIFICATE: _("The server's certificate is not accepted"),
    Fault.NO_TLS: _("The server offers no encryption of this kind"),
    Fault.LOGIN: _("The server does not accept the user name or the password"),
    Fault.FOLDER: _("There is no such folder"),
    Fault.PROTOCOL: _("The server answers in a way that is not understood"),
    Fault.NO_SECRET: _("The stored password cannot be opened any more; enter it again"),
}
