"""A version of the regulation by the people whose part it is: drafted, reviewed, approved, in force, enforced."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from anxiu.accounts.models import Person
from anxiu.kernel.time import now
from anxiu.orders.models import Order
from anxiu.regulation.models import Version
from anxiu.sla.choices import ClockKind
from anxiu.sla.models import Clock
from tests.browser.console.conftest import Enter, confirm
from tests.given.orders import Company, opened


def first_response(order: Order) -> timedelta:
    clock = Clock.objects.get(subject_kind="order", subject_id=order.pk, kind=ClockKind.FIRST_RESPONSE)
    return clock.due_at - clock.started_at


def ask(page: Page, verb: str) -> None:
    """Open the dialog of a verb."""
    page.locator(f"button[data-dialog*='/{verb}/']").first.click()
    expect(page.locator("#x-dialog[open] form")).to_be_visible()


def because(page: Page, why: str) -> None:
    page.fill("#x-dialog [name=why]", why)
    confirm(page)


@pytest.mark.requirement("REG-01", "REG-05", "REG-10", "REG-11")
def test_a_version_is_drafted_reviewed_approved_and_enforced(company: Company, enter: Enter) -> None:
    before = opened(company, now() - timedelta(minutes=5), words="有人被困")
    assert first_response(before) == timedelta(minutes=30)
    author = enter(company.supervisor, "/regulation/")
    author.locator(".x-doc-tools details summary", has_text="更多").click()
    author.get_by_role("link", name="制度修订").click()
    ask(author, "start_draft")
    author.select_option("#x-dialog [name=region_id]", str(company.region.pk))
    because(author, "半年评审")
    author.wait_for_url("**/regulation/versions/*/")
    here = author.url
    author.locator("a[href$='/set_figure/sla.first_response/']").click()
    author.fill("[name=figure__urgent_0]", "200000000")
    author.fill("[name=why]", "客户反映响应偏慢")
    author.get_by_role("button", name="存入草案").last.click()
    expect(author.locator(".x-note")).to_contain_text("第 3.1 条")
    expect(author.locator("[name=why]")).to_have_value("客户反映响应偏慢")
    author.fill("[name=figure__urgent_0]", "20")
    author.get_by_role("button", name="存入草案").last.click()
    author.wait_for_url("**#k3.1")
    expect(author.locator("#k3\\.1")).to_contain_text("紧急故障 20 分钟内")
    author.locator("a[href$='/write_clause/1.4/']").click()
    author.fill("[name=title_zh]", "行为红线")
    author.fill("[name=why]", "说法更明白")
    author.get_by_role("button", name="存入草案").last.click()
    author.wait_for_url("**#k1.4")
    expect(author.locator("#k1\\.4 h4")).to_contain_text("行为红线")

    ask(author, "name_working_group")
    agent, manager = (Person.objects.get(pk=each.person_id) for each in (company.agent, company.supervisor))
    author.check(f"#x-dialog [name=lead][value='{manager.pk}']")
    author.check(f"#x-dialog [name=members][value='{agent.pk}']")
    because(author, "各部门参加")
    ask(author, "submit_for_review")
    because(author, "请评审")

    reader = enter(company.agent, here)
    reader.locator("#k3\\.1 button[data-dialog*='comment_on_clause']").click()
    reader.fill("#x-dialog [name=text]", "夜间 20 分钟做得到吗？")
    confirm(reader)
    expect(reader.locator("#k3\\.1 .x-comment")).to_contain_text("夜间 20 分钟")
    author.goto(f"{here}review/")
    ask(author, "settle_comment")
    author.locator("#x-dialog label", has_text="未采纳").click()
    author.fill("#x-dialog [name=answer]", "夜间有值班人员。")
    confirm(author)

    decider = enter(company.management, here)
    ask(decider, "approve_version")
    because(decider, "同意")
    ask(decider, "put_in_force")
    because(decider, "立即执行")
    expect(decider.locator(".x-version-facts .x-chip").first).to_have_text("生效")
    decider.goto(f"{here}log/")
    log = decider.locator(".x-log")
    for words in ("紧急：30 分钟", "紧急：20 分钟", "客户反映响应偏慢", "夜间有值班人员。", "立即执行"):
        expect(log).to_contain_text(words)

    after = opened(company, now(), words="有人被困")
    assert after.version == Version.objects.get(uid=re.findall(r"versions/([0-9a-f-]+)/", here)[0])
    assert (first_response(after), first_response(before)) == (timedelta(minutes=20), timedelta(minutes=30))


@pytest.mark.requirement("REG-02")
def test_rows_of_a_ladder_come_and_go_by_keyboard_and_without_a_script(company: Company, enter: Enter) -> None:
    author = enter(company.supervisor, "/regulation/drafts/")
    ask(author, "start_draft")
    author.select_option("#x-dialog [name=region_id]", str(company.region.pk))
    because(author, "试行")
    author.wait_for_url("**/regulation/versions/*/")
    here = f"{author.url}set_figure/sla.ladder/"
    for script in (True, False):
        page = enter(company.supervisor, here, script=script)
        group = page.locator("fieldset.x-fig-group").first
        page.fill("[name=why]", "多一级")
        group.locator("[value^='add ']").press("Enter")
        expect(group.locator(".x-fig-row")).to_have_count(3)
        expect(page.locator("[name=why]")).to_have_value("多一级")
        last = group.locator(".x-fig-row").last
        last.locator("input[name$='__after_0']").fill("5")
        last.locator("[value^='up ']").press("Enter")
        moved = group.locator(".x-fig-row").nth(1).locator("input[name$='__after_0']")
        expect(moved).to_have_value("5")
        moved.press("Enter")  # as good as the button: it does not move a row
        expect(page.locator(".x-error").first).to_be_visible()
        expect(group.locator(".x-fig-row")).to_have_count(3)
        group.locator(".x-fig-row").nth(1).locator("[value^='remove ']").press("Enter")
        expect(group.locator(".x-fig-row")).to_have_count(2)
