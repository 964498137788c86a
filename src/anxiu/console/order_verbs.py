"""The verbs of an order as dialogs: one form a verb, carried out once, refused in the form's own words."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anxiu.console.order_booking import booking
from anxiu.console.order_forms import (
    Arrive,
    Complete,
    Contact,
    Make,
    Note,
    Plain,
    Question,
    Values,
    Why,
    area,
    assessing,
    checklist,
    entering,
    fixed,
    following_up,
    handing_over,
    issuing,
    kind_of,
    listed,
    place_of,
    refusing,
    severity_form,
    signing,
    suspending,
    versions_form,
)
from anxiu.console.order_process import checked_of, checking, plan_in_words, plan_of, solving, unchecking
from anxiu.console.order_triage import asked_how, asked_what, asking, merge, merging, split, splitting
from anxiu.console.pages import Verb, dialog, page
from anxiu.console.templatetags._words import localtime_short
from anxiu.files.intake import prepare as prepare_file
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import NotFound
from anxiu.kernel.time import now
from anxiu.orders import actions, values
from anxiu.orders.actions import NewEntry, Signing
from anxiu.orders.choices import LIVE_VISITS, ContactResult, DocumentKind, EntryKind, SignOffMeans
from anxiu.orders.messages import FLAGS
from anxiu.orders.models import Order
from anxiu.orders.models import Question as Asked
from anxiu.orders.queries import VIEW, document_to_sign, order, visible, visits_to_show
from anxiu.regulation.choices import Severity

Do = Callable[[Actor, Order, Values], object]
CONFIRM = _("Confirm")


@dataclass(frozen=True, slots=True)
class Offer:
    """How a verb is offered: its words, icon, form and what it does."""

    title: Promise | str
    icon: str
    form: Make
    do: Do
    submit: Promise | str = CONFIRM
    lead: Callable[[Order], object] = lambda _order: ""
    danger: bool = False
    signs: bool = False
    keeps: bool = True
    warn: Callable[[Order], object] = lambda _order: ""


def appointment(row: Order) -> str:
    """When and where the engineer is expected."""
    visit = next((each for each in visits_to_show(row) if each.state in LIVE_VISITS), None)
    place = row.site.name if row.site else row.customer.name if row.customer else ""
    address = row.site.address if row.site else ""
    when = f"{localtime_short(visit.starts_at, now())} – {timezone.localtime(visit.ends_at):%H:%M}" if visit else ""
    return "\n".join(filter(None, (when, " · ".join(filter(None, (place, address))))))


def flagged(row: Order) -> object:
    """What the record says against the arrival, for the engineer to know while it can still be explained."""
    visit = next(iter(visits_to_show(row)), None)
    if visit is None or not visit.arrival_flag:
        return ""
    words = FLAGS.get(visit.arrival_flag, visit.arrival_flag)
    return _("The arrival is recorded with a remark: {remark}.").format(remark=words)


# ---- what each verb does with its form -----------------------------------------------------------------------------
def _call(name: str, **fixed: Any) -> Do:
    """The action of this name with the form's values as they are."""
    return lambda actor, row, given: getattr(actions, name)(actor=actor, at=now(), order_uid=row.uid, **fixed, **given)


def _book(actor: Actor, row: Order, given: Values) -> object:
    return actions.book_visit(
        actor=actor,
        at=now(),
        order_uid=row.uid,
        engineer_id=given["engineer"],
        starts_at=given["starts_at"],
        ends_at=given["ends_at"],
    )


def _move(actor: Actor, row: Order, given: Values) -> object:
    return actions.reschedule(
        actor=actor, at=now(), order_uid=row.uid, engineer_id=given["engineer"], starts_at=given["starts_at"],
        ends_at=given["ends_at"], reason=given["reason"],
    )  # fmt: skip


def _contact(actor: Actor, row: Order, given: Values) -> object:
    return actions.contact_customer(
        actor=actor, at=now(), order_uid=row.uid, result=ContactResult(given["result"]), note=given["note"],
        symptom_confirmed=given["symptom_confirmed"], time_agreed=given["time_agreed"],
    )  # fmt: skip


def _hand_over(actor: Actor, row: Order, given: Values) -> object:
    return actions.propose_hand_over(
        actor=actor, at=now(), order_uid=row.uid, to_person_id=given["person"].pk, reason=given["reason"]
    )


def _change_severity(actor: Actor, row: Order, given: Values) -> object:
    return actions.change_severity(
        actor=actor, at=now(), order_uid=row.uid, severity=Severity(given["severity"]), reason=given["reason"]
    )


def _adopt_version(actor: Actor, row: Order, given: Values) -> object:
    return actions.adopt_version(
        actor=actor, at=now(), order_uid=row.uid, version_id=given["version"], reason=given["reason"]
    )


def _arrive(actor: Actor, row: Order, given: Values) -> object:
    return actions.arrive(
        actor=actor, at=now(), order_uid=row.uid, place=place_of(given), label_code=given["label_code"].strip()
    )


def _assess(actor: Actor, row: Order, given: Values) -> object:
    fault = given.get("fault_class")
    return actions.assess(
        actor=actor, at=now(), order_uid=row.uid, finding=given["finding"], plan=plan_of(given),
        fault_class_id=fault.pk if fault else None,
    )  # fmt: skip


def _add_entry(actor: Actor, row: Order, given: Values, corrects: UUID | None = None) -> object:
    """What belongs to the kind, and nothing that was typed for another one; several photos are several lines."""
    kind, place = EntryKind(given["kind"]), place_of(given)
    entries = {
        EntryKind.NOTE: lambda: [NewEntry(kind, text=given["text"], place=place)],
        EntryKind.LABOUR: lambda: [NewEntry(kind, text=given["text"], minutes=given["minutes"], place=place)],
        EntryKind.READING: lambda: [
            NewEntry(kind, text=given["measured"], value=given["value"], unit=given["unit"], place=place)
        ],
        EntryKind.PART: lambda: [
            NewEntry(kind, part_id=given["part"].pk if given["part"] else None, value=given["quantity"], place=place)
        ],
        EntryKind.PHOTO: lambda: [
            NewEntry(kind, text=given["text"], photo=prepare_file(each), place=place) for each in given["photos"]
        ],
        EntryKind.VIDEO: lambda: [
            NewEntry(kind, text=given["text"], video=prepare_file(each), place=place)
            for each in (given["video"],)
            if each
        ],
    }[kind]()
    first, *others = entries or [NewEntry(kind)]  # without a file the action says what is missing
    written = [replace(first, corrects_uid=corrects, reason=given.get("reason", "")), *others]
    return [actions.add_entry(actor=actor, at=now(), order_uid=row.uid, entry=entry) for entry in written]


def _sign(actor: Actor, row: Order, given: Values) -> object:
    signing = Signing(
        SignOffMeans.SCREEN,
        given["document_digest"],
        signer=given["signer"],
        remarks=given["remarks"],
        place=place_of(given),
    )
    picture = prepare_file(given["signature"]) if given["signature"] else None
    return actions.sign_off(actor=actor, at=now(), order_uid=row.uid, signing=signing, signature=picture)


def _refuse_sign(actor: Actor, row: Order, given: Values) -> object:
    signing = Signing(SignOffMeans.SCREEN, given["document_digest"], remarks=given["remarks"])
    return actions.refuse_sign_off(actor=actor, at=now(), order_uid=row.uid, signing=signing, reason=given["reason"])


def _issue(actor: Actor, row: Order, given: Values) -> object:
    return actions.issue_document(
        actor=actor, at=now(), order_uid=row.uid, kind=DocumentKind(given["kind"]), language=given["language"]
    )


def _prepare(actor: Actor, row: Order, given: Values) -> object:
    return actions.prepare(actor=actor, at=now(), order_uid=row.uid, checked=tuple(given["checked"]))


def _solve(actor: Actor, row: Order, given: Values) -> object:
    return actions.solve_remotely(
        actor=actor, at=now(), order_uid=row.uid, cause=given["cause"], solution=given["solution"],
        checked=tuple(given["checked"]),
    )  # fmt: skip


def _check(actor: Actor, row: Order, given: Values) -> object:
    return actions.check_items(actor=actor, at=now(), order_uid=row.uid, checked=checked_of(given))


VERBS: dict[str, Offer] = {
    "contact_customer": Offer(_("Contact the customer"), "phone-call", fixed(Contact), _contact),
    "book_visit": Offer(_("Book an engineer"), "calendar-plus", booking, _book, _("Book"), keeps=False),
    "reschedule": Offer(
        _("Reschedule"), "calendar-time", partial(booking, moved=True), _move, _("Reschedule"), keeps=False
    ),
    "accept_visit": Offer(
        _("Accept the visit"), "user-check", fixed(Plain), _call("accept_visit"), _("Accept it"), lead=appointment
    ),
    "decline_visit": Offer(
        _("Decline the visit"), "user-minus", listed(values.DECLINE_REASONS), _call("decline_visit"), danger=True
    ),
    "prepare": Offer(_("Confirm the preparation"), "checklist", checklist, _prepare),
    "depart": Offer(
        _("Leave for the site"), "truck", fixed(Plain), _call("depart"), _("Leave now"), lead=appointment
    ),
    "arrive": Offer(_("Record the arrival"), "map-pin-check", fixed(Arrive), _arrive, warn=flagged),
    "assess": Offer(_("Record the assessment"), "stethoscope", assessing, _assess, _("Save")),
    "solve_remotely": Offer(
        _("Solve remotely"), "headset", solving, _solve, _("Solved"),
        lead=lambda _order: _("The order becomes remote support; the customer confirms it by the link."),
    ),
    "send_out": Offer(_("Send somebody out"), "truck", fixed(Why), _call("send_out"), _("Send out")),
    "ask_reporter": Offer(
        _("Ask back"), "user-question", asking, _call("ask_reporter"), _("Send the question"), lead=asked_how
    ),
    "note_reply": Offer(
        _("Note the reply"), "message-2", fixed(Question), _call("note_reply"), _("Save"), lead=asked_what
    ),
    "merge_order": Offer(
        _("Merge into another order"), "stack-2", merging, merge, _("Merge"), danger=True,
        lead=lambda _order: _(
            "It ends as merged: the earlier order goes on with it, and its reporter follows that one by the same link."
        ),
    ),
    "separate_order": Offer(
        _("Take out again"), "arrow-back-up", fixed(Why), _call("separate_order"), _("Take out"),
        lead=lambda _order: _("It was another matter: the order goes on by itself, with the time it has used already."),
    ),
    "split_order": Offer(
        _("Split the request"), "git-branch", splitting, split, _("Split"),
        lead=lambda _order: _("This order keeps the first matter. Time counts for all of them since the request."),
    ),
    "approve_plan": Offer(
        _("Approve the plan"), "clipboard-check", fixed(Note), _call("approve_plan"), _("Approve"), lead=plan_in_words
    ),
    "reject_plan": Offer(
        _("Send the plan back"), "arrow-back-up", fixed(Why), _call("reject_plan"), _("Send back"), lead=plan_in_words,
        danger=True,
    ),
    "check_items": Offer(_("Tick the checklist"), "list-check", checking, _check, _("Tick off")),
    "uncheck_item": Offer(
        _("Take a tick back"), "arrow-back-up", unchecking, _call("uncheck_item"), _("Take back"), danger=True
    ),
    "write_summary": Offer(
        _("Write the summary"), "note", fixed(Question), _call("write_summary"), _("Save"),
        lead=lambda _order: _("What others should learn from this order: cause, what helped, what to watch."),
    ),
    "add_entry": Offer(_("Add to the work record"), "note", entering, _add_entry, _("Add")),
    "complete_repair": Offer(
        _("Complete the repair"), "tool", fixed(Complete), _call("complete_repair"), _("Complete")
    ),
    "sign_off": Offer(_("Take the signature"), "signature", signing, _sign, _("Sign"), signs=True, keeps=False),
    "refuse_sign_off": Offer(
        _("The customer does not sign"), "writing-sign", refusing, _refuse_sign, danger=True, signs=True, keeps=False
    ),
    "follow_up": Offer(_("Follow up"), "phone-call", following_up, _call("follow_up")),
    "accept_unresolved": Offer(
        _("The work does not go on"), "hand-stop", listed(values.UNRESOLVED_REASONS), _call("accept_unresolved"),
        lead=lambda _order: _("The fault is not resolved. Why does the customer not want the work to go on?"),
    ),
    "archive": Offer(
        _("Archive"),
        "archive",
        fixed(Plain),
        _call("archive"),
        _("Archive"),
        lead=lambda _order: _("Nothing in the file changes any more after this."),
    ),
    "change_severity": Offer(_("Change the severity"), "flame", severity_form, _change_severity),
    "adopt_version": Offer(_("Move to another version"), "scale", versions_form, _adopt_version),
    "propose_hand_over": Offer(_("Hand over"), "arrows-exchange", handing_over, _hand_over, _("Ask")),
    "accept_hand_over": Offer(
        _("Take the order over"), "user-check", fixed(Plain), _call("accept_hand_over"), _("Take it over")
    ),
    "decline_hand_over": Offer(_("Leave it with its owner"), "user-minus", fixed(Plain), _call("decline_hand_over")),
    "suspend": Offer(_("Put on hold"), "player-pause", suspending, _call("suspend"), _("Put on hold")),
    "resume": Offer(_("Resume"), "player-play", fixed(Plain), _call("resume"), _("Resume")),
    "ask_question": Offer(
        _("Note a question of the customer"), "help", fixed(Question), _call("ask_question"), _("Save")
    ),
    "unlink_repeat": Offer(_("Not a repeat repair"), "link-off", fixed(Why), _call("unlink_repeat")),
    "issue_document": Offer(_("Issue a document"), "file-type-pdf", issuing, _issue, _("Issue")),
    "cancel": Offer(
        _("Cancel the order"),
        "circle-x",
        listed(values.CANCEL_REASONS),
        _call("cancel"),
        _("Cancel the order"),
        danger=True,
    ),
}


GIVES_AWAY = frozenset({"decline_visit"})  # whoever did this may not see the order any more


def _still_seen(actor: Actor, uid: UUID, _done: object) -> str:
    """Where to go on: here, or the list of orders."""
    return reverse("order", args=[uid]) if visible(actor).filter(uid=uid).exists() else reverse("orders")


@page(VIEW)
def verb(request: HttpRequest, actor: Actor, uid: UUID, name: str) -> HttpResponse:
    """The dialog of one verb on one order."""
    if name not in VERBS:
        raise NotFound("kernel.not_found")
    actor.require(f"orders.{name}")
    row, offer = order(actor, uid), VERBS[name]
    form = offer.form(actor, row, request.POST or None, request.FILES or None)
    shape = Verb(
        title=offer.title, submit=offer.submit, run=lambda given: offer.do(actor, row, given), danger=offer.danger,
        lead=offer.lead(row), done=_("Done: {verb}").format(verb=offer.title),
        warn=lambda _done: offer.warn(row), go=partial(_still_seen, actor, uid) if name in GIVES_AWAY else None,
        keep=f"{name}-{uid}" if offer.keeps else "",
        document=document_to_sign(row) if offer.signs else "",
    )  # fmt: skip
    return dialog(request, actor, form, shape)


@page("orders.add_entry")
def correct_entry(request: HttpRequest, actor: Actor, uid: UUID, entry: UUID) -> HttpResponse:
    """Set a line of the work record right by a further one; the line before stays, struck through."""
    row = order(actor, uid)
    form = entering(actor, row, request.POST or None, request.FILES or None, kind=kind_of(row, entry))
    if row.sign_off_id:
        form.fields["reason"] = forms.CharField(
            label=_("Why it is corrected"), max_length=500, widget=area(2),
            help_text=_("The customer has signed this record. It is to be signed again, and they read this reason."),
        )  # fmt: skip
    shape = Verb(
        title=_("Set right"), submit=_("Save"), done=_("Saved."), keep=f"correct-{entry}",
        lead=_("The line before stays in the record, struck through; papers and figures use the new one."),
        run=lambda given: _add_entry(actor, row, given, corrects=entry),
    )  # fmt: skip
    return dialog(request, actor, form, shape)


@page("orders.answer_question")
def answer(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Answer a customer's question."""
    asked = Asked.objects.filter(uid=uid, order__in=visible(actor)).first()
    if asked is None:
        raise NotFound("kernel.not_found")
    shape = Verb(
        title=_("Answer the customer"), submit=_("Answer"), lead=asked.text, done=_("Answered."), keep=f"answer-{uid}",
        run=lambda given: actions.answer_question(actor=actor, at=now(), question_uid=uid, text=given["text"]),
    )  # fmt: skip
    return dialog(request, actor, Question(request.POST or None), shape)
