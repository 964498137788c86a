"""The regulation read, judged and acknowledged on a phone; who has not; a remark on a clause; a review."""

import re

import pytest
from playwright.sync_api import Page, expect

from anxiu.accounts.models import Person
from anxiu.accounts.queries import actor_of
from anxiu.duties.models import Duty
from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.time import now
from anxiu.regulation.models import Question
from anxiu.uptake.actions import keep_readings
from anxiu.uptake.models import Attempt, Remark, Review
from anxiu.uptake.queries import mine
from tests.browser.console.conftest import PHONE, Enter, confirm
from tests.given.orders import Company


def answer(page: Page, *, right: bool) -> None:
    """Choose in each question what is right, or what is not, by its words."""
    for box in page.locator("fieldset").all():
        name = str(box.locator("input").first.get_attribute("name")).removeprefix("q.")
        stored = Question.objects.filter(code=name).first()
        assert stored
        words = [each["zh"] for each in stored.options if each["right"] is right]
        plain = [text for text in words if "{" not in text]
        labels = box.locator("label")
        place = next(
            (at for at in range(labels.count()) if labels.nth(at).inner_text().strip() in plain), None
        )
        if place is None:  # its words hold a figure: what is left when the plain ones are taken away
            others = [each["zh"] for each in stored.options if each["right"] is not right and "{" not in each["zh"]]
            place = next(at for at in range(labels.count()) if labels.nth(at).inner_text().strip() not in others)
        labels.nth(place).click()


@pytest.mark.requirement("REG-04")
def test_a_version_is_read_judged_and_acknowledged_on_the_phone(company: Company, enter: Enter) -> None:
    keep_readings(actor=SYSTEM, at=now())
    engineer = Person.objects.get(pk=company.engineer.person_id)
    row = mine(actor_of(engineer)).get()
    page = enter(engineer, "/regulation/learn/", width=PHONE)
    expect(page.locator("main")).to_contain_text("待确认")
    page.get_by_role("link", name="开始作答").click()
    page.wait_for_url("**/take_quiz/")
    assert page.locator("fieldset").count() == 8
    page.get_by_role("button", name="提交").click()
    expect(page.locator(".x-error").first).to_have_text("请选择答案。")
    answer(page, right=False)
    page.get_by_role("button", name="提交").click()
    page.wait_for_url("**/sittings/1/")
    expect(page.locator(".x-note")).to_contain_text("7 题为通过")
    expect(page.locator("main")).to_contain_text("您的回答")
    page.get_by_role("link", name="重新作答").click()
    for _ in range(4):  # a situation whose every choice says a figure may be missed
        page.wait_for_url("**/take_quiz/")
        answer(page, right=True)
        page.get_by_role("button", name="提交").click()
        page.wait_for_url(re.compile(r"/sittings/\d+/"))
        if page.get_by_role("button", name="确认").count():
            break
        page.get_by_role("link", name="重新作答").click()
    page.get_by_role("button", name="确认").click()
    expect(page.locator("#x-dialog .x-document")).to_contain_text(f"本人{engineer.name}已阅读")
    confirm(page)
    expect(page.locator("main")).to_contain_text("确认。")
    row.refresh_from_db()
    assert row.state == "acknowledged"
    assert Attempt.objects.filter(reading=row).count() >= 2
    assert Duty.objects.get(owner=engineer, kind="regulation_reading").outcome == "acknowledged"
    boss = enter(company.supervisor, "/regulation/readings/")
    expect(boss.locator("main")).to_contain_text("服务工程师")
    expect(boss.locator("#readings")).not_to_contain_text(engineer.name)
    boss.get_by_role("link", name="已确认", exact=True).click()
    expect(boss.locator("#readings")).to_contain_text(engineer.name)
    boss.fill("#readings-q", "nobody of that name")
    expect(boss.locator("#readings")).not_to_contain_text(engineer.name)


@pytest.mark.requirement("REG-05")
def test_a_clause_is_remarked_on_and_a_review_decides(company: Company, enter: Enter) -> None:
    engineer = Person.objects.get(pk=company.engineer.person_id)
    page = enter(engineer, "/regulation/")
    page.locator("#k3\\.1 button[data-dialog*='remark_on_clause']").click()
    page.locator("#x-dialog [name=kind][value=proposal]").check()
    page.fill("#x-dialog [name=text]", "夜间来不及")
    confirm(page)
    expect(page.locator("#k3\\.1")).to_contain_text("夜间来不及")
    made = Remark.objects.get()
    boss = enter(company.management, "/regulation/remarks/")
    boss.get_by_role("link", name="夜间来不及").click()
    boss.get_by_role("button", name="处理").click()
    boss.fill("#x-dialog [name=text]", "下次评审讨论")
    confirm(boss)
    made.refresh_from_db()
    assert (made.state, made.settled_by_id) == ("answered", company.management.person_id)
    owner = Person.objects.get(pk=company.management.person_id)
    review = Review.objects.create(since=made.at, opened_at=now(), due_at=now(), owner=owner)
    boss = enter(company.management, f"/regulation/reviews/{review.uid}/")
    boss.locator("button[data-dialog$='/decide_on_clause/1.4/']").first.click()
    boss.locator("#x-dialog [name=decision][value=keep]").check()
    boss.fill("#x-dialog [name=why]", "一向如此")
    confirm(boss)
    expect(boss.locator("main")).to_contain_text("一向如此")
    boss.get_by_role("button", name="结束评审").click()
    boss.fill("#x-dialog [name=why]", "一条保留")
    confirm(boss)
    expect(boss.locator("main")).to_contain_text("一条保留")
    review.refresh_from_db()
    assert review.closed_by_id == company.management.person_id


