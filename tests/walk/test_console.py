"""Every address of the console, asked by everybody who must not see what it shows."""

import base64
import json
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from anxiu.accounts.choices import PostCode
from anxiu.accounts.models import Person
from tests.walk.looking import ask, filled, looks_for_nothing, offered, plain, state, text_of, told
from tests.walk.table import CONSOLE, Row
from tests.walk.world import ALL, World

FILED = [pytest.param(row, id=str(row)) for row in CONSOLE if not row.company]
NAMING = [pytest.param(row, id=str(row)) for row in CONSOLE if not row.company and row.thing]
# Posts whose rights differ; `ALL` has them all, so that only the row scope stands between.
ELSEWHERE = (ALL, "supervisor", "engineer", "partner")


@pytest.fixture(scope="package")
def browsers(world: World) -> dict[str, Client]:
    """A browser of each person, logged in."""
    people: dict[str, Person] = {f"here {post}": person for post, person in world.here.people.items()}
    people |= {f"there {post}": person for post, person in world.there.people.items()}
    people |= {"stranger": world.stranger, "nobody": world.nobody, "administrator": world.administrator}
    found = {}
    for name, person in people.items():
        found[name] = Client(headers={"accept-language": "en"})
        found[name].force_login(person)
    return found


@pytest.fixture(scope="module")
def before(world: World) -> dict[str, str]:
    """What every table held before anybody asked."""
    return state()


def may(person: Person, permission: str) -> bool:
    held = {each for holding in person.holdings.all() for each in holding.post.permissions}
    return not permission or permission in held


def asked(row: Row, url: str, world: World) -> Iterator[tuple[int, str, object]]:
    """Which answer is expected of which request: to look, and to do what would go through."""
    if row.gets:
        yield 0, url, None
    if row.body:
        yield 1, url, row.body(world.there)


@pytest.mark.requirement("PF-04", "PF-08")
@pytest.mark.parametrize("row", FILED)
def test_nobody_of_another_region_sees_or_changes_anything(row, world, browsers, before):
    people = {f"here {post}": world.here.people[post] for post in ELSEWHERE}
    people |= {} if row.home else {"stranger": world.stranger, "nobody": world.nobody}
    url = row.url(world.there)
    for name, person in people.items():
        for which, address, body in asked(row, url, world):
            answer = ask(browsers[name], address, body)
            refused = not may(person, row.needs)
            expected = 403 if refused else row.unseen[which] if row.thing or body is not None else 200
            if row.name == "desk" and not may(person, "orders.view"):
                expected = 302
            assert answer.status_code == expected, (name, which, text_of(answer)[:2000])
            lives_there = name in ("stranger", "nobody")
            typed = (address, row.echoes(world.there))
            assert not told(text_of(answer), world.there, *typed, lives_there=lives_there), name
    assert state() == before


@pytest.mark.requirement("PF-04")
@pytest.mark.parametrize("row", NAMING)
def test_what_is_hidden_looks_as_if_it_had_never_been(row, world, browsers):
    url, nothing = row.url(world.there), row.url_of_nothing(world.there)
    browser = browsers[f"here {ALL}"]
    for _, address, body in asked(row, url, world):
        hidden, missing = ask(browser, address, body), ask(browser, nothing, body)
        assert hidden.status_code == missing.status_code
        assert plain(text_of(hidden), url) == plain(text_of(missing), nothing)


@pytest.mark.requirement("PF-04")
@pytest.mark.parametrize("row", [pytest.param(row, id=str(row)) for row in CONSOLE if row.searches])
def test_looking_for_what_is_hidden_finds_no_more_than_looking_for_nothing(row, world, browsers):
    url = row.url(world.here) if row.thing else reverse(row.name)  # from a thing of one's own, where it needs one
    for name in (f"here {ALL}", "here supervisor", "here engineer"):
        for query in row.searches:
            wanted, never = filled(query, world.there), looks_for_nothing(query)
            found, missing = (browsers[name].get(url + each, headers=PARTIAL) for each in (wanted, never))
            assert found.status_code == missing.status_code
            terms = [each.split("=")[1] for each in wanted[1:].split("&")]
            nothing = [each.split("=")[1] for each in never[1:].split("&")]
            assert plain(text_of(found), *terms) == plain(text_of(missing), *nothing), (name, wanted)


PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.mark.requirement("PF-04")
@pytest.mark.parametrize("post", [*PostCode, ALL])
def test_a_post_is_refused_and_not_offered_what_it_may_not_do(post, world, browsers, before):
    person, browser = world.there.people[post], browsers[f"there {post}"]
    forbidden = {row.url(world.there) for row in CONSOLE if not may(person, row.needs)}
    links: set[str] = set()
    shown = 0
    for row in CONSOLE:
        url, allowed = row.url(world.there), may(person, row.needs)
        if row.gets:
            answer = browser.get(url)
            assert (answer.status_code != 403) == allowed, (row, answer.status_code)
            if answer.status_code == 200 and "text/html" in answer["Content-Type"]:
                text = text_of(answer)
                links |= offered(text)
                shown += bool(told(text, world.there, url))
                assert not links & forbidden, row
        if not allowed:
            body = row.body(world.there) if row.body else {"key": "x"}
            assert browser.post(url, body).status_code == 403, row
    if post == ALL:  # the region's own: without this the walks above could pass on empty pages
        assert shown > 60
        assert len(links & {row.url(world.there) for row in CONSOLE}) > 60
    assert state() == before


@pytest.mark.requirement("PF-04")
def test_without_a_login_every_address_leads_to_it(world, before):
    visitor = Client()
    for row in CONSOLE:
        for _, address, body in asked(row, row.url(world.there), world):
            answer = ask(visitor, address, body)
            assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/accounts/login/"), row
            assert not told(text_of(answer), world.there, address), row
    assert state() == before


@pytest.mark.requirement("PF-04")
@pytest.mark.parametrize("name", ["photo", "evidence", "manual"])
def test_neither_a_part_nor_a_small_form_of_a_hidden_file_is_given(name, world, browsers):
    row = world.there.things[name]
    url, known = reverse("file", args=[row.uid]), f'"{row.blob.digest[:32]}"'
    owner = browsers[f"there {ALL}"]
    assert owner.get(url, headers={"if-none-match": known}).status_code == 304
    for who in (f"here {ALL}", "stranger", "nobody"):
        browser = browsers[who]
        answers = [browser.get(url + "?small=1"), browser.get(url, headers={"range": "bytes=0-9"}), browser.head(url)]
        answers.append(browser.get(url, headers={"if-none-match": known}))
        assert [each.status_code for each in answers] == [404] * 4


@pytest.mark.requirement("PF-04")
def test_a_position_in_another_regions_list_opens_nothing(world, browsers):
    """The next page's address holds a position, not a right."""
    for name in ("orders", "customers", "machines", "engineers", "accounts", "deliveries", "imports", "inbox"):
        for order in (["2099-01-01T00:00:00+00:00", 10**9], [10**12], ["zzzz", 10**9], [""], ["E99999"]):
            after = base64.urlsafe_b64encode(json.dumps(order).encode()).decode()
            answer = browsers[f"here {ALL}"].get(reverse(name), {"after": after})
            assert answer.status_code == 200
            assert not told(text_of(answer), world.there)
