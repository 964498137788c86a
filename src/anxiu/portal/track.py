"""Following an order by its link: how it stands, who comes, what was said, and what the customer can add."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from anxiu.accounts.choices import LinkPurpose
from anxiu.customers.rules import masked_email, masked_phone
from anxiu.equipment.queries import cover
from anxiu.feedback.queries import is_rateable, rating_of
from anxiu.files import codes, outage
from anxiu.files.choices import Family, Variant
from anxiu.files.content import answer
from anxiu.files.models import Attachment
from anxiu.files.queries import blob_by_digest
from anxiu.files.rules import family_of
from anxiu.kernel.actor import Subject
from anxiu.kernel.errors import NotFound, Refusal
from anxiu.kernel.events import Audience
from anxiu.kernel.time import now
from anxiu.kernel.values import reading
from anxiu.orders.actions import add_customer_media, ask_question, note_reply
from anxiu.orders.choices import TRANSITIONS, State
from anxiu.orders.messages import DOCUMENTS, SEVERITIES
from anxiu.orders.models import Order, Visit
from anxiu.orders.queries import awaits_signature, history, inquiries_to_show, may_sign_after_all, surviving
from anxiu.orders.rules import proposed_severity
from anxiu.orders.values import SEVERITY_CRITERIA, SEVERITY_DEFAULT
from anxiu.portal.actions import open_door, take
from anxiu.portal.adding import WORDS, SentForm, add_once
from anxiu.portal.checks import CheckForm, points
from anxiu.portal.consents import ConsentForm
from anxiu.portal.media import Uploads, received
from anxiu.portal.pages import (
    REFUSED,
    enter,
    language,
    machine_name,
    named,
    page,
    person_name,
    put_into,
)  # fmt: skip
from anxiu.portal.progress import Tale, hero, stars, steps
from anxiu.portal.queries import Door, documents, may_open, own_files
from anxiu.portal.rules import WORDS_OF_LINK
from anxiu.portal.words import moment_words
from anxiu.sla.choices import ClockKind
from anxiu.sla.queries import clocks_of
from anxiu.workforce.queries import zone_of
from anxiu.workforce.queries.card import card

SPOKEN: Final = {"zh-hans": "中文", "en": "English"}


class QuestionForm(SentForm):
    """What the customer wants to know."""

    text = forms.CharField(label=gettext_lazy("Your question"), **WORDS)


class ReplyForm(SentForm):
    """What the customer answers to our question."""

    text = forms.CharField(label=gettext_lazy("Your answer"), **WORDS)


class MediaForm(SentForm):
    """Further photos or videos."""


@page
@require_safe
def track(request: HttpRequest, secret: str) -> HttpResponse:
    """How the order stands."""
    return _show(request, secret, enter(request, secret, LinkPurpose.TRACK))


def _show(
    request: HttpRequest, secret: str, door: Door, *, asking: forms.Form | None = None,
    replying: forms.Form | None = None, adding: forms.Form | None = None, refused: tuple[str, ...] = (),
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    order, at = door.order, now()
    goes_on = surviving(order)
    tale = told(goes_on, of_another=goes_on.pk != order.pk)
    rating = rating_of(order)
    protocol, inquiries = points(order), inquiries_to_show(order)
    first = hero(tale, rated=rating is not None)
    context = {
        "goes_on": goes_on, "inquiries": inquiries, "replying": replying or ReplyForm(),
        "title": first.title, "lead": first.lead, "order": order, "steps": steps(tale), "secret": secret,
        "here": reverse("track", args=[secret]),
        "engineer": _engineer(tale, secret, at), "facts": _facts(order), "files": _files(door, secret),
        "news": history(order, Audience.CUSTOMER, language()),
        "questions": order.questions.select_related("owner", "answered_by").order_by("id"),
        "documents": papers(order),
        "owner": person_name(order.owner), "rating": rating, **_due(door, rated=rating is not None),
        "asking": asking or QuestionForm(), "adding": adding or MediaForm(), "refused_files": refused,
        "protocol": protocol, "protocol_open": any(each.at is None for each in protocol),
        "checking": CheckForm(protocol), "consenting": ConsentForm.of(order),
        "may_reply": bool(inquiries)
        and inquiries[-1].answered_at is None
        and order.state in TRANSITIONS["note_reply"][0],
        "may_ask": order.state in TRANSITIONS["ask_question"][0],
        "may_add": order.state in TRANSITIONS["add_customer_media"][0],
    }  # fmt: skip
    return render(request, "portal/track.html", context, status=status)


def told(order: Order, *, of_another: bool = False) -> Tale:
    """What the page tells from; three statements."""
    visits = Visit.objects.filter(order=order).select_related("engineer__person", "engineer__region")
    visit = visits.order_by("-number").first()
    clocks = clocks_of(Subject("order", order.pk))
    answer = next((each for each in clocks if each.kind == ClockKind.FIRST_RESPONSE), None)
    return Tale(order, visit, answer, of_another)


def _due(door: Door, *, rated: bool) -> dict[str, Any]:
    """What the customer is asked to do now, and whether this link leads there or a message of their own does."""
    order = door.order
    signs = awaits_signature(order) or may_sign_after_all(order)
    rates = is_rateable(order) and not rated
    sent_to = masked_email(order.contact.email) if order.contact else ""
    return {"signs": signs, "rates": rates, "opens": may_open(door.link, order), "sent_to": sent_to}


def _engineer(tale: Tale, secret: str, at: datetime) -> dict[str, Any] | None:
    """Who comes, once they have said that they will."""
    visit = tale.visit
    if visit is None or not tale.is_taken or tale.state is State.CANCELLED:
        return None
    engineer, known = visit.engineer, card(visit.engineer, at)
    return {
        "name": person_name(engineer.person), "detail": known.grade.in_language(language()) if known.grade else "",
        "photo": reverse("track_photo", args=[secret]) if engineer.person.photo_digest else "",
        "rating": stars(engineer.pk), "badge": engineer.number, "phone": "",
        "certificates": [each.in_language(language()) for each in known.certificates],
    }  # fmt: skip


def _facts(order: Order) -> dict[str, Any]:
    """What was reported, as far as this link's holder told or knows it."""
    said, machine = order.request, order.machine
    return {
        "machine": machine_name(order), "serial": machine.serial if machine else "",
        "place": order.site.name if order.site else said.place,
        "fault": named(order.fault_class), "words": said.words, "severity": SEVERITIES[order.severity],
        "because": because(order), "caller": said.caller_name, "phone": masked_phone(said.caller_phone),
        "email": masked_email(said.caller_email),
        "cover": cover(machine, now().astimezone(zone_of(machine.region)).date()) if machine else None,
    }  # fmt: skip


def because(order: Order) -> list[str]:
    """The criteria of the regulation that the reported words met, in words; none where somebody set the severity."""
    figures = reading(order.version_id)
    criteria = figures(SEVERITY_CRITERIA)
    proposal = proposed_severity(order.request.words, criteria, figures(SEVERITY_DEFAULT))
    if proposal.severity != order.severity:
        return []
    return [each.words.in_language(language()) for each in criteria if each.code in proposal.because]


@dataclass(frozen=True, slots=True)
class Paper:
    """A document as the page offers it."""

    number: int
    label: str
    detail: str
    issued_at: datetime


def papers(order: Order) -> list[Paper]:
    """What was issued, with its language in that language."""
    return [
        Paper(each.pk, str(DOCUMENTS[each.kind]), f"PDF · {SPOKEN.get(each.language, each.language)}", each.issued_at)
        for each in documents(order)
    ]


@dataclass(frozen=True, slots=True)
class Shown:
    """A file as the page shows it."""

    url: str
    name: str
    is_video: bool


def _files(door: Door, secret: str) -> list[Shown]:
    files = own_files(door.actor, door.order)
    videos = {each.pk for each in files if family_of(each.blob.media_type) is Family.VIDEO}
    return [Shown(reverse("track_file", args=[secret, each.uid]), each.name, each.pk in videos) for each in files]


# ---- the receipt ----------------------------------------------------------------------------------------------------
@page
@require_safe
def receipt(request: HttpRequest, secret: str) -> HttpResponse:
    """What a customer takes away from reporting: number, promise, owner, and the link to keep."""
    found = enter(request, secret, LinkPurpose.TRACK)
    order, tale = found.order, told(found.order)
    due = tale.answer.due_at if tale.answer else None
    url = settings.ENV.public_url.rstrip("/") + reverse("track", args=[secret])
    context = {
        "title": _("We have your report"), "order": order, "secret": secret, "url": url,
        "picture": codes.address(url, safety="m", border=2),
        "due": moment_words(due) if due else "", "owner": person_name(order.owner),
        "severity": SEVERITIES[order.severity], "because": because(order), "machine": machine_name(order),
        "email": masked_email(order.request.caller_email), "files": len(own_files(found.actor, order)),
    }  # fmt: skip
    return render(request, "portal/receipt.html", context)


# ---- what the customer adds -----------------------------------------------------------------------------------------
@page
@require_POST
def track_ask(request: HttpRequest, secret: str) -> HttpResponse:
    """Ask; the order's owner answers, and a clock runs."""
    found = enter(request, secret, LinkPurpose.TRACK)
    form = QuestionForm(request.POST)
    if not _say(found, form, ask_question):
        return _show(request, secret, found, asking=form, status=REFUSED)
    messages.success(request, _("Your question is with %(name)s.") % {"name": person_name(found.order.owner)})
    return redirect(f"{reverse('track', args=[secret])}#ask")


@page
@require_POST
def track_reply(request: HttpRequest, secret: str) -> HttpResponse:
    """Answer what we asked; the order's owner is told, and the order goes on."""
    found = enter(request, secret, LinkPurpose.TRACK)
    form = ReplyForm(request.POST)
    if not _say(found, form, note_reply):
        return _show(request, secret, found, replying=form, status=REFUSED)
    messages.success(request, _("Thank you. We go on with your order."))
    return redirect(f"{reverse('track', args=[secret])}#reply")


def _say(found: Door, form: forms.Form, verb: Callable[..., object]) -> bool:
    """Carry out a verb with the customer's words; otherwise the form says why not."""
    if not form.is_valid():
        return False
    text = form.cleaned_data["text"]
    try:
        add_once(found, form, text, lambda: verb(actor=found.actor, at=now(), order_uid=found.order.uid, text=text))
    except Refusal as refusal:
        put_into(form, refusal)
        return False
    return True


@page
@require_POST
def track_media(request: HttpRequest, secret: str) -> HttpResponse:
    """Add photos or videos. Good ones are taken even when another one is refused."""
    found = enter(request, secret, LinkPurpose.TRACK)
    form = MediaForm(request.POST)
    if not form.is_valid():
        return _show(request, secret, found, adding=form, status=REFUSED)
    uploads = received(request.FILES.getlist("media"))
    if not uploads.good and not uploads.refused:
        form.add_error(None, _("Choose a photo or a video first."))
        return _show(request, secret, found, adding=form, status=REFUSED)
    try:
        if uploads.good:
            with outage.said():
                add_once(found, form, uploads.fingerprint, lambda: _add(found, uploads))
    except Refusal as refusal:
        put_into(form, refusal)
        status = refusal.status if isinstance(refusal, outage.OUTAGES) else REFUSED
        return _show(request, secret, found, adding=form, refused=uploads.refused, status=status)
    if uploads.good:
        messages.success(request, _("%(count)s added. Thank you.") % {"count": len(uploads.good)})
    if uploads.refused:
        return _show(request, secret, found, refused=uploads.refused, status=REFUSED)
    return redirect(f"{reverse('track', args=[secret])}#media")


def _add(found: Door, uploads: Uploads) -> None:
    add_customer_media(actor=found.actor, at=now(), order_uid=found.order.uid, files=uploads.good)


@page
@require_POST
def track_door(request: HttpRequest, secret: str, purpose: LinkPurpose) -> HttpResponse:
    """Go on from one's own tracking link to signing or rating."""
    found = enter(request, secret, LinkPurpose.TRACK)
    take(limit=WORDS_OF_LINK, who=found.actor.key, at=now())
    opened = open_door(link=found.link, order=found.order, purpose=purpose, at=now())
    return redirect("sign" if purpose is LinkPurpose.SIGN else "rate", secret=opened)


# ---- bytes ----------------------------------------------------------------------------------------------------------
def send(request: HttpRequest, file: Attachment, variant: Variant = Variant.ORIGINAL) -> StreamingHttpResponse:
    """A file's bytes; the frame's headers say that nothing of a link is kept."""
    sent = answer(
        file.blob, file.name, variant=variant, wanted=request.headers.get("Range", ""),
        known=request.headers.get("If-None-Match", ""),
    )  # fmt: skip
    return StreamingHttpResponse(sent.body, status=sent.status, headers=dict(sent.headers))


@page
@require_safe
def track_file(request: HttpRequest, secret: str, uid: UUID) -> HttpResponseBase:
    """A photo or video that customers put on this order; small with `?small=1`."""
    found = enter(request, secret, LinkPurpose.TRACK)
    file = next((each for each in own_files(found.actor, found.order) if each.uid == uid), None)
    if file is None:
        raise NotFound("kernel.not_found")
    return send(request, file, Variant.THUMBNAIL if request.GET.get("small") else Variant.ORIGINAL)


@page
@require_safe
def track_photo(request: HttpRequest, secret: str) -> HttpResponseBase:
    """The portrait of the engineer who comes to this order."""
    found = enter(request, secret, LinkPurpose.TRACK)
    tale = told(surviving(found.order))
    person = tale.visit.engineer.person if tale.visit and tale.is_taken else None
    if person is None or not person.photo_digest:
        raise NotFound("kernel.not_found")
    sent = answer(blob_by_digest(person.photo_digest), "portrait", wanted=request.headers.get("Range", ""))
    return StreamingHttpResponse(sent.body, status=sent.status, headers=dict(sent.headers))
