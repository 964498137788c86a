"""A browser before a running demo company: who is logged in, the dialogs they fill, the pictures that are kept."""

import io
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import django
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Response, expect

DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
MAX_BYTES, COLOURS = 200_000, (256, 192, 128, 96, 64)
PASSWORD = "anxiu-demo-2026"  # of the demo company only; `make run` prints it
CHROMIUM = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run")


@dataclass
class Studio:
    """A browser before the site: who is logged in, and where pictures go."""

    browser: Browser
    site: str
    folder: Path
    photos: list[Path]
    rooms: dict[str, Page] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def enter(self, role: str = "", *, phone: bool = False) -> Page:
        """The page of a demo login, or of a customer who has none; the same one each time."""
        key = f"{role}:{phone}"
        if key not in self.rooms:
            more: dict[str, object] = {"is_mobile": True, "has_touch": True} if phone else {}
            context = self.browser.new_context(
                base_url=self.site, viewport=PHONE if phone else DESK, locale="zh-CN", timezone_id="Asia/Shanghai",
                reduced_motion="reduce", color_scheme="light", permissions=["geolocation"], **more,
            )  # fmt: skip
            context.add_cookies([{"name": "anxiu_theme", "value": "light", "url": self.site}])
            self.rooms[key] = self._watched(context, role or "customer")
            if role:
                self._log_in(self.rooms[key], role)
        return self.rooms[key]

    def _watched(self, context: BrowserContext, who: str) -> Page:
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda said: self.faults.append(f"{who}: {said.text}") if said.type == "error" else None)
        page.on("pageerror", lambda error: self.faults.append(f"{who}: {error}"))
        page.on("response", lambda got: self._heard(who, got))
        return page

    def _heard(self, who: str, got: Response) -> None:
        if got.status >= 500:
            self.faults.append(f"{who}: {got.status} {got.url}")

    def _log_in(self, page: Page, role: str) -> None:
        page.goto("/accounts/login/")
        page.fill("input[name=login]", f"{role}@demo.anxiu.example")
        page.fill("input[name=password]", PASSWORD)
        with page.expect_navigation():
            page.click("form button[type=submit]")

    def shoot(self, page: Page, name: str, *, toast: bool = False) -> None:
        """What the window shows now, in as many colours as 200 KB allow."""
        while not toast and page.locator("[data-toast-close]:visible").count():
            page.locator("[data-toast-close]:visible").first.dispatch_event("click")  # it may lie behind a dialog
            page.wait_for_timeout(250)
        page.mouse.move(5, 5)
        page.evaluate("document.fonts.ready")
        page.wait_for_timeout(500)
        picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        for colours in COLOURS:
            kept = io.BytesIO()
            picture.quantize(colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(
                kept, "PNG", optimize=True
            )
            if kept.tell() <= MAX_BYTES:
                break
        (self.folder / f"{name}.png").write_bytes(kept.getvalue())
        sys.stdout.write(f"{name}.png  {kept.tell() // 1000} KB\n")


# ---- dialogs ---------------------------------------------------------------------------------------------------------
def ask(page: Page, verb: str) -> None:
    """Open a verb's dialog, wherever the order's page offers it."""
    button = page.locator(f"#order-page button[data-dialog$='/{verb}/']")
    if not button.first.is_visible():
        page.locator(".x-next details.x-menu summary").click()
    button.locator("visible=true").first.click()
    expect(page.locator("#x-dialog[open] form")).to_be_visible()


def confirm(page: Page) -> None:
    """Send the open dialog and wait for the page that shows what it did."""
    with page.expect_navigation(), page.expect_response(lambda got: got.request.method == "POST") as answer:
        page.locator("#x-dialog .x-dialog-foot button[type=submit]").click()
    if answer.value.status != 204:
        raise RuntimeError(page.locator("#x-dialog").inner_text())
    expect(page.locator("#x-dialog[open]")).to_have_count(0)


def shut(page: Page) -> None:
    """Close the open dialog without doing anything."""
    page.keyboard.press("Escape")
    expect(page.locator("#x-dialog[open]")).to_have_count(0)


def draw(page: Page, canvas: str) -> None:
    """Sign on the pad."""
    pad = page.locator(canvas)
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box() or {"x": 0, "y": 0, "width": 0, "height": 0}
    left, middle = box["x"] + 40, box["y"] + box["height"] * 0.55
    for stroke in (
        ((0, 0), (60, -45), (20, 20), (70, -10)), ((95, -45), (85, 25)), ((75, -25), (140, -30), (110, 15), (150, 20)),
        ((170, -50), (165, 30), (215, 10)),
    ):  # fmt: skip
        page.mouse.move(left + stroke[0][0], middle + stroke[0][1])
        page.mouse.down()
        for x, y in stroke[1:]:
            page.mouse.move(left + x, middle + y, steps=8)
        page.mouse.up()


# ---- what they photograph ------------------------------------------------------------------------------------------
def drawn(folder: Path) -> list[Path]:
    """Two photos of a lift's control cabinet, before and after, as the demo company has them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anxiu.project.settings")
    django.setup()
    from anxiu.demo.pictures import photo

    for name in ("before.jpg", "after.jpg"):
        (folder / name).write_bytes(photo("lift", Random(3), mended=name == "after.jpg").content.read())
    return [folder / "before.jpg", folder / "after.jpg"]
