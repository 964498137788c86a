"""Codes of the orders app, in words."""

from collections.abc import Iterable, Mapping
from typing import Final

from django.utils.functional import Promise, lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anxiu.duties.kinds import declare
from anxiu.kernel.messages import register
from anxiu.orders.choices import (
    ArrivalProof,
    Channel,
    ContactResult,
    DocumentKind,
    EntryKind,
    PlanState,
    Role,
    SignOffMeans,
    State,
    StepGate,
    VisitState,
)  # fmt: skip
from anxiu.regulation.choices import OrderType, Severity
from anxiu.sla.choices import ClockKind

register(
    refusals={
        "orders.person_has_open_orders": _("{count} orders are still open: {numbers}."),
        "orders.person_has_guarantee": _("Guarantee {number} runs until {date}; it can be erased after that day."),
        "orders.person_is_in_dispute": _("Files are held for a dispute. Lift the hold once it is settled."),
        "orders.version_without_state": _("The process of that version has no place for an order that is “{state}”."),
        "orders.version_elsewhere": _("This version does not hold for the order now."),
        "orders.wrong_state": _("The order is “{state}”; from there this cannot be done."),
        "orders.archived": _("The order is archived. Its file is complete and locked."),
        "orders.is_suspended": _("The order is suspended. Resume it first."),
        "orders.not_suspended": _("The order is not suspended."),
        "orders.suspend_first": _("A visit is under way. Suspend the order before booking another visit."),
        "orders.words_missing": _("Please describe what is wrong."),
        "orders.region_missing": _("Please say where the machine stands, so that somebody near takes it."),
        "orders.override_reason": _("A severity other than the proposed one needs a reason."),
        "orders.no_owner": _("Nobody in this region can take the request. Give somebody the post of agent there."),
        "orders.unknown_machine": _("There is no such machine, or it is not yours to see."),
        "orders.unknown_customer": _("There is no such customer, or it is not yours to see."),
        "orders.unknown_person": _("There is no such person in this region."),
        "orders.unknown_fault_class": _("There is no such class of fault."),
        "orders.unknown_part": _("There is no such part in the catalogue."),
        "orders.unknown_engineer": _("There is no such engineer, or not in a region of yours."),
        "orders.not_the_engineer": _("Only the engineer of this visit can do this."),
        "orders.not_the_addressee": _("Only the person who was asked can answer."),
        "orders.no_hand_over": _("Nobody was asked to take this order."),
        "orders.hand_over_open": _("Somebody was already asked to take this order."),
        "orders.hand_over_to_owner": _("This person already owns the order."),
        "orders.no_repeat": _("This order is not linked to an earlier one."),
        "orders.reason_missing": _("Please give a reason."),
        "orders.unknown_reason": _("“{reason}” is not a reason the regulation lists."),
        "orders.not_eligible": _("{engineer} may not take this visit:"),
        "orders.slot_reversed": _("The visit must end after it begins."),
        "orders.slot_past": _("The visit must not lie in the past."),
        "orders.item_missing": _("Not checked: {item}."),
        "orders.unknown_item": _("“{item}” is not on the checklist."),
        "orders.not_prepared": _("Before leaving, the preparation must be complete."),
        "orders.photos_missing": _("{count} photo(s) of the work are missing."),
        "orders.labour_missing": _("The labour time is missing."),
        "orders.evidence_missing": _("Before the work counts as complete:"),
        "orders.cause_missing": _("Please say what the cause was."),
        "orders.solution_missing": _("Please say what was done."),
        "orders.finding_missing": _("Please say what you found."),
        "orders.entry_empty": _("Please fill in what is to be recorded."),
        "orders.before_last_step": _("This moment lies before what happened on this order already."),
        "orders.signature_blank": _("The signature is empty. Please sign in the field."),
        "orders.corrected_already": _("This line was set right already. Correct the line that did."),
        "orders.video_missing": _("Please choose a video."),
        "orders.reading_incomplete": _("A reading needs a name and a number."),
        "orders.until_past": _("The suspension must end in the future."),
        "orders.until_too_far": _("For this reason an order may be suspended until {latest} at most."),
        "orders.signer_missing": _("Please say who signs."),
        "orders.signature_missing": _("The signature is missing."),
        "orders.signature_unreadable": _("The signature is not a picture we can read."),
        "orders.document_changed": _("The document changed since it was shown. Please read it again."),
        "orders.question_missing": _("Please write your question."),
        "orders.answer_missing": _("Please write an answer."),
        "orders.already_answered": _("This question was answered already."),
        "orders.file_incomplete": _("Before the order can be archived:"),
        "orders.step_incomplete": _("Before this step is left:"),
        "orders.evidence_lacking": _("The work record lacks {count} of: {kinds}."),
        "orders.not_ticked": _("This item is not ticked."),
        "orders.nothing_checked": _("Tick at least one item."),
        "orders.not_contacted": _("The customer has not been reached since the visit was accepted."),
        "orders.not_signed": _("The customer has not signed."),
        "orders.summary_missing": _("The summary of what is to be learned is missing."),
        "orders.process_step_twice": _("The process of “{order_type}” has two steps called “{step}”."),
        "orders.process_step_empty": _("The process of “{order_type}”: step “{step}” has no state."),
        "orders.process_checklist": _(
            "The process of “{order_type}”, step “{step}”: no checklist is called “{checklist}”."
        ),
        "orders.process_item_twice": _("The process of “{order_type}” asks for the item “{item}” twice."),
        "orders.process_evidence": _(
            "The process of “{order_type}”, step “{step}”: the evidence names no kind of record."
        ),
        "orders.process_state_ends": _(
            "The process of “{order_type}”, step “{step}”: an order that is “{state}” has ended."
        ),
        "orders.process_state_order": _(
            "The process of “{order_type}”, step “{step}”: the state “{state}” stands twice or too late."
        ),
        "orders.process_approval": _(
            "The process of “{order_type}” asks that every plan is approved, but has no state for it."
        ),
        "orders.process_gate_early": _(
            "The process of “{order_type}”, step “{step}”: it cannot be yet that {gate}. Ask for it in a later step."
        ),
        "orders.process_gate_late": _(
            "The process of “{order_type}”, step “{step}”: when it ends, the visit is over. Ask for it in an earlier "
            "step that {gate}."
        ),
        "orders.process_gate_absent": _(
            "The process of “{order_type}”, step “{step}”: nothing in this process makes it so that {gate}."
        ),
        "orders.process_evidence_early": _(
            "The process of “{order_type}”, step “{step}”: the work record is not open yet for {kinds}. Ask for it "
            "in a later step."
        ),
        "orders.process_evidence_late": _(
            "The process of “{order_type}”, step “{step}”: the work record is closed by then for {kinds}. Ask for it "
            "in an earlier step."
        ),
        "orders.process_evidence_items": _(
            "The process of “{order_type}”, step “{step}”: its checklists do not have so many items."
        ),
        "orders.process_items_late": _(
            "The process of “{order_type}”, step “{step}”: its checklist belongs to the visit, which is over when the "
            "step ends."
        ),
        "orders.not_a_repair": _("Only a repair can be solved from afar instead of being booked."),
        "orders.not_remote": _("This order is not remote support."),
        "orders.plan_missing": _("Please say what is to be done."),
        "orders.plan_cost": _("The cost cannot be below nothing."),
        "orders.own_plan": _("Whoever planned the work cannot approve it."),
        "orders.beyond_authority": _("A plan of {cost} yuan is beyond your authority of {limit} yuan."),
        "orders.process_state_missing": _("The process of “{order_type}” lacks the state “{state}”."),
        "orders.report_missing": _("The service report has not been issued yet."),
        "orders.questions_open": _("{count} question(s) of the customer are open."),
        "orders.only_corrections": _("The work is complete. Its record can only be set right now, line by line."),
        "orders.why_corrected": _("The customer gave their word on this record. Please say why it is corrected."),
        "orders.signed_already": _("The record was signed, or refused, and was not corrected since."),
        "orders.not_signed_again": _(
            "The record was corrected after it was signed. Have it signed again, or record that the customer does not."
        ),
        "orders.unresolved_open": _(
            "The fault is not resolved. Open a further order, or record the customer's decision that the work does not"
            " go on."
        ),
        "orders.is_resolved": _("The fault is resolved: there is nothing to decide or to go on with."),
        "orders.unknown_order": _("There is no such order, or it is not yours to see."),
        "orders.no_guarantee": _("No guarantee was given for this order."),
        "orders.merge_itself": _("An order cannot be merged into itself."),
        "orders.merge_other_customer": _("Only orders of one customer in one region report the same matter."),
        "orders.merge_other_machine": _("The two orders are about different machines."),
        "orders.merge_other_type": _("The two orders are different kinds of service."),
        "orders.merge_finished": _("Order {number} is “{state}”: nothing goes on there any more."),
        "orders.merge_into_earlier": _("Merge {number} into this order instead: it was reported later."),
        "orders.parts_missing": _("Please say what the further order is about."),
        "orders.parts_too_many": _("At most {limit} further orders, please."),
        "orders.part_elsewhere": _("This machine belongs to another customer or region than the request."),
        "orders.nothing_asked": _("Nothing was asked of the reporter that is not answered."),
        "orders.beyond_promise": _(
            "“{promise}” is a promise beyond your authority. Leave it out, or let somebody write it who may promise it."
        ),
        "orders.before_opening": _("This moment lies before the order was opened."),
        "orders.media_too_many": _("At most {limit} files, please."),
    },
    sentences={
        "orders.opened": _("{order_type}: reported by {channel}; severity {severity}"),
        "orders.customer_contacted": _("Customer contacted: {result}{agreed}"),
        "orders.hand_over_proposed": _("Hand-over proposed to {to_owner_id}"),
        "orders.handed_over": _("Handed over to {to_owner_id}"),
        "orders.hand_over_declined": _("Hand-over declined by {to_owner_id}"),
        "orders.severity_changed": _("Severity changed from {before} to {after}"),
        "orders.version_adopted": _("Moved from regulation {before} to {after}"),
        "orders.machine_identified": _("Customer and machine identified"),
        "orders.repeat_unlinked": _("No longer linked as a repeat repair"),
        "orders.visit_booked": _("{engineer_id} booked for {starts_at}"),
        "orders.visit_rescheduled": _("Visit moved to {starts_at}, {engineer_id}: {reason}"),
        "orders.visit_accepted": _("{engineer_id} accepted the visit"),
        "orders.visit_declined": _("{engineer_id} declined the visit: {reason}"),
        "orders.prepared": _("Tools and parts prepared"),
        "orders.departed": _("The engineer is on the way"),
        "orders.arrived": _("The engineer arrived on site"),
        "orders.assessed": _("On-site assessment done"),
        "orders.entry_added": _("Work recorded: {entry_kind}"),
        "orders.plan_proposed": _("Plan made, {cost_minor} yuan: {because}"),
        "orders.plan_approved": _("The plan was approved"),
        "orders.plan_rejected": _("The plan was sent back"),
        "orders.items_checked": _("Ticked on the checklist: {items}"),
        "orders.item_unchecked": _("Tick taken back: {item}"),
        "orders.summary_written": _("Summary written"),
        "orders.suspended": _("Suspended until {until}: {reason}"),
        "orders.resumed": _("Work resumed"),
        "orders.repair_completed": _("Repair completed"),
        "orders.solved_remotely": _("Solved from afar; the customer is asked to confirm"),
        "orders.sent_out": _("Remote support did not help: somebody is sent"),
        "orders.signed_off": _("Signed off by the customer"),
        "orders.sign_off_refused": _("The customer did not sign: {reason}"),
        "orders.sign_off_superseded": _("The record was corrected after it was signed; it is to be signed again"),
        "orders.guarantee_corrected": _("Parts under guarantee corrected"),
        "orders.document_issued": _("{document_kind} issued"),
        "orders.guarantee_given": _("Quality guarantee until {until_date}"),
        "orders.guarantee_claimed": _("Part {part} failed inside guarantee {guarantee}: free of charge"),
        "orders.followed_up": _("Followed up: {result}"),
        "orders.continued": _("A further order was opened: {by_number}"),
        "orders.unresolved_accepted": _("The work does not go on: {reason}"),
        "orders.archived": _("Archived"),
        "orders.cancelled": _("Cancelled: {reason}"),
        "orders.question_asked": _("The customer asked a question"),
        "orders.question_answered": _("The question was answered"),
        "orders.merged": _("Merged into {into_number}, which goes on with it"),
        "orders.took_in": _("{merged_number} reported the same and was merged into this order"),
        "orders.separated": _("Taken out of {from_number} again: it goes on by itself"),
        "orders.gave_up": _("{merged_number} was taken out of this order again"),
        "orders.split": _("Split; the rest goes on in {numbers}"),
        "orders.split_from": _("Part of request {of_number}; time counts since then"),
        "orders.reporter_asked": _("We asked the reporter; the order waits until {until}"),
        "orders.reporter_reminded": _("The reporter was reminded of our question"),
        "orders.reply_noted": _("The reporter answered"),
        "orders.reply_missed": _("No answer came in time; the order goes on without it"),
        "orders.media_added": _("{count} file(s) added"),
    },
)

STATES: Final[Mapping[str, Promise | str]] = {
    State.ACCEPTED: _("To be booked"),
    State.BOOKED: _("Awaiting engineer"),
    State.PREPARING: _("Preparing"),
    State.PREPARED: _("Ready to leave"),
    State.TRAVELLING: _("On the way"),
    State.ON_SITE: _("On site"),
    State.APPROVING: _("Plan to be approved"),
    State.REPAIRING: _("Repairing"),
    State.SIGNING: _("To be signed"),
    State.FOLLOWING_UP: _("Follow-up"),
    State.CLOSING: _("To be archived"),
    State.ARCHIVED: _("Archived"),
    State.CANCELLED: _("Cancelled"),
    State.MERGED: _("Merged"),
}
ROLES: Final[Mapping[str, Promise | str]] = {
    Role.OWNER: pgettext_lazy("role", "the order's owner"),
    Role.ENGINEER: pgettext_lazy("role", "the engineer"),
    Role.DISPATCHER: pgettext_lazy("role", "the dispatcher"),
    Role.SUPERVISOR: pgettext_lazy("role", "the supervisor"),
    Role.CUSTOMER: pgettext_lazy("role", "the customer"),
}
GATES: Final[Mapping[str, Promise | str]] = {
    StepGate.CUSTOMER_CONTACTED: _("the customer was reached since the visit was accepted"),
    StepGate.PLAN_APPROVED: _("the plan is approved, whatever it costs"),
    StepGate.SIGNED: _("the customer has signed"),
    StepGate.REPORT_ISSUED: _("the service report is issued"),
    StepGate.NO_OPEN_QUESTIONS: _("no question of the customer is open"),
    StepGate.SUMMARY_WRITTEN: _("the summary is written"),
}
FLAGGED: Final[Mapping[str, Promise | str]] = {
    "orders.item_missing": _("an item of the checklist"),
    "orders.photos_missing": _("photos of the work"),
    "orders.labour_missing": _("the labour time"),
    "orders.evidence_lacking": _("evidence of the work"),
    "orders.not_contacted": _("a word with the customer"),
    "orders.not_signed": _("the customer's signature"),
    "orders.report_missing": _("the service report"),
    "orders.questions_open": _("an answer to the customer"),
    "orders.summary_missing": _("the summary"),
}
APPROVAL: Final = declare("plan_approval", _("Approve a plan"))
PLAN_REASONS: Final[Mapping[str, Promise | str]] = {
    "always": _("every plan is approved"),
    "risk": _("high-risk work"),
    "cost": _("beyond the limit of the grade"),
}
PLANS: Final[Mapping[str, Promise | str]] = {
    PlanState.WITHIN_LIMITS: pgettext_lazy("plan", "within the limits"),
    PlanState.WAITING: pgettext_lazy("plan", "waits for approval"),
    PlanState.APPROVED: pgettext_lazy("plan", "approved"),
    PlanState.REJECTED: pgettext_lazy("plan", "sent back"),
}
SEVERITIES: Final[Mapping[str, Promise | str]] = {
    Severity.URGENT: _("Urgent"),
    Severity.NORMAL: _("Normal"),
    Severity.MINOR: _("Minor"),
}
CHANNELS: Final[Mapping[str, Promise | str]] = {
    Channel.PHONE: _("phone"),
    Channel.WEB: _("web form"),
    Channel.H5: _("mobile page"),
    Channel.API: _("API"),
    Channel.EMAIL: _("email"),
}
TYPES: Final[Mapping[str, Promise | str]] = {
    OrderType.REPAIR: pgettext_lazy("order type", "Repair"),
    OrderType.INSTALLATION: pgettext_lazy("order type", "Installation"),
    OrderType.MAINTENANCE: pgettext_lazy("order type", "Maintenance"),
    OrderType.INSPECTION: pgettext_lazy("order type", "Inspection"),
    OrderType.TRAINING: pgettext_lazy("order type", "Training"),
    OrderType.REMOTE: pgettext_lazy("order type", "Remote support"),
}
CONTACT_RESULTS: Final[Mapping[str, Promise | str]] = {
    ContactResult.REACHED: _("reached"),
    ContactResult.NO_ANSWER: _("no answer"),
}
ENTRY_KINDS: Final[Mapping[str, Promise | str]] = {
    EntryKind.NOTE: _("note"),
    EntryKind.PHOTO: _("photo"),
    EntryKind.VIDEO: _("video"),
    EntryKind.READING: _("reading"),
    EntryKind.LABOUR: _("labour time"),
    EntryKind.PART: _("part"),
    EntryKind.CHECK: _("check"),
}
DOCUMENTS: Final[Mapping[str, Promise | str]] = {
    DocumentKind.REPORT: _("Service report"),
    DocumentKind.GUARANTEE: _("Guarantee certificate"),
}
PROOFS: Final[Mapping[str, Promise | str]] = {
    ArrivalProof.PLACE: _("place and time"),
    ArrivalProof.MACHINE_LABEL: _("machine's label"),
    ArrivalProof.STATEMENT: _("own statement"),
}
MEANS: Final[Mapping[str, Promise | str]] = {
    SignOffMeans.SCREEN: _("signed on the engineer's screen"),
    SignOffMeans.LINK: _("signed by link"),
}
CLOCKS: Final[Mapping[str, Promise | str]] = {
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
VISITS: Final[Mapping[str, Promise | str]] = {
    VisitState.PROPOSED: pgettext_lazy("visit", "asked"),
    VisitState.ACCEPTED: pgettext_lazy("visit", "accepted"),
    VisitState.DECLINED: pgettext_lazy("visit", "declined"),
    VisitState.TRAVELLING: pgettext_lazy("visit", "on the way"),
    VisitState.ON_SITE: pgettext_lazy("visit", "on site"),
    VisitState.DONE: pgettext_lazy("visit", "done"),
    VisitState.RELEASED: pgettext_lazy("visit", "moved"),
}
FLAGS: Final[Mapping[str, Promise | str]] = {
    "no_place": _("without a place"),
    "site_unplaced": _("the site has no place on record"),
    "poor_fix": _("the fix was too poor"),
    "far_away": _("away from the site"),
    "not_prepared": _("the preparation was not confirmed"),
    "not_contacted": _("the customer had not been reached"),
    "step_incomplete": _("the step before was not complete"),
}


def _kinds_in_words(kinds: Iterable[EntryKind]) -> str:
    return " / ".join(str(ENTRY_KINDS[each]) for each in kinds)


kinds_in_words = lazy(_kinds_in_words, str)


def state_words(state: str, order_type: str = OrderType.REPAIR) -> str:
    """The state in words; only a repair is repaired."""
    if state == State.REPAIRING and order_type != OrderType.REPAIR:
        return str(_("Work under way"))
    return str(STATES[state])
