"""Codes of webhooks, in words."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anxiu.hooks.choices import Reason, State
from anxiu.kernel.messages import register

register(
    refusals={
        "hooks.https_only": _("The address must begin with https://."),
        "hooks.bad_address": _("This is not an address that can be asked."),
        "hooks.login_in_address": _(
            "The address must hold no user name and no password: the signature says who calls."
        ),
        "hooks.inside": _("This address leads into a private network, to this machine or to its provider."),
        "hooks.unknown_kind": _("There is no event “{kind}”."),
        "hooks.no_kinds": _("Choose at least one event."),
        "hooks.regions_needed": _("Choose regions of your own: events of others are not yours to pass on."),
        "hooks.unknown_region": _("One of the regions does not exist, or is not yours to see."),
        "hooks.is_on": _("The target is switched on already."),
        "hooks.is_off": _("The target is switched off. Switch it on first."),
        "hooks.not_over": _("This delivery is still on its way."),
        "hooks.bad_span": _("The span must not end before it begins."),
        "hooks.too_many": _("These are more than {limit} events. Choose a shorter span."),
    },
    sentences={
        "hooks.target_added": _("Webhook target added"),
        "hooks.target_changed": _("Webhook target changed: {fields}"),
        "hooks.secret_renewed": _("Secret of a webhook target renewed"),
        "hooks.target_switched_off": _("Webhook target switched off"),
        "hooks.target_switched_on": _("Webhook target switched on"),
        "hooks.delivery_repeated": _("A webhook delivery was sent again"),
        "hooks.deliveries_repeated": _("Events of a span of time were sent again: {count}"),
        "hooks.test_sent": _("A test was sent to a webhook target"),
    },
)

STATES: Final[Mapping[str, Promise | str]] = {
    State.QUEUED: pgettext_lazy("webhook", "Queued"),
    State.SENDING: pgettext_lazy("webhook", "Being sent"),
    State.DELIVERED: pgettext_lazy("webhook", "Delivered"),
    State.FAILED: pgettext_lazy("webhook", "Failed"),
}
# Kinds of events whose sentence says little without what only a certain event has.
KINDS: Final[Mapping[str, Promise | str]] = {
    "hooks.test": pgettext_lazy("webhook", "Test"),
    "orders.opened": _("Order opened"),
    "orders.visit_booked": _("Visit booked"),
    "orders.document_issued": _("Document issued"),
}
REASONS: Final[Mapping[str, Promise | str]] = {
    Reason.ANSWER: _("The target did not accept it"),
    Reason.REDIRECT: _("The target answers with another address; redirects are not followed"),
    Reason.TIMEOUT: _("The target did not answer in time"),
    Reason.UNREACHABLE: _("The target cannot be reached"),
    Reason.UNKNOWN_HOST: _("The target's name is not known"),
    Reason.INSIDE: _("The name leads into a private network, to this machine or to its provider"),
    Reason.CERTIFICATE: _("The target's certificate is not accepted"),
    Reason.BAD_ADDRESS: _("The target's address is not allowed here"),
    Reason.INTERRUPTED: _("Sending was interrupted too often"),
    Reason.SWITCHED_OFF: _("The target was switched off"),
}
