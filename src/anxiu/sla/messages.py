"""Codes of the service clocks, in words."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as plain
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anxiu.kernel.messages import register
from anxiu.sla.choices import CallReason, ClockKind, DutyReason, Outcome, RunState, Why

register(
    refusals={
        "sla.still_rostered": _("The duty roster still names them."),
        "sla.pause_ends_before_it_begins": _("The pause must end after it begins."),
        "sla.clock_ended": _("This clock has ended; there is nothing left to take on."),
        "sla.nothing_to_acknowledge": _("This call needs no word, or somebody has taken it on already."),
        "sla.still_fails": _("The clock still cannot be evaluated: {error}"),
        "sla.duty_ends_before_it_begins": _("The duty must end after it begins."),
        "sla.duty_is_over": _("This duty would be over already."),
        "sla.needs_a_region": _("Choose a region: only who sees the whole company may name somebody for all of it."),
        "sla.year_is_empty": _("{year} has no holiday yet. Enter its days first."),
    },
    sentences={
        "sla.clocks_started": _("Deadlines set: {promises}"),
        "sla.clocks_stopped": _("Deadlines ended: {results}"),
        "sla.clocks_paused": _("Time stands still until {until}"),
        "sla.clocks_resumed": _("Time counts again"),
        "sla.clocks_retargeted": _("New deadlines, because {why}: {promises}"),
        "sla.clock_warned": _("Little time is left for {clock}, due {due_at}; {person_id} was warned"),
        "sla.clock_broken": _("The deadline for {clock} was missed: it was {due_at}"),
        "sla.breach_withdrawn": _("The missed deadline for {clock} is withdrawn: it was met after all"),
        "sla.escalated": _("{person_id} was called about {clock}, level {level}: {because}"),
        "sla.nobody_to_call": _("Nobody could be called about {clock} from level {level} on"),
        "sla.escalation_acknowledged": _("{person_id} took on the call about {clock}, level {level}"),
        "sla.clock_failed": _("The clock for {clock} could not be evaluated and was set aside"),
        "sla.clock_retried": _("The clock for {clock} runs again"),
        "sla.duty_set": _("On duty from {from_at} to {until_at}"),
        "sla.duty_removed": _("Taken off the duty roster"),
        "sla.calendar_day_set": _("{day} was set in the calendar"),
        "sla.year_published": _("The calendar of {year} was taken over: {days} days"),
    },
)

KINDS: Final[Mapping[str, Promise | str]] = {
    ClockKind.FIRST_RESPONSE: pgettext_lazy("clock", "first response"),
    ClockKind.HAND_OVER: pgettext_lazy("clock", "hand-over to an engineer"),
    ClockKind.ACCEPTANCE: pgettext_lazy("clock", "engineer's answer"),
    ClockKind.PREPARE: pgettext_lazy("clock", "preparation"),
    ClockKind.ARRIVAL: pgettext_lazy("clock", "arrival"),
    ClockKind.APPROVAL: pgettext_lazy("clock", "approval of the plan"),
    ClockKind.RESOLUTION: pgettext_lazy("clock", "repair"),
    ClockKind.SIGN_OFF: pgettext_lazy("clock", "sign-off"),
    ClockKind.FOLLOW_UP: pgettext_lazy("clock", "follow-up"),
    ClockKind.ARCHIVE: pgettext_lazy("clock", "archiving"),
    ClockKind.ANSWER: pgettext_lazy("clock", "answer to a question"),
}
OUTCOMES: Final[Mapping[str, Promise | str]] = {
    Outcome.KEPT: pgettext_lazy("promise", "kept"),
    Outcome.BROKEN: pgettext_lazy("promise", "missed"),
    Outcome.EXEMPT: pgettext_lazy("promise", "exempt"),
    Outcome.RUNNING: pgettext_lazy("promise", "running"),
}
STATES: Final[Mapping[str, Promise | str]] = {
    RunState.RUNNING: pgettext_lazy("clock state", "running"),
    RunState.PAUSED: pgettext_lazy("clock state", "paused"),
    RunState.STOPPED: pgettext_lazy("clock state", "done"),
    RunState.DROPPED: pgettext_lazy("clock state", "dropped"),
}
WHY: Final[Mapping[str, Promise | str]] = {
    Why.SEVERITY: _("the severity changed"),
    Why.CALENDAR: _("the calendar changed"),
    Why.CUSTOMER: _("it became known who the customer is"),
    Why.VERSION: _("another version of the regulation was adopted"),
}
CALLED_BECAUSE: Final[Mapping[str, Promise | str]] = {
    CallReason.RUNG_DUE: _("its time had come"),
    CallReason.NOT_ACKNOWLEDGED: _("the level before did not answer in time"),
}
FOUND: Final[Mapping[str, Promise | str]] = {
    DutyReason.OWNER: _("owner"),
    DutyReason.OWN_REGION: _("on duty in the region"),
    DutyReason.WIDER_REGION: _("on duty nearby"),
    DutyReason.WHOLE_COMPANY: _("on duty for the whole company"),
    DutyReason.POST_HOLDER: _("holds the post"),
    DutyReason.ABSENT: _("absent"),
    DutyReason.ALL_ABSENT: _("all are absent"),
    DutyReason.NOBODY_ON_DUTY: _("nobody is on duty"),
}


def span(length: timedelta) -> str:
    """A length of time in words, to the minute: what a person would say."""
    minutes = max(int(length.total_seconds()), 0) // 60
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = [(days, plain("{n} d")), (hours, plain("{n} h")), (minutes, plain("{n} min"))]
    said = [words.format(n=number) for number, words in parts if number]
    return " ".join(said[:2]) or parts[2][1].format(n=0)


def phrases(kind: str, body: Mapping[str, Any]) -> dict[str, str]:
    """What the sentence of a clock's event says beyond the plain parts of its body; nothing for other events."""
    if kind in ("sla.clocks_started", "sla.clocks_retargeted"):
        sure = body.get("provisional") or [False] * len(body["clocks"])
        return {
            "promises": _listed(map(_promise, body["clocks"], body["due"], sure)),
            "why": str(WHY.get(body.get("why", ""), "")),
        }
    if kind == "sla.clocks_stopped":
        parts = (body[each] for each in ("clocks", "outcomes", "net", "gross"))
        return {"results": _listed(map(_result, *parts))}
    if kind == "sla.escalated":
        return {"because": str(CALLED_BECAUSE.get(body["because"], body["because"]))}
    return {}


def _promise(clock: str, due: str | None, provisional: bool) -> str:  # noqa: FBT001  # one of a tuple
    name = str(KINDS.get(clock, clock))
    if due is None:
        return name
    when = f"{timezone.localtime(datetime.fromisoformat(due)):%Y-%m-%d %H:%M}"
    said = plain("{clock} by {when}").format(clock=name, when=when)
    return said + plain(" (provisional: the holidays are not published yet)") if provisional else said


def _result(clock: str, outcome: str, net: int, gross: int) -> str:
    said = plain("{clock} {outcome} after {time}").format(
        clock=KINDS.get(clock, clock), outcome=OUTCOMES.get(outcome, outcome), time=span(timedelta(seconds=net))
    )
    if gross == net:
        return said
    return said + plain(" ({time} with pauses)").format(time=span(timedelta(seconds=gross)))


def _listed(parts: Any) -> str:
    return plain("; ").join(parts)
