"""Every main page for everybody: both languages, light and dark, desk and phone, and nothing leaves the screen."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from anxiu.accounts.actions import NewPerson, add_person
from anxiu.accounts.models import Person
from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.time import now
from anxiu.orders.models import Order
from tests.browser.console.conftest import PHONE, Enter
from tests.given.orders import Company, Walk, opened, react_all

WIDE = 1440
PLACES = (
    "/", "/orders/", "/orders/?tab=ended", "/intake/", "/escalations/", "/customers/", "/machines/", "/catalogue/",
    "/catalogue/faults/", "/catalogue/parts/", "/engineers/", "/engineers/skills/", "/roster/", "/people/", "/people/posts/",
    "/people/places/", "/regulation/", "/regulation/presets/", "/regulation/presets/r1/?origin=published", "/compliance/",
    "/compliance/3.1/", "/dashboard/", "/dashboard/wait/", "/dashboard/wait/orders/", "/calendar/", "/deliveries/",
    "/failures/", "/inbox/", "/duties/", "/me/", "/search/?q=AT",
    "/imports/",
)  # fmt: skip


@pytest.fixture
def orders(company: Company) -> list[Order]:
    """One order at every step, the oldest first: reactors act on all of them, and on none before it was opened."""
    made = []
    steps = ("contacted", "booked", "prepared", "arrived", "worked", "completed", "signed", "archived")
    for number, step in reversed(list(enumerate(steps))):
        begin = now() - timedelta(hours=3 * (number + 1))
        made.append(Walk(company, opened(company, begin), begin).to(step))
    react_all()
    return made


def everything() -> Person:
    """Somebody who may see every page."""
    new = NewPerson(
        f"同事{now():%H%M%S%f}", f"all{now():%H%M%S%f}@example.com", (("administrator", None), ("agent", None))
    )
    return add_person(actor=SYSTEM, at=now(), new=new)


@pytest.mark.requirement("PF-07")
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["zh-CN", "en-US"])
@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_every_page_fits_and_says_everything_in_one_language(
    company: Company, orders: list[Order], enter: Enter, width: int, locale: str, theme: str
) -> None:
    page = enter(everything(), "/me/", width=width, locale=locale, theme=theme)
    urls = [
        *PLACES, *(f"/orders/{order.uid}/" for order in orders), f"/customers/{company.customer.uid}/",
        f"/machines/{company.machine.uid}/", f"/engineers/{company.engineer.uid}/",
        f"/people/{company.engineer.person.uid}/",
    ]  # fmt: skip
    wrong = []
    for url in urls:
        answer = page.goto(url)
        status = answer.status if answer else 0
        if status != 200:
            wrong.append((url, status))
            continue
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
            wrong.append((url, wide))
        if locale == "en-US" and (said := page.evaluate(CHINESE)):
            wrong.append((url, said))
    assert wrong == []
    assert page.get_attribute("html", "data-bs-theme") == theme
    assert page.get_attribute("html", "lang") == ("en" if locale == "en-US" else "zh-CN")


# Chinese in an English page that is not data: buttons, headings, labels, menus. Names of places and people are data.
CHINESE = """() => [...document.querySelectorAll('h1, h2, th, label, button, .x-nav-item, .x-tab, dt')]
  .filter(each => !each.closest('[lang]:not(html)'))
  .map(each => [...each.childNodes].filter(node => node.nodeType === 3).map(node => node.textContent).join('').trim())
  .filter(text => /[\\u4e00-\\u9fff]/.test(text))
  .filter(text => !/^(中|中文|华东机电有限公司|同事|师傅|电梯停梯|M\\d+ 型|安泰)/.test(text))"""


@pytest.mark.requirement("PF-07")
def test_language_and_theme_change_from_any_page(company: Company, enter: Enter) -> None:
    page = enter(company.agent, "/orders/", locale="zh-CN")
    expect(page.locator("h1")).to_have_text("工单")
    page.locator(".x-lang button").click()
    expect(page.locator("h1")).to_have_text("Orders")
    assert page.url.endswith("/orders/")
    page.locator(".x-theme summary").click()
    page.locator(".x-theme [data-theme-set=dark]").click()
    page.reload()
    assert page.get_attribute("html", "data-bs-theme") == "dark"
    expect(page.locator("h1")).to_have_text("Orders")
    again = enter(company.agent, "/me/", locale="zh-CN")
    expect(again.locator("input[name=language][value=en]")).to_be_checked()
