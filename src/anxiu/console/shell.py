"""What stands around every page: the menu a person's posts give them, who they are, where the search goes."""

from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Final, cast

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from anxiu.accounts.models import Person
from anxiu.accounts.queries import held_by
from anxiu.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the menu: shown to whoever holds the permission."""

    name: str
    label: Promise | str
    icon: str
    permission: str
    key: str = ""
    primary: bool = False
    url: str = ""
    active: bool = False
    count: int | None = None
    alert: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """A captioned part of the menu."""

    label: Promise | str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Menu:
    """The menu as somebody sees it here: a value, so that its text is kept from page to page."""

    groups: tuple[Group, ...]
    home_url: str


@dataclass(frozen=True, slots=True)
class Shell:
    """What `console/base.html` needs."""

    menu: Menu
    search_url: str
    live_url: str
    notices_url: str
    unread: bool
    post: str
    photo_url: str = ""
    profile_url: str = ""


KEPT: Final = 1024  # source: own choice; more than there are sets of permissions with the pages they open
MENU: Final = (
    Group(
        _("Service"),
        (
            Item("set_up", _("Set up"), "wand", "accounts.set_up"),
            Item("desk", _("Work desk"), "layout-dashboard", "orders.view", "d", primary=True),
            Item("orders", _("Orders"), "clipboard-list", "orders.view", "o", primary=True),
            Item("intake", _("Take a report"), "headset", "orders.open_order", "n", primary=True),
            Item("escalations", _("Escalations"), "alarm", "orders.view", "e"),
            Item("duties", _("To-dos"), "checkbox", "duties.view", "t"),
            Item("mails", _("Mail"), "inbox", "mail.view_mails"),
            Item("today", _("Today and load"), "calendar-time", "orders.book_visit"),
        ),
    ),
    Group(
        _("Customers and machines"),
        (
            Item("customers", _("Customers"), "address-book", "customers.view", "c"),
            Item("machines", _("Machines"), "engine", "equipment.view", "m"),
            Item("contracts", _("Contracts"), "certificate", "contracts.view"),
            Item("catalogue", _("Catalogue"), "packages", "catalogue.view"),
        ),
    ),
    Group(
        _("People"),
        (
            Item("engineers", _("Engineers"), "users", "workforce.view_engineers", "p"),
            Item("roster", _("Duty roster"), "calendar-event", "sla.set_duty"),
            Item("accounts", _("Accounts and posts"), "id-badge-2", "accounts.view_posts"),
        ),
    ),
    Group(
        _("Company"),
        (
            Item("dashboard", _("Dashboard"), "dashboard", "kpi.view_indicators", "k"),
            Item("regulation", _("Regulation"), "scale", "regulation.view", "r"),
            Item("learn", _("My reading"), "school", "uptake.acknowledge_version"),
            Item("compliance", _("Compliance board"), "report-analytics", "kpi.view_compliance", "b"),
            Item("calendar", _("Calendar"), "calendar", "regulation.view"),
            Item("refused", _("Refused attempts"), "hand-stop", "trace.view_refused"),
            Item("personal_data", _("Personal data"), "user-shield", "privacy.view_person"),
            Item("deliveries", _("Notices sent"), "mail", "notify.view_failures"),
            Item("failures", _("Failures"), "alert-triangle", "notify.view_failures"),
            Item("channels", _("Channels"), "send", "notify.view_channels"),
            Item("mailboxes", _("Mailboxes"), "mail", "mail.view_mailboxes"),
            Item("hooks", _("Webhooks"), "webhook", "hooks.view_targets"),
        ),
    ),
)


@cache
def _url(name: str) -> str:
    """Where a page is; addresses do not change while a process lives."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def pages_of(actor: Actor) -> list[Item]:
    """The entries of the menu this person may open, with their addresses; no statement."""
    items = (item for group in MENU for item in group.items if actor.may(item.permission))
    return [replace(item, url=url) for item in items if (url := _url(item.name))]


def entrance(actor: Actor) -> str:
    """The first page of the menu this person may open; their own account where there is none."""
    return next((item.url for item in pages_of(actor) if item.name != "set_up"), "") or reverse("my_account")


def _open_to(actor: Actor, *, sets_up: bool) -> frozenset[str]:
    open_to = frozenset(item.name for group in MENU for item in group.items if actor.may(item.permission))
    return open_to if sets_up else open_to - {"set_up"}


def _near(here: str) -> str:
    """The entry of the menu that an address belongs to: the longest one it begins with."""
    urls = {url: item.name for group in MENU for item in group.items if (url := _url(item.name))}
    near = max((url for url in urls if here == url or (url != "/" and here.startswith(url))), key=len, default="")
    return urls.get(near, "")


@lru_cache(KEPT)
def _menu(names: frozenset[str], near: str, _language: str, *, owes: bool) -> Menu:
    """The menu in words, with these entries; who has something to read is reminded."""
    groups = []
    for group in MENU:
        items = []
        for item in group.items:
            if (url := _url(item.name)) and item.name in names:
                waiting = 1 if owes and item.name == "learn" else None
                items.append(
                    replace(
                        item, label=str(item.label), url=url, active=item.name == near, count=waiting,
                        alert=bool(waiting),
                    )
                )  # fmt: skip
        if items:
            groups.append(Group(str(group.label), tuple(items)))
    return Menu(tuple(groups), _url("desk") or "/")


def shell(request: HttpRequest, actor: Actor) -> Shell:
    """The frame of a page for this person; no statement, for what it shows came with them."""
    person = cast("Person", request.user)
    owes = bool(getattr(person, "owes_reading", False))
    sets_up = settings.ENV.demo or not getattr(person, "works_already", True)
    since = getattr(person, "head", None) or 0  # what is placed while the page is made and sent is not missed
    return Shell(
        menu=_menu(_open_to(actor, sets_up=sets_up), _near(request.path), get_language() or "", owes=owes),
        search_url=_url("search"),
        live_url=f"/live?since={since}", notices_url=_url("inbox"), unread=getattr(person, "has_unread", False),
        post=_post(person), profile_url=_url("my_account"),
    )  # fmt: skip


def _post(person: Person) -> str:
    """The first post the person holds, in the reader's language."""
    language = "zh" if (get_language() or "zh").startswith("zh") else "en"
    return next((str(each[language]) for each in held_by(person)), "")
