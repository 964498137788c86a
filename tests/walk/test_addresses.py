"""No address is forgotten: whatever the resolver knows has its row in a walk."""

from collections.abc import Iterable, Iterator
from functools import cache

from django.urls import URLPattern, URLResolver, get_resolver

from anxiu.console.order_verbs import VERBS
from anxiu.project import api_urls
from tests.walk.table import CONSOLE, LOGIN, ONES_OWN, OPEN, ORDER_VERBS


def addresses(patterns: Iterable[URLPattern | URLResolver], before: str = "") -> Iterator[tuple[str, str]]:
    """Every address by its name and its route."""
    for each in patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from addresses(each.url_patterns, route)
        else:
            yield each.name or route, route


@cache
def every() -> list[tuple[str, str]]:
    return list(addresses(get_resolver(api_urls.__name__).url_patterns))


def test_every_address_of_console_and_login_has_its_row():
    found = {name for name, route in every() if not route.startswith(("p/", "r/", "api/"))}
    found |= {name for name, _ in every() if name in OPEN}
    assert found == {row.name for row in CONSOLE} | {*OPEN, *LOGIN, *ONES_OWN}


def test_every_verb_of_an_order_has_its_row():
    assert {row.needs for row in ORDER_VERBS} == {f"orders.{name}" for name in VERBS}
