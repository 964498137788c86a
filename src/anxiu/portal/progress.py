"""What the tracking page says: the one thing on top, the way behind and ahead, and who comes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

from django.utils import timezone
from django.utils.translation import gettext as _

from anxiu.feedback.queries import standing_of
from anxiu.kernel.time import now
from anxiu.kernel.values import Value, reading
from anxiu.orders.choices import ASKED_BACK, SignOffOutcome, State, VisitState
from anxiu.orders.models import Order, Visit
from anxiu.orders.queries import awaits_signature, process_of
from anxiu.orders.rules import Process
from anxiu.orders.values import CANCEL_REASONS, REFUSAL_REASONS, SUSPEND_REASONS, Reason, SuspendReason
from anxiu.portal.pages import language, person_name
from anxiu.portal.words import moment_words
from anxiu.regulation.choices import OrderType
from anxiu.sla.models import Clock

R = TypeVar("R", Reason, SuspendReason)
RATINGS_LEAST: Final = 5  # source: own choice; fewer ratings say more about chance than about a person
STARS: Final = 5  # source: the customer page shows five stars whatever the regulation's scale is
TAKEN: Final = frozenset({VisitState.ACCEPTED, VisitState.TRAVELLING, VisitState.ON_SITE, VisitState.DONE})
WORKING: Final = frozenset({State.ON_SITE, State.APPROVING, State.REPAIRING})
SIGNED: Final = frozenset({State.FOLLOWING_UP, State.CLOSING, State.ARCHIVED})


@dataclass(frozen=True, slots=True)
class Hero:
    """The one thing: a line, and what belongs to it."""

    title: str
    lead: str


@dataclass(frozen=True, slots=True)
class Step:
    """A point of the way: done, current or next."""

    label: str
    state: str
    at: datetime | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Tale:
    """What the page tells from: the order, its latest visit, and the clock of the first answer.

    `of_another`: told to the reporter of an order that was merged into it, who is not told who else is at it.
    """

    order: Order
    visit: Visit | None
    answer: Clock | None
    of_another: bool = False

    @property
    def state(self) -> State:
        """Where the order stands."""
        return State(self.order.state)

    @property
    def is_repair(self) -> bool:
        """Whether it is a repair, and may be called so."""
        return self.order.order_type == OrderType.REPAIR

    @property
    def process(self) -> Process:
        """The steps of the order's regulation."""
        return process_of(self.order)

    @property
    def is_taken(self) -> bool:
        """Whether the engineer has said that they will come."""
        return bool(self.visit and self.visit.state in TAKEN)


def listed(order: Order, value: Value[tuple[R, ...]], code: str) -> str:
    """A reason that the order's regulation lists, in the reader's language."""
    found = {each.code: each.words for each in reading(order.version_id)(value)}
    return found[code].in_language(language()) if code in found else code


def when(visit: Visit) -> str:
    """The window of a visit: `today 09:30–11:30`."""
    return f"{moment_words(visit.starts_at)}–{timezone.localtime(visit.ends_at):%H:%M}"


# ---- the one thing --------------------------------------------------------------------------------------------------
def hero(tale: Tale, *, rated: bool) -> Hero:
    """What a customer wants to know first, for every state there is."""
    order, visit = tale.order, tale.visit
    if order.is_suspended:
        asked = order.suspend_reason == ASKED_BACK
        return Hero(_("We have a question") if asked else _("The work is interrupted"), _suspended(tale))
    match tale.state:
        case State.ACCEPTED:
            return _accepted(tale)
        case State.BOOKED if visit:
            lead = _("Planned for %(when)s. We tell you as soon as the engineer has confirmed.") % {"when": when(visit)}
            return Hero(_("An engineer is being booked"), lead)
        case State.PREPARING | State.PREPARED if visit:
            name = person_name(visit.engineer.person)
            title = _("The engineer comes %(when)s") % {"when": when(visit)}
            return Hero(title, _("%(name)s gets ready for your visit.") % {"name": name})
        case State.TRAVELLING if visit:
            return Hero(_("The engineer is on the way"), _("Planned arrival %(when)s") % {"when": when(visit)})
        case State.ON_SITE:
            return Hero(_("The engineer is with you"), _("The machine is being looked at."))
        case State.APPROVING:
            lead = _("The engineer knows what is to be done; a supervisor confirms it.")
            return Hero(_("The plan is being checked"), lead)
        case State.REPAIRING:
            title = _("The repair is under way") if tale.is_repair else _("The work is under way")
            return Hero(title, _("Everything that is done is written down with its time."))
        case State.SIGNING:
            return Hero(_signing_title(tale), _("Please look at the work and sign the record, or say why not."))
        case State.CANCELLED:
            return Hero(_("This order was cancelled"), listed(order, CANCEL_REASONS, order.cancel_reason))
        case _:
            return _finished(tale, rated=rated)


def _accepted(tale: Tale) -> Hero:
    """Before a visit is booked: when somebody calls, and honestly when that is late."""
    order, clock = tale.order, tale.answer
    if order.responded_at or clock is None or clock.due_at is None:
        if not tale.process.has_visit:
            return Hero(_("We are working on it"), _("We help you from here; nobody has to come for it."))
        lead = _("An engineer is being chosen for your machine. You will see here who comes, and when.")
        return Hero(_("We are looking for a time"), lead)
    if clock.due_at < now():
        late = _("We wanted to call you by %(when)s. Your report is with our supervisor; you can also call us.")
        return Hero(_("Our call is late"), late % {"when": moment_words(clock.due_at)})
    return Hero(_("We have your report"), _("A person calls you by %(when)s.") % {"when": moment_words(clock.due_at)})


def _suspended(tale: Tale) -> str:
    order = tale.order
    if order.suspend_reason == ASKED_BACK and order.suspended_until:
        when = moment_words(order.suspended_until)
        if tale.of_another:
            return _("We asked something first. We go on by %(when)s.") % {"when": when}
        return _("Please answer below by %(when)s; your order waits for it.") % {"when": when}
    reason = listed(order, SUSPEND_REASONS, order.suspend_reason)
    if order.suspended_until is None:
        return reason
    return _("%(reason)s. We go on by %(when)s.") % {"reason": reason, "when": moment_words(order.suspended_until)}


def _signing_title(tale: Tale) -> str:
    if not tale.order.resolved:
        return _("The work is done for now")
    return _("The repair is done") if tale.is_repair else _("The work is done")


def _finished(tale: Tale, *, rated: bool) -> Hero:
    order = tale.order
    if awaits_signature(order):
        lead = _("The record of the work was corrected after it was signed. Please read it and sign, or say why not.")
        return Hero(_("Please sign once more"), lead)
    signed, given = order.sign_off, getattr(order, "guarantee", None)
    if signed and signed.outcome == SignOffOutcome.REFUSED and tale.state is State.FOLLOWING_UP:
        return Hero(_("You did not sign"), _("We take that seriously: somebody calls you about it."))
    if given:
        lead = _("The repair is guaranteed until %(date)s.") % {"date": f"{given.until_date:%Y-%m-%d}"}
    else:
        lead = _("Thank you for your patience.")
    if tale.state is State.FOLLOWING_UP:
        return Hero(_("Thank you") if rated else _("How was it?"), lead)
    return Hero(_("All done"), lead)


# ---- the way --------------------------------------------------------------------------------------------------------
def steps(tale: Tale) -> list[Step]:
    """The way behind with its times, where the order stands, and the way ahead."""
    reached = [each for each in _way(tale) if each.at]
    ahead = [each for each in _way(tale) if not each.at]
    order = tale.order
    if tale.state is State.CANCELLED:
        reason = listed(order, CANCEL_REASONS, order.cancel_reason)
        return [_as(each, "done") for each in reached] + [Step(_("Cancelled"), "current", order.ended_at, reason)]
    last = "done" if tale.state is State.ARCHIVED else "current"
    if order.is_suspended:
        label = _("We asked you") if order.suspend_reason == ASKED_BACK else _("Interrupted")
        pause = Step(label, "current", order.suspended_at, _suspended(tale))
        return [_as(each, "done") for each in reached] + [pause] + ahead
    return [_as(each, "done") for each in reached[:-1]] + [_as(reached[-1], last)] + ahead


def _as(step: Step, state: str) -> Step:
    return Step(step.label, state, step.at, step.text)


def _way(tale: Tale) -> list[Step]:
    """Every point of the way; one without a time has not been reached."""
    order, visit = tale.order, tale.visit
    number = _("Number %(number)s. %(owner)s looks after it.") % {
        "number": order.number, "owner": person_name(order.owner),
    }  # fmt: skip
    way = [Step(_("Report received"), "next", order.opened_at, number)]
    if order.responded_at or tale.state is State.ACCEPTED:
        due = tale.answer.due_at if tale.answer and not order.responded_at else None
        text = _("by %(when)s") % {"when": moment_words(due)} if due else ""
        label = _("We called you") if order.responded_at else _("We call you")
        way.append(Step(label, "next", order.responded_at, text))
    if tale.process.has_visit:
        way.append(_booking(tale))
        way.append(Step(_("On the way to you"), "next", visit.departed_at or visit.arrived_at if visit else None))
        arrived = visit.arrived_at if visit else None
        finding = _("The machine is looked at and repaired.") if tale.is_repair and tale.state in WORKING else ""
        way.append(Step(_("On site"), "next", arrived, finding))
    done = order.completed_at
    way.append(Step(_("Work finished"), "next", done, order.solution if done else ""))
    if tale.process.has(State.SIGNING):
        way.append(_signing(tale))
    if order.ended_at and tale.state is State.ARCHIVED:
        way.append(Step(_("Closed"), "next", order.ended_at, _("The file is complete.")))
    return way


def _booking(tale: Tale) -> Step:
    visit = tale.visit
    if visit is None or visit.state in (VisitState.DECLINED, VisitState.RELEASED):
        return Step(_("Engineer booked"), "next")
    if tale.is_taken:
        text = _("%(name)s comes %(when)s.") % {"name": person_name(visit.engineer.person), "when": when(visit)}
        return Step(_("Engineer booked"), "next", visit.accepted_at or visit.booked_at, text)
    text = _("Planned for %(when)s, not confirmed yet.") % {"when": when(visit)}
    return Step(_("Engineer asked"), "next", visit.booked_at, text)


def _signing(tale: Tale) -> Step:
    signed = tale.order.sign_off
    if signed is None:
        return Step(_("You sign"), "next")
    if signed.outcome == SignOffOutcome.REFUSED:
        return Step(_("Not signed"), "next", signed.at, listed(tale.order, REFUSAL_REASONS, signed.refusal_reason))
    by = "" if tale.of_another else _("by %(name)s") % {"name": signed.signer}
    return Step(_("Signed"), "next", signed.at, by)


# ---- who comes ------------------------------------------------------------------------------------------------------
def stars(engineer_id: int) -> str:
    """The mean rating out of five, once there are enough of them."""
    share, number = standing_of(engineer_id)
    return f"{share * STARS:.1f}" if number >= RATINGS_LEAST else ""
