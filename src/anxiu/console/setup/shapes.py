"""What a step of the guide is made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language

from anxiu.kernel.actor import Actor

BACK = "back=set_up"
SHOWN = 4  # source: own choice; names or rows of a step, the page itself has the rest


@dataclass(frozen=True, slots=True)
class Button:
    """What `console/parts/action.html` shows: a page to go to, or a dialog that leads back here."""

    label: Any
    icon: str
    look: str = ""
    url: str = ""
    dialog: str = ""
    size: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """Something of a step that is still open, or worth knowing, with what does it."""

    says: Any
    does: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One step: why it matters, whether the data say it is done, what is there, what is open, what to press."""

    code: str
    title: Any
    why: Any
    icon: str
    is_done: bool
    there: tuple[Any, ...] = ()
    lines: tuple[Line, ...] = ()
    does: tuple[Button, ...] = ()
    warns: tuple[Any, ...] = ()
    more: Mapping[str, Any] | None = None


def goes(label: Any, icon: str, name: str, *args: object, look: str = "") -> Button:
    """A button that leads to a page."""
    return Button(label, icon, look, url=reverse(name, args=args))


def asks(label: Any, icon: str, name: str, *args: object, query: str = "", wide: bool = False) -> Button:
    """A button that opens the dialog of a verb, which leads back here."""
    address = f"{reverse(name, args=args)}?{query + '&' if query else ''}{BACK}"
    return Button(label, icon, dialog=address, size="is-wide" if wide else "")


def offered(actor: Actor, *pairs: tuple[str, Button]) -> tuple[Button, ...]:
    """The buttons of the verbs that the actor may use."""
    return tuple(button for permission, button in pairs if actor.may(permission))


def named(row: Any) -> str:
    """A row's name in the reader's language."""
    return str(row.name_zh if (get_language() or "zh").startswith("zh") else row.name_en)


def listed(names: list[str], number: int) -> str:
    """The first few names, and how many there are."""
    apart = "、" if (get_language() or "zh").startswith("zh") else ", "
    return apart.join(names) + (f" … ({number})" if number > len(names) else "")
