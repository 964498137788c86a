"""Who has acknowledged a version and who has not, by region and post."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from anxiu.accounts.models import Region
from anxiu.accounts.queries import posts, regions
from anxiu.console.pages import Listing, address, columns, keyset, page, show
from anxiu.console.versions.words import name_of, scope_of, zh
from anxiu.kernel.actor import Actor
from anxiu.kernel.time import now
from anxiu.regulation.models import Version
from anxiu.regulation.queries import versions
from anxiu.uptake.choices import ReadingState
from anxiu.uptake.models import Reading
from anxiu.uptake.queries import VIEW, counts
from anxiu.uptake.queries import readings as everybodys
from anxiu.uptake.queries.reading import Tally

DAY = timedelta(days=1)
HUNDRED = 100
TABS = (
    ("", _("Not yet")), ("overdue", _("Overdue")), ("acknowledged", _("Acknowledged")), ("all", _("All")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """How people of one region and post stand; the page that lists them."""

    tally: Tally
    tone: str
    url: str


@dataclass(frozen=True, slots=True)
class Line:
    """A post with a cell a region; none where nobody there holds it."""

    post: str
    cells: tuple[Cell | None, ...]


@page(VIEW)
def readings(request: HttpRequest, actor: Actor) -> HttpResponse:
    """By version: how many have acknowledged it, and who has not, with the days that are left."""
    at, get = now(), request.GET
    seen = everybodys(actor)
    known = list(versions(actor).filter(pk__in=seen.order_by().values("version")))
    chosen = next((each for each in known if each.code == get.get("version")), known[0] if known else None)
    title = _("Who has acknowledged the regulation")
    context: dict[str, Any] = {"title": title, "known": known, "asked_version": chosen}
    if chosen:
        tallies = counts(actor, chosen.pk, at)
        names = _names(actor)
        context |= {
            "name": name_of(chosen), "scope": scope_of(chosen), "tiles": _tiles(tallies),
            "heads": [names.region(each) for each in dict.fromkeys(each.region_id for each in tallies)],
            "lines": _lines(request, tallies, names),
            "listing": _listing(request, actor, seen.filter(version=chosen), (tallies, names, chosen)),
        }  # fmt: skip
    return show(request, "console/learning/readings.html", context, fragment="console/parts/listing.html")


@dataclass(frozen=True, slots=True)
class Names:
    """What regions and posts are called."""

    regions: dict[int | None, Region]
    posts: dict[str, str]

    def region(self, key: int | None) -> str:
        """A region's name; what belongs to none is the company's."""
        row = self.regions.get(key)
        return str(_("Company")) if row is None else row.name_zh if zh() else row.name_en


def _names(actor: Actor) -> Names:
    found: dict[int | None, Region] = {each.pk: each for each in regions(actor)}
    return Names(found, {each.code: each.name_zh if zh() else each.name_en for each in posts()})


def _lines(request: HttpRequest, tallies: Sequence[Tally], names: Names) -> list[Line]:
    """Posts by regions, in the order of the posts."""
    found = {(each.post, each.region_id): _cell(request, each, names) for each in tallies}
    homes, held = dict.fromkeys(each.region_id for each in tallies), {each.post for each in tallies}
    order = [code for code in names.posts if code in held] + sorted(held - names.posts.keys())
    return [Line(names.posts.get(post, post), tuple(found.get((post, home)) for home in homes)) for post in order]


def _cell(request: HttpRequest, tally: Tally, names: Names) -> Cell:
    region = names.regions.get(tally.region_id)
    url = address(request, region=region.code if region else "-", post=tally.post, tab="all")
    return Cell(tally, "red" if tally.overdue else "amber" if tally.waiting else "green", url)


def _tiles(tallies: Sequence[Tally]) -> list[dict[str, Any]]:
    everybody, done, passed, late = (
        sum(getattr(each, name) for each in tallies) for name in ("all", "acknowledged", "passed", "overdue")
    )
    share = done * HUNDRED // everybody if everybody else 0
    return [
        {"label": _("Acknowledged"), "value": done, "symbol": "circle-check", "tone": "green", "note": f"{share} %"},
        {"label": _("Passed, not acknowledged"), "value": passed, "symbol": "checklist", "tone": "blue", "note": ""},
        {"label": _("Not yet"), "value": everybody - done - late, "symbol": "hourglass", "tone": "amber", "note": ""},
        {"label": _("Overdue"), "value": late, "symbol": "alarm", "tone": "red", "note": ""},
    ]  # fmt: skip


def _listing(
    request: HttpRequest, actor: Actor, rows: QuerySet[Reading], around: tuple[Sequence[Tally], Names, Version]
) -> Listing:
    tallies, names, chosen = around
    at, get = now(), request.GET
    tab = get.get("tab", "") if get.get("tab", "") in dict(TABS) else ""
    found, next_url = keyset(request, _asked(rows, get, tab, at), ("due_at", "id"))
    held = {each.region_id for each in tallies}
    offered = [(row.code, names.region(key)) for key, row in names.regions.items() if key in held and row]
    offered += [("-", names.region(None))] if None in held else []
    tallied = dict.fromkeys(each.post for each in tallies)
    return Listing(
        id="readings", rows=[_dressed(each, names, at) for each in found],
        row_template="console/learning/reading_row.html", title=_("People"),
        columns=columns(_("Person"), _("Region"), _("Post"), _("Stands"), _("Due")), next_url=next_url,
        first_url=address(request) if get.get("after") else "",
        tabs=[{"label": label, "url": address(request, tab=code), "active": code == tab} for code, label in TABS],
        search={"name": "q", "value": get.get("q", ""), "placeholder": _("Name or email")},
        filters=[
            {"name": "region", "label": _("All regions"), "value": get.get("region", ""), "choices": offered},
            {
                "name": "post", "label": _("All posts"), "value": get.get("post", ""),
                "choices": [(each, names.posts.get(each, each)) for each in tallied],
            },
        ],
        hidden=[("version", chosen.code), *([("tab", tab)] if tab else [])],
        is_filtered=any(get.get(name) for name in ("q", "region", "post")),
        empty={"title": _("Nobody here"), "symbol": "circle-check", "text": _("Everybody has acknowledged it.")},
    )  # fmt: skip


def _asked(rows: QuerySet[Reading], get: Any, tab: str, at: datetime) -> QuerySet[Reading]:
    """The rows of a tab, of a region and post, whose person is searched for."""
    match tab:
        case "acknowledged":
            rows = rows.filter(state=ReadingState.ACKNOWLEDGED)
        case "overdue":
            rows = rows.filter(state=ReadingState.OPEN, due_at__lte=at)
        case "":
            rows = rows.filter(state=ReadingState.OPEN)
    if region := get.get("region"):
        rows = rows.filter(person__region=None) if region == "-" else rows.filter(person__region__code=region)
    if post := get.get("post"):
        rows = rows.filter(post=post)
    if typed := get.get("q", "").strip():
        named = Q(person__name__icontains=typed) | Q(person__name_en__icontains=typed)
        rows = rows.filter(named | Q(person__email__istartswith=typed))
    return rows


def _dressed(row: Reading, names: Names, at: datetime) -> Reading:
    row.post_words = names.posts.get(row.post, row.post)  # type: ignore[attr-defined]
    row.region_words = names.region(row.person.region_id)  # type: ignore[attr-defined]
    row.days = (row.due_at - at) // DAY if row.is_open else None  # type: ignore[attr-defined]
    row.is_late = row.is_open and row.due_at <= at  # type: ignore[attr-defined]
    return row


