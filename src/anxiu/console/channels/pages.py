"""The channels in their order, one channel with its log, and what administrators do with them."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from anxiu.console.channels.forms import SetUpForm, TestForm
from anxiu.console.notices import dressed
from anxiu.console.pages import Listing, Verb, address, columns, dialog, keyset, page, show
from anxiu.kernel.actor import Actor
from anxiu.kernel.planning import planned_anew
from anxiu.kernel.time import now
from anxiu.notify import actions
from anxiu.notify.actions.channels import OF_PEOPLE
from anxiu.notify.choices import Medium
from anxiu.notify.messages import REASONS, USES
from anxiu.notify.queries import (
    VIEW_CHANNELS,
    Standing,
    channel_log,
    email_is_configured,
    own_addresses,
    standing,
    standings,
)  # fmt: skip

VERBS = ("set_up_channel", "test_channel")


def _may(actor: Actor) -> dict[str, bool]:
    whole = actor.regions is None
    return {verb: whole and actor.may(f"notify.{verb}") for verb in VERBS}


def _row(each: Standing) -> dict[str, object]:
    """A channel in words."""
    word, tone = (_("Switched on"), "green") if each.is_on else (_("Not set up"), "grey")
    if each.setup and not each.setup.is_on:
        word = _("Switched off")
    late = each.failure and (each.sent_at is None or each.failure.created_at > each.sent_at)
    if each.is_on and each.offer.medium == Medium.EMAIL and not email_is_configured():
        word, tone = _("No mail server"), "amber"
    if each.is_on and late:
        word, tone = _("Last one failed"), "amber"
    return {
        "channel": each, "medium": each.offer.medium, "words": each.offer.words, "symbol": each.offer.symbol,
        "standing": word, "tone": tone, "place": each.place,
        "use": USES[each.setup.use] if each.setup else USES["everything"] if each.is_on else "",
        "why": REASONS.get(each.failure.reason, "") if each.failure else "",
    }  # fmt: skip


@page(VIEW_CHANNELS)
@planned_anew()
def channels(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every channel in the company's order, with what it sent last and what went wrong last."""
    listing = Listing(
        id="channels", rows=[_row(each) for each in standings(actor, now())], row_template="console/channels/row.html",
        columns=columns(
            _("Channel"), _("State"), _("Place in the order"), _("Carries"), _("Last sent"), _("Last error"),
            _("Waiting"),
        ),
        next_url="", first_url="", empty={},
    )  # fmt: skip
    context = {"title": _("Channels"), "listing": listing}
    return show(request, "console/notices/list.html", context, fragment="console/parts/listing.html")


@page(VIEW_CHANNELS)
@planned_anew()
def channel(request: HttpRequest, actor: Actor, medium: str) -> HttpResponse:
    """One channel: how it is set up, without its secrets, and what was sent by it."""
    at = now()
    found = standing(actor, medium, at)
    rows, next_url = keyset(request, channel_log(actor, medium), ("-id",))
    listing = Listing(
        id="channel-log", title=_("What was sent by it"), rows=dressed(actor, rows),
        row_template="console/notices/delivery_row.html", next_url=next_url,
        columns=columns(_("Notice"), _("To"), _("Order"), _("Channel"), _("State"), _("When"), ""),
        first_url=address(request) if request.GET.get("after") else "",
        empty={"title": _("Nothing was sent yet"), "symbol": "mail", "text": _("A test shows whether it works.")},
    )  # fmt: skip
    context = {
        "title": capfirst(str(found.offer.words)), "row": _row(found), "found": found, "listing": listing,
        "may": _may(actor), "credentials": _credentials(found),
        "reaches_customers": found.offer.address not in OF_PEOPLE,
        "templates": len(found.setup.templates) if found.setup else 0,
    }  # fmt: skip
    return show(request, "console/channels/channel.html", context, fragment="console/parts/listing.html")


def _credentials(found: Standing) -> Sequence[tuple[object, str]]:
    """What was set up, without secrets."""
    if found.setup is None:
        return ()
    config = found.setup.config
    return [(each.words, "••••••" if each.is_secret else config.get(each.name, "–")) for each in found.offer.fields]


@page("notify.set_up_channel")
def set_up_channel(request: HttpRequest, actor: Actor, medium: str) -> HttpResponse:
    """Set a channel up."""
    found = standing(actor, medium, now())
    verb = Verb(
        title=_("Set the channel up"), submit=_("Save"), done=_("Saved. A test shows whether it works."),
        lead=_("What is secret is stored sealed and never shown again."), fields="console/channels/fields.html",
        run=lambda given: actions.set_up_channel(actor=actor, at=now(), medium=medium, settings=given["settings"]),
        go=lambda _done: reverse("channel", args=[medium]),
    )  # fmt: skip
    return dialog(request, actor, SetUpForm(found.offer, found.setup, request.POST or None), verb)


@page("notify.test_channel")
def test_channel(request: HttpRequest, actor: Actor, medium: str) -> HttpResponse:
    """Send a test; the log says in words what came of it."""
    found = standing(actor, medium, now())
    own = own_addresses(actor).get(found.offer.address, "")
    verb = Verb(
        title=_("Send a test"), submit=_("Send a test"),
        done=_("The test is on its way; the log shows what came of it."),
        lead=_("It goes to this address at once.") if not found.offer.costs else
        _("It goes to this address at once. A text message costs what every one costs."),
        run=lambda given: actions.test_channel(actor=actor, at=now(), medium=medium, **given),
        go=lambda _done: reverse("channel", args=[medium]),
    )  # fmt: skip
    return dialog(request, actor, TestForm(found.offer, own, request.POST or None), verb)
