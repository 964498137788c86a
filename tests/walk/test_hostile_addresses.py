"""What an address or a form says is anybody's to write: nothing in it breaks a page."""

import base64
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from urllib.parse import quote

import pytest
from django.forms import Form
from django.test import Client
from django.urls import reverse

import anxiu
import anxiu.portal
from tests.given.undone import undone
from tests.walk.table import CONSOLE, Row
from tests.walk.test_portal import DOORS, address, visitor
from tests.walk.world import ALL, World

SOURCE = Path(anxiu.__file__).parent
READ = re.compile(r'(?:GET|get|asked|query)(?:\.get(?:list)?\(|\[)"([a-z_]+)"')
FILES = [path for part in ("console", "portal") for path in (SOURCE / part).rglob("*.py")]
NAMES = sorted({name for path in FILES for name in READ.findall(path.read_text())} - {"export"})
# No day, days at the ends of time, what no column holds, more digits than Python reads, what text columns refuse, other
# digits than ours, half a character.
VALUES = ("2026-13-40", "0001-01-01", "9999-12-31", "9" * 40, "9" * 5000, "-1", "1\0", "'\"<x>", "١٢", "%ED%A0%80")
PLACES = (
    '["2026-13-40T25:00:00+00:00", 1]', '["0001-01-01T00:00:00+14:00", 1]', '["2026-01-01T00:00:00", 1]',
    '["9999-12-31", 1]', '["2026-01-01T00:00:00+00:00", {}]', "[1]", '["\\u0000"]', '["\\ud800", 1]', '["\\ud800"]',
    "[99999999999999999999]", '[{"a": 1}]', "[true]", "NaN", "{}",
)  # fmt: skip
TYPED = ("1\0", "9" * 5000, "9" * 40, "9999-12-31", "0001-01-01T00:00", "nan", "1e400", "�")
ONE_BY_ONE = ("1\0", "9" * 5000, "9999-12-31", "0001-01-01T00:00")
FIELD = re.compile(r'<(?:input|select|textarea|button)[^>]*\sname="([^"]+)"')
# Ends that are earlier than their beginnings, and ends as far off as can be.
SPANS = tuple(
    "&".join(f"{name}={far if name in ('until', 'ends_at', 'to') else near}" for name in (*NAMES, "starts_at", "ends_at"))
    for near, far in (("1000-01-01T00:00", "9000-01-01T00:00"), ("2026-01-01T00:00", "2900-01-01T00:00"),
                      ("2026-01-01", "2900-01-01"), ("2900-01-01", "2026-01-01"))
)  # fmt: skip
NOTHING: dict[str, int] = {}


def test_the_names_are_found():
    assert {"after", "q", "day", "from", "week", "since", "tab", "skip", "region", "family"} <= set(NAMES)


def queries() -> Iterator[str]:
    """All names with one value after the other, and with spans."""
    for value in VALUES:
        yield "&".join(f"{name}={quote(value, safe='%')}" for name in NAMES)
    yield from SPANS
    yield from ("after=a", "after=%ff")


def places() -> Iterator[str]:
    """Places in a list, which is what a list reads first."""
    for text in PLACES:
        yield f"after={base64.urlsafe_b64encode(text.encode()).decode()}"


def broken(client: Client, url: str) -> dict[str, int]:
    """What is answered by a fault of ours."""
    context = client.get(url).context or {}
    asked = [*queries(), *(places() if "listing" in context or "next_url" in context else ())]
    answers = ((query, client.get(f"{url}?{query}").status_code) for query in asked)
    return {query[:80]: status for query, status in answers if status >= 500}


@pytest.fixture(scope="module")
def reader(world: World) -> Client:
    """Somebody who may look at everything."""
    client = Client(headers={"accept-language": "en"}, raise_request_exception=False)
    client.force_login(world.there.people[ALL])
    return client


@pytest.mark.requirement("PF-04")
@pytest.mark.parametrize("row", [pytest.param(row, id=str(row)) for row in CONSOLE if row.gets])
def test_no_address_of_the_console_breaks(row: Row, world, reader):
    assert broken(reader, row.url(world.there)) == NOTHING


@pytest.mark.requirement("PF-04")
@pytest.mark.parametrize("name", [name for name, door in DOORS.items() if "GET" in door[2]])
def test_no_address_of_customers_breaks(name, world):
    client = visitor()
    client.raise_request_exception = False
    assert broken(client, address(name, world.there.links[DOORS[name][0]], world)) == NOTHING


@pytest.mark.requirement("PF-04")
@pytest.mark.parametrize("row", [pytest.param(row, id=str(row)) for row in CONSOLE if row.body])
def test_no_form_of_the_console_breaks(row: Row, world, reader):
    url = row.url(world.there)

    def filled_in() -> dict[str, object]:
        return dict(row.body(world.there)) if row.body else {}

    def breaks(changed: dict[str, str]) -> bool:
        with undone():
            return reader.post(url, {**filled_in(), **changed}).status_code >= 500

    names = [name for name, said in filled_in().items() if isinstance(said, str | int)]
    assert [(name, value) for name in names for value in ONE_BY_ONE if breaks({name: value})] == []
    # And every field the page offers, all at once: forms say what is wrong with each.
    offered = set(FIELD.findall(reader.get(url).content.decode())) - {"csrfmiddlewaretoken"} if row.gets else set()
    assert [value for value in TYPED if offered and breaks(dict.fromkeys(offered, value))] == []


def typed_by_customers() -> set[str]:
    """The fields of every form of the customer pages, by the names a browser sends them under."""
    modules = [import_module(f"anxiu.portal.{each.name}") for each in iter_modules(anxiu.portal.__path__)]
    made = [each for module in modules for each in vars(module).values()]
    fields = {name for each in made if isinstance(each, type) and issubclass(each, Form) for name in each.base_fields}
    return {*fields, *(f"no-{name}" for name in fields), "drop", "refuse"}


@pytest.mark.requirement("PF-04")
@pytest.mark.parametrize("value", TYPED)
@pytest.mark.parametrize("name", [*(name for name, door in DOORS.items() if "POST" in door[2]), "report"])
def test_no_form_of_customers_breaks(name, value, world):
    client = visitor()
    client.raise_request_exception = False
    url = reverse(name) if name == "report" else address(name, world.there.links[DOORS[name][0]], world)
    names = typed_by_customers()
    assert client.post(url, dict.fromkeys(names, value)).status_code < 500
    for each in names & {"latitude", "longitude", "accuracy", "score", "key", "drop", "drawn", "region"}:
        assert client.post(url, {"key": "0" * 32, "signer": "x", "words": "x", each: value}).status_code < 500, each
