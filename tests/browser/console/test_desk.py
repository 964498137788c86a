"""The work desk and the lists: live, by keyboard, by address, and each sees only what is theirs."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, Route, expect

from anxiu.accounts.models import Person
from anxiu.kernel.sequencer import catch_up
from anxiu.kernel.time import now
from anxiu.orders import actions
from anxiu.orders.choices import ContactResult
from tests.browser.console.conftest import Enter
from tests.given.assets import a_region, acting
from tests.given.orders import Company, Walk, an_engineer, opened


def numbers(page: Page) -> list[str]:
    return page.locator("#orders tbody .is-key").all_inner_texts()


def test_the_login_form_leads_to_the_desk(company: Company, visit: Enter) -> None:
    person = Person.objects.get(pk=company.agent.id)
    person.set_password("wheels of autumn")
    person.save()
    page = visit("/orders/", width=1440)
    page.wait_for_url("**/accounts/login/**")
    page.fill("input[name=login]", person.email)
    page.fill("input[name=password]", "a wrong guess")
    page.locator("form button[type=submit]").last.click()
    expect(page.locator(".x-error, .x-note").first).to_be_visible()
    page.fill("input[name=password]", "wheels of autumn")
    page.locator("form button[type=submit]").last.click()
    page.wait_for_url("**/orders/")
    expect(page.locator(".x-user-name")).to_have_text(person.name)


@pytest.mark.requirement("SLA-04")
def test_what_breaks_next_stands_first_and_late_ones_are_one_click_away(company: Company, enter: Enter) -> None:
    minor = opened(company, now() - timedelta(minutes=5), words="外壳有划痕")
    urgent = opened(company, now() - timedelta(minutes=5), words="有人被困")
    page = enter(company.dispatcher, "/")
    found = numbers(page)
    assert found.index(urgent.number) < found.index(minor.number)
    page.locator("a.x-kpi[href*='late=1']").click()
    page.wait_for_url("**/orders/?late=1")
    expect(page.locator("#orders")).to_be_visible()


def test_what_others_do_appears_without_a_reload(company: Company, enter: Enter) -> None:
    order = opened(company, now() - timedelta(minutes=5))
    page = enter(company.agent, f"/orders/{order.uid}/")
    expect(page.locator(".x-live.is-on")).to_be_attached()
    desk = enter(company.dispatcher, "/")
    expect(desk.locator(".x-live.is-on")).to_be_attached()
    page.evaluate("window.mark = 1")
    actions.contact_customer(
        actor=company.dispatcher, at=now(), order_uid=order.uid, result=ContactResult.REACHED, note="客户说下午方便"
    )
    another = opened(company, now())
    desk.keyboard.press("j")
    cursor = desk.locator("tr.is-cursor .is-key").inner_text()
    catch_up()
    expect(page.locator(".x-timeline")).to_contain_text("客户说下午方便")
    expect(desk.locator("#orders")).to_contain_text(another.number)
    assert page.evaluate("window.mark") == 1
    expect(desk.locator("tr.is-cursor .is-key")).to_have_text(cursor)


def test_lists_go_by_keyboard(company: Company, enter: Enter) -> None:
    for _ in range(3):
        opened(company, now() - timedelta(minutes=5))
    page = enter(company.agent, "/orders/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("j")
    second = numbers(page)[1]
    assert page.locator("tr.is-cursor .is-key").inner_text() == second
    page.keyboard.press("?")
    expect(page.locator("#x-keys[open]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#x-keys[open]")).to_have_count(0)
    page.keyboard.press("Enter")
    page.wait_for_url("**/orders/*-*/")
    expect(page.locator("h1")).to_have_text(second)
    page.keyboard.press("g")
    page.keyboard.press("d")
    page.wait_for_url(re.compile(r":\d+/$"))
    page.keyboard.press("/")
    page.keyboard.type(second)
    expect(page.locator("#x-hits")).to_contain_text(second)


def test_what_is_typed_before_the_script_runs_is_looked_for(company: Company, enter: Enter) -> None:
    order = opened(company, now())
    page = enter(company.agent, "/orders/")
    held: list[Route] = []

    def hold(script: Route) -> None:
        held.append(script)

    page.route("**/assets/main-*.js", hold)
    page.reload(wait_until="commit")
    box = page.get_by_role("searchbox", name="全局搜索")
    box.focus()
    page.keyboard.type(order.number)
    expect(box).to_have_value(order.number)
    held[0].continue_()
    expect(page.locator("#x-hits")).to_contain_text(order.number)


def test_filters_stand_in_the_address_and_survive_a_reload(company: Company, enter: Enter) -> None:
    urgent = opened(company, now() - timedelta(minutes=5), words="有人被困")
    other = opened(company, now() - timedelta(minutes=5), words="门有异响")
    page = enter(company.agent, "/orders/")
    page.select_option("#orders-severity", "urgent")
    page.wait_for_url("**severity=urgent**")
    expect(page.locator("#orders")).not_to_contain_text(other.number)
    page.reload()
    expect(page.locator("#orders")).to_contain_text(urgent.number)
    expect(page.locator("#orders")).not_to_contain_text(other.number)
    expect(page.locator("#orders-severity")).to_have_value("urgent")
    page.fill("#orders-q", "这样的工单没有")
    expect(page.locator("#orders .x-empty")).to_be_visible()
    page.go_back()
    expect(page.locator("#orders")).to_contain_text(urgent.number)


def test_a_long_list_goes_on_page_by_page(company: Company, enter: Enter) -> None:
    begin = now() - timedelta(minutes=40)
    made = {opened(company, begin + timedelta(seconds=n)).number for n in range(53)}
    page = enter(company.agent, "/orders/")
    first = numbers(page)
    assert len(first) == 50
    page.locator("#orders a[rel=next]").click()
    page.wait_for_url("**after=**")
    expect(page.locator("#orders tbody tr")).to_have_count(len(made) - 50)
    assert set(first) | set(numbers(page)) == made
    page.locator("#orders .x-table-foot a").first.click()
    expect(page.locator("#orders tbody tr")).to_have_count(50)


@pytest.mark.requirement("PF-04")
def test_engineers_see_their_own_orders_and_strangers_none(company: Company, enter: Enter) -> None:
    begin = now() - timedelta(minutes=30)
    mine = Walk(company, opened(company, begin), begin).to("booked")
    other = opened(company, begin)
    hand = enter(company.hands, "/orders/")
    assert numbers(hand) == [mine.number]
    assert hand.goto(f"/orders/{other.uid}/").status == 404  # type: ignore[union-attr]
    colleague = an_engineer(company.region)
    assert numbers(enter(colleague.person, "/orders/")) == []
    stranger = enter(acting("supervisor", a_region()), "/orders/")
    expect(stranger.locator("#orders .x-empty")).to_be_visible()
    assert stranger.goto(f"/orders/{mine.uid}/").status == 404  # type: ignore[union-attr]
    assert stranger.goto(f"/orders/{mine.uid}/cancel/").status in (403, 404)  # type: ignore[union-attr]
    stranger.goto("/search/?q=" + mine.number)
    expect(stranger.locator("main")).not_to_contain_text(mine.summary)
