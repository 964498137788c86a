"""Orders over the API: list, page, and one operation a verb."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from ninja import Router, UploadedFile
from ninja.params import functions as parameter

from anxiu.accounts.choices import LinkPurpose
from anxiu.api import order_schemas as s
from anxiu.api.asking import PAGE, Cursor, Key, Limit, Line, Words, page_of, perform
from anxiu.api.auth import actor_of
from anxiu.api.naming import engineer_id, fault_class_id, machine_id, part_id, person_id, region_id
from anxiu.api.problems import Problem
from anxiu.customers.queries import contact as one_contact
from anxiu.customers.queries import customer as one_customer
from anxiu.feedback import actions as feedback
from anxiu.files.intake import prepare as prepare_file
from anxiu.files.queries import of_subject
from anxiu.kernel.access import AccessKind, note_access
from anxiu.kernel.actor import Subject
from anxiu.kernel.events import Audience
from anxiu.kernel.time import now
from anxiu.orders import actions
from anxiu.orders.actions import NewEntry, Report, Signing
from anxiu.orders.choices import EntryKind, SignOffMeans, State
from anxiu.orders.queries import (
    document_to_sign,
    filtered,
    history,
    need_of,
    needed,
    verbs,
    visible,
)  # fmt: skip
from anxiu.orders.queries import (
    order as one_order,
)
from anxiu.regulation.choices import Severity
from anxiu.workforce.messages import in_words
from anxiu.workforce.queries import candidates
from anxiu.workforce.queries import figures as figures_of_people
from anxiu.workforce.rules import Slot

F = TypeVar("F", bound=Callable[..., HttpResponse])
router = Router(tags=["orders"])
REFUSED = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
AROUND = ("region", "customer", "machine", "fault_class", "owner", "engineer", "repeat_of")


def _out(request: HttpRequest, uid: UUID) -> s.OrderOut:
    return s.OrderOut.of(visible(actor_of(request)).select_related(*AROUND).get(uid=uid))


def _link(name: str, secret: str) -> str:
    return f"{settings.ENV.public_url.rstrip('/')}{reverse(name, args=[secret])}"


@router.get("", response={200: s.OrdersOut, **REFUSED}, summary="List orders")
def list_orders(
    request: HttpRequest, state: list[State] = parameter.Query([]), severity: Severity | None = None, region: Line = "",
    q: Line = "", late: bool = False,  # noqa: FBT001, FBT002  a query parameter
    after: Cursor = "", limit: Limit = PAGE,
) -> s.OrdersOut:  # fmt: skip
    """Orders the caller may see, newest first."""
    rows = filtered(
        visible(actor_of(request)), states=state, severity=severity or "", region=region, typed=q, breached=late
    ).select_related(*AROUND)
    found, following = page_of(rows, after, limit)
    return s.OrdersOut(items=[s.OrderOut.of(each) for each in found], next=following)


@router.post("", response={201: s.OpenedOut, **REFUSED}, summary="Report a fault: open_order")
def open_order(request: HttpRequest, body: s.ReportIn, key: Key) -> HttpResponse:
    """Open an order for a reported fault. The answer is the receipt: number, deadline and tracking link."""
    actor = actor_of(request)

    def work() -> s.OpenedOut:
        report = Report(
            channel=body.channel, words=body.words, caller_name=body.caller_name, caller_phone=body.caller_phone,
            caller_email=body.caller_email, place=body.place, product=body.product, language=body.language,
            region_id=region_id(actor, body.region),
            customer_id=one_customer(actor, body.customer).pk if body.customer else None,
            contact_id=one_contact(actor, body.contact).pk if body.contact else None,
            machine_id=machine_id(actor, body.machine, body.serial), fault_class_id=fault_class_id(body.fault_class),
            severity=body.severity, severity_reason=body.severity_reason,
        )  # fmt: skip
        opened = actions.open_order(actor=actor, at=now(), report=report)
        return s.OpenedOut(order=s.OrderOut.of(opened.order), tracking_url=_link("track", opened.tracking_secret))

    return perform(request, key, 201, work)


@router.get("/{uuid:uid}", response={200: s.OrderDetailOut, **REFUSED}, summary="One order with all that belongs to it")
def get_order(request: HttpRequest, uid: UUID) -> s.OrderDetailOut:
    """An order: what it needs next, visits, work record, questions, sign-off, documents. Leaves an access row."""
    actor, at = actor_of(request), now()
    row = one_order(actor, uid)
    note_access(actor, AccessKind.DETAIL, "order", [row.pk], at)
    need = needed(row, actor, at)
    guarantee = getattr(row, "guarantee", None)
    sign_off = getattr(row, "sign_off", None)
    return s.OrderDetailOut(
        **s.OrderOut.of(row).dict(), words=row.request.words,
        needed=s.NeededOut(verb=need.verb, words=need.words, missing=list(need.missing)) if need else None,
        verbs=sorted(verbs(row, actor)),
        visits=[s.VisitOut.of(each) for each in row.visits.select_related("engineer").order_by("number")],
        entries=[s.EntryOut.of(each) for each in row.entries.select_related("author", "part").order_by("id")],
        questions=[s.QuestionOut.of(each) for each in row.questions.order_by("id")],
        sign_off=s.SignOffOut.of(sign_off) if sign_off else None,
        guarantee_until=guarantee.until_date.isoformat() if guarantee else "",
        documents=[s.DocumentOut.of(each) for each in row.documents.order_by("id")],
        files=[s.FileOut.of(each) for each in of_subject(Subject("order", row.pk))],
    )  # fmt: skip


@router.get("/{uuid:uid}/history", response={200: list[s.LineOut], **REFUSED}, summary="The order's history")
def get_history(request: HttpRequest, uid: UUID) -> list[s.LineOut]:
    """Every event as a sentence in the caller's language, newest first."""
    row = one_order(actor_of(request), uid)
    return [
        s.LineOut(kind=each.kind, at=each.at, who=each.who, sentence=each.sentence, words=list(each.words))
        for each in history(row, Audience.STAFF, get_language() or "zh-hans")
    ]


@router.get(
    "/{uuid:uid}/candidates",
    response={200: list[s.CandidateOut], **REFUSED},
    summary="Who may be sent, and why not the others",
)
def get_candidates(request: HttpRequest, uid: UUID, starts_at: s.Moment, ends_at: s.Moment) -> list[s.CandidateOut]:
    """Every engineer of the region judged by the one rule, those who may first."""
    actor, at = actor_of(request), now()
    actor.require("orders.book_visit")
    row = one_order(actor, uid)
    slot = Slot(starts_at, max(starts_at, ends_at))
    found = candidates(actor, need_of(row, slot), at, figures_of_people(row.region_id, at))
    return [
        s.CandidateOut(
            engineer=each.engineer.uid, name=each.engineer.person.name, grade=each.engineer.grade,
            may=each.eligibility.may, because=[in_words(reason) for reason in each.eligibility.because],
            booked_minutes=int(each.load.total_seconds() // 60),
        )
        for each in found
    ]  # fmt: skip


@router.get("/{uuid:uid}/document", response={200: s.ToSignOut, **REFUSED}, summary="The document to be signed")
def get_document(request: HttpRequest, uid: UUID) -> s.ToSignOut:
    """The text the customer signs and its digest, which `sign_off` must repeat."""
    text = document_to_sign(one_order(actor_of(request), uid))
    return s.ToSignOut(document=text, digest=sha256(text.encode()).hexdigest())


def _act(request: HttpRequest, uid: UUID, key: str, body: s.AtIn, name: str, **given: Any) -> HttpResponse:
    """One verb on one order, once; the answer is the order as it then stands."""

    def work() -> s.OrderOut:
        getattr(actions, name)(actor=actor_of(request), at=body.at or now(), order_uid=uid, **given)
        return _out(request, uid)

    return perform(request, key, 200, work)


def _verb(name: str, summary: str) -> Callable[[F], F]:
    declared: Callable[[F], F] = router.post(
        f"/{{uuid:uid}}/actions/{name}", response={200: s.OrderOut, **REFUSED}, summary=summary
    )
    return declared


@_verb("contact_customer", "Record that the customer was reached, or not")
def contact_customer(request: HttpRequest, uid: UUID, body: s.ContactIn, key: Key) -> HttpResponse:
    """Record that the customer was reached, or not."""
    return _act(request, uid, key, body, "contact_customer", result=body.result, note=body.note)


@_verb("propose_hand_over", "Ask somebody to take the order over")
def propose_hand_over(request: HttpRequest, uid: UUID, body: s.HandOverIn, key: Key) -> HttpResponse:
    """Ask somebody to take the order over."""
    to = person_id(actor_of(request), body.to)
    return _act(request, uid, key, body, "propose_hand_over", to_person_id=to, reason=body.reason)


@_verb("accept_hand_over", "Take the order over")
def accept_hand_over(request: HttpRequest, uid: UUID, body: s.AtIn, key: Key) -> HttpResponse:
    """Take the order over."""
    return _act(request, uid, key, body, "accept_hand_over")


@_verb("decline_hand_over", "Leave the order with its owner")
def decline_hand_over(request: HttpRequest, uid: UUID, body: s.AtIn, key: Key) -> HttpResponse:
    """Leave the order with its owner."""
    return _act(request, uid, key, body, "decline_hand_over")


@_verb("change_severity", "Correct the severity")
def change_severity(request: HttpRequest, uid: UUID, body: s.SeverityIn, key: Key) -> HttpResponse:
    """Correct the severity."""
    return _act(request, uid, key, body, "change_severity", severity=body.severity, reason=body.reason)


@_verb("identify_machine", "Say which machine it is about")
def identify_machine(request: HttpRequest, uid: UUID, body: s.IdentifyIn, key: Key) -> HttpResponse:
    """Say which machine it is about."""
    machine = machine_id(actor_of(request), body.machine, "")
    fault = fault_class_id(body.fault_class)
    return _act(request, uid, key, body, "identify_machine", machine_id=machine, fault_class_id=fault)


@_verb("unlink_repeat", "Undo the link to an earlier order")
def unlink_repeat(request: HttpRequest, uid: UUID, body: s.ReasonIn, key: Key) -> HttpResponse:
    """Undo the link to an earlier order."""
    return _act(request, uid, key, body, "unlink_repeat", reason=body.reason)


@_verb("book_visit", "Book an engineer")
def book_visit(request: HttpRequest, uid: UUID, body: s.BookIn, key: Key) -> HttpResponse:
    """Book an engineer."""
    engineer = engineer_id(actor_of(request), body.engineer)
    return _act(
        request, uid, key, body, "book_visit", engineer_id=engineer, starts_at=body.starts_at, ends_at=body.ends_at
    )


@_verb("reschedule", "Move the visit")
def reschedule(request: HttpRequest, uid: UUID, body: s.RescheduleIn, key: Key) -> HttpResponse:
    """Move the visit."""
    engineer = engineer_id(actor_of(request), body.engineer) if body.engineer else None
    return _act(
        request, uid, key, body, "reschedule", engineer_id=engineer, starts_at=body.starts_at, ends_at=body.ends_at,
        reason=body.reason, note=body.note,
    )  # fmt: skip


@_verb("accept_visit", "Accept the visit")
def accept_visit(request: HttpRequest, uid: UUID, body: s.AtIn, key: Key) -> HttpResponse:
    """Accept the visit."""
    return _act(request, uid, key, body, "accept_visit")


@_verb("decline_visit", "Decline the visit")
def decline_visit(request: HttpRequest, uid: UUID, body: s.ListedIn, key: Key) -> HttpResponse:
    """Decline the visit."""
    return _act(request, uid, key, body, "decline_visit", reason=body.reason, note=body.note)


@_verb("prepare", "Confirm that tools and parts are ready")
def prepare(request: HttpRequest, uid: UUID, body: s.PrepareIn, key: Key) -> HttpResponse:
    """Confirm that tools and parts are ready."""
    return _act(request, uid, key, body, "prepare", checked=tuple(body.checked))


@_verb("depart", "Leave for the site")
def depart(request: HttpRequest, uid: UUID, body: s.AtIn, key: Key) -> HttpResponse:
    """Leave for the site."""
    return _act(request, uid, key, body, "depart")


@_verb("arrive", "Record the arrival")
def arrive(request: HttpRequest, uid: UUID, body: s.ArriveIn, key: Key) -> HttpResponse:
    """Record the arrival."""
    place = body.place.place() if body.place else None
    return _act(request, uid, key, body, "arrive", place=place, label_code=body.label_code)


@_verb("assess", "Record what was found")
def assess(request: HttpRequest, uid: UUID, body: s.AssessIn, key: Key) -> HttpResponse:
    """Record what was found."""
    fault = fault_class_id(body.fault_class)
    return _act(request, uid, key, body, "assess", finding=body.finding, fault_class_id=fault)


@_verb("add_entry", "Add a line to the work record")
def add_entry(request: HttpRequest, uid: UUID, body: s.EntryIn, key: Key) -> HttpResponse:
    """Add a line to the work record."""
    entry = NewEntry(
        body.kind, text=body.text, code=body.code, value=body.value, unit=body.unit, minutes=body.minutes,
        part_id=part_id(body.part), place=body.place.place() if body.place else None, corrects_uid=body.corrects,
    )  # fmt: skip
    return _act(request, uid, key, body, "add_entry", entry=entry)


@_verb("add_photo", "Add a photo to the work record (verb add_entry)")
def add_photo(
    request: HttpRequest, uid: UUID, key: Key, photo: UploadedFile = parameter.File(...),
    text: Words = parameter.Form(""),
) -> HttpResponse:
    """Add a photo to the work record."""
    entry = NewEntry(EntryKind.PHOTO, text=text, photo=prepare_file(photo))
    return _act(request, uid, key, s.AtIn(), "add_entry", entry=entry)


@_verb("complete_repair", "Finish the work")
def complete_repair(request: HttpRequest, uid: UUID, body: s.CompleteIn, key: Key) -> HttpResponse:
    """Finish the work."""
    return _act(
        request, uid, key, body, "complete_repair", resolved=body.resolved, cause=body.cause, solution=body.solution
    )


@_verb("suspend", "Interrupt the order")
def suspend(request: HttpRequest, uid: UUID, body: s.SuspendIn, key: Key) -> HttpResponse:
    """Interrupt the order."""
    return _act(request, uid, key, body, "suspend", reason=body.reason, until=body.until, note=body.note)


@_verb("resume", "Go on with the order")
def resume(request: HttpRequest, uid: UUID, body: s.AtIn, key: Key) -> HttpResponse:
    """Go on with the order."""
    return _act(request, uid, key, body, "resume")


@_verb("cancel", "End the order without the work")
def cancel(request: HttpRequest, uid: UUID, body: s.ListedIn, key: Key) -> HttpResponse:
    """End the order without the work."""
    return _act(request, uid, key, body, "cancel", reason=body.reason, note=body.note)


@_verb("sign_off", "Take the customer's signature")
def sign_off(
    request: HttpRequest, uid: UUID, key: Key, signature: UploadedFile = parameter.File(...), document_digest: Line = parameter.Form(...),
    signer: Line = parameter.Form(...), remarks: Words = parameter.Form(""),
) -> HttpResponse:  # fmt: skip
    """Take the customer's signature."""
    signing = Signing(SignOffMeans.SCREEN, document_digest, signer=signer[:80], remarks=remarks)
    picture = prepare_file(signature)
    return _act(request, uid, key, s.AtIn(), "sign_off", signing=signing, signature=picture)


@_verb("refuse_sign_off", "Record that the customer does not sign")
def refuse_sign_off(request: HttpRequest, uid: UUID, body: s.RefuseSignIn, key: Key) -> HttpResponse:
    """Record that the customer does not sign."""
    signing = Signing(SignOffMeans.SCREEN, body.document_digest, remarks=body.remarks)
    return _act(request, uid, key, body, "refuse_sign_off", signing=signing, reason=body.reason)


@_verb("issue_document", "Issue a document in a language")
def issue_document(request: HttpRequest, uid: UUID, body: s.IssueIn, key: Key) -> HttpResponse:
    """Issue a document in a language."""
    return _act(request, uid, key, body, "issue_document", kind=body.kind, language=body.language)


@_verb("follow_up", "Record how the customer found it")
def follow_up(request: HttpRequest, uid: UUID, body: s.ResultIn, key: Key) -> HttpResponse:
    """Record how the customer found it."""
    return _act(request, uid, key, body, "follow_up", result=body.result, note=body.note)


@_verb("archive", "Close the file for good")
def archive(request: HttpRequest, uid: UUID, body: s.AtIn, key: Key) -> HttpResponse:
    """Close the file for good."""
    return _act(request, uid, key, body, "archive")


@_verb("ask_question", "Note a question of the customer")
def ask_question(request: HttpRequest, uid: UUID, body: s.TextIn, key: Key) -> HttpResponse:
    """Note a question of the customer."""
    return _act(request, uid, key, body, "ask_question", text=body.text)


@_verb("add_customer_media", "Add photos or video of the fault")
def add_customer_media(
    request: HttpRequest, uid: UUID, key: Key, files: list[UploadedFile] = parameter.File(...)
) -> HttpResponse:
    """Add photos or video of the fault."""
    kept = [prepare_file(each) for each in files]
    return _act(request, uid, key, s.AtIn(), "add_customer_media", files=kept)


@router.post(
    "/{uuid:uid}/questions/{uuid:question}/answer_question",
    response={200: s.QuestionOut, **REFUSED},
    summary="Answer a question",
)
def answer_question(request: HttpRequest, uid: UUID, question: UUID, body: s.TextIn, key: Key) -> HttpResponse:
    """Answer a customer's question."""
    def work() -> s.QuestionOut:
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
        return s.LinkOut(url=_link("track" if purpose is LinkPurpose.TRACK else "sign", secret))

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
