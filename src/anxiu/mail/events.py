"""What happens to mailboxes and by mail. A mail that is only set aside is a row, no event: anybody may cause one."""

from dataclasses import dataclass

from anxiu.kernel.events import Event, Sealed, event


@event("mail.mailbox_added")
@dataclass(frozen=True)
class MailboxAdded(Event):
    """A mailbox was named; it is read from now on."""


@event("mail.mailbox_changed")
@dataclass(frozen=True)
class MailboxChanged(Event):
    """A mailbox, or what becomes of its mail, was changed."""

    fields: tuple[str, ...]


@event("mail.mailbox_tried")
@dataclass(frozen=True)
class MailboxTried(Event):
    """Somebody tried the connection to a mailbox; `fault` is empty where it held."""

    fault: str


@event("mail.mailbox_switched_off")
@dataclass(frozen=True)
class MailboxSwitchedOff(Event):
    """A mailbox is not read any more."""


@event("mail.mailbox_switched_on")
@dataclass(frozen=True)
class MailboxSwitchedOn(Event):
    """A mailbox is read again."""


@event("mail.mailbox_failing")
@dataclass(frozen=True)
class MailboxFailing(Event):
    """A mailbox could not be read for so long that somebody has to look."""

    fault: str


@event("mail.joined")
@dataclass(frozen=True)
class MailJoined(Event):
    """A mail belongs to the order: it answered one of ours, or named the order."""

    mail_id: int
    known_sender: bool
    answers_inquiry: bool
    text: Sealed


@event("mail.taken_in")
@dataclass(frozen=True)
class MailTakenIn(Event):
    """Somebody took in a mail that lay aside."""

    mail_id: int
    reason: str


@event("mail.dismissed")
@dataclass(frozen=True)
class MailDismissed(Event):
    """Somebody dismissed a mail that lay aside."""

    reason: str


@event("mail.replied")
@dataclass(frozen=True)
class MailReplied(Event):
    """Somebody answered by mail."""

    reply_id: int
    text: Sealed


@event("mail.bounced")
@dataclass(frozen=True)
class MailBounced(Event):
    """A mail of ours about the order came back: it could not be delivered."""

    mail_id: int
    notice: str
