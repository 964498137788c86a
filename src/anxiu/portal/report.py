"""Reporting a fault without an account: from a machine's label with everything known filled in, or from nothing.

Nothing typed is lost: a refused form comes back as it was, and good files wait under the form's key. Sending twice is
sending once.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID, uuid4

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from anxiu.accounts.choices import LinkPurpose
from anxiu.accounts.models import Region
from anxiu.accounts.queries import LINK_PERMISSIONS
from anxiu.catalogue.models import FaultClass
from anxiu.catalogue.queries import families, fault_classes
from anxiu.customers.choices import Use
from anxiu.customers.messages import WORDINGS
from anxiu.customers.rules import phone as phone_of
from anxiu.equipment.models import Machine
from anxiu.equipment.queries import actor_of_label, by_label, cover
from anxiu.files import outage
from anxiu.files.choices import Family
from anxiu.files.content import open_content
from anxiu.files.pictures import thumbnail
from anxiu.files.rules import family_of
from anxiu.kernel.access import AccessKind, note_access
from anxiu.kernel.actor import Actor, ActorKind
from anxiu.kernel.errors import Invalid, NotFound, Refusal
from anxiu.kernel.idempotency import Answer, once
from anxiu.kernel.time import now
from anxiu.kernel.values import reading
from anxiu.orders.actions import Report, open_order
from anxiu.orders.actions.customer import MOST_FILES
from anxiu.orders.choices import Channel
from anxiu.orders.values import SEVERITY_DEFAULT
from anxiu.portal.actions import TooMany, drop_pending, keep_pending, require_few, take
from anxiu.portal.media import Uploads, received
from anxiu.portal.messages import INSTEAD
from anxiu.portal.pages import REFUSED, address_of, language, named, page, put_into
from anxiu.portal.queries import as_prepared, pending_of
from anxiu.portal.rules import FORMS_OF_ADDRESS, MISSES_OF_ADDRESS, REPORTS_OF_ADDRESS, REPORTS_OF_MACHINE
from anxiu.regulation.choices import OrderType
from anxiu.regulation.queries import in_force
from anxiu.regulation.rules.words import duration_in_words
from anxiu.sla.values import FIRST_RESPONSE
from anxiu.workforce.queries import zone_of

PRINCIPAL: Final = "portal"
OTHER: Final = "other"
TOLD: Final = (TooMany, *outage.OUTAGES)  # refusals that are not about what was typed keep their status
WORDS_MOST: Final = 4000  # source: the agent's form has the same
# A visitor who named no machine: may report a fault, sees nothing.
VISITOR: Final = Actor(kind=ActorKind.LINK, permissions=LINK_PERMISSIONS[LinkPurpose.REPORT_FAULT])


class ReportForm(forms.Form):
    """What somebody in front of a broken machine can say. `website` is a trap: people do not see it."""

    key = forms.CharField(widget=forms.HiddenInput, initial=lambda: uuid4().hex, min_length=32, max_length=64)
    fault = forms.ChoiceField(label=gettext_lazy("What is wrong?"), required=False, widget=forms.RadioSelect)
    words = forms.CharField(
        label=gettext_lazy("In your own words"), required=False, max_length=WORDS_MOST,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    caller_name = forms.CharField(
        label=gettext_lazy("Your name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    caller_phone = forms.CharField(
        label=gettext_lazy("Phone"), required=False, max_length=32,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )  # fmt: skip
    caller_email = forms.EmailField(
        label=gettext_lazy("Email"), required=False, help_text=gettext_lazy("For the receipt and news of every step"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )  # fmt: skip
    consent = forms.BooleanField(
        label=WORDINGS[Use.HANDLING].words,
        error_messages={
            "required": gettext_lazy("Without your consent we cannot take the report. You can also call us.")
        },
    )
    survey = forms.BooleanField(label=WORDINGS[Use.SURVEY].words, required=False)
    website = forms.CharField(
        label=gettext_lazy("Leave this field empty"), required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )  # fmt: skip

    def __init__(self, *args: Any, faults: Sequence[FaultClass] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self.faults = {str(each.uid): each for each in faults}
        chips = [(key, named(each)) for key, each in self.faults.items()]
        choice = self.fields["fault"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [*chips, (OTHER, _("Something else"))] if chips else []
        if not chips:
            del self.fields["fault"]
            self.fields["words"].label = _("Please describe it")

    def clean_caller_phone(self) -> str:
        """A number in any usual spelling."""
        given: str = self.cleaned_data["caller_phone"].strip()
        if given and phone_of(given) is None:
            raise forms.ValidationError(_("This does not look like a phone number."))
        return given

    def clean(self) -> dict[str, Any]:
        """One of two ways to say it, one of two ways to be reached, and nobody in the trap."""
        given = super().clean() or {}
        if given.get("website"):
            put_into(self, Invalid("portal.trap", field="website"))
        chosen = given.get("fault") in self.faults
        if not chosen and not given.get("words", "").strip() and "words" not in self.errors:
            put_into(self, Invalid("portal.words_or_symptom", field="words"))
        unreadable = self.errors.keys() & {"caller_phone", "caller_email"}
        if not unreadable and not given.get("caller_phone") and not given.get("caller_email"):
            put_into(self, Invalid("portal.reach_missing", field="caller_phone"))
        return given

    @property
    def fault_class(self) -> FaultClass | None:
        """The chosen symptom."""
        return self.faults.get(self.cleaned_data.get("fault", ""))

    @property
    def said(self) -> str:
        """The words; where only a symptom was chosen, its name."""
        return str(self.cleaned_data["words"].strip() or named(self.fault_class))


class OpenReportForm(ReportForm):
    """The same without a machine: where it stands and what it is must be said."""

    region = forms.ChoiceField(label=gettext_lazy("Region"))
    place = forms.CharField(
        label=gettext_lazy("Address"), max_length=200, help_text=gettext_lazy("Company, street, building, floor"),
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )  # fmt: skip
    product = forms.CharField(
        label=gettext_lazy("Which product?"), max_length=120, widget=forms.TextInput(attrs={"list": "families"})
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        rows = list(Region.objects.filter(retired_at=None))
        choice = self.fields["region"]
        assert isinstance(choice, forms.ChoiceField)
        several = [("", _("Please choose"))] if len(rows) > 1 else []
        choice.choices = [*several, *((str(each.pk), named(each)) for each in rows)]


# ---- pages ----------------------------------------------------------------------------------------------------------
@page
@require_safe
def short(request: HttpRequest, code: str) -> HttpResponse:
    """The address on a label: short, so that its picture is coarse and scans well."""
    return redirect("report_by_label", code=code)


@page
@require_http_methods(["GET", "HEAD", "POST"])
def report_by_label(request: HttpRequest, code: str) -> HttpResponse:
    """Report a fault of the machine with this label."""
    require_few(limit=MISSES_OF_ADDRESS, who=address_of(request), at=now())
    machine = by_label(code)
    timezone.activate(zone_of(machine.region))
    actor = actor_of_label(machine)
    if request.method == "GET":
        note_access(actor, AccessKind.DETAIL, "machine", [machine.pk], now())
    faults = list(fault_classes(actor, machine.model.family_id))
    form = ReportForm(request.POST or None, faults=faults)
    return _answered(request, actor, form, machine)


@page
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Report a fault without a label; who has one can name its code and type less."""
    if code := request.GET.get("code", "").strip():
        return redirect("report_by_label", code=code.replace(" ", "").replace("/", ""))
    faults = list(fault_classes(VISITOR).filter(family=None, retired_at=None))
    return _answered(request, VISITOR, OpenReportForm(request.POST or None, faults=faults), None)


def _answered(request: HttpRequest, actor: Actor, form: ReportForm, machine: Machine | None) -> HttpResponse:
    """Take the report, or show the form with everything in it that was there."""
    if request.method != "POST":
        return _show(request, form, machine)
    try:
        take(limit=FORMS_OF_ADDRESS, who=address_of(request), at=now())
    except TooMany as refusal:
        form.full_clean()
        put_into(form, refusal)
        return _show(request, form, machine, status=refusal.status)
    uploads = received(request.FILES.getlist("media"))
    _drop(request, form)
    status = REFUSED
    if form.is_valid() and not uploads.refused:
        try:
            with outage.said():
                return redirect("receipt", secret=_opened(request, actor, form, machine, uploads))
        except Refusal as refusal:
            status = refusal.status if isinstance(refusal, TOLD) else REFUSED
            put_into(form, refusal)
            if isinstance(refusal, outage.OUTAGES):  # what does not answer is not asked twice
                return _show(request, form, machine, uploads.refused, status=status)
            if INSTEAD.get(refusal.code) == "portal.already_sent":
                form = _with_new_key(form)
    return _show(request, form, machine, _kept(form, uploads), status=status)


def _opened(request: HttpRequest, actor: Actor, form: ReportForm, machine: Machine | None, uploads: Uploads) -> str:
    """Open the order with its media, once; the secret of its tracking link."""
    given, key, at = form.cleaned_data, form.cleaned_data["key"], now()

    def perform() -> Answer:
        take(limit=REPORTS_OF_ADDRESS, who=address_of(request), at=at)
        if machine:
            take(limit=REPORTS_OF_MACHINE, who=str(machine.pk), at=at)
        waiting = [as_prepared(each) for each in pending_of(key)]
        fault = form.fault_class
        said = Report(
            channel=Channel.H5 if machine else Channel.WEB, words=form.said, caller_name=given["caller_name"],
            caller_phone=given["caller_phone"], caller_email=given["caller_email"], language=language(),
            place=given.get("place", ""), product=given.get("product", ""),
            region_id=int(given["region"]) if given.get("region") else None,
            machine_id=machine.pk if machine else None, fault_class_id=fault.pk if fault else None,
            media=(*waiting, *uploads.good),
            agreed={Use.HANDLING: given["consent"], Use.SURVEY: given["survey"]},
        )  # fmt: skip
        opened = open_order(actor=actor, at=at, report=said)
        drop_pending(draft=key)
        return Answer(201, opened.tracking_secret)

    plain = {name: value for name, value in given.items() if name != "key"}
    wanted = repr([request.path, sorted(plain.items()), uploads.fingerprint])
    return once(principal=PRINCIPAL, key=key, request=wanted.encode(), perform=perform).body


def _with_new_key(form: ReportForm) -> ReportForm:
    """The same form as a new one, so that sending it again opens an order of its own."""
    form.data = {**form.data.dict(), "key": uuid4().hex}  # type: ignore[attr-defined]
    return form


# ---- files that wait ------------------------------------------------------------------------------------------------
def _key(form: ReportForm) -> str:
    """The form's key where it is one of ours."""
    given = str(form["key"].value() or "")
    return given if 32 <= len(given) <= 64 else ""


def _drop(request: HttpRequest, form: ReportForm) -> None:
    """Let go of the waiting files the visitor unticked."""
    wanted = []
    for each in request.POST.getlist("drop"):
        try:
            wanted.append(UUID(each))
        except ValueError:
            continue
    if wanted and (key := _key(form)):
        drop_pending(draft=key, uids=wanted)


def _kept(form: ReportForm, uploads: Uploads) -> tuple[str, ...]:
    """Keep the good files of a refused form; what to say about the others."""
    if uploads.good and (key := _key(form)):
        try:
            with outage.said():
                keep_pending(draft=key, files=uploads.good, at=now())
        except (Invalid, *outage.OUTAGES) as refusal:
            put_into(form, refusal)
    return uploads.refused


@page
@require_safe
def pending_file(request: HttpRequest, key: str, uid: UUID) -> HttpResponseBase:
    """A waiting picture, small, for the form it belongs to."""
    row = next((each for each in pending_of(key) if each.uid == uid), None)
    if row is None or family_of(row.blob.media_type) is not Family.IMAGE:
        raise NotFound("kernel.not_found")
    with open_content(row.blob).file as file:
        return HttpResponse(thumbnail(file, row.blob.media_type), content_type="image/webp")


# ---- the form as it is shown ----------------------------------------------------------------------------------------
def _show(
    request: HttpRequest, form: ReportForm, machine: Machine | None, refused: tuple[str, ...] = (), status: int = 200
) -> HttpResponse:
    key = _key(form)
    waiting = pending_of(key) if form.is_bound and key else []
    context: dict[str, Any] = {
        "title": _("Report a fault"), "form": form, "machine": _about(machine) if machine else None, "key": key,
        "answer_in": _answer_in(machine), "refused_files": refused, "most_files": MOST_FILES,
        "waiting": [(each, family_of(each.blob.media_type) is Family.VIDEO) for each in waiting],
        "has_more": form.is_bound and bool(form.errors.keys() & {"caller_email", "website"}),
    }  # fmt: skip
    if machine is None:
        context["families"] = [named(each) for each in families(VISITOR).filter(retired_at=None)]
    return render(request, "portal/report.html", context, status=status)


def _about(machine: Machine) -> dict[str, Any]:
    """What the label already knows, for the visitor to compare with what they stand before."""
    known = cover(machine, _today(machine))
    until = _("In warranty until %(date)s") % {"date": known.until} if known.in_warranty else _("Out of warranty")
    rows = (machine.serial and _("Serial %(serial)s") % {"serial": machine.serial}, machine.site.name, machine.position)
    return {
        "name": f"{machine.model.maker} {machine.model.name}", "detail": " · ".join(filter(None, rows)), "cover": until,
        "covered": known.in_warranty, "family": named(machine.model.family),
    }  # fmt: skip


def _today(machine: Machine) -> date:
    return now().astimezone(zone_of(machine.region)).date()


def _answer_in(machine: Machine | None) -> str:
    """How soon a person answers an ordinary report, by the regulation in force."""
    figures = reading(in_force(machine.region_id if machine else None, OrderType.REPAIR, now()).pk)
    target = figures(FIRST_RESPONSE)[figures(SEVERITY_DEFAULT)]
    return duration_in_words(target.duration, language(), working=target.working)
