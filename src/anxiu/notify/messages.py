"""Codes of notices, in words."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anxiu.kernel.messages import register
from anxiu.notify.choices import AddressKind, Carries, Kind, Reason, State

register(
    refusals={
        "notify.not_failed": _("This notice has not failed; there is nothing to send again."),
        "notify.no_server": _(
            "No mail server is configured. Set ANXIU_SMTP_URL and restart; waiting mail is then sent."
        ),
        "notify.text_is_gone": _("Its text was erased; there is nothing to send."),
        "notify.no_address": _("There is no address to send this to."),
        "notify.channel_off": _("This channel is not set up, or is switched off."),
        "notify.company_only": _("Only who works for the whole company sets channels up."),
        "notify.own_only": _("Only a person chooses how they are told."),
        "notify.must_be_told": _("What breaks a deadline reaches you beyond your own page; choose a channel."),
        "notify.bad_template": _(
            "“{part}” is not understood. Write the template's code and then what fills it: {known}."
        ),
        "notify.job_not_failed": _("This job has not failed, or is done by now."),
    },
    sentences={
        "notify.person_told": _("A notice was put on the person's page"),
        "notify.customer_told": _("The customer was told"),
        "notify.channel_set_up": _("A channel of notices was set up: {medium}"),
        "notify.channel_tested": _("A test was sent by a channel: {medium}"),
        "notify.person_addresses_set": _("Addresses of channels were set: {kinds}"),
        "notify.contact_address_set": _("The WeChat address was set"),
        "notify.channels_chosen": _("The channels of one's own notices were chosen"),
        "notify.delivery_failed": _("A notice could not be delivered"),
        "notify.resent": _("A notice was sent again"),
        "notify.job_retried": _("A failed job was run again: {task}"),
    },
)

USES: Final[Mapping[str, Promise | str]] = {
    Carries.EVERYTHING: _("everything that leaves the house"),
    Carries.URGENT: _("only what breaks a deadline"),
    Carries.NOTHING: _("nothing"),
}
ADDRESSES: Final[Mapping[str, Promise | str]] = {
    AddressKind.EMAIL: _("Email address"),
    AddressKind.PHONE: _("Phone number"),
    AddressKind.WECOM: _("WeCom user id"),
    AddressKind.DINGTALK: _("DingTalk user id"),
    AddressKind.FEISHU: _("Feishu open id"),
    AddressKind.WECHAT: _("WeChat open id"),
}
STATES: Final[Mapping[str, Promise | str]] = {
    State.QUEUED: pgettext_lazy("notice", "Queued"),
    State.SENDING: pgettext_lazy("notice", "Being sent"),
    State.HELD: pgettext_lazy("notice", "Waiting"),
    State.SENT: pgettext_lazy("notice", "Sent"),
    State.FAILED: pgettext_lazy("notice", "Failed"),
    State.CANCELLED: pgettext_lazy("notice", "Cancelled"),
}
REASONS: Final[Mapping[str, Promise | str]] = {
    Reason.NO_SERVER: _("No mail server is configured"),
    Reason.WAITED_TOO_LONG: _("Waited so long that it no longer goes out by itself"),
    Reason.REFUSED: _("Refused by the server"),
    Reason.BAD_ADDRESS: _("The address does not exist or is not accepted"),
    Reason.SERVER_BUSY: _("The server asks to try again later"),
    Reason.UNREACHABLE: _("The server cannot be reached"),
    Reason.LOGIN: _("The server does not accept our login"),
    Reason.INTERRUPTED: _("Sending was interrupted too often"),
    Reason.ERASED: _("The person's data was erased"),
    Reason.BOUNCED: _("It came back undelivered"),
    Reason.NOT_SET_UP: _("The channel is not set up, or is switched off"),
    Reason.RATE: _("Too many at a time for the vendor; tried again later"),
    Reason.TIMEOUT: _("The vendor did not answer in time"),
    Reason.MALFORMED: _("The vendor's answer could not be read"),
    Reason.UNCERTAIN: _("It may have left: nobody knows, so it is not sent again by itself"),
    Reason.SETTINGS: _("The vendor does not accept the settings or permissions of this channel"),
    Reason.NO_TEMPLATE: _("There is no template for this kind, or it does not fit what fills it"),
    Reason.CONTENT: _("The vendor does not accept the text"),
    Reason.NOT_SUBSCRIBED: _("The person does not follow the service account"),
    Reason.NO_CREDIT: _("The account with the vendor is used up"),
    Reason.DAILY_LIMIT: _("The limit of today is reached"),
    Reason.PERSON_LIMIT: _("The person got as many text messages today as the regulation allows"),
    Reason.FELL_BACK: _("It had not left in time and went by the next channel"),
}
KINDS: Final[Mapping[str, Promise | str]] = {
    Kind.RECEIPT: pgettext_lazy("notice", "Receipt"),
    Kind.VISIT_CONFIRMED: pgettext_lazy("notice", "Visit confirmed"),
    Kind.VISIT_MOVED: pgettext_lazy("notice", "Visit moved"),
    Kind.DEPARTED: pgettext_lazy("notice", "Engineer on the way"),
    Kind.ARRIVED: pgettext_lazy("notice", "Engineer arrived"),
    Kind.SUSPENDED: pgettext_lazy("notice", "Work suspended"),
    Kind.RESUMED: pgettext_lazy("notice", "Work resumed"),
    Kind.SIGN_REQUEST: pgettext_lazy("notice", "Please sign"),
    Kind.SIGN_AGAIN: pgettext_lazy("notice", "Please sign again"),
    Kind.REPORT_READY: pgettext_lazy("notice", "Service report"),
    Kind.RATING_REQUEST: pgettext_lazy("notice", "Please rate"),
    Kind.CANCELLED: pgettext_lazy("notice", "Order cancelled"),
    Kind.ANSWERED: pgettext_lazy("notice", "Question answered"),
    Kind.MERGED: pgettext_lazy("notice", "Merged with another report"),
    Kind.SEPARATED: pgettext_lazy("notice", "Goes on by itself again"),
    Kind.SPLIT_OFF: pgettext_lazy("notice", "Part of a request"),
    Kind.ASKED_BACK: pgettext_lazy("notice", "Question to the reporter"),
    Kind.ASKED_AGAIN: pgettext_lazy("notice", "Reminder of our question"),
    Kind.MAIL_REPLY: pgettext_lazy("notice", "Answer by mail"),
    Kind.NEW_ORDER: pgettext_lazy("notice", "New order"),
    Kind.VISIT_OFFERED: pgettext_lazy("notice", "Visit to accept"),
    Kind.VISIT_TAKEN_AWAY: pgettext_lazy("notice", "Visit no longer yours"),
    Kind.VISIT_DECLINED: pgettext_lazy("notice", "Visit declined"),
    Kind.QUESTION: pgettext_lazy("notice", "Question from a customer"),
    Kind.WARNING: pgettext_lazy("notice", "Deadline near"),
    Kind.ESCALATED: pgettext_lazy("notice", "Escalation"),
    Kind.NOBODY_TO_CALL: pgettext_lazy("notice", "Nobody to call"),
    Kind.HAND_OVER_ASKED: pgettext_lazy("notice", "Hand-over proposed"),
    Kind.HAND_OVER_TAKEN: pgettext_lazy("notice", "Hand-over accepted"),
    Kind.HAND_OVER_DECLINED: pgettext_lazy("notice", "Hand-over declined"),
    Kind.LOW_RATING: pgettext_lazy("notice", "Low rating"),
    Kind.VISIT_CALLED_OFF: pgettext_lazy("notice", "Visit called off"),
    Kind.REPLY_CAME: pgettext_lazy("notice", "The reporter answered"),
    Kind.REPLY_MISSED: pgettext_lazy("notice", "The reporter did not answer"),
    Kind.MAIL_CAME: pgettext_lazy("notice", "Mail from a customer"),
    Kind.PLAN_WAITS: pgettext_lazy("notice", "Plan to be approved"),
    Kind.PLAN_DECIDED: pgettext_lazy("notice", "Plan decided"),
    Kind.READING_DUE: pgettext_lazy("notice", "Regulation to read"),
    Kind.READING_LATE: pgettext_lazy("notice", "Regulation not acknowledged"),
    Kind.PILOT_STARTED: pgettext_lazy("notice", "Pilot of the regulation"),
    Kind.PILOT_ENDED: pgettext_lazy("notice", "Pilot decided"),
    Kind.HOOK_OFF: pgettext_lazy("notice", "Webhook target switched off"),
    Kind.MAILBOX_FAILING: pgettext_lazy("notice", "Mailbox cannot be read"),
    Kind.DIGEST: pgettext_lazy("notice", "Deadlines, gathered"),
    Kind.TEST: pgettext_lazy("notice", "Test of a channel"),
}
