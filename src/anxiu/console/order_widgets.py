"""What an order's forms show beyond plain fields: engineers as cards, the signature pad, kinds of work as pills."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext_lazy as _

from anxiu.workforce.messages import in_words
from anxiu.workforce.queries import Candidate

DRAWN: Final = "data:image/png;base64,"


@dataclass(frozen=True, slots=True)
class Card:
    """An engineer to choose: whether they may come, how much they have that day, and why not."""

    candidate: Candidate
    grade: str
    reasons: tuple[str, ...]

    @classmethod
    def of(cls, candidate: Candidate, grades: dict[str, str]) -> "Card":
        """A candidate in the reader's words."""
        engineer = candidate.engineer
        reasons = tuple(in_words(reason) for reason in candidate.eligibility.because)
        return cls(candidate, grades.get(engineer.grade, engineer.grade), reasons)

    @property
    def may(self) -> bool:
        """Whether the engineer may be given the work."""
        return self.candidate.eligibility.may


class Cards(forms.RadioSelect):
    """Engineers as cards: those who may come first, best first; the others folded away with their reasons."""

    template_name = "console/orders/candidates.html"

    def __init__(self, cards: Sequence[Card]) -> None:
        super().__init__(choices=[(card.candidate.engineer.pk, card.candidate.engineer.person.name) for card in cards])
        self.cards = cards

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"] |= cards_context(self.cards, str(value or ""), name)
        return context


def cards_context(cards: Sequence[Card], chosen: str, name: str = "engineer") -> dict[str, Any]:
    """What `console/orders/candidates.html` shows; without a choice that may come, the best is chosen."""
    may = [card for card in cards if card.may]
    if not any(str(card.candidate.engineer.pk) == chosen for card in may):
        chosen = str(may[0].candidate.engineer.pk) if may else ""
    return {
        "name": name,
        "chosen": int(chosen) if chosen else None,
        "may": may,
        "others": [card for card in cards if not card.may],
    }


class Pills(forms.RadioSelect):
    """A few choices side by side, each with its icon."""

    template_name = "console/parts/pills.html"

    def __init__(self, icons: Mapping[Any, str]) -> None:
        super().__init__()
        self.icons = icons

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {**super().create_option(name, value, *args, **kwargs), "icon": self.icons.get(str(value), "")}


class Pad(forms.Widget):
    """A pad to sign on; a photo of a signature serves where there is no script."""

    template_name = "console/orders/pad.html"
    needs_multipart_form = True
    wide = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> object:
        return data.get(name) or files.get(f"{name}_photo")

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """What was drawn is never shown again: after a refusal the document may be another one."""
        return super().get_context(name, "", attrs)


class SignatureField(forms.Field):
    """A drawn or photographed signature, as an upload."""

    widget = Pad

    def to_python(self, value: Any) -> "File[bytes] | None":
        """The drawing as a file."""
        if not value or isinstance(value, File):
            return value or None
        try:
            if not str(value).startswith(DRAWN):
                raise ValueError
            return ContentFile(base64.b64decode(str(value).removeprefix(DRAWN), validate=True), "signature.png")
        except (binascii.Error, ValueError):
            raise ValidationError(_("The signature could not be read. Please sign once more.")) from None


class Digest(forms.HiddenInput):
    """The digest of the document as shown now: after a refusal another one may be shown than was sent."""

    def __init__(self, shown: str) -> None:
        super().__init__()
        self.shown = shown

    def format_value(self, value: Any) -> str:
        return self.shown


class SeveralFiles(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """A list of uploads."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Each upload by itself."""
        several = data if isinstance(data, list | tuple) else [data] if data else []
        if not several and self.required:
            raise ValidationError(self.error_messages["required"], code="required")
        return [super(FilesField, self).clean(each, initial) for each in several]
