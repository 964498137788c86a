"""The forms of an order's verbs: what each asks, with the reasons and people the regulation and the day allow."""

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from anxiu.accounts.queries import people
from anxiu.catalogue.models import FaultClass, Part
from anxiu.console.pages import VerbForm, local
from anxiu.kernel.actor import Actor
from anxiu.kernel.geo import Place
from anxiu.kernel.time import now
from anxiu.kernel.values import Value, reading
from anxiu.orders import values
from anxiu.orders.choices import EntryKind
from anxiu.orders.messages import CONTACT_RESULTS, DOCUMENTS, ENTRY_KINDS, SEVERITIES
from anxiu.orders.models import Order
from anxiu.orders.queries import document_to_sign, need_of
from anxiu.regulation.choices import Severity
from anxiu.workforce.messages import in_words
from anxiu.workforce.queries import candidates
from anxiu.workforce.queries import figures as figures_of_people
from anxiu.workforce.rules import Slot

Values = dict[str, Any]
Make = Callable[[Actor, Order, Any, Any], forms.Form]
QUARTER = 15


def language() -> str:
    """The reader's language."""
    return get_language() or "zh-hans"


def named(row: Any) -> str:
    """The name of a catalogue row in the reader's language."""
    return str(row.name_zh if language().startswith("zh") else row.name_en)


def area(rows: int = 3) -> forms.Textarea:
    """A field for several lines."""
    return forms.Textarea(attrs={"rows": rows})


class Plain(VerbForm):
    """A verb that asks nothing but to be sure."""


class Note(VerbForm):
    """A verb with a note."""

    note = forms.CharField(label=_("Note"), required=False, max_length=2000, widget=area())


class Why(VerbForm):
    """A verb that needs a reason in words."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=area(2))


class Contact(VerbForm):
    """Did somebody reach the customer."""

    result = forms.ChoiceField(label=_("Result"), choices=list(CONTACT_RESULTS.items()), widget=forms.RadioSelect)
    note = forms.CharField(label=_("What was said"), required=False, max_length=2000, widget=area())


class Located(VerbForm):
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


class Arrive(Located):
    """Arrival with what proves it."""

    label_code = forms.CharField(
        label=_("Code on the machine's label"), required=False, max_length=32,
        help_text=_("Where no place can be taken, the label proves the arrival."),
    )  # fmt: skip


class Assess(VerbForm):
    """What was found."""

    finding = forms.CharField(label=_("What you found"), max_length=4000, widget=area(4))
    fault_class = forms.ModelChoiceField(label=_("Class of fault"), queryset=FaultClass.objects.none(), required=False)


class Entry(Located):
    """A line of the work record."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[(k, w) for k, w in ENTRY_KINDS.items() if k != EntryKind.CHECK])
    text = forms.CharField(label=_("Text, or name of the reading"), required=False, max_length=4000, widget=area())
    value = forms.DecimalField(label=_("Number or quantity"), required=False, max_digits=12, decimal_places=4)
    unit = forms.CharField(label=_("Unit"), required=False, max_length=16)
    minutes = forms.IntegerField(label=_("Minutes of labour"), required=False, min_value=1, max_value=6000)
    part = forms.ModelChoiceField(label=_("Part"), queryset=Part.objects.none(), required=False)
    photo = forms.FileField(label=_("Photo"), required=False)


class Complete(VerbForm):
    """What was wrong and what was done."""

    cause = forms.CharField(label=_("Cause"), max_length=4000, widget=area())
    solution = forms.CharField(label=_("What was done"), max_length=4000, widget=area())
    resolved = forms.TypedChoiceField(
        label=_("Is the fault gone?"), choices=[("yes", _("Yes, resolved")), ("no", _("No, not yet"))],
        widget=forms.RadioSelect, coerce=lambda answer: answer == "yes",
    )  # fmt: skip


class Sign(Located):
    """The customer's signature under the shown document."""

    document_digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    signer = forms.CharField(label=_("Name of the signer"), max_length=80)
    remarks = forms.CharField(label=_("Remarks of the customer"), required=False, max_length=2000, widget=area(2))
    signature = forms.FileField(
        label=_("Signature"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"data-signature": "1", "accept": "image/png"}),
    )


class Question(VerbForm):
    """A question or an answer."""

    text = forms.CharField(label=_("Words"), max_length=2000, widget=area(4))


def fixed(form: type[forms.Form]) -> Callable[[Actor, Order, Any, Any], forms.Form]:
    """A form that is the same for every order."""
    return lambda _actor, _order, post, files: form(post, files)


def listed(
    value: Value[Any], *, label: Any = None, field: str = "reason", note: bool = True, more: type[VerbForm] = VerbForm
) -> Callable[[Actor, Order, Any, Any], forms.Form]:
    """A form whose reasons are the ones the order's regulation lists."""

    def make(_actor: Actor, row: Order, post: Any, files: Any) -> forms.Form:
        listed = [(each.code, each.words.in_language(language())) for each in reading(row.version_id)(value)]
        form = more(post, files)
        form.fields[field] = forms.ChoiceField(label=label or _("Reason"), choices=listed, widget=forms.RadioSelect)
        if note:
            form.fields["note"] = forms.CharField(label=_("Note"), required=False, max_length=2000, widget=area(2))
        return form

    return make


def booking(actor: Actor, row: Order, post: Any, files: Any, *, moved: bool = False) -> forms.Form:
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
        listed = [
            (each.code, each.words.in_language(language()))
            for each in reading(row.version_id)(values.RESCHEDULE_REASONS)
        ]
        form.fields["reason"] = forms.ChoiceField(label=_("Reason"), choices=listed, widget=forms.RadioSelect)
    form.fields["engineer"] = forms.TypedChoiceField(
        label=_("Engineer"),
        choices=engineers_for(actor, row, start, length),
        coerce=int,
        widget=forms.Select(attrs={"size": 8}),
    )
    return form


def engineers_for(actor: Actor, row: Order, start: Any, length: timedelta) -> list[tuple[Any, Any]]:
    """Engineers of the region: those who may, then the others with their reasons, which the rule refuses anyway."""
    need = need_of(row, Slot(start, start + length))
    at = now()
    may: list[tuple[int, str]] = []
    others: list[tuple[int, str]] = []
    for each in candidates(actor, need, at, figures_of_people(row.region_id, at)):
        name = each.engineer.person.name
        if each.eligibility.may:
            hours = each.load.total_seconds() / 3600
            may.append(
                (
                    each.engineer.pk,
                    _now("{name} · {grade} · {hours:.1f} h booked that day").format(
                        name=name, grade=each.engineer.grade, hours=hours
                    ),
                )
            )
        else:
            why = " ".join(in_words(reason) for reason in each.eligibility.because)
            others.append((each.engineer.pk, f"{name}: {why}"))
    return [(_("May come"), may), (_("May not come then"), others)]


def checklist(_actor: Actor, row: Order, post: Any, files: Any) -> forms.Form:
    """The regulation's preparation checklist."""
    form = VerbForm(post, files)
    items = reading(row.version_id)(values.PREPARATION)
    words = [
        (each.code, each.words.in_language(language()) + ("" if each.mandatory else _now(" (if needed)")))
        for each in items
    ]
    form.fields["checked"] = forms.MultipleChoiceField(
        label=_("Checklist"), choices=words, required=False, widget=forms.CheckboxSelectMultiple
    )
    return form


def suspending(actor: Actor, row: Order, post: Any, files: Any) -> forms.Form:
    """A listed reason and an end."""
    form = listed(values.SUSPEND_REASONS)(actor, row, post, files)
    form.fields["until"] = forms.DateTimeField(
        label=_("Until"), initial=local(now() + timedelta(days=1)),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    return form


def severity_form(_actor: Actor, row: Order, post: Any, files: Any) -> forms.Form:
    """The other severities, and why."""
    form = Why(post, files)
    others = [(key, words) for key, words in SEVERITIES.items() if key != row.severity]
    form.fields["severity"] = forms.ChoiceField(label=_("New severity"), choices=others, widget=forms.RadioSelect)
    return form


def handing_over(actor: Actor, row: Order, post: Any, files: Any) -> forms.Form:
    """Whom to ask."""
    form = VerbForm(post, files)
    rows = people(actor).filter(is_active=True, holdings__post__code__in=["agent", "dispatcher", "supervisor"])
    form.fields["person"] = forms.ModelChoiceField(
        label=_("To"), queryset=rows.exclude(pk=row.owner_id).distinct().order_by("name_key", "id")
    )
    form.fields["reason"] = forms.CharField(label=_("Reason"), required=False, max_length=200)
    return form


def assessing(_actor: Actor, row: Order, post: Any, files: Any) -> forms.Form:
    """What was found, and the class of fault."""
    form = Assess(post, files, initial={"fault_class": row.fault_class_id})
    fault_classes(form, row)
    return form


def fault_classes(form: forms.Form, row: Order) -> None:
    """Offer the classes of fault of the order's product."""
    family = row.machine.model.family_id if row.machine else None
    field = form.fields["fault_class"]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = FaultClass.objects.filter(retired_at=None).filter(family=family) | FaultClass.objects.filter(
        retired_at=None, family=None
    )
    field.label_from_instance = named  # type: ignore[method-assign,assignment]


def entering(_actor: Actor, row: Order, post: Any, files: Any) -> forms.Form:
    """A line of the work record, with the parts that fit."""
    form = Entry(post, files)
    field = form.fields["part"]
    assert isinstance(field, forms.ModelChoiceField)
    rows = Part.objects.filter(retired_at=None)
    if row.machine:
        family = row.machine.model.family_id
        rows = (
            rows.filter(fits_families=family)
            | rows.filter(fits_models=row.machine.model_id)
            | rows.filter(fits_families=None, fits_models=None)
        ).distinct()
    field.queryset = rows
    field.label_from_instance = lambda part: f"{part.number} {named(part)}"  # type: ignore[method-assign,assignment]
    return form


def signing(_actor: Actor, row: Order, post: Any, files: Any) -> forms.Form:
    """The signature, tied to the document as shown."""
    digest = sha256(document_to_sign(row).encode()).hexdigest()
    return Sign(post, files, initial={"document_digest": digest})


def refusing(actor: Actor, row: Order, post: Any, files: Any) -> forms.Form:
    """Why the customer does not sign, tied to the document as shown."""
    form = listed(values.REFUSAL_REASONS, note=False)(actor, row, post, files)
    digest = sha256(document_to_sign(row).encode()).hexdigest()
    form.fields["document_digest"] = forms.CharField(widget=forms.HiddenInput, max_length=64, initial=digest)
    form.fields["remarks"] = forms.CharField(
        label=_("Words of the customer"), required=False, max_length=2000, widget=area(2)
    )
    return form


def issuing(_actor: Actor, _row: Order, post: Any, files: Any) -> forms.Form:
    """Which document in which language."""
    form = VerbForm(post, files)
    form.fields["kind"] = forms.ChoiceField(
        label=_("Document"), choices=list(DOCUMENTS.items()), widget=forms.RadioSelect
    )
    form.fields["language"] = forms.ChoiceField(
        label=_("Language"), choices=[("zh-hans", "中文"), ("en", "English")], widget=forms.RadioSelect
    )
    return form
