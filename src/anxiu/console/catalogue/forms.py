"""The forms of the verbs about the catalogue."""

from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from anxiu.catalogue.models import Family, FaultClass, Model, Part
from anxiu.catalogue.queries import families, models
from anxiu.console.pages import VerbForm
from anxiu.console.people.forms import Named
from anxiu.kernel.actor import Actor
from anxiu.kernel.money import MINOR_UNITS, Money
from anxiu.orders.messages import SEVERITIES
from anxiu.workforce.messages import DIFFICULTIES
from anxiu.workforce.queries import skills

CURRENCIES: Final = [(code, code) for code in MINOR_UNITS]
DECIMALS: Final = 2  # source: ISO 4217, the most minor digits of the currencies above


def _named(row: Any) -> str:
    return str(row.name_zh if (get_language() or "zh").startswith("zh") else row.name_en)


class Words(forms.CharField):
    """Several words in one line, parted by commas or spaces, Chinese or not."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> tuple[str, ...]:
        """The words, each once."""
        text = str(super().clean(value))
        for mark in "，、;；":
            text = text.replace(mark, ",")
        return tuple(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))


class FamilyForm(VerbForm):
    """A product family."""

    code = forms.CharField(label=_("Code"), max_length=32)
    name_zh = forms.CharField(label=_("Chinese name"), max_length=80)
    name_en = forms.CharField(label=_("English name"), max_length=80)
    warranty_months = forms.IntegerField(label=_("Warranty, months"), min_value=0, max_value=600)
    statutory_guarantee_days = forms.IntegerField(
        label=_("Statutory guarantee after a repair, days"), min_value=0, max_value=3650, initial=0
    )
    skills = forms.MultipleChoiceField(
        label=_("Skills needed"), required=False, widget=forms.CheckboxSelectMultiple
    )
    certificates = Words(label=_("Certificates needed"), required=False, help_text=_("Codes, parted by commas"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["skills"].choices = [(each.code, _named(each)) for each in skills()]  # type: ignore[attr-defined]

    def clean_skills(self) -> list[str]:
        """Codes as they are stored."""
        return list(self.cleaned_data["skills"])

    def clean_certificates(self) -> list[str]:
        """Codes as they are stored."""
        return list(self.cleaned_data["certificates"])


class ModelForm(VerbForm):
    """A model of a maker."""

    family_id = Named(queryset=None, label=_("Product family"))
    maker = forms.CharField(label=_("Maker"), max_length=80)
    code = forms.CharField(label=_("Model code"), max_length=48)
    name = forms.CharField(label=_("Model name"), max_length=120)

    def __init__(self, who: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["family_id"].queryset = families(who).filter(retired_at=None)  # type: ignore[attr-defined]


class FaultForm(VerbForm):
    """A class of faults."""

    code = forms.CharField(label=_("Code"), max_length=32)
    name_zh = forms.CharField(label=_("Chinese name"), max_length=80)
    name_en = forms.CharField(label=_("English name"), max_length=80)
    family_id = Named(queryset=None, label=_("Product family"), required=False, empty_label=_("All families"))
    difficulty = forms.ChoiceField(label=_("Difficulty"), choices=list(DIFFICULTIES.items()))
    severity_hint = forms.ChoiceField(
        label=_("Usual severity"), choices=[("", "–"), *SEVERITIES.items()], required=False
    )
    keywords_zh = Words(label=_("Words for it in Chinese"), required=False, help_text=_("Parted by commas"))
    keywords_en = Words(label=_("Words for it in English"), required=False, help_text=_("Parted by commas"))

    def __init__(self, who: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["family_id"].queryset = families(who).filter(retired_at=None)  # type: ignore[attr-defined]


class Models(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """Models by maker and name."""

    def label_from_instance(self, obj: Model) -> str:
        return f"{obj.maker} {obj.name}"


class Families(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """Families by their name in the reader's language."""

    def label_from_instance(self, obj: Family) -> str:
        return _named(obj)


class PartForm(VerbForm):
    """A part, its price and what it fits."""

    number = forms.CharField(label=_("Part number"), max_length=48)
    name_zh = forms.CharField(label=_("Chinese name"), max_length=80)
    name_en = forms.CharField(label=_("English name"), max_length=80)
    unit = forms.CharField(label=_("Unit"), max_length=16)
    price = forms.DecimalField(label=_("List price"), min_value=Decimal(0), max_digits=12, decimal_places=DECIMALS)
    currency = forms.ChoiceField(label=_("Currency"), choices=CURRENCIES)
    fits_families = Families(queryset=None, label=_("Fits families"), required=False)
    fits_models = Models(queryset=None, label=_("Fits models"), required=False)

    def __init__(self, who: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fits_families"].queryset = families(who).filter(retired_at=None)  # type: ignore[attr-defined]
        self.fields["fits_models"].queryset = models(who).filter(retired_at=None)  # type: ignore[attr-defined]
        self.fields["fits_models"].help_text = _("Nothing chosen: the part fits everything.")


def part_values(values: dict[str, Any]) -> dict[str, Any]:
    """A part's values as the verb takes them: the price in minor units, what it fits by keys."""
    found = dict(values)
    price = Money.of(found.pop("price"), found["currency"])
    fits = {name: [row.pk for row in found[name]] for name in ("fits_families", "fits_models")}
    return {**found, **fits, "price_minor": price.minor}


def part_initial(row: Part) -> dict[str, Any]:
    """What a part's form starts with."""
    names = ("number", "name_zh", "name_en", "unit", "currency")
    fits = {"fits_families": list(row.fits_families.all()), "fits_models": list(row.fits_models.all())}
    return {**{name: getattr(row, name) for name in names}, **fits, "price": row.price.amount}


def initial(row: Family | Model | FaultClass, form: type[VerbForm]) -> dict[str, Any]:
    """What a form starts with: the row's own columns."""
    return {name: getattr(row, name) for name in form.base_fields if name != "key"}
