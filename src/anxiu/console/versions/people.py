"""Who reviews a version: people found by a piece of their name, those who are chosen first; one of them leads."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from anxiu.accounts.models import Person, Post
from anxiu.accounts.queries import found as found_people
from anxiu.accounts.queries import people, with_posts
from anxiu.console.pages import Verb, dialog, page
from anxiu.console.versions.forms import WhyForm
from anxiu.console.versions.verbs import one
from anxiu.console.versions.words import zh
from anxiu.kernel.actor import Actor
from anxiu.kernel.given import is_text, number
from anxiu.kernel.time import now
from anxiu.regulation import actions
from anxiu.regulation.choices import GroupRole
from anxiu.regulation.models import Version
from anxiu.regulation.queries import group

SHOWN: Final = 12  # source: own choice; more are found sooner by a piece of their name
VERB: Final = "regulation.name_working_group"


@dataclass(frozen=True, slots=True)
class Chosen:
    """Who is ticked, and who leads."""

    members: frozenset[int]
    lead: int | None

    @property
    def everybody(self) -> frozenset[int]:
        """All of them."""
        return self.members | ({self.lead} if self.lead is not None else set())

    @classmethod
    def of(cls, given: Any) -> "Chosen":
        """As a form or an address says it."""
        lead, members = map(number, given.getlist("lead")), map(number, given.getlist("members"))
        return cls(
            frozenset(each for each in members if each is not None),
            next((each for each in lead if each is not None), None),
        )

    @classmethod
    def held(cls, roles: Mapping[int, str]) -> "Chosen":
        """As the version names them now."""
        lead = next((person for person, role in roles.items() if role == GroupRole.LEAD), None)
        return cls(frozenset(roles), lead)


@dataclass(frozen=True, slots=True)
class Row:
    """Somebody to choose: their posts, and whether they are chosen."""

    person: Person
    posts: str
    chosen: bool
    leads: bool


def rows(actor: Actor, chosen: Chosen, held: Collection[int], typed: str) -> list[Row]:
    """Whoever is chosen, then the people found by what was typed, or the first by name."""
    seen = people(actor).filter(is_active=True)
    mine = Q(pk__in=set(held) & chosen.everybody) | Q(pk__in=seen.filter(pk__in=chosen.everybody).values("pk"))
    kept = list(with_posts(Person.objects.filter(mine)).order_by("name_key", "pk"))
    others = found_people(actor, typed.strip()).filter(is_active=True).exclude(pk__in=[each.pk for each in kept])
    listed = [*kept, *with_posts(others).order_by("name_key", "pk")[:SHOWN]]
    return [Row(each, _posts(each), each.pk in chosen.everybody, each.pk == chosen.lead) for each in listed]


def _posts(person: Person) -> str:
    posts: list[Post] = [each.post for each in person.holdings.all()]
    return ", ".join(dict.fromkeys(each.name_zh if zh() else each.name_en for each in posts))


class PeopleWidget(forms.Widget):
    """People as rows, and a field to find others by."""

    template_name = "console/versions/people.html"
    wide = True

    def __init__(self, version: Version, found: list[Row]) -> None:
        super().__init__()
        self.version, self.found = version, found

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        return context | {"found": self.found, "find": reverse("group_people", args=[self.version.uid])}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return Chosen.of(data)


class PeopleField(forms.Field):
    """At least the lead; who is no member any more may be left out."""

    def clean(self, value: Any) -> Chosen:
        """Who is chosen, and that somebody leads."""
        if not isinstance(value, Chosen) or value.lead is None:
            raise forms.ValidationError(_("Choose who leads."))
        return value


class GroupForm(WhyForm):
    """Who reviews a version: one lead, and members of every department."""

    people = PeopleField(label=_("Working group"))

    def __init__(self, data: Any, *, version: Version, found: list[Row]) -> None:
        super().__init__(data)
        self.fields["people"].widget = PeopleWidget(version, found)
        self.last()


def _held(actor: Actor, version: Version) -> dict[int, str]:
    return {each.person_id: each.role for each in group(actor, version.pk)}


@page(VERB)
def name_working_group(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Name who reviews a version."""
    version = one(actor, uid)
    held = _held(actor, version)
    chosen = Chosen.of(request.POST) if request.method == "POST" else Chosen.held(held)
    typed = request.POST.get("find", "")
    found = rows(actor, chosen, held, typed if is_text(typed) else "")
    form = GroupForm(request.POST or None, version=version, found=found)

    def run(given: dict[str, Any]) -> object:
        lead, rest = given["people"].lead, sorted(given["people"].members - {given["people"].lead})
        named = [(lead, GroupRole.LEAD), *((each, GroupRole.MEMBER) for each in rest)]
        return actions.name_working_group(
            actor=actor, at=now(), version_id=version.pk, members=named, why=given["why"]
        )

    lead = _("People of every department who know the work: they comment, and each comment is answered.")
    return dialog(request, actor, form, Verb(_("Working group"), _("Name the group"), run, lead=lead, done=_("Named.")))


@page(VERB)
def people_found(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """The people for what was typed, for an open dialog; whoever is ticked stays."""
    version = one(actor, uid)
    found = rows(actor, Chosen.of(request.GET), _held(actor, version), request.GET.get("find", ""))
    return render(request, "console/versions/people_rows.html", {"found": found})
