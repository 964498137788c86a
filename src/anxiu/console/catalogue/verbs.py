"""The verbs about the catalogue, as dialogs."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from anxiu.catalogue import actions
from anxiu.catalogue.actions import NewFamily, NewFaultClass, NewModel, NewPart
from anxiu.catalogue.queries import families, fault_classes, models, parts
from anxiu.console.catalogue.forms import FamilyForm, FaultForm, ModelForm, PartForm, initial, part_initial, part_values
from anxiu.console.customers.forms import plain
from anxiu.console.pages import Verb, VerbForm, dialog, page
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import NotFound
from anxiu.kernel.money import Money
from anxiu.kernel.time import now
from anxiu.workforce.choices import Difficulty

Values = dict[str, Any]


def _one(rows: QuerySet[Any], uid: UUID) -> Any:
    row = rows.filter(uid=uid).first()
    if row is None:
        raise NotFound("kernel.not_found")
    return row


def _retire(request: HttpRequest, actor: Actor, title: object, run: Any) -> HttpResponse:
    lead = _("What happened so far stays; it can no longer be chosen.")
    verb = Verb(title, title, lambda _values: run(), lead=lead, danger=True, done=_("Closed."))
    return dialog(request, actor, VerbForm(request.POST or None), verb)


def _fixed(form: VerbForm, name: str) -> VerbForm:
    """A form without a field that never changes."""
    del form.fields[name]
    return form


@page("catalogue.add_family")
def add_family(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Add a product family."""

    def run(values: Values) -> object:
        return actions.add_family(actor=actor, at=now(), new=NewFamily(**values))

    verb = Verb(_("Add family"), _("Add"), run, done=_("The family was added."), keep="add_family")
    return dialog(request, actor, FamilyForm(request.POST or None), verb)


@page("catalogue.change_family")
def change_family(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Change a family."""
    row = _one(families(actor), uid)
    form = _fixed(FamilyForm(request.POST or None, initial=initial(row, FamilyForm)), "code")

    def run(values: Values) -> object:
        return actions.change_family(actor=actor, at=now(), family_id=row.pk, changes=values)

    lead = _("A new warranty holds for all machines of the family, unless another end was agreed.")
    return dialog(request, actor, form, Verb(_("Change family"), _("Save"), run, lead=lead, done=_("Saved.")))


@page("catalogue.retire_family")
def retire_family(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Close a family."""
    row = _one(families(actor), uid)
    return _retire(
        request, actor, _("Close family"), lambda: actions.retire_family(actor=actor, at=now(), family_id=row.pk)
    )


@page("catalogue.add_model")
def add_model(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Add a model."""

    def run(values: Values) -> object:
        return actions.add_model(actor=actor, at=now(), new=NewModel(**plain(values)))

    verb = Verb(_("Add model"), _("Add"), run, done=_("The model was added."), keep="add_model")
    return dialog(request, actor, ModelForm(actor, request.POST or None), verb)


@page("catalogue.change_model")
def change_model(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Change a model."""
    row = _one(models(actor), uid)
    form = _fixed(ModelForm(actor, request.POST or None, initial=initial(row, ModelForm)), "maker")

    def run(values: Values) -> object:
        return actions.change_model(actor=actor, at=now(), model_id=row.pk, changes=plain(values))

    return dialog(request, actor, form, Verb(_("Change model"), _("Save"), run, lead=row.maker, done=_("Saved.")))


@page("catalogue.retire_model")
def retire_model(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Close a model."""
    row = _one(models(actor), uid)
    return _retire(
        request, actor, _("Close model"), lambda: actions.retire_model(actor=actor, at=now(), model_id=row.pk)
    )


@page("catalogue.add_fault_class")
def add_fault_class(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Add a class of faults."""

    def run(values: Values) -> object:
        found = plain(values)
        new = NewFaultClass(**{**found, "difficulty": Difficulty(found["difficulty"])})
        return actions.add_fault_class(actor=actor, at=now(), new=new)

    verb = Verb(_("Add fault class"), _("Add"), run, done=_("The fault class was added."), keep="add_fault_class")
    return dialog(request, actor, FaultForm(actor, request.POST or None), verb)


@page("catalogue.change_fault_class")
def change_fault_class(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Change a class of faults."""
    row = _one(fault_classes(actor), uid)
    form = _fixed(FaultForm(actor, request.POST or None, initial=initial(row, FaultForm)), "code")

    def run(values: Values) -> object:
        changes = plain(values)
        changes |= {name: list(changes[name]) for name in ("keywords_zh", "keywords_en")}
        return actions.change_fault_class(actor=actor, at=now(), fault_class_id=row.pk, changes=changes)

    return dialog(request, actor, form, Verb(_("Change fault class"), _("Save"), run, lead=row.code, done=_("Saved.")))


@page("catalogue.retire_fault_class")
def retire_fault_class(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Close a class of faults."""
    row = _one(fault_classes(actor), uid)
    return _retire(
        request, actor, _("Close fault class"),
        lambda: actions.retire_fault_class(actor=actor, at=now(), fault_class_id=row.pk),
    )  # fmt: skip


@page("catalogue.add_part")
def add_part(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Add a part."""

    def run(values: Values) -> object:
        found = part_values(values)
        price = Money(found.pop("price_minor"), found.pop("currency"))
        return actions.add_part(actor=actor, at=now(), new=NewPart(**found, price=price))

    verb = Verb(_("Add part"), _("Add"), run, done=_("The part was added."), keep="add_part")
    return dialog(request, actor, PartForm(actor, request.POST or None), verb)


@page("catalogue.change_part")
def change_part(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Change a part."""
    row = _one(parts(actor), uid)
    form = PartForm(actor, request.POST or None, initial=part_initial(row))

    def run(values: Values) -> object:
        return actions.change_part(actor=actor, at=now(), part_id=row.pk, changes=part_values(values))

    return dialog(request, actor, form, Verb(_("Change part"), _("Save"), run, done=_("Saved.")))


@page("catalogue.retire_part")
def retire_part(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Close a part."""
    row = _one(parts(actor), uid)
    return _retire(request, actor, _("Close part"), lambda: actions.retire_part(actor=actor, at=now(), part_id=row.pk))
