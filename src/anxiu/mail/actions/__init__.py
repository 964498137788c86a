"""The only way to change mailboxes and mail."""

from anxiu.mail.actions.aside import dismiss_mail, take_mail_in
from anxiu.mail.actions.forgetting import forget, forget_contact
from anxiu.mail.actions.mailboxes import (
    NewMailbox,
    add_mailbox,
    change_mailbox,
    switch_mailbox_off,
    switch_mailbox_on,
    try_mailbox,
)  # fmt: skip
from anxiu.mail.actions.polling import claim, pass_by, settle
from anxiu.mail.actions.taking import Arrival, take_in
from anxiu.mail.actions.writing import reply_by_mail

__all__ = [
    "Arrival", "NewMailbox", "add_mailbox", "change_mailbox", "claim", "dismiss_mail", "forget", "forget_contact",
    "pass_by", "reply_by_mail", "settle", "switch_mailbox_off", "switch_mailbox_on", "take_in", "take_mail_in",
    "try_mailbox",
]  # fmt: skip
