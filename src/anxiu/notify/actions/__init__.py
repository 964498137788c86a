"""The only way to change notices: writing, delivering, what people do with them, and the channels."""

from anxiu.notify.actions.accounts import hand_over
from anxiu.notify.actions.channels import (
    Settings,
    choose_channels,
    set_contact_address,
    set_person_addresses,
    set_up_channel,
    test_channel,
)  # fmt: skip
from anxiu.notify.actions.delivering import claim, settle_bounced, settle_sent, settle_undelivered, sweep, sweep_waiting
from anxiu.notify.actions.verbs import mark_read, resend, retry_job
from anxiu.notify.actions.writing import (
    Message,
    To,
    blank,
    erase_contact,
    erase_person,
    tell_customer,
    tell_people,
    too_old,
)

__all__ = [
    "Message", "Settings", "To", "blank", "choose_channels", "claim", "erase_contact", "erase_person", "hand_over",
    "mark_read", "resend", "retry_job", "set_contact_address", "set_person_addresses", "set_up_channel",
    "settle_bounced", "settle_sent", "settle_undelivered", "sweep", "sweep_waiting", "tell_customer", "tell_people",
    "test_channel", "too_old",
]  # fmt: skip
