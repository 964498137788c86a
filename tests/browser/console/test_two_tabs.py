"""One stream a browser, several tabs: none of them misses what happened while it was not listening yet."""

from datetime import timedelta

from playwright.sync_api import Page, Route, expect

from anxiu.kernel.sequencer import catch_up
from anxiu.kernel.time import now
from anxiu.orders import actions
from anxiu.orders.choices import ContactResult
from anxiu.orders.models import Order
from tests.browser.console.conftest import Enter
from tests.given.orders import Company, opened


def said(company: Company, order: Order, note: str) -> None:
    actions.contact_customer(
        actor=company.dispatcher, at=now(), order_uid=order.uid, result=ContactResult.REACHED, note=note
    )
    catch_up()


def beside(page: Page, path: str, *, waits: list[Route] | None = None) -> Page:
    """Another tab of the same browser; with `waits` its script is held back until the test lets it go."""
    tab = page.context.new_page()
    if waits is not None:
        tab.route("**/main-*.js", lambda route: waits.append(route))  # noqa: PLW0108  # the driver marks it, a method cannot be marked
    tab.goto(path, wait_until="commit" if waits is not None else "load")
    return tab


def test_a_tab_that_opens_while_something_happens_shows_it(company: Company, enter: Enter) -> None:
    order = opened(company, now() - timedelta(minutes=5))
    path = f"/orders/{order.uid}/"
    first = enter(company.agent, path)
    expect(first.locator(".x-live.is-on")).to_be_attached()
    held: list[Route] = []
    second = beside(first, first.url, waits=held)
    expect(second.locator(".x-timeline")).to_be_attached()
    for _ in range(40):
        if held:
            break
        second.wait_for_timeout(100)
    assert held, "the script was not asked for"
    said(company, order, "客户说上午方便")
    expect(first.locator(".x-timeline")).to_contain_text("客户说上午方便")
    assert "客户说上午方便" not in second.locator(".x-timeline").inner_text()
    for route in held:
        route.continue_()
    expect(second.locator(".x-timeline")).to_contain_text("客户说上午方便")


def test_the_other_tab_takes_over_and_hears_what_came_between(company: Company, enter: Enter) -> None:
    order = opened(company, now() - timedelta(minutes=5))
    first = enter(company.agent, f"/orders/{order.uid}/")
    expect(first.locator(".x-live.is-on")).to_be_attached()
    second, third = (beside(first, first.url) for _ in range(2))
    for tab in (second, third):
        expect(tab.locator(".x-live.is-on")).to_be_attached()
    said(company, order, "客户说下午方便")
    for tab in (first, second, third):
        expect(tab.locator(".x-timeline")).to_contain_text("客户说下午方便")
    first.close()
    said(company, order, "客户改到晚上")
    for tab in (second, third):
        expect(tab.locator(".x-timeline")).to_contain_text("客户改到晚上")
    second.close()
    said(company, order, "客户改到明天")
    expect(third.locator(".x-timeline")).to_contain_text("客户改到明天")
