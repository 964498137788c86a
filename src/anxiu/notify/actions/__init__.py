"""The only way to change notices: writing, delivering, and what people do with them."""

from anxiu.notify.actions.delivering import claim, settle_bounced, settle_sent, settle_undelivered, sweep
from anxiu.notify.actions.verbs import mark_read, resend, retry_job
from anxiu.notify.actions.writing import Message, To, erase_contact, tell_customer, tell_people, too_old

__all__ = [
    "Message", "To", "claim", "erase_contact", "mark_read", "resend", "retry_job", "settle_bounced", "settle_sent",
    "settle_undelivered", "sweep", "tell_customer", "tell_people", "too_old",
]  # fmt: skip
