"""What people do on an order's page, step by step."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from anxiu.catalogue.models import Part
from anxiu.orders.choices import State
from anxiu.orders.models import Order
from tests.browser.console.conftest import PHONE, PHONE_PLACE, Enter, confirm, dialog, refused
from tests.given.orders import Company, react_all

# What may still be done with a shut file: give its papers out once more.
PAPERS = {"issue_document", "track"}


def to(page: Page, order: Order) -> Page:
    page.goto(f"/orders/{order.uid}/")
    return page


def sign(page: Page) -> None:
    """Draw on the pad with the pointer."""
    canvas = page.locator("#x-dialog [data-signature] canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box
    assert box["width"] > 200
    page.mouse.move(box["x"] + 40, box["y"] + 90)
    page.mouse.down()
    for x, y in ((80, 40), (120, 120), (170, 50), (230, 100)):
        page.mouse.move(box["x"] + x, box["y"] + y, steps=6)
    page.mouse.up()
    expect(page.locator("#x-dialog .x-pad.is-signed")).to_be_visible()


def carry(enter: Enter, company: Company, order: Order, part: Part, photos: list[Path]) -> None:
    """An order from its first call to the archive, by agent, dispatcher, engineer and customer in their browsers."""
    agent = to(enter(company.agent), order)
    dialog(agent, "contact_customer")
    agent.locator("#x-dialog label", has_text="已联系上").click()
    agent.fill("#x-dialog [name=note]", "已电话确认现象")
    confirm(agent)
    dispatcher = to(enter(company.dispatcher), order)
    dialog(dispatcher, "book_visit")
    confirm(dispatcher)

    hand = enter(company.hands, "/orders/", width=PHONE, geolocation=PHONE_PLACE, permissions=["geolocation"])
    hand.locator("tr", has_text=order.number).locator("a").first.click()
    hand.wait_for_url("**/orders/*/")
    assert hand.evaluate("document.documentElement.scrollWidth") == PHONE
    dialog(hand, "accept_visit")
    confirm(hand)
    dialog(hand, "prepare")
    assert "未勾选" in refused(hand)
    boxes = hand.locator("#x-dialog [name=checked]")
    for number in range(boxes.count()):
        boxes.nth(number).check()
    confirm(hand)
    dialog(hand, "depart")
    confirm(hand)
    dialog(hand, "arrive")
    expect(hand.locator(".x-place.is-found")).to_contain_text("12")
    confirm(hand)
    visit = order.visits.get()
    assert (visit.arrival_proof, visit.arrival_flag, visit.arrival_distance_metres) == ("place", "", 0)
    dialog(hand, "assess")
    hand.fill("#x-dialog [name=finding]", "门机皮带断裂")
    confirm(hand)

    dialog(hand, "complete_repair")
    hand.fill("#x-dialog [name=cause]", "皮带老化")
    hand.fill("#x-dialog [name=solution]", "更换皮带并试运行")
    hand.locator("#x-dialog label", has_text="已解决").first.click()
    missing = refused(hand)
    assert "照片" in missing
    assert "工时" in missing
    hand.keyboard.press("Escape")
    record(hand, photos, part)
    dialog(hand, "complete_repair")
    assert hand.input_value("#x-dialog [name=cause]") == "皮带老化"
    confirm(hand)

    dialog(hand, "sign_off")
    expect(hand.locator(".x-document")).to_contain_text("更换皮带并试运行")
    expect(hand.locator(".x-document")).to_contain_text("同步带")
    hand.fill("#x-dialog [name=signer]", "王小明")
    assert "签" in refused(hand)
    sign(hand)
    confirm(hand)
    order.refresh_from_db()
    assert order.state == State.FOLLOWING_UP
    assert order.sign_off.latitude == pytest.approx(PHONE_PLACE["latitude"])

    react_all()
    finish(enter, company, order)


def verbs(page: Page) -> set[str]:
    """The verbs that the page offers."""
    offered = "#order-page [data-dialog]:not(.is-clocks *)"  # beside a clock stands why it is due then
    found = page.eval_on_selector_all(offered, "all => all.map(each => each.dataset.dialog)")
    return {each.split("?")[0].rstrip("/").rsplit("/", 1)[-1] for each in found}


def record(hand: Page, photos: list[Path], part: Part) -> None:
    """Two photos at once, a reading, labour and a part; each kind shows its own fields only."""
    dialog(hand, "add_entry")
    expect(hand.locator("#x-dialog [name=minutes]")).to_be_hidden()
    assert "照片" in refused(hand)
    hand.set_input_files("#x-dialog [name=photos]", photos)
    expect(hand.locator("#x-dialog .x-preview")).to_have_count(2)
    confirm(hand)
    expect(hand.locator(".x-photos img")).to_have_count(2)
    dialog(hand, "add_entry")
    hand.locator("#x-dialog .x-pill", has_text="读数").click()
    expect(hand.locator("#x-dialog [name=photos]")).to_be_hidden()
    hand.fill("#x-dialog [name=measured]", "门机电流")
    hand.fill("#x-dialog [name=value]", "1.8")
    hand.fill("#x-dialog [name=unit]", "A")
    confirm(hand)
    dialog(hand, "add_entry")
    hand.locator("#x-dialog .x-pill", has_text="工时").click()
    hand.fill("#x-dialog [name=minutes]", "45")
    confirm(hand)
    dialog(hand, "add_entry")
    hand.locator("#x-dialog .x-pill", has_text="备件").click()
    hand.select_option("#x-dialog [name=part]", str(part.pk))
    hand.fill("#x-dialog [name=quantity]", "2")
    confirm(hand)
    work = hand.locator("main")
    for said in ("门机电流", "1.8 A", "45", "同步带", "× 2"):
        expect(work).to_contain_text(said)


def finish(enter: Enter, company: Company, order: Order) -> None:
    """The report opens as a PDF; follow-up, archive; then the file is shut."""
    agent = to(enter(company.agent), order)
    link = agent.locator("a[href*='/files/']", has_text="服务报告").first
    expect(link).to_be_visible()
    pdf = agent.context.request.get(link.get_attribute("href") or "")
    assert pdf.headers["content-type"] == "application/pdf"
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(pdf.body())).pages)
    assert order.number in text
    assert "更换皮带并试运行" in re.sub(r"\s", "", text)
    dialog(agent, "follow_up")
    agent.locator("#x-dialog .x-checks label").first.click()
    confirm(agent)
    dialog(agent, "archive")
    confirm(agent)
    expect(agent.locator(".x-next")).to_contain_text("已归档")
    assert verbs(agent) - PAPERS == set()
    order.refresh_from_db()
    assert order.state == State.ARCHIVED
    late = agent.context.request.post(
        f"/orders/{order.uid}/contact_customer/",
        form={"key": "late", "result": "reached", "csrfmiddlewaretoken": csrf(agent)}, headers={"referer": agent.url},
    )  # fmt: skip
    assert late.status == 422
    assert "归档" in late.text()


def csrf(page: Page) -> str:
    return str(page.evaluate("JSON.parse(document.body.getAttribute('hx-headers:inherited'))['X-CSRFToken']"))
