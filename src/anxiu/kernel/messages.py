"""Codes and their sentences. Each app's `messages.py` registers its own; a code without a sentence fails the tests."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anxiu.kernel.errors import GateShut, Refusal

REFUSALS: Final[dict[str, Promise | str]] = {}
SENTENCES: Final[dict[str, Promise | str]] = {}


def register(
    *, refusals: Mapping[str, Promise | str] | None = None, sentences: Mapping[str, Promise | str] | None = None
) -> None:
    """Add refusal texts by code, and history sentences by event kind."""
    for target, new in ((REFUSALS, refusals or {}), (SENTENCES, sentences or {})):
        if twice := target.keys() & new.keys():
            raise ValueError(f"a text is registered twice: {sorted(twice)}")
        target.update(new)


def explain(refusal: Refusal) -> str:
    """The refusal in the active language, with what is missing named."""
    text = str(REFUSALS[refusal.code]).format(**refusal.params)
    if isinstance(refusal, GateShut) and refusal.missing:
        text += " " + " ".join(explain(each) for each in refusal.missing)
    return text


register(
    refusals={
        "kernel.not_allowed": _("You may not do this. It needs the permission “{permission}”."),
        "kernel.not_found": _("This does not exist, or it is not yours to see."),
        "kernel.key_reused": _("This idempotency key was already used for a different request."),
        "kernel.required": _("Please fill this in."),
        "kernel.too_long": _("At most {limit} characters, please."),
        "kernel.in_future": _("This moment lies in the future."),
        "kernel.not_changeable": _("This field cannot be changed here."),
        "kernel.not_a_choice": _("“{given}” is not one of the choices."),
    }
)
register(refusals={"kernel.value_expected": _("Expected {expected}, but found “{given}”.")})
