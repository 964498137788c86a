"""Starting a pilot and deciding it, as dialogs."""

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as said
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anxiu.console.pages import Verb, VerbForm, dialog, page
from anxiu.console.pilots.forms import RollOutForm, StartForm, offer_despite
from anxiu.console.versions.forms import WhyForm
from anxiu.console.versions.verbs import one as one_version
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import GateShut, NotFound
from anxiu.kernel.time import now
from anxiu.regulation import actions
from anxiu.regulation.models import Pilot
from anxiu.regulation.queries import company_figures_changed, in_force, pilots, since_then

Values = dict[str, Any]
AGAINST = "regulation.speaks_against"


def one(actor: Actor, uid: UUID) -> Pilot:
    """A pilot the actor may know of."""
    found = pilots(actor).filter(uid=uid).first()
    if found is None:
        raise NotFound("kernel.not_found")
    return found


def to_pilot(pilot: object) -> str:
    """The address of a pilot's page."""
    return reverse("pilot", args=[cast("Pilot", pilot).uid])


def _despite(form: VerbForm, run: Callable[[Values], object]) -> Callable[[Values], object]:
    """Once something speaks against it, the form offers to do it all the same."""
    if "despite" in form.data:
        offer_despite(form)

    def carry_out(given: Values) -> object:
        try:
            return run(given)
        except GateShut as shut:
            if shut.code == AGAINST:
                offer_despite(form)
            raise

    return carry_out


@page("regulation.start_pilot")
def start_pilot(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Try an approved version in some places."""
    version = one_version(actor, uid)
    form = StartForm(request.POST or None, actor=actor, version=version)

    def run(given: Values) -> object:
        at = now()
        return actions.start_pilot(
            actor=actor, at=at, version_id=version.pk, trial=form.trial(), starts_at=form.begins(at),
            despite=bool(given.get("despite")),
        )  # fmt: skip

    verb = Verb(
        _("Start a pilot"), _("Start the pilot"), _despite(form, run), go=to_pilot, done=_("The pilot is started."),
        lead=_("In these places the version takes the place of the one it would replace; elsewhere everything stays. "
               "Orders already open keep theirs."),
    )  # fmt: skip
    return dialog(request, actor, form, verb)


@page("regulation.roll_out_pilot")
def roll_out_pilot(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Let what was tried hold for its whole scope."""
    pilot = one(actor, uid)
    form = RollOutForm(request.POST or None)

    def run(given: Values) -> object:
        at = now()
        return actions.roll_out_pilot(
            actor=actor, at=at, pilot_uid=uid, in_force_from=given["in_force_from"] or at, why=given["why"],
            despite=bool(given.get("despite")),
        )  # fmt: skip

    verb = Verb(
        _("Roll the pilot out"), _("Roll out"), _despite(form, run), danger=True, go=to_pilot,
        done=_("The version is rolled out."), notes=_meanwhile(pilot),
        lead=_("The version takes effect for its whole scope. Orders already open keep the version they were opened "
               "under. This cannot be undone; it can only be followed by another version."),
    )  # fmt: skip
    return dialog(request, actor, form, verb)


def _meanwhile(pilot: Pilot) -> list[str]:
    """What took effect elsewhere since, and would be lost."""
    at = now()
    codes = ", ".join(each.code for each in since_then(pilot, at))
    notes = []
    if codes:
        words = said("While the pilot ran, {codes} took effect; what they changed is not in this version.")
        notes.append(words.format(codes=codes))
    version = pilot.version
    of_part = version.region_id is not None or version.order_type
    if not of_part and (changed := company_figures_changed(version.pk, in_force(None, "", at).pk)):
        keys = ", ".join(key for _number, key in changed)
        notes.append(said("These figures of the whole company would change back: {keys}.").format(keys=keys))
    return notes


@page("regulation.withdraw_pilot")
def withdraw_pilot(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """End a pilot; the former version takes its place again."""
    one(actor, uid)

    def run(given: Values) -> object:
        return actions.withdraw_pilot(actor=actor, at=now(), pilot_uid=uid, why=given["why"])

    verb = Verb(
        _("Withdraw the pilot"), pgettext_lazy("pilot", "Withdraw"), run, danger=True, go=to_pilot,
        done=_("The pilot is withdrawn."),
        lead=_("The former version takes its place again at once. Orders opened under the pilot keep it. "
               "This cannot be undone: to try it again, begin a draft from this version."),
    )  # fmt: skip
    return dialog(request, actor, WhyForm(request.POST or None), verb)
