"""The verbs of an order as dialogs: one form a verb, carried out once, refused in the form's own words."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from anxiu.accounts.queries import people
from anxiu.catalogue.models import FaultClass, Part
from anxiu.console.pages import Verb, VerbForm, dialog, local, page
from anxiu.equipment.queries import machines
from anxiu.files.intake import prepare as prepare_file
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import Invalid, NotFound
from anxiu.kernel.geo import Place
from anxiu.kernel.grams import code_key
from anxiu.kernel.time import now
from anxiu.kernel.values import Value, reading
from anxiu.orders import actions, values
from anxiu.orders.actions import NewEntry, Signing
from anxiu.orders.choices import ContactResult, DocumentKind, EntryKind, SignOffMeans
from anxiu.orders.messages import CONTACT_RESULTS, DOCUMENTS, ENTRY_KINDS, SEVERITIES
from anxiu.orders.models import Order
from anxiu.orders.models import Question as Asked
from anxiu.orders.queries import VIEW, document_to_sign, need_of, order, visible
from anxiu.regulation.choices import Severity
from anxiu.workforce.messages import in_words
from anxiu.workforce.queries import candidates
from anxiu.workforce.queries import figures as figures_of_people
from anxiu.workforce.rules import Slot

Values = dict[str, Any]
Do = Callable[[Actor, Order, Values], object]
QUARTER = 15


@dataclass(frozen=True, slots=True)
class Offer:
    """How a verb is offered: its words, icon, form and what it does."""

    title: Promise | str
    icon: str
    form: Callable[[Actor, Order, Any, Any], forms.Form]
    do: Do
    submit: Promise | str = _("Confirm")
    lead: Callable[[Order], object] = lambda _order: ""
    danger: bool = False


def language() -> str:
    """The reader's language."""
    return get_language() or "zh-hans"


def _named(row: Any) -> str:
    return str(row.name_zh if language().startswith("zh") else row.name_en)


def _area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class Plain(VerbForm):
    """A verb that asks nothing but to be sure."""


class Note(VerbForm):
    """A verb with a note."""

    note = forms.CharField(label=_("Note"), required=False, max_length=2000, widget=_area())


class Why(VerbForm):
    """A verb that needs a reason in words."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=_area(2))


class Contact(VerbForm):
    """Did somebody reach the customer."""

    result = forms.ChoiceField(label=_("Result"), choices=list(CONTACT_RESULTS.items()), widget=forms.RadioSelect)
    note = forms.CharField(label=_("What was said"), required=False, max_length=2000, widget=_area())


class Place_(VerbForm):
    """Where the device is; filled by the browser when it may."""

    latitude = forms.FloatField(required=False, widget=forms.HiddenInput(attrs={"data-geo": "latitude"}))
    longitude = forms.FloatField(required=False, widget=forms.HiddenInput(attrs={"data-geo": "longitude"}))
    accuracy = forms.FloatField(required=False, widget=forms.HiddenInput(attrs={"data-geo": "accuracy"}))


def place_of(given: Values) -> Place | None:
    """The device's fix, where it gave one."""
    if given.get("latitude") is None or given.get("longitude") is None:
        return None
    accuracy = given.get("accuracy")
    return Place(given["latitude"], given["longitude"], round(accuracy) if accuracy is not None else None, "gps")


class Arrive(Place_):
    """Arrival with what proves it."""

    label_code = forms.CharField(
        label=_("Code on the machine's label"), required=False, max_length=32,
        help_text=_("Where no place can be taken, the label proves the arrival."),
    )  # fmt: skip


class Assess(VerbForm):
    """What was found."""

    finding = forms.CharField(label=_("What you found"), max_length=4000, widget=_area(4))
    fault_class = forms.ModelChoiceField(label=_("Class of fault"), queryset=FaultClass.objects.none(), required=False)


class Entry(Place_):
    """A line of the work record."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[(k, w) for k, w in ENTRY_KINDS.items() if k != EntryKind.CHECK])
    text = forms.CharField(label=_("Text, or name of the reading"), required=False, max_length=4000, widget=_area())
    value = forms.DecimalField(label=_("Number or quantity"), required=False, max_digits=12, decimal_places=4)
    unit = forms.CharField(label=_("Unit"), required=False, max_length=16)
    minutes = forms.IntegerField(label=_("Minutes of labour"), required=False, min_value=1, max_value=6000)
    part = forms.ModelChoiceField(label=_("Part"), queryset=Part.objects.none(), required=False)
    photo = forms.FileField(label=_("Photo"), required=False)


class Complete(VerbForm):
    """What was wrong and what was done."""

    cause = forms.CharField(label=_("Cause"), max_length=4000, widget=_area())
    solution = forms.CharField(label=_("What was done"), max_length=4000, widget=_area())
    resolved = forms.TypedChoiceField(
        label=_("Is the fault gone?"), choices=[("yes", _("Yes, resolved")), ("no", _("No, not yet"))],
        widget=forms.RadioSelect, coerce=lambda answer: answer == "yes",
    )  # fmt: skip


class Sign(Place_):
    """The customer's signature under the shown document."""

    document_digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    signer = forms.CharField(label=_("Name of the signer"), max_length=80)
    remarks = forms.CharField(label=_("Remarks of the customer"), required=False, max_length=2000, widget=_area(2))
    signature = forms.FileField(label=_("Signature"), required=False, widget=forms.ClearableFileInput(attrs={"data-signature": "1", "accept": "image/png"}))


class Question(VerbForm):
    """A question or an answer."""

    text = forms.CharField(label=_("Words"), max_length=2000, widget=_area(4))


def _fixed(form: type[forms.Form]) -> Callable[[Actor, Order, Any, Any], forms.Form]:
    return lambda _actor, _order, post, files: form(post, files)


def _listed(value: Value[Any], *, label: Any = None, field: str = "reason", note: bool = True, more: type[VerbForm] = VerbForm) -> Callable[[Actor, Order, Any, Any], forms.Form]:
    """A form whose reasons are the ones the order's regulation lists."""

    def make(_actor: Actor, row: Order, post: Any, files: Any) -> forms.Form:
        listed = [(each.code, each.words.in_language(language())) for each in reading(row.version_id)(value)]
        form = more(post, files)
        form.fields[field] = forms.ChoiceField(label=label or _("Reason"), choices=listed, widget=forms.RadioSelect)
        if note:
            form.fields["note"] = forms.CharField(label=_("Note"), required=False, max_length=2000, widget=_area(2))
        return form

    return make


def _booking(actor: Actor, row: Order, post: Any, files: Any, *, moved: bool = False) -> forms.Form:
    """Who may come, best first, and why not the others; the slot can be changed and the list asked again."""
    form = VerbForm(post, files)
    start = now() + timedelta(hours=1)
    start -= timedelta(minutes=start.minute % QUARTER, seconds=start.second, microseconds=start.microsecond)
    length = reading(row.version_id)(values.VISIT_LENGTH)[Severity(row.severity)]
    picker = {"type": "datetime-local", "data-reload": "engineer"}
    form.fields["starts_at"] = forms.DateTimeField(
        label=_("From"), initial=local(start), widget=forms.DateTimeInput(attrs=picker, format="%Y-%m-%dT%H:%M")
    )
    form.fields["ends_at"] = forms.DateTimeField(
        label=_("To"), initial=local(start + length), widget=forms.DateTimeInput(attrs=picker, format="%Y-%m-%dT%H:%M")
    )
    if moved:
        listed = [(each.code, each.words.in_language(language())) for each in reading(row.version_id)(values.RESCHEDULE_REASONS)]
        form.fields["reason"] = forms.ChoiceField(label=_("Reason"), choices=listed, widget=forms.RadioSelect)
    form.fields["engineer"] = forms.TypedChoiceField(
        label=_("Engineer"), choices=_choices(actor, row, start, length), coerce=int, widget=forms.Select(attrs={"size": 8})
    )
    return form


def _choices(actor: Actor, row: Order, start: Any, length: timedelta) -> list[tuple[Any, Any]]:
    """Engineers of the region: those who may, then the others with their reasons, which the rule refuses anyway."""
    need = need_of(row, Slot(start, start + length))
    at = now()
    may: list[tuple[int, str]] = []
    others: list[tuple[int, str]] = []
    for each in candidates(actor, need, at, figures_of_people(row.region_id, at)):
        name = each.engineer.person.name
        if each.eligibility.may:
            hours = each.load.total_seconds() / 3600
            may.append((each.engineer.pk, _now("{name} · {grade} · {hours:.1f} h booked that day").format(name=name, grade=each.engineer.grade, hours=hours)))
        else:
            why = " ".join(in_words(reason) for reason in each.eligibility.because)
            others.append((each.engineer.pk, f"{name}: {why}"))
    return [(_("May come"), may), (_("May not come then"), others)]


def _checklist(_actor: Actor, row: Order, post: Any, files: Any) -> forms.Form:
    form = VerbForm(post, files)
    items = reading(row.version_id)(values.PREPARATION)
    words = [
        (each.code, each.words.in_language(language()) + ("" if each.mandatory else _now(" (if needed)"))) for each in items
    ]
    form.fields["checked"] = forms.MultipleChoiceField(
        label=_("Checklist"), choices=words, required=False, widget=forms.CheckboxSelectMultiple
    )
    return form


def _suspending(actor: Actor, row: Order, post: Any, files: Any) -> forms.Form:
    form = _listed(values.SUSPEND_REASONS)(actor, row, post, files)
    form.fields["until"] = forms.DateTimeField(
        label=_("Until"), initial=local(now() + timedelta(days=1)),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    return form


def _severity(_actor: Actor, row: Order, post: Any, files: Any) -> forms.Form:
    form = Why(post, files)
    others = [(key, words) for key, words in SEVERITIES.items() if key != row.severity]
    form.fields["severity"] = forms.ChoiceField(label=_("New severity"), choices=others, widget=forms.RadioSelect)
    return form


def _handing(actor: Actor, row: Order, post: Any, files: Any) -> forms.Form:
    form = VerbForm(post, files)
    rows = people(actor).filter(is_active=True, holdings__post__code__in=["agent", "dispatcher", "supervisor"])
    form.fields["person"] = forms.ModelChoiceField(
        label=_("To"), queryset=rows.exclude(pk=row.owner_id).distinct().order_by("name_key", "id")
    )
    form.fields["reason"] = forms.CharField(label=_("Reason"), required=False, max_length=200)
    return form


def _assessing(_actor: Actor, row: Order, post: Any, files: Any) -> forms.Form:
    form = Assess(post, files, initial={"fault_class": row.fault_class_id})
    _fault_classes(form, row)
    return form


def _fault_classes(form: forms.Form, row: Order) -> None:
    family = row.machine.model.family_id if row.machine else None
    field = form.fields["fault_class"]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = FaultClass.objects.filter(retired_at=None).filter(family=family) | FaultClass.objects.filter(
        retired_at=None, family=None
    )
    field.label_from_instance = _named  # type: ignore[method-assign]


def _entering(_actor: Actor, row: Order, post: Any, files: Any) -> forms.Form:
    form = Entry(post, files)
    field = form.fields["part"]
    assert isinstance(field, forms.ModelChoiceField)
    rows = Part.objects.filter(retired_at=None)
    if row.machine:
        family = row.machine.model.family_id
        rows = (rows.filter(families=family) | rows.filter(models=row.machine.model_id) | rows.filter(families=None, models=None)).distinct()
    field.queryset = rows
    field.label_from_instance = lambda part: f"{part.number} {_named(part)}"  # type: ignore[method-assign]
    return form


def _signing(_actor: Actor, row: Order, post: Any, files: Any) -> forms.Form:
    digest = sha256(document_to_sign(row).encode()).hexdigest()
    return Sign(post, files, initial={"document_digest": digest})


def _refusing(actor: Actor, row: Order, post: Any, files: Any) -> forms.Form:
    form = _listed(values.REFUSAL_REASONS, note=False)(actor, row, post, files)
    digest = sha256(document_to_sign(row).encode()).hexdigest()
    form.fields["document_digest"] = forms.CharField(widget=forms.HiddenInput, max_length=64, initial=digest)
    form.fields["remarks"] = forms.CharField(label=_("Words of the customer"), required=False, max_length=2000, widget=_area(2))
    return form


def _issuing(_actor: Actor, _row: Order, post: Any, files: Any) -> forms.Form:
    form = VerbForm(post, files)
    form.fields["kind"] = forms.ChoiceField(label=_("Document"), choices=list(DOCUMENTS.items()), widget=forms.RadioSelect)
    form.fields["language"] = forms.ChoiceField(label=_("Language"), choices=[("zh-hans", "中文"), ("en", "English")], widget=forms.RadioSelect)
    return form


# ---- what each verb does with its form -----------------------------------------------------------------------------
def _call(name: str, **fixed: Any) -> Do:
    """The action of this name with the form's values as they are."""
    return lambda actor, row, given: getattr(actions, name)(actor=actor, at=now(), order_uid=row.uid, **fixed, **given)


def _book(actor: Actor, row: Order, given: Values) -> object:
    return actions.book_visit(
        actor=actor, at=now(), order_uid=row.uid, engineer_id=given["engineer"], starts_at=given["starts_at"], ends_at=given["ends_at"]
    )


def _move(actor: Actor, row: Order, given: Values) -> object:
    return actions.reschedule(
        actor=actor, at=now(), order_uid=row.uid, engineer_id=given["engineer"], starts_at=given["starts_at"],
        ends_at=given["ends_at"], reason=given["reason"],
    )  # fmt: skip


def _contact(actor: Actor, row: Order, given: Values) -> object:
    return actions.contact_customer(
        actor=actor, at=now(), order_uid=row.uid, result=ContactResult(given["result"]), note=given["note"]
    )


def _hand_over(actor: Actor, row: Order, given: Values) -> object:
    return actions.propose_hand_over(
        actor=actor, at=now(), order_uid=row.uid, to_person_id=given["person"].pk, reason=given["reason"]
    )


def _change_severity(actor: Actor, row: Order, given: Values) -> object:
    return actions.change_severity(
        actor=actor, at=now(), order_uid=row.uid, severity=Severity(given["severity"]), reason=given["reason"]
    )


def _arrive(actor: Actor, row: Order, given: Values) -> object:
    return actions.arrive(
        actor=actor, at=now(), order_uid=row.uid, place=place_of(given), label_code=given["label_code"].strip()
    )


def _assess(actor: Actor, row: Order, given: Values) -> object:
    fault = given["fault_class"]
    return actions.assess(
        actor=actor, at=now(), order_uid=row.uid, finding=given["finding"], fault_class_id=fault.pk if fault else None
    )


def _add_entry(actor: Actor, row: Order, given: Values) -> object:
    part, photo = given["part"], given["photo"]
    entry = NewEntry(
        EntryKind(given["kind"]), text=given["text"], value=given["value"], unit=given["unit"], minutes=given["minutes"],
        part_id=part.pk if part else None, photo=prepare_file(photo) if photo else None, place=place_of(given),
    )  # fmt: skip
    return actions.add_entry(actor=actor, at=now(), order_uid=row.uid, entry=entry)


def _sign(actor: Actor, row: Order, given: Values) -> object:
    signing = Signing(
        SignOffMeans.SCREEN, given["document_digest"], signer=given["signer"], remarks=given["remarks"], place=place_of(given)
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


VERBS: dict[str, Offer] = {
    "contact_customer": Offer(_("Contact the customer"), "phone-call", _fixed(Contact), _contact),
    "book_visit": Offer(_("Book an engineer"), "calendar-plus", _booking, _book, _("Book")),
    "reschedule": Offer(_("Reschedule"), "calendar-time", lambda *a: _booking(*a, moved=True), _move, _("Reschedule")),
    "accept_visit": Offer(_("Accept the visit"), "user-check", _fixed(Plain), _call("accept_visit"), _("Accept")),
    "decline_visit": Offer(_("Decline the visit"), "user-minus", _listed(values.DECLINE_REASONS), _call("decline_visit"), danger=True),
    "prepare": Offer(_("Confirm the preparation"), "checklist", _checklist, _prepare),
    "depart": Offer(_("Leave for the site"), "truck", _fixed(Plain), _call("depart"), _("Leave now")),
    "arrive": Offer(_("Record the arrival"), "map-pin-check", _fixed(Arrive), _arrive),
    "assess": Offer(_("Record the assessment"), "stethoscope", _assessing, _assess, _("Save")),
    "add_entry": Offer(_("Add to the work record"), "note", _entering, _add_entry, _("Add")),
    "complete_repair": Offer(_("Complete the repair"), "tool", _fixed(Complete), _call("complete_repair"), _("Complete")),
    "sign_off": Offer(_("Take the signature"), "signature", _signing, _sign, _("Sign"), lead=document_to_sign),
    "refuse_sign_off": Offer(_("The customer does not sign"), "writing-sign", _refusing, _refuse_sign, danger=True),
    "follow_up": Offer(_("Follow up"), "phone-call", _listed(values.FOLLOW_UP_RESULTS, label=_("Result"), field="result"), _call("follow_up")),
    "archive": Offer(_("Archive"), "archive", _fixed(Plain), _call("archive"), _("Archive"), lead=lambda _o: _("Nothing in the file changes any more after this.")),
    "change_severity": Offer(_("Change the severity"), "flame", _severity, _change_severity),
    "propose_hand_over": Offer(_("Hand over"), "arrows-exchange", _handing, _hand_over, _("Ask")),
    "accept_hand_over": Offer(_("Take the order over"), "user-check", _fixed(Plain), _call("accept_hand_over"), _("Take it over")),
    "decline_hand_over": Offer(_("Leave it with its owner"), "user-minus", _fixed(Plain), _call("decline_hand_over")),
    "suspend": Offer(_("Suspend"), "player-pause", _suspending, _call("suspend"), _("Suspend")),
    "resume": Offer(_("Resume"), "player-play", _fixed(Plain), _call("resume"), _("Resume")),
    "ask_question": Offer(_("Note a question of the customer"), "help", _fixed(Question), _call("ask_question"), _("Save")),
    "unlink_repeat": Offer(_("Not a repeat repair"), "link-off", _fixed(Why), _call("unlink_repeat")),
    "issue_document": Offer(_("Issue a document"), "file-type-pdf", _issuing, _issue, _("Issue")),
    "cancel": Offer(_("Cancel the order"), "circle-x", _listed(values.CANCEL_REASONS), _call("cancel"), _("Cancel the order"), danger=True),
}  # fmt: skip


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
        lead=offer.lead(row), done=_("Done: {verb}").format(verb=offer.title), keep=f"{name}-{uid}",
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


class Identify(VerbForm):
    """Which machine it is, by its serial number."""

    serial = forms.CharField(label=_("Serial number"), max_length=64)
    fault_class = forms.ModelChoiceField(label=_("Class of fault"), queryset=FaultClass.objects.none(), required=False)


@page("orders.identify_machine")
def identify(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Correct which machine and class of fault an order is about."""
    row = order(actor, uid)
    form = Identify(
        request.POST or None,
        initial={"serial": row.machine.serial if row.machine else "", "fault_class": row.fault_class_id},
    )
    _fault_classes(form, row)

    def run(given: Values) -> object:
        machine = machines(actor).filter(serial_key=code_key(given["serial"])).first()
        if machine is None:
            raise Invalid("orders.unknown_machine", field="serial")
        fault = given["fault_class"]
        return actions.identify_machine(
            actor=actor, at=now(), order_uid=uid, machine_id=machine.pk, contact_id=row.contact_id,
            fault_class_id=fault.pk if fault else None,
        )  # fmt: skip

    return dialog(request, actor, form, Verb(title=_("Customer and machine"), submit=_("Save"), run=run, done=_("Saved.")))
