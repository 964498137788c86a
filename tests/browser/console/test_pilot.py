"""A pilot by the people whose part it is: an approved version tried in some regions, compared with the rest, rolled out."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from anxiu.accounts.models import Region
from anxiu.kernel.time import now
from anxiu.kpi.queries import days_of
from anxiu.kpi.queries.figures import COMPANY
from anxiu.kpi.rules.piloting import weeks
from anxiu.orders.models import Order
from anxiu.regulation.queries import in_force
from tests.browser.console.conftest import PHONE, Enter, confirm
from tests.given.assets import a_region
from tests.given.facts import Told, many
from tests.given.orders import Company, Walk, opened
from tests.given.piloted import approved, started
from tests.kpi.test_facts import measured

pytestmark = pytest.mark.requirement("REG-03")
REGIONS, WEEKS = 8, 6


def fill(page: Page, regions: list[Region], leader: int) -> None:
    dialog = page.locator("#x-dialog")
    for region in regions:
        dialog.locator("label", has_text=region.name_zh).first.click()
    dialog.locator("[name=until_date]").fill(f"{now() + timedelta(days=90):%Y-%m-%d}")
    dialog.locator("[name=leader_id]").select_option(str(leader))
    for name in ("响应用时", "一次修复率"):
        dialog.locator("label", has_text=name).first.click()
    dialog.locator("[name=purpose]").fill("看响应能否更快")


def test_a_pilot_is_started_by_hand(company: Company, enter: Enter) -> None:
    a_region()
    version = approved(now() - timedelta(hours=1), company.supervisor.person_id)
    page = enter(company.management, "/regulation/pilots/")
    page.get_by_role("button", name="发起试点").click()
    expect(page.locator("#x-dialog[open] form")).to_be_visible()
    fill(page, [], company.supervisor.person_id)
    page.locator("#x-dialog button[type=submit]").click()
    expect(page.locator("#x-dialog")).to_contain_text("试点须留有不参加的区域或业务类型")
    page.locator("#x-dialog label", has_text=company.region.name_zh).first.click()
    confirm(page)
    page.wait_for_url("**/regulation/pilots/*-*/")
    expect(page.locator(".x-version-facts .x-chip").first).to_have_text("试点中")
    expect(page.locator("#content")).to_contain_text("第一个整周还没有结束")
    expect(page.locator(".x-pilot-change")).to_contain_text("紧急：20 分钟")
    order = opened(company, now(), words="有人被困")
    assert order.version == version
    document = enter(company.hands, "/regulation/")
    expect(document.locator(".x-doc-hint")).to_contain_text("本版本正在")


def test_a_pilot_is_compared_and_rolled_out_by_hand(company: Company, enter: Enter) -> None:
    pattern = Walk(company, opened(company)).to("completed")
    measured()
    regions = [a_region() for _ in range(REGIONS)]
    midnight = now().astimezone(COMPANY).replace(hour=0, minute=0, second=0, microsecond=0)
    begin = midnight - timedelta(weeks=WEEKS)
    many(pattern, told(regions, begin))
    pilot = started(begin, company.supervisor.person_id, regions=tuple(each.pk for each in regions[:4]))
    page = enter(company.management, "/regulation/pilots/")
    page.locator(f".x-pilot-card[href*='{pilot.uid}']").click()
    page.wait_for_url("**/regulation/pilots/*-*/")
    card = page.locator("#pilot-response-card")
    expect(card.locator(".x-chip")).to_have_text("变好")
    expect(card.locator(".x-pilot-sentence")).to_contain_text("试点部分低了")
    expect(page.locator("#pilot-first_fix-card .x-pilot-sentence")).to_contain_text("无法区分")
    expect(page.locator(".x-chart[data-drawn]")).to_have_count(2)
    figure = card.locator(".x-pilot-sides .x-pilot-cell").nth(1)
    count = re.search(r"(\d+) 例", figure.inner_text())
    assert count
    first, last = days_of(weeks(begin.date(), midnight.date(), 1), since=True)
    figure.click()
    page.wait_for_url("**/dashboard/response/orders/**")
    assert f"since={first}&until={last}" in page.url
    expect(page.locator(".x-dash-sum")).to_contain_text(f"{count[1]} 例")
    page.go_back()

    page.get_by_role("button", name="推广").click()
    expect(page.locator("#x-dialog[open] form")).to_contain_text("不能撤销")
    page.fill("#x-dialog [name=why]", "响应明显更快，修复不差")
    confirm(page)
    expect(page.locator(".x-pilot-decision")).to_contain_text("响应明显更快")
    expect(page.locator(".x-version-facts .x-chip").first).to_have_text("已推广")
    pilot.refresh_from_db()
    assert in_force(None, "", now()) == pilot.version
    assert in_force(company.region.pk, "repair", now()) == pilot.version
    assert opened(company, now()).version == pilot.version
    assert Order.objects.get(pk=pattern.pk).version != pilot.version


def told(regions: list[Region], begin) -> list[Told]:
    """The first four answer sooner since it began; one of five is never fixed at once."""
    rows = []
    for place, region in enumerate(regions):
        for week in range(-8, WEEKS):
            for number in range(3):
                minutes = 60 + place + (week * 7 + number * 3 + place) % 5 - (20 if week >= 0 and place < 4 else 0)
                at = begin + timedelta(weeks=week, days=number, hours=9)
                rows.append(Told(region, at, minutes, (week + number + place) % 5 > 0))
    return rows


def test_a_pilot_is_read_on_a_phone_and_withdrawn(company: Company, enter: Enter) -> None:
    a_region()
    pilot = started(now() - timedelta(days=20), company.supervisor.person_id, regions=(company.region.pk,))
    page = enter(company.management, f"/regulation/pilots/{pilot.uid}/", width=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(page.locator("#content")).to_contain_text("没有数据")
    page.get_by_role("button", name="撤回").click()
    page.fill("#x-dialog [name=why]", "人手不足，停止试点")
    confirm(page)
    expect(page.locator(".x-pilot-decision")).to_contain_text("人手不足")
    assert in_force(company.region.pk, "repair", now()) != pilot.version
