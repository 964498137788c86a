"""A dialog for every verb about webhooks."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anxiu.console.hooks.forms import SpanForm, TargetForm
from anxiu.console.pages import Verb, VerbForm, dialog, page
from anxiu.console.secrets import secret_dialog
from anxiu.hooks import actions
from anxiu.hooks.actions import NewTarget
from anxiu.hooks.messages import REASONS
from anxiu.hooks.queries import delivery, target
from anxiu.kernel.actor import Actor
from anxiu.kernel.time import now

FIELDS = "console/hooks/fields.html"
ONCE = _("Copy the secret now: it cannot be shown again. The target checks the signature of what it gets with it.")


@page("hooks.add_target")
def add_target(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Name a target; its secret is shown once."""
    shown = {
        "title": _("Add a target"), "submit": _("Add the target"), "back": reverse("hooks"), "after": ONCE,
        "lead": _("Each event you choose is sent there as JSON, without names and free text of people."),
        "fields": FIELDS,
        "make": lambda given: actions.add_target(actor=actor, at=now(), new=NewTarget(**given))[1],
    }  # fmt: skip
    return secret_dialog(request, actor, TargetForm(actor, request.POST or None), shown)


@page("hooks.change_target")
def change_target(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Change a target."""
    row = target(actor, uid)

    def run(given: dict[str, Any]) -> object:
        return actions.change_target(actor=actor, at=now(), target_uid=uid, changes=given)

    verb = Verb(
        title=_("Change the target"), submit=_("Save"), done=_("Saved."), fields=FIELDS, run=run,
        lead=_("It holds for events from now on. What already waits goes to the new address too."),
    )  # fmt: skip
    return dialog(request, actor, TargetForm(actor, request.POST or None, row=row), verb)


@page("hooks.renew_secret")
def renew_secret(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Give a target a new secret, shown once."""
    target(actor, uid)
    shown = {
        "title": _("Renew the secret"), "submit": _("Make a new secret"), "back": reverse("hook", args=[uid]),
        "lead": _("The old secret signs along for 24 hours, so that the target can change over in peace."),
        "after": ONCE,
        "make": lambda _given: actions.renew_secret(actor=actor, at=now(), target_uid=uid)[1],
    }  # fmt: skip
    return secret_dialog(request, actor, VerbForm(request.POST or None), shown)


@page("hooks.send_test")
def send_test(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Send a test."""
    target(actor, uid)
    verb = Verb(
        title=_("Send a test"), submit=_("Send a test"), done=_("The test is on its way; the log shows its answer."),
        lead=_("A body with nothing in it, signed like any other."),
        run=lambda _given: actions.send_test(actor=actor, at=now(), target_uid=uid),
    )  # fmt: skip
    return dialog(request, actor, VerbForm(request.POST or None), verb)


@page("hooks.repeat_deliveries")
def repeat_deliveries(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Send the events of a span of time again."""
    target(actor, uid)
    verb = Verb(
        title=_("Send a span of time again"), submit=_("Send again"), done=_("They are on their way."),
        lead=_("Every event of this target that was recorded in the span, sent before or not. The ids stay the same."),
        run=lambda given: actions.repeat_deliveries(actor=actor, at=now(), target_uid=uid, **given),
    )  # fmt: skip
    return dialog(request, actor, SpanForm(request.POST or None), verb)


@page("hooks.switch_target_off")
def switch_target_off(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Switch a target off."""
    target(actor, uid)
    verb = Verb(
        title=_("Switch the target off"), submit=pgettext_lazy("webhook", "Switch off"), danger=True,
        done=_("The target is switched off."),
        lead=_("Nothing more is sent; what waits fails. Once it is on again you can send the time between again."),
        run=lambda _given: actions.switch_target_off(actor=actor, at=now(), target_uid=uid),
    )  # fmt: skip
    return dialog(request, actor, VerbForm(request.POST or None), verb)


@page("hooks.switch_target_on")
def switch_target_on(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Switch a target on."""
    target(actor, uid)
    verb = Verb(
        title=_("Switch the target on"), submit=pgettext_lazy("webhook", "Switch on"),
        done=_("The target is switched on."),
        lead=_("It gets events from now on. What happened meanwhile goes out by “Send a span of time again”."),
        run=lambda _given: actions.switch_target_on(actor=actor, at=now(), target_uid=uid),
    )  # fmt: skip
    return dialog(request, actor, VerbForm(request.POST or None), verb)


@page("hooks.repeat_delivery")
def repeat_delivery(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Send one delivery again."""
    row = delivery(actor, uid)
    verb = Verb(
        title=_("Send again"), submit=_("Send again"), done=_("It is on its way."),
        lead=_("It goes to {address}, with the same id of the event.").format(address=row.target.url),
        notes=[REASONS[row.reason]] if row.reason else (),
        run=lambda _given: actions.repeat_delivery(actor=actor, at=now(), delivery_uid=uid),
    )  # fmt: skip
    return dialog(request, actor, VerbForm(request.POST or None), verb)
