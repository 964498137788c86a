"""The regulations that ship with this release: a card each to choose from, and each as a document to read first."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from anxiu.console.pages import page, show
from anxiu.console.regulation import ADOPT, CONTROLS, ORIGINS, asked_origin
from anxiu.kernel.actor import Actor
from anxiu.kernel.time import now
from anxiu.regulation.choices import Origin
from anxiu.regulation.queries import VIEW, in_force, known_for, preset, preset_document, presets


@dataclass(frozen=True, slots=True)
class Card:
    """A preset to choose: what it is called, whom it suits, what it is known for, how much of it is published."""

    code: str
    name: str
    trade: str
    known_for: tuple[tuple[str, str], ...]
    is_publication: bool
    own: int
    taken: int
    figures: int
    holds: bool


def card(code: str, language: str, *, holds: str = "") -> Card:
    """A preset in short."""
    source = preset(code)
    own = sum(each.origin is Origin.PUBLISHED for each in source.articles)
    return Card(
        code=code, name=source.name.in_language(language), trade=source.trade.in_language(language),
        known_for=known_for(code, language), is_publication=bool(source.based_on), own=own,
        taken=len(source.articles) - own, figures=len(source.published), holds=code == holds,
    )  # fmt: skip


@page(VIEW)
def choose(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every preset as a card."""
    language = get_language() or "zh-hans"
    holds = in_force(None, "", now()).preset
    context = {
        "title": _("Choose a regulation"), "may_adopt": actor.may(ADOPT),
        "cards": [card(code, language, holds=holds) for code in presets()],
    }  # fmt: skip
    return show(request, "console/regulation/presets.html", context)


@page(VIEW)
def read_preset(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """One preset as it would read in force; with `q` or `origin`, some of its clauses."""
    language = get_language() or "zh-hans"
    source, search, origin = preset(code), request.GET.get("q", "").strip(), asked_origin(request)
    about = (
        (_("Purpose"), source.purpose), (_("Scope"), source.scope), (_("Principles"), source.principles),
    )  # fmt: skip
    context = {
        "title": _("Choose a regulation"), "card": card(code, language), "q": search, "origin": origin,
        "about": tuple((label, words.in_language(language)) for label, words in about),
        "document": preset_document(actor, code, language, search, origin), "controls": CONTROLS, "origins": ORIGINS,
        "may_adopt": actor.may(ADOPT),
    }  # fmt: skip
    return show(request, "console/regulation/preset.html", context, fragment="console/regulation/text.html")


urlpatterns = [
    path("regulation/presets/", choose, name="regulation_presets"),
    path("regulation/presets/<slug:code>/", read_preset, name="regulation_preset"),
]
