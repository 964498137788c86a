"""One box for everything: pages, orders, customers, machines, contracts, people, clauses, parts; as far as one sees."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast
from urllib.parse import quote

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anxiu.accounts.models import Person
from anxiu.catalogue.queries import find_parts
from anxiu.console.customers.listing import found as customers_found
from anxiu.console.looks import TONES
from anxiu.console.pages import page, show
from anxiu.console.shell import pages_of
from anxiu.console.templatetags._words import is_chinese
from anxiu.console.templatetags.anxiu import local_name
from anxiu.contracts.queries import VIEW as VIEW_CONTRACTS
from anxiu.contracts.queries import contracts
from anxiu.customers.queries import contacts, customers, phone_match
from anxiu.customers.queries import text_match as name_match
from anxiu.customers.rules import masked_phone
from anxiu.equipment.queries import VIEW as VIEW_MACHINES
from anxiu.equipment.queries import machine_match, machines
from anxiu.kernel.actor import Actor
from anxiu.kernel.time import now
from anxiu.orders.choices import State
from anxiu.orders.messages import STATES
from anxiu.orders.queries import newest, searched, visible
from anxiu.regulation.models import Clause
from anxiu.regulation.queries import VIEW as VIEW_REGULATION
from anxiu.regulation.queries import in_force
from anxiu.workforce.queries.listing import Filters, listed

HITS: Final = 6  # of each kind; the list behind has the rest
SHORTEST: Final = 2  # source: own choice; one letter is in too many titles


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found, and where it is."""

    title: str
    detail: str
    url: str
    icon: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one kind; `more` leads to the list of all of it, where there is more."""

    label: str | Promise
    hits: Sequence[Hit] = field(default=())
    more: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who looks for what, and from which region, whose regulation is theirs."""

    actor: Actor
    typed: str
    home: int | None


def _list(name: str, typed: str) -> str:
    return f"{reverse(name)}?q={quote(typed)}"


def _group(label: Promise, rows: Sequence[Any], hit: Callable[[Any], Hit], more: str = "") -> Group:
    """So many rows as are shown, of one more that was asked for."""
    return Group(label, [hit(each) for each in rows[:HITS]], more if len(rows) > HITS else "")


# ---- what can be found -----------------------------------------------------------------------------------------------
def _pages(asked: Asked) -> Group:
    wanted = asked.typed.casefold()
    there = [each for each in pages_of(asked.actor) if wanted in str(each.label).casefold()]
    return _group(_("Menu"), there, lambda each: Hit(str(each.label), "", each.url, each.icon))


def _orders(asked: Asked) -> Group:
    def hit(row: Any) -> Hit:
        whose = row.customer.name if row.customer else ""
        return Hit(
            f"{row.number} {row.summary[:40]}", f"{whose} {STATES[row.state]}", reverse("order", args=[row.uid]),
            "clipboard-list", TONES[State(row.state)],
        )  # fmt: skip

    rows = searched(visible(asked.actor), asked.actor, asked.typed).select_related("customer")
    return _group(_("Orders"), newest(rows, HITS + 1), hit, _list("orders", asked.typed))


def _customers(asked: Asked) -> Group:
    def hit(row: Any) -> Hit:
        return Hit(row.name, row.code, reverse("customer", args=[row.uid]), "building")

    rows = customers(asked.actor).filter(pk__in=customers_found(asked.actor, asked.typed), retired_at=None)[: HITS + 1]
    return _group(_("Customers"), list(rows), hit, _list("customers", asked.typed))


def _contacts(asked: Asked) -> Group:
    def hit(row: Any) -> Hit:
        known = f"{row.customer.name} {masked_phone(row.phone)}"
        return Hit(row.name, known, reverse("customer", args=[row.customer.uid]), "user")

    match = phone_match(asked.typed) | name_match(asked.typed)
    rows = contacts(asked.actor).filter(match, retired_at=None, erased_at=None)[: HITS + 1]
    return _group(_("Contacts"), list(rows), hit)


def _machines(asked: Asked) -> Group:
    def hit(row: Any) -> Hit:
        return Hit(f"{row.model.name} {row.serial}", row.customer.name, reverse("machine", args=[row.uid]), "engine")

    rows = machines(asked.actor).filter(machine_match(asked.typed), retired_at=None)[: HITS + 1]
    return _group(_("Machines"), list(rows), hit, _list("machines", asked.typed))


def _contracts(asked: Asked) -> Group:
    def hit(row: Any) -> Hit:
        known = f"{row.customer.name} {row.starts_on} – {row.ends_on}"
        return Hit(row.number, known, reverse("contract", args=[row.uid]), "certificate")

    rows = contracts(asked.actor).filter(name_match(asked.typed)).order_by("-ends_on", "-id")[: HITS + 1]
    return _group(_("Contracts"), list(rows), hit, _list("contracts", asked.typed))


def _engineers(asked: Asked) -> Group:
    def hit(row: Any) -> Hit:
        person = row.person
        name, known = person.name, f"{row.number} {local_name(row.region)}"
        return Hit(
            name if is_chinese() else person.name_en or name, known, reverse("engineer", args=[row.uid]), "tool"
        )

    rows = listed(asked.actor, Filters(text=asked.typed), now()).order_by("number")[: HITS + 1]
    return _group(_("Engineers"), list(rows), hit, _list("engineers", asked.typed))


def _clauses(asked: Asked) -> Group:
    version = in_force(asked.home, "", now())
    language = "zh" if is_chinese() else "en"
    match = Q(number__startswith=asked.typed) | Q(**{f"title_{language}__icontains": asked.typed})
    rows = Clause.objects.filter(match, version=version).order_by("chapter_number", "position")[: HITS + 1]
    there = reverse("regulation_version", args=[version.uid])

    def hit(row: Any) -> Hit:
        title, chapter = getattr(row, f"title_{language}"), getattr(row, f"chapter_title_{language}")
        return Hit(f"{row.number} {title}", chapter, f"{there}#k{row.number}", "scale")

    return _group(_("Regulation"), list(rows), hit, f"{there}?q={quote(asked.typed)}")


def _parts(asked: Asked) -> Group:
    def hit(row: Any) -> Hit:
        name = row.name_zh if is_chinese() else row.name_en or row.name_zh
        return Hit(name, row.number, _list("parts", row.number), "package")

    return _group(_("Parts"), list(find_parts(asked.actor, asked.typed)[: HITS + 1]), hit, _list("parts", asked.typed))


# What is asked, by the permission it takes; pages say themselves what they take.
KINDS: Final[tuple[tuple[str, Callable[[Asked], Group]], ...]] = (
    ("orders.view", _orders),
    ("customers.view", _customers),
    ("customers.view", _contacts),
    (VIEW_MACHINES, _machines),
    (VIEW_CONTRACTS, _contracts),
    ("workforce.view_engineers", _engineers),
    (VIEW_REGULATION, _clauses),
    ("catalogue.view", _parts),
)


def _found(asked: Asked) -> Iterator[Group]:
    if len(asked.typed) < SHORTEST:
        return
    yield _pages(asked)
    for permission, kind in KINDS:
        if asked.actor.may(permission):
            yield kind(asked)


@page()
def search(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Everything that what is typed may mean, newest or nearest first; at most twelve statements."""
    typed = request.GET.get("q", "").strip()
    asked = Asked(actor, typed, cast("Person", request.user).region_id)
    groups = [each for each in _found(asked) if each.hits]
    context = {"title": _("Search"), "groups": groups, "typed": typed, "is_short": len(typed) < SHORTEST}
    if request.headers.get("HX-Request-Type") == "partial":
        return render(request, "console/parts/search_hits.html", context)
    return show(request, "console/desk/search.html", context)


urlpatterns = [path("search/", search, name="search")]
