"""The agent's screen: recognise the caller, see what is known, take the report, hand out the receipt."""

from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from anxiu.accounts.models import Region
from anxiu.accounts.queries import regions
from anxiu.catalogue.models import FaultClass
from anxiu.console.contracts.looks import entitled
from anxiu.console.order_links import absolute
from anxiu.console.order_rows import look
from anxiu.console.order_widgets import FilesField, Pills, SeveralFiles
from anxiu.console.pages import VerbForm, leave, page, refuse, show
from anxiu.customers.models import Contact, Customer
from anxiu.customers.queries import contacts, contacts_at, customers
from anxiu.equipment.models import Machine, PastOrder
from anxiu.equipment.queries import machines, recognise
from anxiu.files.intake import Prepared, prepare
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import Invalid, Refusal
from anxiu.kernel.given import number
from anxiu.kernel.idempotency import Answer, once
from anxiu.kernel.messages import explain
from anxiu.kernel.time import now
from anxiu.kernel.values import reading
from anxiu.orders.actions import Report, open_order
from anxiu.orders.choices import ABOUT_FAULTS, Channel
from anxiu.orders.messages import SEVERITIES, TYPES
from anxiu.orders.queries import claims, earlier, possible_duplicates, visible
from anxiu.orders.rules import claim, proposed_severity, repeat_of
from anxiu.orders.values import DUPLICATE_WINDOW, REPEAT_WINDOW, SEVERITY_CRITERIA, SEVERITY_DEFAULT
from anxiu.regulation.choices import OrderType, Severity
from anxiu.regulation.queries import in_force
from anxiu.workforce.queries import zone_of

SHOWN = 8
TYPE_ICONS = {
    OrderType.REPAIR: "tool", OrderType.INSTALLATION: "package", OrderType.MAINTENANCE: "refresh",
    OrderType.INSPECTION: "clipboard-check", OrderType.TRAINING: "school", OrderType.REMOTE: "headset",
}  # fmt: skip


class ReportForm(VerbForm):
    """What the caller says. Ids come from what was recognised; they are checked again by the action."""

    machine = forms.IntegerField(required=False, widget=forms.HiddenInput)
    customer = forms.IntegerField(required=False, widget=forms.HiddenInput)
    contact = forms.IntegerField(required=False, widget=forms.HiddenInput)
    continues = forms.IntegerField(required=False, widget=forms.HiddenInput)
    order_type = forms.ChoiceField(
        label=_("Kind of service"), choices=list(TYPES.items()), initial=OrderType.REPAIR, required=False,
        widget=Pills(TYPE_ICONS)
    )
    words = forms.CharField(
        label=_("What is wrong, or what is to be done"), max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4, "placeholder": _("In the caller's words")}),
    )  # fmt: skip
    fault_class = forms.ModelChoiceField(
        label=_("Class of fault"), queryset=FaultClass.objects.none(), required=False,
        widget=forms.Select({"data-when": f"order_type={' '.join(sorted(ABOUT_FAULTS))}"}),
    )  # fmt: skip
    severity = forms.ChoiceField(
        label=_("Severity"),
        required=False,
        choices=[("", _("As proposed")), *SEVERITIES.items()],
        widget=forms.RadioSelect,
    )
    severity_reason = forms.CharField(
        label=_("Why another severity"), required=False, max_length=200,
        widget=forms.TextInput({"data-when": f"severity={' '.join(SEVERITIES)}"}),
    )  # fmt: skip
    caller_name = forms.CharField(label=_("Caller"), required=False, max_length=80)
    caller_phone = forms.CharField(label=_("Phone"), required=False, max_length=32)
    caller_email = forms.EmailField(label=_("Email"), required=False)
    place = forms.CharField(label=_("Place"), required=False, max_length=200)
    product = forms.CharField(label=_("Product"), required=False, max_length=120)
    region = forms.ModelChoiceField(label=_("Region"), queryset=Region.objects.none(), required=False)
    uploads = FilesField(
        label=_("Photos and videos"), required=False, widget=SeveralFiles({"accept": "image/*,video/*"})
    )

    def clean_uploads(self) -> tuple[Prepared, ...]:
        """The files as they may be kept; each other one is named with the reason."""
        made, wrong = [], []
        for file in self.cleaned_data["uploads"]:
            try:
                made.append(prepare(file))
            except Invalid as refusal:
                wrong.append(f"{file.name}: {explain(refusal)}")
        if wrong:
            raise forms.ValidationError(wrong)
        return tuple(made)


def _number(text: str | None) -> int | None:
    return number(text or "")


def _known(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    """What the address or the form names, through what the actor may see, and everything around it."""
    given = request.POST or request.GET
    machine: Machine | None = None
    customer: Customer | None = None
    contact: Contact | None = None
    if key := _number(given.get("machine")):
        machine = machines(actor).filter(pk=key, retired_at=None).first()
    if key := _number(given.get("contact")):
        contact = contacts(actor).filter(pk=key, retired_at=None).select_related("customer", "site").first()
    if machine:
        customer = machine.customer
    elif key := _number(given.get("customer")):
        customer = customers(actor).filter(pk=key, retired_at=None).first()
    elif contact:
        customer = contact.customer
    if contact and customer and contact.customer_id != customer.pk:
        contact = None
    around: dict[str, Any] = {"machine": machine, "customer": customer, "contact": contact, "continues": None}
    if key := _number(given.get("continues")):
        around["continues"] = visible(actor).filter(pk=key, resolved=False).first()
    if machine:
        around["entitled"] = entitled(machine, timezone.localdate())
        around["callers"] = () if contact else contacts_at(actor, [machine.site_id])[:SHOWN]
        around["imported"] = PastOrder.objects.filter(machine=machine).order_by("-date", "-id")[:SHOWN]
    elif customer:
        around["choices"] = machines(actor).filter(customer=customer, retired_at=None).order_by("id")[: SHOWN * 3]
    if machine or customer:
        mine = visible(actor).filter(machine=machine) if machine else visible(actor).filter(customer=customer)
        rows = mine.select_related("region", "customer", "machine__model", "owner", "request").order_by("-id")[:SHOWN]
        found = [look(each) for each in rows]
        around["open_orders"] = [each for each in found if each.ended_at is None]
        around["past_orders"] = [each for each in found if each.ended_at is not None]
    return around


def _numbered(actor: Actor, typed: str) -> list[Any]:
    """The order with the number that was typed: somebody calls again about it."""
    rows = visible(actor).filter(number=typed.upper()).select_related("customer", "machine__model", "request")
    return [look(each) for each in rows] if typed else []


def _form(request: HttpRequest, actor: Actor, around: dict[str, Any]) -> ReportForm:
    machine, customer, contact = around["machine"], around["customer"], around["contact"]
    form = ReportForm(
        request.POST or None,
        request.FILES or None,
        initial={
            "machine": machine.pk if machine else None, "customer": customer.pk if customer else None,
            "contact": contact.pk if contact else None,
            "continues": around["continues"].pk if around["continues"] else None,
            "caller_name": contact.name if contact else "",
            "region": machine.region_id if machine else customer.region_id if customer else None,
        },
    )  # fmt: skip
    zh = (get_language() or "zh").startswith("zh")
    faults = form.fields["fault_class"]
    places = form.fields["region"]
    assert isinstance(faults, forms.ModelChoiceField)
    assert isinstance(places, forms.ModelChoiceField)
    rows = FaultClass.objects.filter(retired_at=None)
    faults.queryset = rows.filter(family=None) | rows.filter(family=machine.model.family_id) if machine else rows
    places.queryset = regions(actor)
    faults.empty_label, places.empty_label = _("Not known yet"), _("Please choose")
    if (alone := list(places.queryset[:2])) and len(alone) == 1:
        form.initial["region"] = form.initial["region"] or alone[0].pk
    for field in (faults, places):
        field.label_from_instance = lambda row: row.name_zh if zh else row.name_en  # type: ignore[method-assign,assignment]
    places.required = True
    places.error_messages["required"] = explain(Invalid("orders.region_missing"))
    if machine or customer:
        del form.fields["region"], form.fields["product"], form.fields["place"]
    return form


@page("orders.open_order")
def intake(request: HttpRequest, actor: Actor) -> HttpResponse:
    """One screen: search, who it is, the report. Nothing typed is lost when it is refused."""
    around = _known(request, actor)
    form = _form(request, actor, around)
    typed = request.GET.get("q", "").strip()
    context = {
        "title": _("Take a report"), "form": form, "typed": typed,
        "found": recognise(actor, typed) if typed else None, "numbered": _numbered(actor, typed), **around,
    }  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            return _taken(request, actor, form)
        except Refusal as refusal:
            refuse(form, refusal)
    if request.headers.get("HX-Request-Type") == "partial":
        return render(request, "console/intake/found.html", context)
    response = show(request, "console/intake/intake.html", context)
    response.status_code = 422 if request.method == "POST" else 200
    return response


def _taken(request: HttpRequest, actor: Actor, form: ReportForm) -> HttpResponse:
    """Open the order once, and go to it with the receipt at hand."""
    given = form.cleaned_data
    region = given.get("region")
    order_type = OrderType(given["order_type"] or OrderType.REPAIR)
    fault = given["fault_class"] if order_type in ABOUT_FAULTS else None
    report = Report(
        channel=Channel.PHONE, words=given["words"], order_type=order_type, caller_name=given["caller_name"],
        caller_phone=given["caller_phone"],
        caller_email=given["caller_email"], place=given.get("place", ""), product=given.get("product", ""),
        language=(get_language() or "zh-hans"), region_id=region.pk if region else None, customer_id=given["customer"],
        contact_id=given["contact"], machine_id=given["machine"], fault_class_id=fault.pk if fault else None,
        severity=Severity(given["severity"]) if given["severity"] else None, severity_reason=given["severity_reason"],
        media=given["uploads"], continues_id=given["continues"],
    )  # fmt: skip

    secrets: list[str] = []

    def perform() -> Answer:
        opened = open_order(actor=actor, at=now(), report=report)
        secrets.append(opened.tracking_secret)
        return Answer(201, f"{opened.order.uid} {opened.order.number}")

    answer = once(principal=actor.key, key=given["key"], request=_fingerprint(report), perform=perform)
    uid, number = answer.body.split()
    said = _("{number} is open. Tracking link for the caller:") if secrets else _("{number} is open.")
    words = format_html("{}", str(said).format(number=number))
    for secret in secrets:  # kept nowhere but with the caller; the order's page makes another one
        link = absolute("track", secret)
        copy = '{} <span class="x-mono">{}</span> <button class="x-btn is-s" type="button" data-copy="{}">{}</button>'
        words = format_html(copy, words, link, link, _("Copy"))
    messages.success(request, words)
    return leave(request, reverse("order", args=[uid]))


def _fingerprint(report: Report) -> bytes:
    """What makes two posts the same report: files by what was sent."""
    sent = [each.received_digest for each in report.media]
    return f"{replace(report, media=())!r} {sent}".encode()


@page("orders.open_order")
def propose(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What the words mean before anything is saved: severity with its criteria, repeat, guarantee, duplicates."""
    around = _known(request, actor)
    machine, customer = around["machine"], around["customer"]
    region = machine.region_id if machine else customer.region_id if customer else None
    at = now()
    asked = request.GET.get("order_type", "")
    order_type = OrderType(asked) if asked in set(OrderType) else OrderType.REPAIR
    figures = reading(in_force(region, order_type, at).pk)
    words = request.GET.get("words", "")
    proposal = proposed_severity(words, figures(SEVERITY_CRITERIA), figures(SEVERITY_DEFAULT))
    language = get_language() or "zh-hans"
    named = {each.code: each.words.in_language(language) for each in figures(SEVERITY_CRITERIA)}
    context: dict[str, Any] = {
        "severity": SEVERITIES[proposal.severity], "level": {"urgent": 1, "normal": 3, "minor": 4}[proposal.severity],
        "because": [named[code] for code in proposal.because], "said": bool(words.strip()),
    }  # fmt: skip
    fault = _number(request.GET.get("fault_class"))
    if machine and fault and order_type in ABOUT_FAULTS:
        window, day = figures(REPEAT_WINDOW), at.astimezone(zone_of(machine.region)).date()
        repeated = repeat_of(earlier(machine.pk, at - window), fault, at, window)
        context["repeats"] = visible(actor).filter(pk=repeated).first() if repeated else None
        context["guarantee"] = claim(claims(machine.pk, day), fault, day)
    context["duplicates"] = possible_duplicates(
        actor, at - figures(DUPLICATE_WINDOW), machine_id=machine.pk if machine else None,
        customer_id=customer.pk if customer else None,
    )[:SHOWN]  # fmt: skip
    return render(request, "console/intake/proposal.html", context)


urlpatterns = [path("intake/", intake, name="intake"), path("intake/propose/", propose, name="intake_propose")]
