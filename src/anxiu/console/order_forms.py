"""The forms of an order's verbs: what each asks, with the reasons and people the regulation and the day allow."""

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from anxiu.catalogue.models import FaultClass, Part
from anxiu.console.order_process import add_plan
from anxiu.console.order_widgets import Digest, FilesField, Pills, SeveralFiles, SignatureField
from anxiu.console.pages import VerbForm, local
from anxiu.kernel.actor import Actor
from anxiu.kernel.geo import Place
from anxiu.kernel.time import now
from anxiu.kernel.values import Value, reading
from anxiu.orders import values
from anxiu.orders.choices import ABOUT_FAULTS, ContactResult, EntryKind, State
from anxiu.orders.messages import CONTACT_RESULTS, DOCUMENTS, ENTRY_KINDS, SEVERITIES
from anxiu.orders.models import Order
from anxiu.orders.queries import document_to_sign, items_at, may_take_over, ticked
from anxiu.regulation.models import Version
from anxiu.regulation.queries import applies
from anxiu.regulation.queries import versions as readable_versions

Values = dict[str, Any]
Make = Callable[[Actor, Order, Any, Any], forms.Form]
ENTRY_ICONS = {
    EntryKind.PHOTO: "camera", EntryKind.VIDEO: "video", EntryKind.NOTE: "note", EntryKind.LABOUR: "clock-hour-4",
    EntryKind.PART: "package", EntryKind.READING: "gauge",
}  # fmt: skip
WITH_WORDS = (EntryKind.NOTE, EntryKind.PHOTO, EntryKind.VIDEO, EntryKind.LABOUR)


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
    symptom_confirmed = forms.BooleanField(
        label=_("The symptom was confirmed"), required=False,
        widget=forms.CheckboxInput({"data-when": f"result={ContactResult.REACHED}"}),
    )  # fmt: skip
    time_agreed = forms.BooleanField(
        label=_("The time was agreed"), required=False,
        widget=forms.CheckboxInput({"data-when": f"result={ContactResult.REACHED}"}),
    )  # fmt: skip
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


def only_for(*kinds: EntryKind) -> dict[str, str]:
    """The field is shown for these kinds of work only."""
    return {"data-when": f"kind={' '.join(kinds)}"}


class Entry(Located):
    """A line of the work record: which fields it has depends on its kind."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=[(kind, ENTRY_KINDS[kind]) for kind in ENTRY_ICONS], widget=Pills(ENTRY_ICONS)
    )
    photos = FilesField(
        label=_("Photos"), required=False, widget=SeveralFiles({"accept": "image/*", **only_for(EntryKind.PHOTO)})
    )
    video = forms.FileField(
        label=_("Video"), required=False,
        widget=forms.ClearableFileInput(
            {"accept": "video/*", "capture": "environment", **only_for(EntryKind.VIDEO)}
        ),
    )  # fmt: skip
    part = forms.ModelChoiceField(
        label=_("Part"), queryset=Part.objects.none(), required=False, widget=forms.Select(only_for(EntryKind.PART))
    )
    quantity = forms.DecimalField(
        label=_("Quantity"), required=False, max_digits=12, decimal_places=4, initial=1,
        widget=forms.NumberInput({"step": "any", **only_for(EntryKind.PART)}),
    )  # fmt: skip
    measured = forms.CharField(
        label=_("What was measured"), required=False, max_length=200,
        widget=forms.TextInput(only_for(EntryKind.READING)),
    )  # fmt: skip
    value = forms.DecimalField(
        label=_("Reading"), required=False, max_digits=12, decimal_places=4,
        widget=forms.NumberInput({"step": "any", "inputmode": "decimal", **only_for(EntryKind.READING)}),
    )  # fmt: skip
    unit = forms.CharField(
        label=_("Unit"), required=False, max_length=16,
        widget=forms.TextInput({"placeholder": "A, MPa, °C", **only_for(EntryKind.READING)}),
    )  # fmt: skip
    minutes = forms.IntegerField(
        label=_("Minutes of labour"), required=False, min_value=1, max_value=6000,
        widget=forms.NumberInput(only_for(EntryKind.LABOUR)),
    )  # fmt: skip
    text = forms.CharField(
        label=_("Words"), required=False, max_length=4000,
        widget=forms.Textarea({"rows": 3, **only_for(*WITH_WORDS)}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A photo is asked for here: the verb takes them one by one."""
        given = super().clean() or self.cleaned_data
        if given.get("kind") == EntryKind.PHOTO and not given.get("photos") and "photos" not in self.errors:
            self.add_error("photos", _("Choose at least one photo."))
        return given


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

    signer = forms.CharField(label=_("Name of the signer"), max_length=80)
    signature = SignatureField(label=_("Signature"), required=False)
    remarks = forms.CharField(label=_("Remarks of the customer"), required=False, max_length=2000, widget=area(2))


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


def reason_words(row: Order, value: Value[Any], code: str) -> str:
    """A listed reason in the reader's language; one that is listed no more by its code."""
    found = {each.code: each.words for each in reading(row.version_id)(value)} if code else {}
    return found[code].in_language(language()) if code in found else code


def checklist(_actor: Actor, row: Order, post: Any, files: Any) -> forms.Form:
    """The checklists of the step in which the preparation lies; what is ticked already is ticked."""
    items = items_at(row, State.PREPARING)
    done = ticked([row]).get(row.pk, {})
    form = VerbForm(post, files, initial={"checked": [each.code for each in items if done.get(each.code)]})
    words = [
        (each.code, said if each.mandatory else _now("{item} (if needed)").format(item=said))
        for each in items
        for said in (each.words.in_language(language()),)
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


def versions_form(actor: Actor, row: Order, post: Any, files: Any) -> forms.Form:
    """The other versions that hold for the order, and why one of them is to."""
    form, at = Why(post, files), now()
    known = [each for each in readable_versions(actor) if applies(each, row.region_id, row.order_type, at)]
    others = [(each.pk, _named(each)) for each in known if each.pk != row.version_id]
    form.fields["version"] = forms.TypedChoiceField(label=_("Version"), coerce=int, choices=others)
    return form


def _named(version: Version) -> str:
    name = version.name_zh if (get_language() or "zh").startswith("zh") else version.name_en
    return f"{name} · {version.code}"


def handing_over(_actor: Actor, row: Order, post: Any, files: Any) -> forms.Form:
    """Whom to ask."""
    form = VerbForm(post, files)
    form.fields["person"] = forms.ModelChoiceField(label=_("To"), queryset=may_take_over(row))
    form.fields["reason"] = forms.CharField(label=_("Reason"), required=False, max_length=200)
    return form


def assessing(_actor: Actor, row: Order, post: Any, files: Any) -> forms.Form:
    """What was found, and the class of fault."""
    form = Assess(post, files, initial={"fault_class": row.fault_class_id})
    if row.order_type in ABOUT_FAULTS:
        fault_classes(form, row)
    else:
        del form.fields["fault_class"]
    add_plan(form, row)
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


def kind_of(row: Order, entry: UUID) -> EntryKind:
    """What a line of the work record is: what sets it right is of that kind at first."""
    found = row.entries.filter(uid=entry, kind__in=ENTRY_ICONS).first()
    return EntryKind(found.kind) if found else EntryKind.NOTE


def entering(
    _actor: Actor, row: Order, post: Any, files: Any, *, kind: EntryKind = EntryKind.PHOTO
) -> forms.Form:
    """A line of the work record, with the parts that fit."""
    form = Entry(post, files, initial={"kind": kind})
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
    field.queryset = rows.order_by("number")
    field.label_from_instance = lambda part: f"{part.number} {named(part)}"  # type: ignore[method-assign,assignment]
    return form


def tied(row: Order) -> forms.CharField:
    """What ties a signature to the document as it stands now."""
    return forms.CharField(widget=Digest(sha256(document_to_sign(row).encode()).hexdigest()), max_length=64)


def signing(_actor: Actor, row: Order, post: Any, files: Any) -> forms.Form:
    """The signature, tied to the document as shown."""
    form = Sign(post, files, initial={"signer": row.contact.name if row.contact else row.request.caller_name})
    form.fields["document_digest"] = tied(row)
    return form


def refusing(actor: Actor, row: Order, post: Any, files: Any) -> forms.Form:
    """Why the customer does not sign, tied to the document as shown."""
    form = listed(values.REFUSAL_REASONS, note=False)(actor, row, post, files)
    form.fields["document_digest"] = tied(row)
    form.fields["remarks"] = forms.CharField(
        label=_("Words of the customer"), required=False, max_length=2000, widget=area(2)
    )
    return form


def following_up(actor: Actor, row: Order, post: Any, files: Any) -> forms.Form:
    """The result; and where the fault was not resolved, whether the customer wants the work to go on."""
    form = listed(values.FOLLOW_UP_RESULTS, label=_("Result"), field="result")(actor, row, post, files)
    if row.resolved is False:
        ends = reading(row.version_id)(values.UNRESOLVED_REASONS)
        reasons = [(each.code, each.words.in_language(language())) for each in ends]
        form.fields["decision"] = forms.ChoiceField(
            label=_("Does the work go on?"), required=False, widget=forms.RadioSelect,
            choices=[("", _("It goes on, or is not decided yet")), *reasons],
        )  # fmt: skip
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
