"""What every form of the tracking page has in common: it is sent once, and counted among the link's requests."""

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import uuid4

from django import forms

from anxiu.kernel.idempotency import Answer, once
from anxiu.kernel.time import now
from anxiu.portal.actions import take
from anxiu.portal.queries import Door
from anxiu.portal.rules import WORDS_OF_LINK

WORDS_MOST: Final = 2000  # source: own choice; a page of text


class SentForm(forms.Form):
    """A form that, sent again, does nothing again. Several stand on one page: their fields' ids name the form."""

    key = forms.CharField(widget=forms.HiddenInput, initial=lambda: uuid4().hex, max_length=64)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id=f"{type(self).__name__}_%s")


WORDS: Final[Mapping[str, Any]] = {"max_length": WORDS_MOST, "widget": forms.Textarea(attrs={"rows": 3})}


def add_once(door: Door, form: forms.Form, sent: str, work: Callable[[], object]) -> None:
    """Do what the customer behind the link asks for, once for the key of a valid form; `sent` tells requests apart."""

    def perform() -> Answer:
        take(limit=WORDS_OF_LINK, who=door.actor.key, at=now())
        work()
        return Answer(201, "")

    once(principal=door.actor.key, key=form.cleaned_data["key"], request=sent.encode(), perform=perform)
