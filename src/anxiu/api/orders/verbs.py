"""One operation a verb: the same name in action, address, permission and event."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import UploadedFile
from ninja.params import functions as parameter

from anxiu.accounts.choices import LinkPurpose
from anxiu.api import order_schemas as s
from anxiu.api.asking import Key, Line, Words, perform
from anxiu.api.auth import actor_of
from anxiu.api.doing import REFUSED
from anxiu.api.finding import (
    engineer_key,
    fault_class_key,
    known_person_key,
    machine_key,
    part_key,
    region_key,
    version_key,
)
from anxiu.api.orders.reading import link, out, router
from anxiu.customers.queries import contact as one_contact
from anxiu.customers.queries import customer as one_customer
from anxiu.feedback import actions as feedback
from anxiu.files.intake import prepare as prepare_file
from anxiu.kernel.errors import NotFound
from anxiu.kernel.time import now
from anxiu.orders import actions
from anxiu.orders.actions import NewEntry, NewPlan, Report, Signing
from anxiu.orders.choices import EntryKind, SignOffMeans
from anxiu.orders.models import Order
from anxiu.orders.queries import order as one_order

F = TypeVar("F", bound=Callable[..., HttpResponse])


@router.post("", response={201: s.OpenedOut, **REFUSED}, summary="Report a fault: open_order")
def open_order(request: HttpRequest, body: s.ReportIn, key: Key) -> HttpResponse:
    """Open an order for a reported fault. The answer is the receipt: number, deadline and tracking link."""
    actor = actor_of(request)

    def work() -> s.OpenedOut:
        report = Report(
            channel=body.channel, words=body.words, order_type=body.order_type,
            caller_name=body.caller_name, caller_phone=body.caller_phone,
            caller_email=body.caller_email, place=body.place, product=body.product, language=body.language,
            region_id=region_key(actor, body.region),
            customer_id=one_customer(actor, body.customer).pk if body.customer else None,
            contact_id=one_contact(actor, body.contact).pk if body.contact else None,
            machine_id=machine_key(actor, body.machine, body.serial), fault_class_id=fault_class_key(body.fault_class),
            severity=body.severity, severity_reason=body.severity_reason,
            continues_id=one_order(actor, body.continues).pk if body.continues else None,
        )  # fmt: skip
        opened = actions.open_order(actor=actor, at=now(), report=report)
        return s.OpenedOut(order=s.OrderOut.of(opened.order), tracking_url=link("track", opened.tracking_secret))

    return perform(request, key, 201, work)


def act(request: HttpRequest, uid: UUID, key: str, body: s.AtIn, name: str, **given: Any) -> HttpResponse:
    """One verb on one order, once; the answer is the order as it then stands."""

    def work() -> s.OrderOut:
        done = getattr(actions, name)(actor=actor_of(request), at=body.at or now(), order_uid=uid, **given)
        return s.OrderOut.of(done) if isinstance(done, Order) else out(request, uid)

    return perform(request, key, 200, work)


def verb(name: str, summary: str) -> Callable[[F], F]:
    """The operation of a verb of an order."""
    declared: Callable[[F], F] = router.post(
        f"/{{uuid:uid}}/actions/{name}", response={200: s.OrderOut, **REFUSED}, summary=summary
    )
    return declared


@verb("contact_customer", "Record that the customer was reached, or not")
def contact_customer(request: HttpRequest, uid: UUID, body: s.ContactIn, key: Key) -> HttpResponse:
    """Record that the customer was reached, or not."""
    return act(
        request, uid, key, body, "contact_customer", result=body.result, note=body.note,
        symptom_confirmed=body.symptom_confirmed, time_agreed=body.time_agreed,
    )  # fmt: skip


@verb("propose_hand_over", "Ask somebody to take the order over")
def propose_hand_over(request: HttpRequest, uid: UUID, body: s.HandOverIn, key: Key) -> HttpResponse:
    """Ask somebody to take the order over."""
    to = known_person_key(actor_of(request), body.to)
    return act(request, uid, key, body, "propose_hand_over", to_person_id=to, reason=body.reason)


@verb("accept_hand_over", "Take the order over")
def accept_hand_over(request: HttpRequest, uid: UUID, body: s.AtIn, key: Key) -> HttpResponse:
    """Take the order over."""
    return act(request, uid, key, body, "accept_hand_over")


@verb("decline_hand_over", "Leave the order with its owner")
def decline_hand_over(request: HttpRequest, uid: UUID, body: s.AtIn, key: Key) -> HttpResponse:
    """Leave the order with its owner."""
    return act(request, uid, key, body, "decline_hand_over")


@verb("adopt_version", "Move the order to another version of the regulation")
def adopt_version(request: HttpRequest, uid: UUID, body: s.VersionIn, key: Key) -> HttpResponse:
    """Move the order to another version of the regulation; its clocks keep their start."""
    version = version_key(actor_of(request), body.version)
    return act(request, uid, key, body, "adopt_version", version_id=version, reason=body.reason)


@verb("change_severity", "Correct the severity")
def change_severity(request: HttpRequest, uid: UUID, body: s.SeverityIn, key: Key) -> HttpResponse:
    """Correct the severity."""
    return act(request, uid, key, body, "change_severity", severity=body.severity, reason=body.reason)


@verb("identify_machine", "Say which machine it is about")
def identify_machine(request: HttpRequest, uid: UUID, body: s.IdentifyIn, key: Key) -> HttpResponse:
    """Say which machine it is about."""
    machine = machine_key(actor_of(request), body.machine, "")
    fault = fault_class_key(body.fault_class)
    return act(request, uid, key, body, "identify_machine", machine_id=machine, fault_class_id=fault)


@verb("unlink_repeat", "Undo the link to an earlier order")
def unlink_repeat(request: HttpRequest, uid: UUID, body: s.ReasonIn, key: Key) -> HttpResponse:
    """Undo the link to an earlier order."""
    return act(request, uid, key, body, "unlink_repeat", reason=body.reason)


@verb("book_visit", "Book an engineer")
def book_visit(request: HttpRequest, uid: UUID, body: s.BookIn, key: Key) -> HttpResponse:
    """Book an engineer."""
    engineer = engineer_key(actor_of(request), body.engineer)
    return act(
        request, uid, key, body, "book_visit", engineer_id=engineer, starts_at=body.starts_at, ends_at=body.ends_at
    )


@verb("reschedule", "Move the visit")
def reschedule(request: HttpRequest, uid: UUID, body: s.RescheduleIn, key: Key) -> HttpResponse:
    """Move the visit."""
    engineer = engineer_key(actor_of(request), body.engineer) if body.engineer else None
    return act(
        request, uid, key, body, "reschedule", engineer_id=engineer, starts_at=body.starts_at, ends_at=body.ends_at,
        reason=body.reason, note=body.note,
    )  # fmt: skip


@verb("accept_visit", "Accept the visit")
def accept_visit(request: HttpRequest, uid: UUID, body: s.AtIn, key: Key) -> HttpResponse:
    """Accept the visit."""
    return act(request, uid, key, body, "accept_visit")


@verb("decline_visit", "Decline the visit")
def decline_visit(request: HttpRequest, uid: UUID, body: s.ListedIn, key: Key) -> HttpResponse:
    """Decline the visit."""
    return act(request, uid, key, body, "decline_visit", reason=body.reason, note=body.note)


@verb("prepare", "Confirm that tools and parts are ready")
def prepare(request: HttpRequest, uid: UUID, body: s.PrepareIn, key: Key) -> HttpResponse:
    """Confirm that tools and parts are ready."""
    return act(request, uid, key, body, "prepare", checked=tuple(body.checked))


@verb("depart", "Leave for the site")
def depart(request: HttpRequest, uid: UUID, body: s.AtIn, key: Key) -> HttpResponse:
    """Leave for the site."""
    return act(request, uid, key, body, "depart")


@verb("arrive", "Record the arrival")
def arrive(request: HttpRequest, uid: UUID, body: s.ArriveIn, key: Key) -> HttpResponse:
    """Record the arrival."""
    place = body.place.place() if body.place else None
    return act(request, uid, key, body, "arrive", place=place, label_code=body.label_code)


@verb("assess", "Record what was found")
def assess(request: HttpRequest, uid: UUID, body: s.AssessIn, key: Key) -> HttpResponse:
    """Record what was found."""
    fault = fault_class_key(body.fault_class)
    plan = NewPlan(body.plan.text, body.plan.cost, tuple(body.plan.risks)) if body.plan else None
    return act(request, uid, key, body, "assess", finding=body.finding, fault_class_id=fault, plan=plan)


@verb("add_entry", "Add a line to the work record")
def add_entry(request: HttpRequest, uid: UUID, body: s.EntryIn, key: Key) -> HttpResponse:
    """Add a line to the work record."""
    entry = NewEntry(
        body.kind, text=body.text, code=body.code, value=body.value, unit=body.unit, minutes=body.minutes,
        part_id=part_key(body.part), place=body.place.place() if body.place else None, corrects_uid=body.corrects,
        reason=body.reason,
    )  # fmt: skip
    return act(request, uid, key, body, "add_entry", entry=entry)


@verb("add_photo", "Add a photo to the work record (verb add_entry)")
def add_photo(
    request: HttpRequest, uid: UUID, key: Key, photo: UploadedFile = parameter.File(...),
    more: s.FileEntryIn = parameter.Form(...),
) -> HttpResponse:  # fmt: skip
    """Add a photo to the work record."""
    entry = NewEntry(
        EntryKind.PHOTO, text=more.text, photo=prepare_file(photo), place=more.place(), corrects_uid=more.corrects,
        reason=more.reason,
    )  # fmt: skip
    return act(request, uid, key, more, "add_entry", entry=entry)


@verb("add_video", "Add a video to the work record (verb add_entry)")
def add_video(
    request: HttpRequest, uid: UUID, key: Key, video: UploadedFile = parameter.File(...),
    more: s.FileEntryIn = parameter.Form(...),
) -> HttpResponse:  # fmt: skip
    """Add a video to the work record."""
    entry = NewEntry(
        EntryKind.VIDEO, text=more.text, video=prepare_file(video), place=more.place(), corrects_uid=more.corrects,
        reason=more.reason,
    )  # fmt: skip
    return act(request, uid, key, more, "add_entry", entry=entry)


@verb("complete_repair", "Finish the work")
def complete_repair(request: HttpRequest, uid: UUID, body: s.CompleteIn, key: Key) -> HttpResponse:
    """Finish the work."""
    return act(
        request, uid, key, body, "complete_repair", resolved=body.resolved, cause=body.cause, solution=body.solution
    )


@verb("suspend", "Interrupt the order")
def suspend(request: HttpRequest, uid: UUID, body: s.SuspendIn, key: Key) -> HttpResponse:
    """Interrupt the order."""
    return act(request, uid, key, body, "suspend", reason=body.reason, until=body.until, note=body.note)


@verb("resume", "Go on with the order")
def resume(request: HttpRequest, uid: UUID, body: s.AtIn, key: Key) -> HttpResponse:
    """Go on with the order."""
    return act(request, uid, key, body, "resume")


@verb("cancel", "End the order without the work")
def cancel(request: HttpRequest, uid: UUID, body: s.ListedIn, key: Key) -> HttpResponse:
    """End the order without the work."""
    return act(request, uid, key, body, "cancel", reason=body.reason, note=body.note)


@verb("sign_off", "Take the customer's signature")
def sign_off(
    request: HttpRequest, uid: UUID, key: Key, signature: UploadedFile = parameter.File(...),
    document_digest: Line = parameter.Form(...), signer: Line = parameter.Form(...),
    remarks: Words = parameter.Form(""),
) -> HttpResponse:  # fmt: skip
    """Take the customer's signature."""
    signing = Signing(SignOffMeans.SCREEN, document_digest, signer=signer[:80], remarks=remarks)
    picture = prepare_file(signature)
    return act(request, uid, key, s.AtIn(), "sign_off", signing=signing, signature=picture)


@verb("refuse_sign_off", "Record that the customer does not sign")
def refuse_sign_off(request: HttpRequest, uid: UUID, body: s.RefuseSignIn, key: Key) -> HttpResponse:
    """Record that the customer does not sign."""
    signing = Signing(SignOffMeans.SCREEN, body.document_digest, remarks=body.remarks)
    return act(request, uid, key, body, "refuse_sign_off", signing=signing, reason=body.reason)


@verb("issue_document", "Issue a document in a language")
def issue_document(request: HttpRequest, uid: UUID, body: s.IssueIn, key: Key) -> HttpResponse:
    """Issue a document in a language."""
    return act(request, uid, key, body, "issue_document", kind=body.kind, language=body.language)


@verb("follow_up", "Record how the customer found it")
def follow_up(request: HttpRequest, uid: UUID, body: s.FollowUpIn, key: Key) -> HttpResponse:
    """Record how the customer found it."""
    return act(request, uid, key, body, "follow_up", result=body.result, note=body.note, decision=body.decision)


@verb("accept_unresolved", "Record why the work does not go on")
def accept_unresolved(request: HttpRequest, uid: UUID, body: s.ListedIn, key: Key) -> HttpResponse:
    """Record why the customer does not want the work to go on, though the fault was not resolved."""
    return act(request, uid, key, body, "accept_unresolved", reason=body.reason, note=body.note)


@verb("archive", "Close the file for good")
def archive(request: HttpRequest, uid: UUID, body: s.AtIn, key: Key) -> HttpResponse:
    """Close the file for good."""
    return act(request, uid, key, body, "archive")


@verb("ask_question", "Note a question of the customer")
def ask_question(request: HttpRequest, uid: UUID, body: s.TextIn, key: Key) -> HttpResponse:
    """Note a question of the customer."""
    return act(request, uid, key, body, "ask_question", text=body.text)


@verb("add_customer_media", "Add photos or video of the fault")
def add_customer_media(
    request: HttpRequest, uid: UUID, key: Key, files: list[UploadedFile] = parameter.File(...)
) -> HttpResponse:
    """Add photos or video of the fault."""
    kept = [prepare_file(each) for each in files]
    return act(request, uid, key, s.AtIn(), "add_customer_media", files=kept)


@router.post(
    "/{uuid:uid}/questions/{uuid:question}/answer_question",
    response={200: s.QuestionOut, **REFUSED},
    summary="Answer a question",
)
def answer_question(request: HttpRequest, uid: UUID, question: UUID, body: s.TextIn, key: Key) -> HttpResponse:
    """Answer a customer's question."""

    def work() -> s.QuestionOut:
        if not one_order(actor_of(request), uid).questions.filter(uid=question).exists():
            raise NotFound("kernel.not_found")
        answered = actions.answer_question(
            actor=actor_of(request), at=body.at or now(), question_uid=question, text=body.text
        )
        return s.QuestionOut.of(answered)

    return perform(request, key, 200, work)


@router.post(
    "/{uuid:uid}/actions/send_link", response={200: s.LinkOut, **REFUSED}, summary="Make a new link for the customer"
)
def send_link(request: HttpRequest, uid: UUID, body: s.LinkIn, key: Key) -> HttpResponse:
    """Make a new link for the customer and close the ones before it."""

    def work() -> s.LinkOut:
        purpose = LinkPurpose(body.purpose)
        secret = actions.send_link(actor=actor_of(request), at=body.at or now(), order_uid=uid, purpose=purpose)
        return s.LinkOut(url=link("track" if purpose is LinkPurpose.TRACK else "sign", secret))

    return perform(request, key, 200, work)


@router.post("/{uuid:uid}/actions/rate", response={200: s.RatingOut, **REFUSED}, summary="Record the customer's rating")
def rate(request: HttpRequest, uid: UUID, body: s.RateIn, key: Key) -> HttpResponse:
    """Record the rating a customer gave."""

    def work() -> s.RatingOut:
        row = feedback.rate(
            actor=actor_of(request), at=body.at or now(), order_uid=uid, score=body.score, tags=tuple(body.tags),
            words=body.words, nps=body.nps,
        )  # fmt: skip
        return s.RatingOut(score=row.score, tags=list(row.tags), words=row.words, nps=row.nps)

    return perform(request, key, 200, work)
