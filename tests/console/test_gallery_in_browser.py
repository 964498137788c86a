"""The design system in a real browser: policy, widths, keyboard, filters, dialogs, live refresh, themes, drafts."""

import json
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application
from django.test import override_settings
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

CHROMIUM = shutil.which("chromium")
pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed here")]
SMALL, WIDE = 390, 1440


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        """The test says what went wrong, not the server."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with override_settings(ROOT_URLCONF="tests.console.gallery_urls", ALLOWED_HOSTS=["127.0.0.1"]):
        application = StaticFilesHandler(get_wsgi_application())
        with make_server("127.0.0.1", 0, application, Server, Quiet) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            yield f"http://127.0.0.1:{server.server_port}"
            server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@dataclass
class Seen:
    """What went wrong or left the house while a page was open."""

    address: str
    faults: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda line: self.faults.append(line.text) if line.type in {"error", "warning"} else None)
        page.on(
            "request",
            lambda request: (
                None if request.url.startswith((self.address, "data:", "blob:")) else self.faults.append(request.url)
            ),
        )


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": WIDE, "height": 900}, reduced_motion="reduce", color_scheme="dark")
    yield context
    context.close()


@pytest.fixture
def seen(address: str) -> Seen:
    return Seen(address)


@pytest.fixture
def page(context: BrowserContext, seen: Seen) -> Page:
    page = context.new_page()
    seen.watch(page)
    return page


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("place", ["/gallery/", "/accounts/login/", "/accounts/password/reset/", "/gallery/portal/"])
def test_page_fits_a_phone_and_breaks_no_policy(
    browser: Browser, seen: Seen, place: str, theme: str, language: str
) -> None:
    context = browser.new_context(
        viewport={"width": SMALL, "height": 844}, is_mobile=True, has_touch=True, reduced_motion="reduce"
    )
    context.add_cookies(
        [
            {"name": name, "value": value, "url": seen.address}
            for name, value in (("anxiu_theme", theme), ("anxiu_language", language))
        ]
    )
    page = context.new_page()
    seen.watch(page)
    page.goto(seen.address + place, wait_until="networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") == SMALL
    assert "portal" in place or page.get_attribute("html", "data-bs-theme") == theme
    assert page.get_attribute("html", "lang") == {"en": "en"}.get(language, "zh-CN")
    assert seen.faults == []
    context.close()


def test_without_a_choice_the_device_decides_before_the_first_paint(page: Page, seen: Seen) -> None:
    page.goto(seen.address + "/gallery/", wait_until="commit")
    page.wait_for_selector("body", state="attached")
    assert page.get_attribute("html", "data-bs-theme") == "dark"


def test_choosing_a_theme_lasts_and_is_rendered_by_the_server(page: Page, context: BrowserContext, seen: Seen) -> None:
    page.goto(seen.address + "/gallery/")
    page.click(".x-theme summary")
    page.click(".x-theme [data-theme-set=light]")
    assert page.get_attribute("html", "data-bs-theme") == "light"
    assert {c["name"]: c["value"] for c in context.cookies()}["anxiu_theme"] == "light"
    assert 'data-theme="light" data-bs-theme="light"' in context.request.get(seen.address + "/gallery/").text()


def test_filters_live_in_the_address_and_keep_the_caret(page: Page, seen: Seen) -> None:
    page.goto(seen.address + "/gallery/")
    page.click("#orders-q")
    page.keyboard.type("GREE", delay=20)
    page.wait_for_url("**/gallery/?q=GREE")
    assert page.evaluate("document.activeElement.id") == "orders-q"
    page.fill("#orders-q", "世博")
    page.wait_for_url("**?q=%E4%B8%96%E5%8D%9A")
    assert page.locator("#orders tbody tr").count() == 1
    page.fill("#orders-q", "")
    page.wait_for_url("**/gallery/")
    expect(page.locator("#orders tbody tr")).to_have_count(6)
    page.go_back()
    expect(page.locator("#orders tbody tr")).to_have_count(1)
    assert page.locator(".x-shell").count() == 1
    assert seen.faults == []


def test_invalid_form_comes_back_inside_the_dialog(page: Page, seen: Seen) -> None:
    page.goto(seen.address + "/gallery/")
    page.click("tr [data-dialog]")
    page.click("#x-dialog .x-dialog-foot .is-danger")
    page.wait_for_selector("#x-dialog .x-error")
    assert page.locator("#x-dialog[open] form").count() == 1
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.matches('tr [data-dialog]')") is True


def test_what_cannot_be_undone_asks_first_with_the_focus_on_cancel(page: Page, seen: Seen) -> None:
    page.goto(seen.address + "/gallery/")
    page.click("form[data-confirm] button")
    assert page.evaluate("document.activeElement.value") == "no"
    page.keyboard.press("Enter")
    assert page.locator("#x-confirm[open]").count() == 0
    page.click("form[data-confirm] button")
    with page.expect_request(lambda request: request.method == "POST"):
        page.click("#x-confirm [data-confirm-yes]")


def test_keyboard_reaches_search_rows_and_the_list_of_keys(page: Page, seen: Seen) -> None:
    page.goto(seen.address + "/gallery/")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.locator("tr.is-cursor .is-key").inner_text() == "AX2611210027"
    page.keyboard.press("Enter")
    page.wait_for_url("**#AX2611210027")
    page.keyboard.press("?")
    assert page.locator("#x-keys[open] kbd").count() > 20
    assert seen.faults == []


def test_live_frame_refreshes_what_listens_and_leaves_the_rest_alone(page: Page, seen: Seen) -> None:
    page.goto(seen.address + "/gallery-live/")
    page.evaluate("document.querySelector('#orders').mark = 1")
    with page.expect_request(lambda request: request.headers.get("x-live") == "1") as asked:
        pass
    assert asked.value.url == seen.address + "/gallery-live/"
    page.wait_for_timeout(300)
    assert page.evaluate("[document.querySelector('#orders').mark, document.querySelectorAll('#orders').length]") == [
        1,
        1,
    ]
    assert [fault for fault in seen.faults if "live" not in fault] == []


def test_dropped_files_are_previewed_and_can_be_taken_out(page: Page, seen: Seen) -> None:
    page.goto(seen.address + "/gallery/")
    files = [{"name": f"{n}.txt", "mimeType": "text/plain", "buffer": b"x" * 2000} for n in "ab"]
    page.eval_on_selector("form[data-keep] input[type=file]", "input => input.multiple = true")
    page.set_input_files("form[data-keep] input[type=file]", files)  # type: ignore[arg-type]
    assert page.locator(".x-preview").count() == 2
    page.click(".x-preview button >> nth=0")
    assert page.eval_on_selector(
        "form[data-keep] input[type=file]", "input => Array.from(input.files, f => f.name)"
    ) == ["b.txt"]


def test_customer_form_is_sent_without_script(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": SMALL, "height": 844}, java_script_enabled=False)
    page = context.new_page()
    page.goto(address + "/gallery/portal/")
    assert page.locator("[data-signature]").is_visible() is False
    page.click("label[for=stars-2]")
    page.fill("#id_phone", "13800005678")
    page.fill("#id_who", "周女士")
    page.check("#id_consent")
    page.click("button[form=report]")
    assert page.locator("#stars-2").is_checked()
    assert page.input_value("#id_who") == "周女士"
    assert page.locator("#id_symptoms_3").is_checked()
    context.close()


def test_photos_shrink_and_the_signature_travels_with_the_form(page: Page, seen: Seen, tmp_path: Path) -> None:
    photo = tmp_path / "machine.png"
    Image.effect_noise((2600, 2000), 90).convert("RGB").save(photo)
    page.goto(seen.address + "/gallery/portal/")
    page.set_input_files("input[name=photos]", photo)
    expect(page.locator(".photo figcaption")).to_contain_text("→")
    pad = page.locator("[data-signature] canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box
    page.mouse.move(box["x"] + 60, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 120, steps=12)
    page.mouse.up()
    page.fill("#id_phone", "13800005678")
    page.fill("#id_who", "周女士")
    page.check("#id_consent")
    page.click("button[form=report]")
    received = json.loads(page.locator("#received").text_content() or "")
    assert received["signature"] > 1000
    assert len(received["photos"]) == 1
    assert 0 < received["photos"][0] < photo.stat().st_size / 2
    assert seen.faults == []


def test_what_a_customer_typed_survives_a_reload(page: Page, seen: Seen) -> None:
    page.goto(seen.address + "/gallery/portal/")
    page.fill("#id_text", "F07, 早上九点停机")
    page.reload()
    assert page.input_value("#id_text") == "F07, 早上九点停机"
