"""Signing by link: the very document with its digest, the signature, or a refusal with its reason.

A typed name is no signature: it is drawn on the screen, or, without script, comes as a photo of one on paper.
"""

import base64
import binascii
from hashlib import sha256
from typing import Any, Final

from django import forms
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from anxiu.accounts.choices import LinkPurpose
from anxiu.accounts.queries import actor_of_link
from anxiu.files import outage
from anxiu.files.choices import Family
from anxiu.files.intake import Prepared, prepare
from anxiu.files.pictures import is_blank
from anxiu.files.rules import family_of
from anxiu.kernel.errors import Invalid, Refusal, Stale
from anxiu.kernel.geo import Place
from anxiu.kernel.time import now
from anxiu.kernel.values import reading
from anxiu.orders.actions import Signing, refuse_sign_off, sign_off
from anxiu.orders.choices import SignOffMeans, SignOffOutcome
from anxiu.orders.models import Order, SignOff
from anxiu.orders.queries import awaits_signature, document_to_sign, language_of, may_sign_after_all
from anxiu.orders.values import REFUSAL_REASONS
from anxiu.portal.pages import REFUSED, enter, language, machine_name, page, put_into
from anxiu.portal.progress import listed
from anxiu.portal.queries import Door, LinkShut, Why, order_of
from anxiu.workforce.queries import zone_of

DRAWN: Final = "data:image/png;base64,"
REMARKS_MOST: Final = 2000  # source: own choice; a page of text


class Refused(forms.Form):
    """Why the customer does not sign."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    reason = forms.ChoiceField(label=gettext_lazy("Why not?"), widget=forms.RadioSelect)
    remarks = forms.CharField(
        label=gettext_lazy("In your own words"), required=False, max_length=REMARKS_MOST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    prefix = "no"

    def __init__(self, *args: Any, order: Order, **more: Any) -> None:
        super().__init__(*args, **more)
        reasons = reading(order.version_id)(REFUSAL_REASONS)
        choice = self.fields["reason"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(each.code, each.words.in_language(language())) for each in reasons]


class Signed(forms.Form):
    """Who signs, with the signature, and where that is if they say so."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    signer = forms.CharField(
        label=gettext_lazy("Your name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    drawn = forms.CharField(required=False, widget=forms.HiddenInput)
    photo = forms.FileField(label=gettext_lazy("Photo of your signature"), required=False)
    remarks = forms.CharField(
        label=gettext_lazy("Remarks"), required=False, max_length=REMARKS_MOST, widget=forms.Textarea(attrs={"rows": 2})
    )
    latitude = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)
    longitude = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)
    accuracy = forms.FloatField(required=False, min_value=0, max_value=100_000, widget=forms.HiddenInput)

    @property
    def place(self) -> Place | None:
        """Where it was signed, when the browser was allowed to say so."""
        given = self.cleaned_data
        if given.get("latitude") is None or given.get("longitude") is None:
            return None
        accuracy = round(given["accuracy"]) if given.get("accuracy") is not None else None
        return Place(given["latitude"], given["longitude"], accuracy, "browser")


@page
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, secret: str) -> HttpResponse:
    """Read, then sign or say why not; afterwards the same address shows what came of it."""
    try:
        found = enter(request, secret, LinkPurpose.SIGN)
    except LinkShut as shut:
        if (ended := _ended(shut)) is None:
            raise
        return _result(request, *ended)
    if not awaits_signature(found.order) and (not may_sign_after_all(found.order) or "refuse" in request.POST):
        return _result(request, found.order, found.order.sign_off)
    if request.method != "POST":
        return _show(request, found)
    return _refuse(request, secret, found) if "refuse" in request.POST else _sign(request, secret, found)


def _ended(shut: LinkShut) -> tuple[Order, SignOff] | None:
    """The order of a link that was closed by the very sign-off it was for, and that sign-off."""
    if shut.why is not Why.CLOSED or shut.link is None or shut.link.revoked_at is None:
        return None
    order = order_of(actor_of_link(shut.link))
    signed = order.sign_offs.filter(at=shut.link.revoked_at).first()
    if signed is None:  # a newer link had taken its place before
        return None
    timezone.activate(zone_of(order.region))
    return order, signed


def _show(
    request: HttpRequest, found: Door, *, signing: Signed | None = None, refusing: Refused | None = None,
    stale: bool = False, status: int = 0,
) -> HttpResponse:  # fmt: skip
    """The document as it stands now; after a refusal with what was entered, but never with an old signature."""
    order = found.order
    document = document_to_sign(order)
    digest = sha256(document.encode()).hexdigest()
    again = signing or refusing
    for form in (signing, refusing):
        if form:
            form.data = {**form.data.dict(), form.add_prefix("digest"): digest}  # type: ignore[attr-defined]
    head, *lines = document.split("\n")
    context = {
        "title": _("Please read and sign"), "lead": machine_name(order), "order": order, "head": head,
        "lines": [each.partition(": ")[::2] if ": " in each else _chinese(each) for each in lines],
        "document": document, "digest": digest, "lang": "zh-CN" if language_of(order).startswith("zh") else "en",
        "signing": signing or Signed(initial={"digest": digest, "signer": order.request.caller_name}),
        "refusing": refusing or Refused(order=order, initial={"digest": digest}), "stale": stale,
        "may_refuse": awaits_signature(order),
    }  # fmt: skip
    usual = Stale.status if stale else REFUSED if again else 200
    return render(request, "portal/sign.html", context, status=status or usual)


def _chinese(line: str) -> tuple[str, str]:
    """A line's label and text where the colon is a Chinese one; a sentence has no label."""
    label, colon, text = line.partition("：")
    return (label, text) if colon else ("", line)


def _sign(request: HttpRequest, secret: str, found: Door) -> HttpResponse:
    form = Signed(request.POST, request.FILES)
    if form.is_valid():
        given = form.cleaned_data
        try:
            signature = _signature(given["drawn"], given["photo"])
            signing = Signing(
                SignOffMeans.LINK, given["digest"], signer=given["signer"], remarks=given["remarks"], place=form.place
            )
            with outage.said():
                sign_off(actor=found.actor, at=now(), order_uid=found.order.uid, signing=signing, signature=signature)
        except Stale:
            return _show(request, found, signing=form, stale=True)
        except outage.OUTAGES as refusal:
            put_into(form, Refusal("portal.sign_later"))
            return _show(request, found, signing=form, status=refusal.status)
        except Refusal as refusal:
            put_into(form, refusal)
        else:
            return redirect("sign", secret=secret)
    return _show(request, found, signing=form)


def _refuse(request: HttpRequest, secret: str, found: Door) -> HttpResponse:
    form = Refused(request.POST, order=found.order)
    if form.is_valid():
        given = form.cleaned_data
        signing = Signing(SignOffMeans.LINK, given["digest"], remarks=given["remarks"])
        try:
            refuse_sign_off(
                actor=found.actor, at=now(), order_uid=found.order.uid, signing=signing, reason=given["reason"]
            )
        except Stale:
            return _show(request, found, refusing=form, stale=True)
        except Refusal as refusal:
            put_into(form, refusal)
        else:
            return redirect("sign", secret=secret)
    return _show(request, found, refusing=form)


# ---- the signature --------------------------------------------------------------------------------------------------
def _signature(drawn: str, photo: "UploadedFile[Any] | None") -> Prepared | None:
    """The picture that was drawn or chosen; none when neither was. Refuses an empty sheet and what is no picture."""
    if drawn:
        if not drawn.startswith(DRAWN):
            raise Invalid("orders.signature_unreadable", field="photo")
        try:
            file: Any = ContentFile(base64.b64decode(drawn.removeprefix(DRAWN), validate=True), "signature.png")
        except (binascii.Error, ValueError):
            raise Invalid("orders.signature_unreadable", field="photo") from None
    elif photo:
        file = photo
    else:
        raise Invalid("orders.signature_missing", field="photo")
    try:
        made = prepare(file)
    except Invalid as refusal:
        refusal.errors = ()
        refusal.field = "photo"
        raise
    if family_of(made.media_type) is not Family.IMAGE:
        raise Invalid("orders.signature_unreadable", field="photo")
    if is_blank(made.content):
        raise Invalid("portal.signature_blank", field="photo")
    return made


# ---- afterwards -----------------------------------------------------------------------------------------------------
def _result(request: HttpRequest, order: Order, signed: SignOff | None) -> HttpResponse:
    """What came of it, for whoever has the link."""
    if signed is None:
        raise LinkShut(Why.CLOSED)
    is_refusal = signed.outcome == SignOffOutcome.REFUSED
    context = {
        "title": _("You did not sign") if is_refusal else _("Signed, thank you"), "order": order, "signed": signed,
        "is_former": signed.pk != order.sign_off_id,
        "is_refusal": is_refusal, "guarantee": getattr(order, "guarantee", None), "machine": machine_name(order),
        "reason": listed(order, REFUSAL_REASONS, signed.refusal_reason),
    }  # fmt: skip
    return render(request, "portal/signed.html", context)
