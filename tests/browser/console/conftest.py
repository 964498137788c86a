"""People of a company at their screens. What goes wrong in any page fails the test that opened it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from PIL import Image
from playwright.sync_api import Page, expect

from anxiu.accounts.models import Person
from anxiu.catalogue.actions import NewPart, add_part
from anxiu.catalogue.models import Part
from anxiu.kernel.actor import SYSTEM, Actor
from anxiu.kernel.money import Money
from tests.browser.conftest import Seen
from tests.given.orders import LONG_AGO, Company, a_company

# The stream of a page that is being left, and answers that are refusals by design: forms, and pages of other people.
EXPECTED = ("/live", "status of 422", "status of 403", "status of 404", "ERR_ABORTED", "net::ERR_NETWORK_CHANGED")
PHONE = 390
PHONE_PLACE = {"latitude": 31.2304, "longitude": 121.4737, "accuracy": 12}

expect.set_options(timeout=10_000)


@pytest.fixture
def company(committed: str) -> Company:
    return a_company()


@pytest.fixture
def part(company: Company) -> Part:
    family = company.machine.model.family_id
    new = NewPart(f"SB-{family:03}", "同步带", "Timing belt", "根", Money(12800, "CNY"), fits_families=(family,))
    return add_part(actor=SYSTEM, at=LONG_AGO, new=new)


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    paths = []
    for name, colour in (("before.jpg", "steelblue"), ("after.jpg", "seagreen")):
        Image.new("RGB", (640, 480), colour).save(tmp_path / name)
        paths.append(tmp_path / name)
    return paths


@pytest.fixture(autouse=True)
def nothing_goes_wrong(seen: Seen) -> Iterator[None]:
    yield
    assert [fault for fault in seen.faults if not any(known in fault for known in EXPECTED)] == []


def session_of(person: Person) -> str:
    """A login, as the form would have made it."""
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return str(session.session_key)


Enter = Callable[..., Page]


@pytest.fixture
def enter(visit: Enter, site: str) -> Enter:
    """Open a page as somebody who is logged in: `enter(company.agent, "/intake/", width=1440, theme="dark")`."""

    def open_page(
        who: Actor | Person, path: str = "/", *, width: int = 1440, theme: str = "light", **more: object
    ) -> Page:
        person = who if isinstance(who, Person) else Person.objects.get(pk=who.person_id)
        if width < 600:
            more = {"is_mobile": True, "has_touch": True, **more}
        page = visit(width=width, **more)
        page.set_default_timeout(12_000)
        cookies = {settings.SESSION_COOKIE_NAME: session_of(person), "anxiu_theme": theme}
        page.context.add_cookies([{"name": name, "value": value, "url": site} for name, value in cookies.items()])
        page.goto(path)
        return page

    return open_page


def dialog(page: Page, verb: str) -> None:
    """Open a verb's dialog, wherever the page offers it: as the main button or under the further ones."""
    button = page.locator(f"#order-page button[data-dialog$='/{verb}/']").first
    if not button.is_visible():
        page.locator(".x-next details.x-menu summary").click()
    button.click()
    expect(page.locator("#x-dialog[open] form")).to_be_visible()


def confirm(page: Page) -> None:
    """Send the open dialog, and wait for the page behind it to show what changed."""
    with page.expect_navigation():
        with page.expect_response(lambda answer: answer.request.method == "POST") as answer:
            page.locator("#x-dialog .x-dialog-foot button[type=submit]").click()
        if answer.value.status != 204:
            expect(page.locator("#x-dialog .x-error, #x-dialog .x-note.x-tone-red").first).to_be_visible()
            raise AssertionError(page.locator("#x-dialog").inner_text())
    expect(page.locator("#x-dialog[open]")).to_have_count(0)


def refused(page: Page) -> str:
    """Send the open dialog and read why it was turned down."""
    with page.expect_response(lambda answer: answer.request.method == "POST") as answer:
        page.locator("#x-dialog .x-dialog-foot button[type=submit]").click()
    assert answer.value.status == 422
    said = page.locator("#x-dialog .x-error, #x-dialog .x-note")
    expect(said.first).to_be_visible()
    return " ".join(said.all_inner_texts())


def order_at(page: Page, path: str, site: str = "") -> None:
    """Go to a page and wait until it stands."""
    page.goto(site + path)
    expect(page.locator("main")).to_be_visible()
