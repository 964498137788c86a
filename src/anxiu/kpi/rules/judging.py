"""What an event says about the clauses in force: which value it is a case of, and whether it was kept.

Clocks carry their own outcome. Of the rest, some events can only come about the way the regulation wants (a repair is
not completed without its photos: the gate is shut) and are kept cases; others say themselves what was wrong.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from anxiu.kpi.choices import Verdict, Whose

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """One case under a value: `source` names it once and for all, so that a later event may judge it anew."""

    source: str
    value_key: str
    verdict: Verdict | None
    whose: Whose
    because: str = ""
    net: timedelta | None = None
    gross: timedelta | None = None


OF_THE_ENGINEER: Final = frozenset({"acceptance", "prepare", "arrival", "resolution", "sign_off"})
# Events that the regulation lets happen in one way only.
KEPT: Final[Mapping[str, tuple[tuple[str, ...], Whose]]] = {
    "orders.prepared": (("orders.checklists",), Whose.ENGINEER),
    "orders.repair_completed": (("orders.processes",), Whose.ENGINEER),
    "orders.plan_approved": (("orders.approval_limits",), Whose.OWNER),
    "orders.guarantee_given": (("orders.guarantee_days",), Whose.ENGINEER),
    "orders.visit_declined": (("orders.decline_reasons",), Whose.ENGINEER),
    "orders.visit_rescheduled": (("orders.reschedule_reasons",), Whose.OWNER),
    "orders.reporter_asked": (("orders.ask_back_longest",), Whose.OWNER),
    "orders.suspended": (("orders.suspend_reasons",), Whose.OWNER),
    "orders.cancelled": (("orders.cancel_reasons",), Whose.OWNER),
    "orders.sign_off_refused": (("orders.refusal_reasons",), Whose.ENGINEER),
    "orders.followed_up": (("orders.follow_up_results",), Whose.OWNER),
    "orders.unresolved_accepted": (("orders.unresolved_reasons",), Whose.OWNER),
    "orders.severity_changed": (("orders.severity_default",), Whose.OWNER),
    "sla.clock_warned": (("sla.warning_share",), Whose.OWNER),
    "sla.escalated": (("sla.ladder",), Whose.OWNER),
}
PROCESSES: Final = "orders.processes"
FLAGGED: Final = frozenset({"orders.signed_off", "orders.sign_off_refused"})  # signed while the step lacked something
ARRIVALS: Final[Mapping[str, tuple[str, Verdict]]] = {
    "": ("orders.arrival_radius", Verdict.KEPT),
    "far_away": ("orders.arrival_radius", Verdict.BROKEN),
    "site_unplaced": ("orders.arrival_radius", Verdict.EXEMPT),
    "poor_fix": ("orders.arrival_accuracy", Verdict.BROKEN),
    "no_place": ("orders.arrival_accuracy", Verdict.BROKEN),
    "not_prepared": ("orders.checklists", Verdict.BROKEN),
    "not_contacted": ("orders.processes", Verdict.BROKEN),
    "step_incomplete": ("orders.processes", Verdict.BROKEN),
}


def cases(kind: str, position: int, body: Body) -> Sequence[Case]:
    """The cases that an event is, or judges anew; a case without a verdict is one no more."""
    found: Sequence[Case] = _JUDGES[kind](position, body) if kind in _JUDGES else ()
    if kind in KEPT:
        keys, whose = KEPT[kind]
        found = [Case(f"{position}:{key}", key, Verdict.KEPT, whose) for key in keys]
    if kind in FLAGGED and (flags := body["flags"]):
        broken = Case(f"{position}:{PROCESSES}", PROCESSES, Verdict.BROKEN, Whose.ENGINEER, flags[0])
        found = [*found, broken]
    return found


def _whose(clock: str) -> Whose:
    return Whose.ENGINEER if clock in OF_THE_ENGINEER else Whose.OWNER


def _stopped(_position: int, body: Body) -> Sequence[Case]:
    found = zip(
        body["clock_ids"], body["clocks"], body["value_keys"], body["outcomes"], body["because"], body["net"],
        body["gross"], strict=True,
    )  # fmt: skip
    return [
        Case(f"clock:{key}", value, Verdict(outcome), _whose(clock), because, _span(net), _span(gross))
        for key, clock, value, outcome, because, net, gross in found
    ]


def _broken(_position: int, body: Body) -> Sequence[Case]:
    return [Case(f"clock:{body['clock_id']}", body["value_key"], Verdict.BROKEN, _whose(body["clock"]))]


def _withdrawn(_position: int, body: Body) -> Sequence[Case]:
    return [Case(f"clock:{body['clock_id']}", body["value_key"], None, _whose(body["clock"]))]


def _arrived(position: int, body: Body) -> Sequence[Case]:
    key, verdict = ARRIVALS[body["flag"]]
    return [Case(f"{position}:{key}", key, verdict, Whose.ENGINEER, because=body["flag"])]


def _rated(position: int, body: Body) -> Sequence[Case]:
    verdict = Verdict.BROKEN if body["is_bad"] else Verdict.KEPT
    return [Case(f"{position}:{body['value_key']}", body["value_key"], verdict, Whose.ENGINEER)]


def _recovered(position: int, body: Body) -> Sequence[Case]:
    verdict = Verdict.KEPT if body["in_time"] else Verdict.BROKEN
    return [Case(f"{position}:{body['value_key']}", body["value_key"], verdict, Whose.OWNER)]


def _nobody(position: int, _body: Body) -> Sequence[Case]:
    return [Case(f"{position}:sla.ladder", "sla.ladder", Verdict.BROKEN, Whose.OWNER, because="nobody_on_duty")]


def _repeated(position: int, body: Body) -> Sequence[Case]:
    """The clause asks that a repeat repair is recognised; how many there are is an indicator's matter."""
    if body.get("repeat_of") is None:
        return ()
    return [Case(f"{position}:orders.repeat_window", "orders.repeat_window", Verdict.KEPT, Whose.OWNER)]


def _span(written: int | None) -> timedelta | None:
    """A span as bodies hold it: whole seconds."""
    return None if written is None else timedelta(seconds=written)


_JUDGES: Final[Mapping[str, Callable[[int, Body], Sequence[Case]]]] = {
    "sla.clocks_stopped": _stopped,
    "sla.clock_broken": _broken,
    "sla.breach_withdrawn": _withdrawn,
    "sla.nobody_to_call": _nobody,
    "orders.arrived": _arrived,
    "orders.opened": _repeated,
    "feedback.rated": _rated,
    "feedback.recovery_resolved": _recovered,
}
JUDGED: Final = frozenset({*KEPT, *_JUDGES})
# The values that clocks and the events above speak of.
CLOCKED: Final = (
    "sla.first_response", "sla.hand_over", "sla.acceptance", "sla.prepare_before", "sla.prepare_at_least",
    "sla.arrival", "sla.approval", "sla.resolution", "sla.sign_off", "sla.follow_up", "sla.archive", "sla.answer",
)  # fmt: skip
MEASURABLE: Final = frozenset({
    *CLOCKED, *(key for keys, _ in KEPT.values() for key in keys), *(key for key, _ in ARRIVALS.values()),
    "sla.ladder", "orders.repeat_window", "feedback.bad_rating", "feedback.recovery_due",
})  # fmt: skip
