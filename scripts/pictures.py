"""Take the pictures of README and guides: walk a running demo company as everybody in it would.

    make run                                                        # in one terminal
    .venv/bin/python scripts/pictures.py http://127.0.0.1:8000/     # in another

It carries two orders from the report to the archive on the way (about two minutes), so take a company you can spare;
a fresh one gives the same pictures but for the hour. Needed: the packages that `make test` installs, and Chromium
(`CHROMIUM` names it, otherwise `chromium` or `google-chrome` on the path). A message on the browser's console or an
answer of 500 ends it: the pictures are also a walk through the product.
"""

import argparse
import os
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from pictures_of_rules import figures, rules
from playwright.sync_api import expect, sync_playwright
from studio import CHROMIUM, Studio, ask, confirm, draw, drawn, shut

ROOT = Path(__file__).resolve().parents[1]
FAULT = "门机故障"
FOUND = "门机同步带开裂打滑，门刀间隙正常，安全回路完好"
CAUSE, DONE = "门机同步带老化开裂", "更换同步带，调整张紧度，连续开关门 30 次正常"


# ---- who and what ----------------------------------------------------------------------------------------------------
@dataclass
class Cast:
    """The engineer who has a login, where they work, and two machines there that nobody has reported yet."""

    engineer: str
    machines: list[str]  # addresses of their pages


def casting(studio: Studio) -> Cast:
    """Find the engineer's region, and two lifts under warranty in it without an order."""
    hand, desk = studio.enter("engineer", phone=True), studio.enter("dispatcher")
    hand.goto("/me/")
    name = hand.locator(".x-profile h2").inner_text()
    desk.goto(f"/engineers/?q={name}")
    region = desk.locator("main tbody tr", has_text=name).locator("td").nth(2).inner_text().strip()
    agent = studio.enter("agent")
    agent.goto("/machines/")
    areas, families = (agent.locator(f"#machines-{each} option") for each in ("region", "family"))
    area, family = (
        found.get_attribute("value")
        for found in (areas.filter(has_text=region).first, families.filter(has_text="电梯").first)
    )
    agent.goto(f"/machines/?region={area}&family={family}")
    rows = [
        each.get_attribute("href") or ""
        for each in agent.locator("main tbody tr td:first-child a, main tbody tr td:nth-child(2) a").all()
    ]
    found: list[str] = []
    for address in dict.fromkeys(each for each in rows if each.startswith("/machines/")):
        agent.goto(address)
        text = agent.locator("main").inner_text()
        if "保修内" in text and "有人报修后" in text:
            found.append(address)
        if len(found) == 2:
            return Cast(name, found)
    raise RuntimeError("no two lifts without orders: take a fresh demo company")


# ---- an order, step by step ------------------------------------------------------------------------------------------
def take_report(studio: Studio, machine: str) -> str:
    """The agent finds the machine by its number and writes down what the caller says; answers the order's address."""
    page = studio.enter("agent")
    page.goto(machine)
    serial = re.search(r"\b[A-Z]{2}\d{9}\b", page.locator("main").inner_text())
    assert serial
    page.goto("/intake/")
    page.fill("#intake-q", serial[0])
    hit = page.locator("#found a", has_text=serial[0]).first
    expect(hit).to_be_visible()
    hit.click()
    page.locator("a.x-hit[href*='contact=']").first.click()
    page.fill("#id_words", "客梯停在 12 楼，门反复开关，无法运行，轿内无人")
    page.select_option("#id_fault_class", label=FAULT)
    expect(page.locator("#proposal .x-note").first).to_be_visible()
    studio.shoot(page, "intake")
    with page.expect_navigation():
        page.locator("#report button.is-primary").click()
    studio.shoot(page, "order-opened", toast=True)
    return urlsplit(page.url).path


def contact(studio: Studio, order: str, name: str = "") -> None:
    """The agent reaches the customer: the first response."""
    page = studio.enter("agent")
    page.goto(order)
    ask(page, "contact_customer")
    page.locator("#x-dialog label", has_text="已联系上").click()
    page.fill("#x-dialog [name=note]", "轿内无人，已停用并围护；物业随时可配合")
    if name:
        studio.shoot(page, name)
    confirm(page)


def book(studio: Studio, order: str, engineer: str, name: str = "") -> None:
    """The dispatcher books the engineer with the login at the first hour they may come."""
    page = studio.enter("dispatcher")
    page.goto(order)
    ask(page, "book_visit")
    start = page.locator("#x-dialog [name=starts_at]")
    at, card = datetime.fromisoformat(start.input_value()), page.locator("#x-dialog .x-candidate", has_text=engineer)
    for _ in range(120):
        page.wait_for_timeout(500)
        if card.count():
            break
        at = (at + timedelta(hours=1)).replace(minute=0)
        start.fill(at.strftime("%Y-%m-%dT%H:%M"))
        start.dispatch_event("change")
    card.click()
    if name:
        page.locator("#x-dialog .x-others summary").click()
        studio.shoot(page, name)
    confirm(page)


def set_out(studio: Studio, order: str, *, with_pictures: bool = False) -> None:
    """The engineer accepts, prepares and leaves."""
    page = studio.enter("engineer", phone=True)
    page.goto(order)
    way = parse_qs(urlsplit(page.locator("a[href*='position=']").first.get_attribute("href") or "").query)
    longitude, latitude = map(float, way["position"][0].split(","))
    page.context.set_geolocation({"latitude": latitude + 0.0002, "longitude": longitude, "accuracy": 12})
    if with_pictures:
        studio.shoot(page, "phone-order")
    ask(page, "accept_visit")
    confirm(page)
    ask(page, "prepare")
    for box in page.locator("#x-dialog [name=checked]").all():
        box.check()
    if with_pictures:
        studio.shoot(page, "phone-prepare")
    confirm(page)
    ask(page, "depart")
    confirm(page)


def repair(studio: Studio, order: str, *, with_pictures: bool = False) -> None:
    """The engineer arrives, looks, works and completes."""
    page = studio.enter("engineer", phone=True)
    page.goto(order)
    ask(page, "arrive")
    expect(page.locator("#x-dialog .x-place.is-found")).to_be_visible()
    if with_pictures:
        studio.shoot(page, "phone-arrive")
    confirm(page)
    ask(page, "assess")
    page.fill("#x-dialog [name=finding]", FOUND)
    confirm(page)
    if with_pictures:
        studio.shoot(page, "phone-missing")
    for kind, fill in (("照片", {}), ("工时", {"minutes": "45"}), ("备件", {"quantity": "1"})):
        ask(page, "add_entry")
        page.locator("#x-dialog .x-pill", has_text=kind).click()
        for name, value in fill.items():
            page.fill(f"#x-dialog [name={name}]", value)
        if kind == "照片":
            page.set_input_files("#x-dialog [name=photos]", studio.photos)
            expect(page.locator("#x-dialog .x-preview")).to_have_count(2)
            if with_pictures:
                studio.shoot(page, "phone-record")
        if kind == "备件":
            options = page.locator("#x-dialog [name=part] option").all_inner_texts()
            page.select_option("#x-dialog [name=part]", label=next(each for each in options if "皮带" in each))
        confirm(page)
    ask(page, "complete_repair")
    page.fill("#x-dialog [name=cause]", CAUSE)
    page.fill("#x-dialog [name=solution]", DONE)
    page.locator("#x-dialog label", has_text="已解决").first.click()
    confirm(page)


def sign(studio: Studio, order: str) -> None:
    """The customer's outcomes on the engineer's phone: a link, a refusal (both only shown), then the signature."""
    page = studio.enter("engineer", phone=True)
    page.goto(order)
    ask(page, "refuse_sign_off")
    studio.shoot(page, "phone-refuse")
    shut(page)
    ask(page, "send_link/sign")
    page.locator("#x-dialog .x-dialog-foot button[type=submit]").click()
    expect(page.locator("#x-dialog img")).to_be_visible()
    studio.shoot(page, "phone-signing-link")
    page.goto(order)
    ask(page, "sign_off")
    page.fill("#x-dialog [name=signer]", "唐永刚")
    draw(page, "#x-dialog [data-signature] canvas")
    studio.shoot(page, "phone-sign")
    confirm(page)


def close(studio: Studio, order: str, *, with_pictures: bool = False) -> None:
    """The agent asks how it went and archives; report and guarantee are there by then."""
    page = studio.enter("agent")
    for _ in range(40):
        page.goto(order)
        if page.locator("a", has_text="质保证书").count():
            break
        page.wait_for_timeout(500)
    ask(page, "follow_up")
    page.locator("#x-dialog .x-checks label").first.click()
    if with_pictures:
        studio.shoot(page, "follow-up")
    confirm(page)
    ask(page, "archive")
    confirm(page)
    if with_pictures:
        studio.shoot(page, "archived")


def report_by_label(studio: Studio, machine: str) -> tuple[str, str]:
    """Somebody scans the label, reports, and asks something; answers the order's address and the tracking page's."""
    agent = studio.enter("agent")
    agent.goto(machine)
    code = agent.locator(".x-label-card .x-mono").inner_text().split()[0]
    page = studio.enter(phone=True)
    page.goto(f"/r/{code}")
    page.get_by_label(FAULT).check()
    page.fill("#id_words", "裙楼客梯关门到一半又打开，已请人看守")
    page.set_input_files("input[type=file]", studio.photos[:1])
    expect(page.locator(".photo")).to_have_count(1)
    page.fill("#id_caller_name", "高芳")
    page.fill("#id_caller_phone", "137 0000 7783")
    page.check("#id_consent")
    page.evaluate("scrollTo(0, 0)")
    studio.shoot(page, "customer-report")
    page.click("button[form=report]")
    number = page.locator(".number").inner_text()
    studio.shoot(page, "customer-receipt")
    page.get_by_role("link", name="查看进度").click()
    page.wait_for_load_state()
    page.fill("#ask [name=text]", "大概什么时候到？")
    page.click("text=提交问题")
    expect(page.locator(".talk")).to_contain_text("大概什么时候到？")
    agent.goto(f"/orders/?q={number}")
    agent.locator("main tbody a", has_text=number).first.click()
    agent.wait_for_load_state()
    return urlsplit(agent.url).path, page.url.partition("#")[0]


def answer(studio: Studio, order: str) -> None:
    """The agent answers the customer's question."""
    page = studio.enter("agent")
    page.goto(order)
    page.locator("button[data-dialog*='/questions/']").first.click()
    expect(page.locator("#x-dialog[open] form")).to_be_visible()
    page.fill("#x-dialog [name=text]", "工程师已在路上，到之前会再给您打电话。")
    studio.shoot(page, "question")
    confirm(page)


def sign_and_rate(studio: Studio, tracking: str) -> None:
    """The customer signs from the tracking page, then rates when the documents are there."""
    page = studio.enter(phone=True)
    page.goto(tracking)
    page.locator(".due button").click()
    page.wait_for_load_state()
    page.fill("#id_signer", "高芳")
    draw(page, "canvas")
    page.locator("canvas").evaluate("pad => pad.scrollIntoView({block: 'end'})")
    page.mouse.wheel(0, 150)
    studio.shoot(page, "customer-sign")
    page.click("button[form=sign]")
    expect(page.locator("h1")).to_have_text("已签字，谢谢您")
    door = page.locator("button", has_text="去评价")
    for _ in range(40):
        page.goto(tracking)
        if door.count():
            break
        page.wait_for_timeout(500)
    page.evaluate("scrollTo(0, 0)")
    studio.shoot(page, "customer-done")
    door.first.click()
    page.locator("label[for=score-5]").click()
    page.get_by_label("响应及时").check()
    page.evaluate("scrollTo(0, 0)")
    studio.shoot(page, "customer-rate")
    page.click("button[form=rate]")
    expect(page.locator("h1")).to_have_text("感谢您的评价")


# ---- pages that show what is there -----------------------------------------------------------------------------------
def look_around(studio: Studio) -> None:
    """Desk, lists and settings, each as the person who uses it."""
    pages = {
        "agent": {"/": "desk"},
        "dispatcher": {"/orders/": "orders", "/engineers/": "engineers"},
        "supervisor": {
            "/escalations/": "escalations", "/roster/": "roster", "/contracts/": "contracts",
            "/regulation/#c3": "regulation",
        },
        "admin": {"/people/": "people", "/people/posts/": "posts"},
    }
    for role, wanted in pages.items():
        page = studio.enter(role)
        for address, name in wanted.items():
            page.goto(address)
            if name == "escalations" and not page.locator("main tbody tr").count():
                page.locator("main .x-tabs a").nth(1).click()
                page.wait_for_timeout(600)
            studio.shoot(page, name)
    hand = studio.enter("engineer", phone=True)
    hand.goto("/")
    studio.shoot(hand, "phone-desk")


def reschedule(studio: Studio, order: str) -> None:
    """What moving a visit asks; nothing is moved."""
    page = studio.enter("dispatcher")
    page.goto(order)
    ask(page, "reschedule")
    page.wait_for_timeout(500)
    studio.shoot(page, "reschedule")
    shut(page)


def amend(studio: Studio) -> None:
    """What changing a figure of the regulation asks; nothing is published."""
    page = studio.enter("admin")
    page.goto("/regulation/")
    page.locator("[data-dialog*='sla.first_response']").first.click()
    expect(page.locator("#x-dialog[open] form")).to_be_visible()
    studio.shoot(page, "amend")
    shut(page)


def try_import(studio: Studio) -> None:
    """A file of customers is tried: one row is refused and named, nothing is kept."""
    page = studio.enter("admin")
    page.goto("/imports/")
    page.locator("form [name=kind]").select_option(label="客户、站点与联系人")
    page.fill("form [name=source]", "erp")
    rows = "客户编号,客户名称,区域\nA001,上海示例物业有限公司,浦东\nA002,上海样板酒店有限公司,没有的区域\n"
    page.set_input_files(
        "form input[type=file]", {"name": "customers.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    )
    page.locator("button", has_text="下一步：列").click()
    page.locator("#columns button", has_text="检查").click()
    expect(page.get_by_role("heading", name="被拒绝的行")).to_be_visible(timeout=30_000)
    studio.shoot(page, "import")
    page.get_by_role("button", name="放弃").click()
    page.locator("#x-dialog[open] form button[type=submit]").click()
    page.wait_for_url("**/imports/")


def walk(studio: Studio) -> None:
    """Everything, in the order in which it happens."""
    cast = casting(studio)
    look_around(studio)
    figures(studio)
    amend(studio)
    rules(studio)
    try_import(studio)
    order = take_report(studio, cast.machines[0])
    contact(studio, order, "contact")
    book(studio, order, cast.engineer, "booking")
    reschedule(studio, order)
    set_out(studio, order, with_pictures=True)
    repair(studio, order, with_pictures=True)
    sign(studio, order)
    close(studio, order, with_pictures=True)
    order, tracking = report_by_label(studio, cast.machines[1])
    contact(studio, order)
    book(studio, order, cast.engineer)
    set_out(studio, order)
    answer(studio, order)
    visitor = studio.enter(phone=True)
    visitor.goto(tracking)
    studio.shoot(visitor, "customer-track")
    repair(studio, order)
    sign_and_rate(studio, tracking)
    close(studio, order)
    keeper = studio.enter("admin")
    keeper.goto("/failures/")
    studio.shoot(keeper, "failures")


def main() -> int:
    """Walk, and say what the browser complained about."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("site", nargs="?", default="http://127.0.0.1:8000/", help="address of the running demo company")
    asked.add_argument("--into", type=Path, default=ROOT / "docs/pictures", help="folder of the pictures")
    given = asked.parse_args()
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    given.into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as kept, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=CHROMIUM)
        studio = Studio(browser, given.site, given.into, drawn(Path(kept)))
        walk(studio)
        browser.close()
    for fault in studio.faults:
        sys.stderr.write(f"{fault}\n")
    return 1 if studio.faults else 0


if __name__ == "__main__":
    sys.exit(main())
