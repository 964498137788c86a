"""The forms of the verbs about machines and imports."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from anxiu.catalogue.models import Model
from anxiu.catalogue.queries import models
from anxiu.console.pages import VerbForm
from anxiu.customers.models import Site
from anxiu.customers.queries import sites
from anxiu.equipment.choices import ImportKind
from anxiu.equipment.messages import IMPORT_FIELDS, IMPORT_KINDS
from anxiu.equipment.models import ImportFile, Machine
from anxiu.equipment.queries import offered_columns
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import Invalid, Refusal
from anxiu.kernel.messages import explain


def _date() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ModelChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable at run time
    """Models by maker and name."""

    def label_from_instance(self, obj: Model) -> str:
        return f"{obj.maker} {obj.name}"


class SiteChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable at run time
    """Sites by customer and name."""

    def label_from_instance(self, obj: Site) -> str:
        return f"{obj.customer.name} · {obj.name}"


class MachineForm(VerbForm):
    """A machine's details."""

    model_id = ModelChoice(queryset=None, label=_("Model"))
    serial = forms.CharField(label=_("Serial number"), max_length=64, required=False)
    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    position = forms.CharField(label=_("Position"), max_length=120, required=False)
    installed_on = forms.DateField(label=_("Installed on"), widget=_date(), required=False)
    sold_on = forms.DateField(label=_("Sold on"), widget=_date(), required=False)
    warranty_until = forms.DateField(
        label=_("Agreed end of warranty"), widget=_date(), required=False,
        help_text=_("Left empty, it follows from the product family."),
    )  # fmt: skip
    parent_id: "forms.ModelChoiceField[Machine]" = forms.ModelChoiceField(
        queryset=None, label=_("Part of"), required=False, empty_label=_("Nothing")
    )

    def __init__(self, who: Actor, beside: QuerySet[Machine], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = models(who).order_by("maker", "code")
        present = known.filter(pk=self.initial.get("model_id") or 0)
        self.fields["model_id"].queryset = known.filter(retired_at=None) | present  # type: ignore[attr-defined]
        self.fields["parent_id"].queryset = beside  # type: ignore[attr-defined]
        self.fields["position"].widget.attrs["placeholder"] = _("e.g. pump room 2")


class NewMachineForm(MachineForm):
    """A machine and where it stands."""

    site_id = SiteChoice(queryset=None, label=_("Site"))
    field_order = ("site_id", "model_id", "serial", "name", "position")

    def __init__(
        self, who: Actor, places: QuerySet[Site], beside: QuerySet[Machine], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(who, beside, *args, **kwargs)
        self.fields["site_id"].queryset = places  # type: ignore[attr-defined]


class MoveForm(VerbForm):
    """Another site."""

    site_id = SiteChoice(queryset=None, label=_("New site"))

    def __init__(self, who: Actor, machine: Machine, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = sites(who).filter(retired_at=None).exclude(pk=machine.site_id)
        self.fields["site_id"].queryset = rows.order_by("customer__name_key", "name")  # type: ignore[attr-defined]


class ImportForm(VerbForm):
    """A file, what it holds, and where it comes from."""

    kind = forms.ChoiceField(label=_("What it holds"))
    source = forms.CharField(
        label=_("From which system"), max_length=32,
        help_text=_("Rows are known again by this name and their number there."),
    )  # fmt: skip
    file = forms.FileField(
        label=_("File"), max_length=160, help_text=_("Excel workbook (.xlsx) or CSV, as your other system writes it")
    )

    def __init__(self, kinds: Sequence[ImportKind], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.value, IMPORT_KINDS[kind]) for kind in kinds]  # type: ignore[attr-defined]


SHOWN = 36  # of the examples beside a column's name: what a select shows on one line


class ColumnsForm(VerbForm):
    """Which column of a file holds what; `column_` and the name of our field."""

    def __init__(self, who: Actor, file: ImportFile, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = offered_columns(file)
        choices = [("", _("– not in the file –")), *((name, self._shown(file, name)) for name in file.header)]
        for name, label in IMPORT_FIELDS[file.kind].items():
            self.fields[f"column_{name}"] = forms.ChoiceField(
                label=str(label), choices=choices, required=False, initial=offered.get(name, "")
            )
        if file.kind == ImportKind.ORDERS:
            rows = sites(who).filter(retired_at=None).order_by("customer__name_key", "name")
            known = models(who).filter(retired_at=None)
            self.fields["model"] = ModelChoice(
                known, label=_("Model of unknown machines"), required=False, initial=file.model_id
            )
            self.fields["site"] = SiteChoice(
                rows, label=_("Site of unknown machines"), required=False, initial=file.site_id,
                help_text=_("Machines that only this file names are put there. Left empty, their rows are refused."),
            )  # fmt: skip

    @staticmethod
    def _shown(file: ImportFile, name: str) -> str:
        place = file.header.index(name)
        said = ", ".join(filter(None, (row[place] for row in file.examples if place < len(row))))
        return f"{name} · {said[:SHOWN]}" if said else name

    def chosen(self) -> dict[str, str]:
        """The column of each field."""
        return {
            name.removeprefix("column_"): value
            for name, value in self.cleaned_data.items()
            if name.startswith("column_") and value
        }

    def refuse(self, refusal: Refusal) -> None:
        """Put each reason at its column."""
        several = refusal.errors if isinstance(refusal, Invalid) else ()
        for each in several or (refusal,):
            name = f"column_{each.field}" if f"column_{each.field}" in self.fields else each.field
            self.add_error(name if name in self.fields else None, explain(each))
