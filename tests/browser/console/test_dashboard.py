"""The dashboard in a browser: charts are drawn, each has its table, and both lead to the orders."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from anxiu.kernel.time import now
from tests.browser.conftest import PHONE
from tests.browser.console.conftest import Enter
from tests.given.orders import Company, Walk, opened
from tests.kpi.test_facts import measured

pytestmark = pytest.mark.requirement("KPI-01", "KPI-05")


@pytest.fixture
def lived(company: Company) -> Company:
    for days in (3, 10, 17):
        at = now() - timedelta(days=days)
        Walk(company, opened(company, at), at).to("archived")
    measured()
    return company


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_charts_are_drawn_and_lead_to_the_orders(lived: Company, enter: Enter, theme: str) -> None:
    page = enter(lived.supervisor, "/dashboard/?show=wait", theme=theme)
    charts = page.locator("[data-chart]")
    expect(page.locator("[data-chart][data-drawn]")).to_have_count(charts.count())
    assert charts.count() == 3
    painted = "canvas => new Set(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data).size"
    for canvas in page.locator("[data-chart] canvas").all():
        assert canvas.evaluate(painted) > 10
    charts.first.locator("xpath=following::details[contains(@class, 'x-as-table')][1]/summary").focus()
    page.keyboard.press("Enter")
    row = page.locator(".x-as-table[open] tbody tr a").last
    row.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/dashboard/wait/orders/**")
    expect(page.locator("#facts tbody tr")).to_have_count(1)
    page.locator("#facts tbody a").first.click()
    page.wait_for_url("**/orders/*/")


def test_a_filter_changes_figures_and_address_and_the_charts_are_drawn_anew(lived: Company, enter: Enter) -> None:
    page = enter(lived.supervisor, "/dashboard/")
    expect(page.locator(".x-dash-fact b").first).to_have_text("3")
    page.locator("select[name=period]").select_option("30")
    page.wait_for_url("**period=30**")
    page.locator("select[name=severity]").select_option("minor")
    page.wait_for_url("**severity=minor**")
    page.locator("#dash-show").select_option("handling")
    page.wait_for_url("**show=handling**")
    expect(page.locator("#dash-show")).to_have_value("handling")
    expect(page.locator("select[name=severity]")).to_have_value("minor")
    page.locator("select[name=period]").select_option("custom")
    expect(page.locator("input[name=since]")).to_be_visible()
    expect(page.locator("[data-chart][data-drawn] canvas").first).to_be_visible()


def test_an_engineer_on_a_phone_sees_their_own_beside_the_regions(lived: Company, enter: Enter) -> None:
    page = enter(lived.hands, "/dashboard/", width=PHONE)
    expect(page.locator(".x-ind")).to_have_count(15)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator(".x-ind-name").first.click()
    page.wait_for_url("**/dashboard/response/**")
    expect(page.locator(".x-formula")).to_be_visible()
