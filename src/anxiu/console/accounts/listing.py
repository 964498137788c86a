"""The list of people, and the posts with what each may do."""

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from anxiu.accounts.choices import Reach
from anxiu.accounts.queries import VIEW_POSTS, found, outlets, people, posts, regions, with_posts
from anxiu.console.accounts.forms import named
from anxiu.console.accounts.words import APPS, words
from anxiu.console.pages import Listing, address, columns, keyset, page, show
from anxiu.kernel.action import default_posts
from anxiu.kernel.actor import Actor

REACHES = {
    Reach.OWN: _("own orders only"),
    Reach.REGION: _("the regions it is held in"),
    Reach.COMPANY: _("the whole company"),
}


def tabs(chosen: str) -> list[dict[str, object]]:
    """The pages about accounts."""
    known = (
        ("accounts", _("People")), ("services", _("Service accounts")), ("posts", _("Posts")),
        ("places", _("Regions and outlets")),
    )  # fmt: skip
    return [{"label": label, "url": reverse(name), "active": name == chosen} for name, label in known]


@page(VIEW_POSTS)
def accounts(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Everybody with an account, by name."""
    get = request.GET
    closed = get.get("tab") == "closed"
    rows = found(actor, get.get("q", ""), get.get("post", ""), get.get("region", "")).filter(is_active=not closed)
    shown, next_url = keyset(request, with_posts(rows), ("name_key", "id"))
    numbers = people(actor).aggregate(
        open=Count("id", filter=Q(is_active=True)), closed=Count("id", filter=Q(is_active=False))
    )
    actions = []
    if actor.may("accounts.add_person"):
        actions.append(
            {"label": _("Open an account"), "icon": "user-plus", "look": "is-primary", "dialog": reverse("add_person")}
        )
    if actor.may("equipment.view_imports") and actor.may("accounts.add_person"):
        actions.insert(0, {"label": _("Import"), "icon": "file-import", "url": reverse("imports"), "look": ""})
    listing = Listing(
        id="people",
        rows=shown,
        row_template="console/accounts/row.html",
        actions=actions,
        columns=columns(_("Person"), _("Posts"), _("Region"), _("Phone"), _("Last login")),
        next_url=next_url,
        first_url=address(request) if get.get("after") else "",
        tabs=[
            {
                "label": _("With access"),
                "count": numbers["open"],
                "url": address(request, tab=""),
                "active": not closed,
            },
            {"label": _("Closed"), "count": numbers["closed"], "url": address(request, tab="closed"), "active": closed},
        ],
        hidden=[("tab", "closed")] if closed else [],
        search={"name": "q", "value": get.get("q", ""), "placeholder": _("Name, pinyin, email, phone")},
        filters=[
            {
                "name": "post",
                "label": _("All posts"),
                "value": get.get("post", ""),
                "choices": [(each.code, named(each)) for each in posts()],
            },
            {
                "name": "region",
                "label": _("All regions"),
                "value": get.get("region", ""),
                "choices": [(each.code, named(each)) for each in regions(actor)],
            },
        ],
        is_filtered=any(get.get(name) for name in ("q", "post", "region", "tab")),
        empty={
            "title": _("Nobody yet"),
            "text": _("Open an account for everybody who works with Anxiu."),
            "symbol": "users",
        },
    )
    context = {"title": _("Accounts and posts"), "listing": listing, "pages": tabs("accounts")}
    return show(request, "console/accounts/list.html", context, fragment="console/parts/listing.html")


@page(VIEW_POSTS)
def post_matrix(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Posts across, permissions down, grouped by the part of the program; three statements."""
    rows = list(
        posts().annotate(people=Count("holdings__person", filter=Q(holdings__person__is_active=True), distinct=True))
    )
    for row in rows:
        row.reach_words = REACHES[Reach(row.reach)]  # type: ignore[attr-defined]
    held = [frozenset(row.permissions) for row in rows]
    known = sorted(default_posts())
    groups: list[dict[str, Any]] = []
    for app in [*APPS, *sorted({name.split(".")[0] for name in known} - APPS.keys())]:
        lines = [
            {"name": name, "words": words(name), "marks": [name in each for each in held]}
            for name in known
            if name.split(".")[0] == app
        ]
        if lines:
            groups.append({"label": APPS.get(app, app), "lines": lines})
    context = {
        "title": _("Accounts and posts"),
        "posts": rows,
        "groups": groups,
        "pages": tabs("posts"),
        "width": len(rows) + 1,
        "may_change": actor.may("accounts.change_post"),
    }
    return show(request, "console/accounts/posts.html", context)


@page(VIEW_POSTS)
def places(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Regions with their outlets and how many people belong to each; four statements."""
    heads = dict(
        people(actor)
        .filter(is_active=True, region__isnull=False)
        .order_by()
        .values_list("region")
        .annotate(Count("id"))
    )
    by_region: dict[int, list[Any]] = {}
    for outlet in outlets(actor).order_by("code"):
        by_region.setdefault(outlet.region_id, []).append(outlet)
    rows = [
        {"region": each, "people": heads.get(each.pk, 0), "outlets": by_region.get(each.pk, [])}
        for each in regions(actor)
    ]
    context = {
        "title": _("Accounts and posts"),
        "rows": rows,
        "pages": tabs("places"),
        "may": {
            verb: actor.may(f"accounts.{verb}")
            for verb in ("add_region", "change_region", "add_outlet", "change_outlet")
        },
    }
    return show(request, "console/accounts/places.html", context)
