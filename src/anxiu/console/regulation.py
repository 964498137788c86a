"""The regulation as a document to read: the version that holds for the reader, or any other they may see."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from anxiu.accounts.models import Person
from anxiu.accounts.queries import regions
from anxiu.console.figures import AmendForm
from anxiu.console.on_trial import Shown, shown, where
from anxiu.console.pages import Verb, VerbForm, dialog, page, show
from anxiu.console.remarked import remarked
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import NotFound
from anxiu.kernel.given import number
from anxiu.kernel.time import now
from anxiu.kernel.values import REGISTRY
from anxiu.regulation.actions import adopt_preset, amend_version
from anxiu.regulation.choices import HELD, Control, OrderType, Origin, VersionState
from anxiu.regulation.models import Pilot, Version
from anxiu.regulation.queries import (
    VIEW,
    clause_about,
    document,
    figures,
    in_force,
    order_type_in_words,
    pilots,
    presets,
    terms,
    versions,
)
from anxiu.workforce.queries import GradeShift, grade_shifts
from anxiu.workforce.values import GRADES

CONTROLS: dict[str, tuple[Promise, str]] = {
    Control.VALUE: (_("Enforced by its figures"), "gauge"),
    Control.GATE: (_("Enforced by the system"), "shield-check"),
    Control.INDICATOR: (_("Measured by an indicator"), "chart-line"),
    Control.MANUAL: (_("Checked by people"), "user-check"),
}
ORIGINS: dict[str, tuple[Promise, str]] = {
    Origin.PUBLISHED: (_("From a published regulation"), "green"),
    Origin.OURS: (_("Default of this software"), "grey"),
    Origin.COMPANY: (_("Set by the company"), "blue"),
}


ADOPT, AMEND = "regulation.adopt_preset", "regulation.amend_version"
DESPITE = _("Put it in force even though engineers hold a grade that it does not have")


@dataclass(frozen=True, slots=True)
class Entry:
    """A version in the list of versions: what it is called, to whom it applies, and where it stands.

    Of the versions for one scope that have begun, the latest holds and the others are superseded; the latest of all,
    begun or not, is the one to amend. `trial` says where a version that never held else is or was tried.
    """

    version: Version
    name: str
    scope: str
    holds: bool
    upcoming: bool
    superseded: bool
    latest: bool
    trial: str = ""


@page(VIEW)
def read(request: HttpRequest, actor: Actor, uid: UUID | None = None) -> HttpResponse:
    """One version with its figures in the sentences; with `q`, the clauses that hold these words."""
    at, language = now(), get_language() or "zh-hans"
    known = [each for each in versions(actor) if each.state in HELD or each.uid == uid]
    chosen = _chosen(known, cast("Person", request.user), uid, at)
    search, origin = request.GET.get("q", "").strip(), asked_origin(request)
    tried = {each.version_id: each for each in pilots(actor)}
    entries = _entries(known, tried, language, at)
    context = {
        "title": _("Regulation"), "version": chosen, "entry": next(each for each in entries if each.version == chosen),
        "entries": entries,
        "about": _about(chosen, language), "q": search, "origin": origin,
        "document": document(actor, chosen.pk, language, search, origin),
        "trials": _concerning(tried.values(), chosen, at),
        "controls": CONTROLS, "origins": ORIGINS, "may_adopt": actor.may(ADOPT), "may_amend": actor.may(AMEND),
        **remarked(actor, chosen), "may_view_readings": actor.may("uptake.view_readings"),
    }  # fmt: skip
    return show(request, "console/regulation/read.html", context, fragment="console/regulation/text.html")


def asked_origin(request: HttpRequest) -> str:
    """Whose clauses the address asks for; anything else means all."""
    asked = request.GET.get("origin", "")
    return asked if asked in tuple(Origin) else ""


class AdoptForm(VerbForm):
    """Which preset, for whom, and from when."""

    preset_code = forms.ChoiceField(label=_("Preset"))
    region_id = forms.TypedChoiceField(label=_("Region"), required=False, coerce=int, empty_value=None)
    order_type = forms.ChoiceField(label=_("Kind of service"), required=False)
    in_force_from = forms.DateTimeField(
        label=_("Takes effect"), required=False, help_text=_("At once when left empty."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )  # fmt: skip
    despite = forms.BooleanField(label=DESPITE, required=False)

    def __init__(self, data: Any, *, actor: Actor, language: str, chosen: str = "") -> None:
        super().__init__(data, initial={"preset_code": chosen})
        zh = _is_chinese(language)
        choices: dict[str, list[tuple[Any, Any]]] = {
            "preset_code": [(code, each.name.in_language(language)) for code, each in presets().items()],
            "region_id": [("", _("All regions"))]
            + [(each.pk, each.name_zh if zh else each.name_en) for each in regions(actor)],
            "order_type": [("", _("All kinds of service"))]
            + [(each.value, order_type_in_words(each, language)) for each in OrderType],
        }
        for name, offered in choices.items():
            cast("forms.ChoiceField", self.fields[name]).choices = offered
        if chosen in presets():
            self.fields["preset_code"].widget = forms.HiddenInput()

    def shifts(self, actor: Actor, at: datetime) -> tuple[GradeShift, ...]:
        """What becomes of people's grades under what is chosen so far; people are judged by versions for all kinds."""
        code = self["preset_code"].value()
        if code not in presets() or self["order_type"].value():
            return ()
        region_id = number(str(self["region_id"].value() or ""))
        return grade_shifts(actor, GRADES.kind.parse(presets()[code].figures[GRADES.key]), region_id, at)


@page(ADOPT)
def adopt(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Put a preset in force, for everybody or for a part of the company."""
    at, language, chosen = now(), get_language() or "zh-hans", request.GET.get("preset", "")

    def run(values: dict[str, Any]) -> Version:
        return adopt_preset(actor=actor, at=at, **{**values, "in_force_from": values["in_force_from"] or at})

    form = AdoptForm(request.POST or None, actor=actor, language=language, chosen=chosen)
    shifts = form.shifts(actor, at)
    if all(each.then for each in shifts):
        del form.fields["despite"]
    title = _("Adopt: {name}").format(name=presets()[chosen].name.in_language(language)) if chosen in presets() else ""
    verb = Verb(
        title=title or _("Adopt a regulation"), submit=_("Adopt"), run=run, go=_address,
        done=_("The regulation is adopted."), notes=tuple(_shift(each, language) for each in shifts),
        lead=_("Orders already open keep the version they were opened under."),
    )  # fmt: skip
    return dialog(request, actor, form, verb)


def _shift(shift: GradeShift, language: str) -> str:
    """What becomes of the people of one grade, in a sentence."""
    said = {
        "count": shift.count, "grade": shift.now.name.in_language(language),
        "names": ("、" if _is_chinese(language) else ", ").join(shift.people) + "…" * (len(shift.people) < shift.count),
    }  # fmt: skip
    if shift.then is None:
        return gettext(
            "This regulation does not have the grade “{grade}”. Engineers who hold it ({count}): {names}. They get no "
            "new orders until they are given one of its grades."
        ).format(**said)
    narrower = gettext("“{grade}” covers less under this regulation. Engineers who hold it ({count}): {names}.")
    return narrower.format(**said)


@page(AMEND)
def amend(request: HttpRequest, actor: Actor, uid: UUID, key: str) -> HttpResponse:
    """Change one figure: a new version with the same clauses."""
    at, language = now(), get_language() or "zh-hans"
    version = versions(actor).filter(uid=uid).first()
    if version is None or key not in REGISTRY:
        raise NotFound("kernel.not_found")
    raw = figures(version.pk)[key]
    form = AmendForm(request.POST or None, value=REGISTRY[key], raw=raw, terms=terms(), language=language)
    if key == GRADES.key:
        form.fields["despite"] = forms.BooleanField(label=DESPITE, required=False)

    def run(values: dict[str, Any]) -> Version:
        begins = values["in_force_from"] or at
        changes = {key: form.figure(values)}
        return amend_version(
            actor=actor, at=at, version_id=version.pk, in_force_from=begins, changes=changes,
            why=values["why"], despite=bool(values.get("despite")),
        )  # fmt: skip

    verb = Verb(
        title=clause_about(version.pk, key, language) or key, submit=_("Put in force"), run=run, go=_address,
        fields="console/figures/fields.html",
        lead=_("A new version with this figure takes effect. Orders already open keep theirs."),
        done=_("The new version is adopted."),
    )  # fmt: skip
    return dialog(request, actor, form, verb)


def _address(version: object) -> str:
    return reverse("regulation_version", args=[cast("Version", version).uid])


def _chosen(known: list[Version], person: Person, uid: UUID | None, at: datetime) -> Version:
    """The version of the address, else the one that holds for the person."""
    wanted = uid or in_force(person.region_id, "", at).uid
    for each in known:
        if each.uid == wanted:
            return each
    raise NotFound("kernel.not_found")


def _is_chinese(language: str) -> bool:
    return language.startswith("zh")


def _entries(known: list[Version], tried: Mapping[int, Pilot], language: str, at: datetime) -> list[Entry]:
    """The versions, newest first, as they come."""
    held: set[tuple[int | None, str]] = set()
    seen: set[tuple[int | None, str]] = set()
    entries = []
    for version in known:
        scope = (version.region_id, version.order_type)
        stands = version.state == VersionState.IN_FORCE
        began = stands and (version.in_force_from is None or version.in_force_from <= at)
        entries.append(
            Entry(
                version=version,
                name=version.name_zh if _is_chinese(language) else version.name_en,
                scope=_scope(version, language),
                holds=began and scope not in held,
                upcoming=stands and not began,
                superseded=began and scope in held,
                latest=stands and scope not in seen,
                trial=_trial(tried.get(version.pk)) if version.in_force_from is None else "",
            )
        )
        if stands:
            seen.add(scope)
        if began:
            held.add(scope)
    return entries


def _trial(pilot: Pilot | None) -> str:
    """Where a version is tried, or was."""
    if pilot is None:
        return ""
    said = gettext("tried in {where} until {day}") if pilot.holds_until else gettext("on trial in {where}")
    return said.format(where=where(pilot), day=f"{pilot.holds_until:%Y-%m-%d}" if pilot.holds_until else "")


def _concerning(tried: Iterable[Pilot], version: Version, at: datetime) -> list[Shown]:
    """The pilots that run of this version, or in its place."""
    return [
        shown(each, at) for each in tried
        if (each.holds_until is None or each.holds_until > at) and version.pk in (each.version_id, each.base_id)
    ]  # fmt: skip


def _scope(version: Version, language: str) -> str:
    """To whom it applies, in a few words; nothing when to everybody."""
    parts = []
    if version.region:
        parts.append(version.region.name_zh if _is_chinese(language) else version.region.name_en)
    if version.order_type:
        parts.append(order_type_in_words(OrderType(version.order_type), language))
    return " · ".join(parts)


def _about(version: Version, language: str) -> tuple[tuple[Promise, str], ...]:
    zh = _is_chinese(language)
    return (
        (_("Purpose"), version.purpose_zh if zh else version.purpose_en),
        (_("Scope"), version.scope_zh if zh else version.scope_en),
        (_("Principles"), version.principles_zh if zh else version.principles_en),
    )


urlpatterns = [
    path("regulation/", read, name="regulation"),
    path("regulation/adopt/", adopt, name="regulation_adopt"),
    path("regulation/<uuid:uid>/", read, name="regulation_version"),
    path("regulation/<uuid:uid>/<str:key>/", amend, name="regulation_amend"),
]
