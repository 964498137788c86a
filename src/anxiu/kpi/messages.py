"""The words of measuring: what every indicator means, exactly, and the codes of cases."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anxiu.kernel.messages import register
from anxiu.kpi.choices import NPS, Answer, Missing, Rank, ScorePart, ShareCode, Standing, TimeCode, Verdict

register(refusals={"kpi.not_compared": _("These indicators cannot be compared: {codes}.")}, sentences={})

VERDICTS: Final[Mapping[str, Promise]] = {
    Verdict.KEPT: pgettext_lazy("case", "Kept"),
    Verdict.BROKEN: pgettext_lazy("case", "Broken"),
    Verdict.EXEMPT: pgettext_lazy("case", "Exempt"),
}
STANDINGS: Final[Mapping[str, Promise]] = {
    Standing.KEPT: _("always kept"),
    Standing.PARTLY: _("kept in part"),
    Standing.BROKEN: _("often broken"),
    Standing.NO_CASES: _("no cases in this time"),
    Standing.BY_PEOPLE: _("checked by people; nothing counts it"),
    Standing.BY_SYSTEM: _("held by the system itself"),
    Standing.BY_FIGURES: _("measured by figures"),
}
RANKS: Final[Mapping[str, Promise]] = {
    Rank.MET: _("on target"),
    Rank.MISSED: _("off target"),
    Rank.TOO_FEW: _("too few cases to judge"),
    Rank.NO_DATA: _("no data"),
    Rank.NO_TARGET: _("no target set"),
}
PARTS: Final[Mapping[str, Promise]] = {
    ScorePart.SATISFACTION: _("Customers' score"),
    ScorePart.SATISFIED: _("Satisfied customers"),
    ScorePart.FIRST_FIX: _("Fixed on the first visit"),
    ScorePart.REPEAT: _("Repeat repairs"),
    ScorePart.RESOLUTION: _("Faults resolved"),
    ScorePart.RESPONSE: _("Time to respond"),
    ScorePart.HANDLING: _("Handling time"),
    ScorePart.ON_TIME: _("Arrivals on time"),
    ScorePart.CLOCKS: _("Deadlines kept"),
    ScorePart.ATTENDANCE: pgettext_lazy("score", "Attendance"),
    ScorePart.COST: pgettext_lazy("score", "Cost"),
    ScorePart.KNOWLEDGE: pgettext_lazy("score", "Knowledge"),
}
MISSING: Final[Mapping[str, Promise]] = {
    Missing.NOT_MEASURED: _("nothing measures it yet"),
    Missing.NO_DATA: _("no data"),
    Missing.TOO_FEW: _("too few cases to judge"),
    Missing.NO_TARGET: _("no target set"),
}
ANSWERS: Final[Mapping[str, Promise]] = {
    Answer.WAITING: pgettext_lazy("visit", "Waiting"),
    Answer.ACCEPTED: pgettext_lazy("visit", "Accepted"),
    Answer.DECLINED: pgettext_lazy("visit", "Declined"),
    Answer.UNANSWERED: pgettext_lazy("visit", "Not answered in time"),
    Answer.WITHDRAWN: pgettext_lazy("visit", "Withdrawn"),
}


@dataclass(frozen=True, slots=True)
class Meaning:
    """An indicator in words: its name, what it says, how it is reckoned, what is left out, on which day it counts."""

    name: Promise
    says: Promise
    formula: Promise
    left_out: Promise
    day: Promise


_ON_OPENING: Final = _("the day the request came in")
_ON_ENDING: Final = _("the day the work was completed")
_CLOCK_SAYS: Final = _("Of the deadlines of this kind that ended, how many were kept.")
_CLOCK_FORMULA: Final = _("deadlines kept ÷ (deadlines kept + deadlines broken)")
_CLOCK_LEFT_OUT: Final = _(
    "Deadlines that the regulation exempts, and those still running. Each order's own time limit is what counts, by "
    "its severity and the customer's tier, without paused time; a working limit counts working hours only."
)
_CLOCK_DAY: Final = _("the day the deadline was met or broken")


def _clock(name: Promise) -> Meaning:
    return Meaning(name, _CLOCK_SAYS, _CLOCK_FORMULA, _CLOCK_LEFT_OUT, _CLOCK_DAY)


MEANINGS: Final[Mapping[str, Meaning]] = {
    "requests": Meaning(
        _("Requests"), _("How many requests became orders."), _("number of orders opened"),
        _("Nothing: cancelled and merged orders count too."), _ON_OPENING,
    ),
    TimeCode.RESPONSE: Meaning(
        _("Time to respond"),
        _("How long customers waited until a person of ours reached them for the first time."),
        _("total of (first contact that reached the customer − intake), without pauses ÷ number of orders "
          "responded to"),
        _("Orders nobody has responded to yet; automatic receipts and attempts that reached nobody are no response."),
        _("the day of the first contact that reached the customer"),
    ),
    TimeCode.ACCEPTANCE: Meaning(
        _("Time to accept"),
        _("How long engineers took to accept a visit they were asked for."),
        _("total of (acceptance − booking) ÷ number of visits accepted"),
        _("Visits declined, withdrawn or not answered. A visit that was moved is asked for anew and counts again."),
        _("the day of the acceptance"),
    ),
    TimeCode.WAIT: Meaning(
        _("Wait for the engineer"),
        _("How long customers waited from reporting the fault until an engineer stood before the machine."),
        _("total of (first arrival − intake), pauses included ÷ number of orders with an arrival"),
        _("Orders solved without a visit, and those no engineer has reached yet. Only the first visit counts."),
        _("the day of the first arrival"),
    ),
    TimeCode.HANDLING: Meaning(
        _("Handling time"),
        _("How long it took from the engineer's first arrival until the work was completed."),
        _("total of (completion − first arrival), without pauses ÷ number of orders completed after a visit"),
        _("Orders completed without a visit, cancelled ones and those not completed yet. Paused time (parts on order, "
          "the customer's consent and other listed reasons) is shown beside, not counted."),
        _ON_ENDING,
    ),
    ShareCode.ON_TIME: Meaning(
        _("Arrivals on time"),
        _("How often the engineer arrived no later than appointed."),
        _("visits with an arrival up to the appointed time plus the grace of the regulation ÷ visits with an arrival"),
        _("Visits that never took place. Every visit of an order counts, against its own appointment."),
        _("the day of the arrival"),
    ),
    ShareCode.ACCEPTED: Meaning(
        _("Visits accepted"),
        _("How often engineers accepted a visit they were asked for."),
        _("visits accepted ÷ (accepted + declined + not answered in time)"),
        _("Visits withdrawn before an answer was due, and those still waiting for one. A declined visit counts as not "
          "accepted whatever the reason; a true reason is still no mark against the engineer."),
        _("the day of the answer, or of the withdrawal of what was not answered in time"),
    ),
    ShareCode.COMPLETION: Meaning(
        _("Orders completed"),
        _("Of the orders that came to an end, how many were completed and not cancelled."),
        _("orders completed ÷ (completed + cancelled)"),
        _("Orders still under way. A cancelled order counts as not completed whatever the reason, also when the fault "
          "was solved by telephone."),
        _("the day of completion or cancellation"),
    ),
    ShareCode.RESOLUTION: Meaning(
        _("Faults resolved"),
        _("Of the faults that were worked on to the end, how many are gone, after however many visits."),
        _("repairs and remote support completed as resolved ÷ repairs and remote support completed"),
        _("Other kinds of service, which mend no fault; orders cancelled, merged or not completed yet."), _ON_ENDING,
    ),
    ShareCode.FIRST_FIX: Meaning(
        _("Fixed on the first visit"),
        _("Of the repairs completed after a visit, how many needed one visit only and did not come back."),
        _("repairs resolved with one arrival and no repeat repair since ÷ repairs completed after a visit"),
        _("Other kinds of service, and repairs completed without a visit. The figure of the last weeks may still "
          "fall: a repair counts as fixed until the same fault comes back within the repeat window of the regulation."),
        _ON_ENDING,
    ),
    ShareCode.REPEAT: Meaning(
        _("Repeat repairs"),
        _("Of the faults resolved, how many came back within the repeat window of the regulation."),
        _("resolved orders that a later order repeats ÷ orders completed as resolved"),
        _("Other kinds of service, links that were undone with a reason, and faults whose class is not "
          "known. The figure of the last weeks may still rise. It counts for the engineer of the first repair, not of "
          "the second."),
        _ON_ENDING,
    ),
    ShareCode.REMOTE: Meaning(
        _("Solved from afar"),
        _("Of the faults said to be solved from afar, how many the customer confirmed and nobody had to go for."),
        _("closures from afar that were confirmed and followed by no visit ÷ all closures from afar"),
        _("Closures the customer has not answered yet. One does not count when somebody was sent out after all, when "
          "it was archived unconfirmed, or when a fault of the same machine (of the same customer where no machine is "
          "known), reported within the repeat window of the regulation, needed a visit. So the figure of the last "
          "weeks may still fall."),
        _("the day it was solved from afar"),
    ),
    ShareCode.SATISFACTION: Meaning(
        _("Customers' score"),
        _("What customers gave on average, on the scale of the regulation."),
        _("total of (score ÷ best score) ÷ number of ratings × best score"),
        _("Orders without a rating. If the customer changed the rating, the last one counts."),
        _("the day of the rating"),
    ),
    ShareCode.SATISFIED: Meaning(
        _("Satisfied customers"),
        _("How many of the customers who rated were satisfied."),
        _("ratings from the regulation's threshold up ÷ ratings"),
        _("Orders without a rating."),
        _("the day of the rating"),
    ),
    NPS: Meaning(
        _("Net promoter score"),
        _("Whether more customers would recommend us than warn of us, from −100 to 100."),
        _("(ratings 9 and 10 − ratings 0 to 6) ÷ all answers × 100"),
        _("Ratings in which the question of recommending was not answered."),
        _("the day of the rating"),
    ),
    ShareCode.CLOCKS: Meaning(
        _("Deadlines kept"), _("Of the deadlines of all kinds that ended, how many were kept."), _CLOCK_FORMULA,
        _CLOCK_LEFT_OUT, _CLOCK_DAY,
    ),
    ShareCode.CLOCK_FIRST_RESPONSE: _clock(_("Deadlines kept: first response")),
    ShareCode.CLOCK_HAND_OVER: _clock(_("Deadlines kept: hand-over to an engineer")),
    ShareCode.CLOCK_ACCEPTANCE: _clock(_("Deadlines kept: engineer's answer")),
    ShareCode.CLOCK_PREPARE: _clock(_("Deadlines kept: preparation")),
    ShareCode.CLOCK_ARRIVAL: _clock(_("Deadlines kept: arrival")),
    ShareCode.CLOCK_APPROVAL: _clock(_("Deadlines kept: approval of the plan")),
    ShareCode.CLOCK_RESOLUTION: _clock(_("Deadlines kept: repair")),
    ShareCode.CLOCK_SIGN_OFF: _clock(_("Deadlines kept: sign-off")),
    ShareCode.CLOCK_FOLLOW_UP: _clock(_("Deadlines kept: follow-up")),
    ShareCode.CLOCK_ARCHIVE: _clock(_("Deadlines kept: archiving")),
    ShareCode.CLOCK_ANSWER: _clock(_("Deadlines kept: answers to questions")),
}  # fmt: skip
