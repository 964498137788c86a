"""What an order needs next, in words, and which verbs the actor has for it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anxiu.kernel.actor import Actor, ActorKind
from anxiu.kernel.gates import ask
from anxiu.kernel.messages import explain
from anxiu.kernel.prepared import Prepared
from anxiu.orders.choices import AFTER_SIGNING, ASKED_BACK, TRANSITIONS, HandOverState, State
from anxiu.orders.models import HandOver, Order
from anxiu.orders.queries.page import inquiries_to_show
from anxiu.orders.queries.process import process_of
from anxiu.orders.queries.work import awaits_signature, may_sign_after_all, signs_at_the_counter
from anxiu.orders.rules import Process, move
from anxiu.regulation.choices import OrderType

# The verb that takes the order on from each state, and what that means in words.
NEXT: Final[dict[State, tuple[str, Promise | str]]] = {
    State.ACCEPTED: ("book_visit", _("Book an engineer.")),
    State.BOOKED: ("accept_visit", _("The engineer accepts or declines the visit.")),
    State.PREPARING: ("prepare", _("The engineer gets tools and parts ready and confirms the checklist.")),
    State.PREPARED: ("depart", _("The engineer leaves for the site.")),
    State.TRAVELLING: ("arrive", _("The engineer arrives and records it.")),
    State.ON_SITE: ("assess", _("The engineer looks at the machine and records what is found.")),
    State.APPROVING: ("approve_plan", _("Somebody with the authority approves the plan, or sends it back.")),
    State.REPAIRING: ("complete_repair", _("The engineer repairs, records the work, and completes it.")),
    State.SIGNING: ("sign_off", _("The customer signs, on the engineer's screen or by link.")),
    State.FOLLOWING_UP: ("follow_up", _("Somebody asks the customer how it went.")),
    State.CLOSING: ("archive", _("The file is checked and archived.")),
}


@dataclass(frozen=True, slots=True)
class Needed:
    """The verb that takes the order on, what it means in words, and what is still missing before it."""

    verb: str
    words: str
    missing: tuple[str, ...] = ()


WORK: Final = _("The work is done, recorded and completed.")
FROM_AFAR: Final = _("The owner finds out from afar what is wrong, and records it.")


def following(order: Order) -> tuple[str, str]:
    """The verb that takes an open order on from where it stands, and what that means in words."""
    state, process = State(order.state), process_of(order)
    if state is State.ACCEPTED and not process.has_visit:
        return "assess", str(FROM_AFAR)
    if state is State.REPAIRING and order.order_type != OrderType.REPAIR:
        return "complete_repair", str(WORK)
    verb, words = NEXT[state]
    return verb, str(words)


def needed(order: Order, actor: Actor, at: datetime) -> Needed | None:
    """What the order needs next; None when it has ended. Statements only for what its step asks."""
    state = State(order.state)
    if state not in NEXT:
        return None
    if order.suspend_reason == ASKED_BACK:
        return Needed("note_reply", str(_("The reporter was asked: wait for the answer, or take it down.")))
    if order.is_suspended:
        return Needed("resume", str(_("Suspended: resume the work, or book another visit.")))
    if state in AFTER_SIGNING and awaits_signature(order):
        return Needed("sign_off", str(_("The record was corrected after it was signed: have it signed again.")))
    verb, words = following(order)
    shut = ask([order], verb, actor, at)[order.pk]
    missing = tuple(explain(each) for verdict in shut for each in verdict.missing)
    return Needed(verb, words, missing)


_ASKED: Final = Prepared[HandOver](lambda order: HandOver.objects.filter(order=order, state=HandOverState.PROPOSED))


def verbs(order: Order, actor: Actor) -> frozenset[str]:
    """The verbs that exist from where the order stands and that the actor may use; one statement."""
    state = State(order.state)
    process = process_of(order)
    does_the_work = does_the_engineers_part(order, process, actor)
    found = {
        verb
        for verb in TRANSITIONS
        if move(verb, state, process, suspended=order.is_suspended).exists and actor.may(f"orders.{verb}")
    }
    if order.repeat_of_id is None:
        found.discard("unlink_repeat")
    if order.sign_off_id is not None:
        found -= {"refuse_sign_off"} if may_sign_after_all(order) else {"sign_off", "refuse_sign_off"}
    if order.resolved is not False:
        found.discard("accept_unresolved")
    if "note_reply" in found and not any(each.answered_at is None for each in inquiries_to_show(order)):
        found.discard("note_reply")
    if "separate_order" in found and order.merged_into and order.merged_into.ended_at:
        found.discard("separate_order")
    if order.customer_id is None:
        found.discard("merge_order")
    asked = _ASKED.first(order.pk)
    found -= {"propose_hand_over"} if asked else {"accept_hand_over", "decline_hand_over"}
    if asked and asked.to_owner_id != actor.person_id and not actor.is_system:
        found -= {"accept_hand_over", "decline_hand_over"}
    holds_the_link = actor.kind is ActorKind.LINK  # the customer signs by it; what else it may, its purpose says
    may_act = actor.is_system or actor.may("orders.act_for_engineer")
    if not (does_the_work or holds_the_link or may_act):
        signs = {"sign_off", "refuse_sign_off"} if signs_at_the_counter(order, actor) else frozenset[str]()
        found -= ENGINEERS_PART - signs
    if not (does_the_work or holds_the_link or may_act or actor.person_id == order.owner_id):
        found -= {"check_items", "uncheck_item", "write_summary"}
    if order.order_type != OrderType.REPAIR or not (actor.person_id == order.owner_id or may_act):
        found.discard("solve_remotely")
    if order.order_type != OrderType.REMOTE:
        found.discard("send_out")
    if not any(step.checklists for step in process.steps):
        found -= {"check_items", "uncheck_item"}
    return frozenset(found)


def does_the_engineers_part(order: Order, process: Process, actor: Actor) -> bool:
    """Whether it is this person's: the booked engineer's, and the owner's where nobody goes to the customer."""
    if actor.person_id is None:
        return False
    if not process.has_visit:
        return order.owner_id == actor.person_id
    return bool(order.engineer and order.engineer.person_id == actor.person_id)


ENGINEERS_PART: Final = frozenset(
    {
        "accept_visit", "decline_visit", "prepare", "depart", "arrive", "assess", "add_entry", "complete_repair",
        "sign_off", "refuse_sign_off",
    }
)  # fmt: skip
