"""Codes of the customer pages, in words for customers."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from anxiu.kernel.messages import register

register(
    refusals={
        "portal.too_many": _("There were too many messages from here. Please wait a while, or call us."),
        "portal.already_sent": _(
            "This form was sent already. If you want to report something else, check the words and send it again."
        ),
        "portal.no_owner": _("Reports for this region cannot be taken online at the moment. Please call us."),
        "portal.words_or_symptom": _("Choose what is wrong, or describe it in a few words."),
        "portal.reach_missing": _("Please leave a phone number or an email address, so that we can reach you."),
        "portal.trap": _("Please leave this field empty: only programs fill it in."),
        "portal.choose_again": _("Your photos could not be kept this time. Please choose them again before sending."),
        "portal.sign_later": _("Your signature could not be kept just now. Please sign again in a few minutes."),
        "portal.not_yours": _("This can only be opened from your own message."),
        "portal.signature_blank": _("The signature is empty. Please sign with your finger, or choose a clear photo."),
    }
)

# Codes meant for staff that a customer must read in other words.
INSTEAD: Final = {"orders.no_owner": "portal.no_owner", "kernel.key_reused": "portal.already_sent"}
