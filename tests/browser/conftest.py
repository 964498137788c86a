"""A real site for a real browser: `anxiu web` on a free port, on a copy of the test database that this process shares.

What a test makes by the verbs is committed there, so the web process sees it; the copy is dropped with the module. No
worker runs: `tests.given.orders.react_all` does its work when a test wants it done.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from tests.project.conftest import answers, anxiu, end, eventually, free_port

expect.set_options(timeout=20_000)  # only a failure takes as long; a loaded machine is slow, not wrong
CHROMIUM = shutil.which("chromium")
PHONE, WIDE = 390, 1280


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here drives Chromium."""
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)
            if not CHROMIUM:
                item.add_marker(pytest.mark.skip(reason="Chromium is not installed here"))


@pytest.fixture(scope="module")
def site(committed: str) -> Iterator[str]:
    """Where the site is, served by a process of its own."""
    from django.conf import settings
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    more = {"DATABASE_URL": committed, "DATABASE_OWNER_URL": committed, "ANXIU_PUBLIC_URL": url}
    more |= {"ANXIU_COMPANY_PHONE": "400-800-1234", "ANXIU_SECRET_KEY": settings.SECRET_KEY}
    process = anxiu("web", "--port", str(port), **more)
    try:
        assert eventually(lambda: answers(port), 40)
        yield url
    finally:
        end(process)


@pytest.fixture(scope="module")
def browser(unguarded: None, site: str) -> Iterator[Browser]:
    """Started after the site: within Playwright's loop Django knows other connections than outside of it, so the database
    is set up and copied before.
    """
    from django.db import connections

    with sync_playwright() as playwright:
        connections.close_all()  # what a module before us left in its loop is dead: `committed` ended it
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        # While Playwright's loop runs, this thread has a connection of its own; the database goes with the module.
        connections.close_all()
        chromium.close()


@dataclass
class Seen:
    """What went wrong in a page, or left the house: script errors, console warnings, reports of the policy, other hosts."""

    site: str
    faults: list[str] = field(default_factory=list)

    def _hear(self, line: ConsoleMessage) -> None:
        """A form that comes back with what is wrong in it (422) is no fault, though browsers say so."""
        if line.type in {"error", "warning"} and "status of 422" not in line.text:
            self.faults.append(line.text)

    def watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", self._hear)
        page.on(
            "request",
            lambda request: (
                None if request.url.startswith((self.site, "data:", "blob:")) else self.faults.append(request.url)
            ),
        )


@pytest.fixture
def seen(site: str) -> Seen:
    return Seen(site)


@pytest.fixture
def visit(browser: Browser, site: str, seen: Seen) -> Iterator[Callable[..., Page]]:
    """Open a page as somebody: `visit("/p/report/", locale="en", dark=True, width=1280, script=False)`.

    Further arguments go to the browser's context. The page's context is the visitor's own.
    """
    opened: list[BrowserContext] = []

    def open_page(
        path: str = "", *, locale: str = "zh-CN", dark: bool = False, width: int = PHONE, script: bool = True, **more: Any
    ) -> Page:
        context = browser.new_context(
            base_url=site, locale=locale, timezone_id="Asia/Shanghai", reduced_motion="reduce",
            color_scheme="dark" if dark else "light", java_script_enabled=script,
            viewport={"width": width, "height": 844 if width < 600 else 900}, **more,
        )  # fmt: skip
        opened.append(context)
        page = context.new_page()
        seen.watch(page)
        if path:
            page.goto(path)
        return page

    yield open_page
    for context in opened:
        context.close()
