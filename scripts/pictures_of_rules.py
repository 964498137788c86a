"""Pictures of what management and administrators look at: figures, the board, and the regulation being worked on."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect
from studio import Studio, confirm

WHY = "值班调整，响应时限与现场能力对齐"


def figures(studio: Studio) -> None:
    """The dashboard, one indicator of it, the board, and the way from a broken clause to its evidence."""
    page = studio.enter("management")
    page.goto("/dashboard/?show=on_time")
    studio.shoot(page, "dashboard")
    page.goto("/dashboard/on_time/")
    studio.shoot(page, "indicator")
    page.goto("/compliance/")
    studio.shoot(page, "compliance")
    page.locator(".x-board-list a").first.click()
    page.wait_for_load_state()
    studio.shoot(page, "cases")
    page.locator("main tbody tr a").nth(9).click()
    page.wait_for_load_state()
    studio.shoot(page, "evidence")


def rules(studio: Studio) -> None:
    """Presets, a draft with its controls, readiness, comparison, a process drawn, an operating manual, a pilot."""
    page = studio.enter("admin")
    page.goto("/regulation/presets/")
    studio.shoot(page, "presets")
    draft = _begin(page)
    page.goto(f"{draft}#c3")
    studio.shoot(page, "draft")
    for key, name in (("sla.first_response", "draft-table"), ("sla.ladder", "draft-ladder")):
        page.goto(f"{draft}set_figure/{key}/")
        studio.shoot(page, name)
    page.goto(f"{draft}readiness/")
    studio.shoot(page, "readiness")
    page.goto("/regulation/compare/?left=preset:default&right=preset:r3")
    studio.shoot(page, "compare")
    page.goto("/regulation/processes/repair/")
    studio.shoot(page, "process")
    page.goto("/regulation/manuals/dispatcher/")
    studio.shoot(page, "manual")
    _give_up(page, draft)
    page = studio.enter("management")
    page.goto("/regulation/pilots/")
    page.locator("main tbody a[href*='/pilots/']").first.click()
    page.wait_for_load_state()
    studio.shoot(page, "pilot")


def _begin(page: Page) -> str:
    """Begin a draft from the version in force; answers its address."""
    page.goto("/regulation/drafts/")
    page.locator("[data-dialog*='start_draft']").first.click()
    expect(page.locator("#x-dialog[open] form")).to_be_visible()
    page.fill("#x-dialog [name=why]", WHY)
    with page.expect_navigation():
        page.locator("#x-dialog .x-dialog-foot button[type=submit]").click()
    page.wait_for_load_state()
    found = re.match(r"/regulation/versions/[0-9a-f-]+/", urlsplit(page.url).path)
    assert found
    return found[0]


def _give_up(page: Page, draft: str) -> None:
    """Take the draft away again: the pictures leave the regulation as it was."""
    page.goto(draft)
    page.locator("[data-dialog*='discard_draft']").first.click()
    expect(page.locator("#x-dialog[open] form")).to_be_visible()
    page.fill("#x-dialog [name=why]", "仅为演示")
    confirm(page)
