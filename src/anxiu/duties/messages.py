"""Codes of to-dos, in words."""

from django.utils.translation import gettext_lazy as _

from anxiu.kernel.messages import register

register(
    refusals={
        "duties.closed": _("This to-do has been closed already."),
        "duties.still_open": _("{count} to-dos are still theirs."),
        "duties.not_yours": _("This to-do belongs to somebody else."),
    },
    sentences={
        "duties.opened": _("{owner_id} was given a to-do, due {due_at}"),
        "duties.moved": _("The to-do went from {from_owner_id} to {to_owner_id}"),
    },
)
