"""Triage at the screen: merge, take out, split, ask back with the customer's answer; why a deadline is; what was refused."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from anxiu.accounts.choices import LinkPurpose
from anxiu.kernel.time import now
from anxiu.orders.actions import send_link
from anxiu.orders.choices import State
from anxiu.orders.models import Inquiry
from tests.browser.console.conftest import PHONE, Enter, confirm, dialog, refused
from tests.browser.console.steps import to
from tests.given.orders import Company, opened


@pytest.mark.requirement("INT-11")
def test_a_duplicate_is_merged_and_taken_out_again(company: Company, enter: Enter) -> None:
    first = opened(company, now() - timedelta(hours=1))
    second = opened(company, now() - timedelta(minutes=20), words="电梯又停了，乘客投诉")
    page = to(enter(company.agent), second)
    dialog(page, "merge_order")
    page.locator("#x-dialog label", has_text=first.number).click()
    page.fill("#x-dialog [name=reason]", "同一台电梯")
    confirm(page)
    second.refresh_from_db()
    assert (second.state, second.merged_into) == (State.MERGED, first)
    expect(page.locator(".x-next")).to_contain_text(first.number)
    page.locator(".x-next a", has_text=first.number).click()
    expect(page.locator("#merged")).to_contain_text("乘客投诉")
    to(page, second)
    dialog(page, "separate_order")
    page.fill("#x-dialog [name=reason]", "原来是二号梯")
    confirm(page)
    second.refresh_from_db()
    assert second.state == State.ACCEPTED


@pytest.mark.requirement("INT-11")
def test_a_request_is_split_with_as_many_fields_as_orders(company: Company, enter: Enter) -> None:
    order = opened(company, now() - timedelta(minutes=20))
    page = to(enter(company.agent), order)
    dialog(page, "split_order")
    expect(page.locator("#x-dialog [name=words_2]")).to_be_visible()
    expect(page.locator("#x-dialog [name=words_3]")).to_be_hidden()
    assert refused(page)
    page.locator("#x-dialog .x-pill", has_text="3").click()
    page.fill("#x-dialog [name=words_2]", "二号梯异响")
    page.select_option("#x-dialog [name=machine_2]", str(company.machine.pk))
    page.fill("#x-dialog [name=words_3]", "三号梯门关不上")
    page.fill("#x-dialog [name=reason]", "三台电梯")
    confirm(page)
    parts = list(order.parts.order_by("pk"))
    assert [each.summary for each in parts] == ["二号梯异响", "三号梯门关不上"]
    expect(page.locator(".x-order-facts")).to_contain_text(parts[0].number)


@pytest.mark.requirement("INT-11", "ORD-16")
def test_the_customer_answers_on_the_phone_and_a_promise_is_refused_and_listed(company: Company, enter: Enter, visit: Enter) -> None:
    order = opened(company, now() - timedelta(minutes=20))
    page = to(enter(company.agent), order)
    dialog(page, "ask_reporter")
    expect(page.locator("#x-dialog")).to_contain_text("停表")
    page.fill("#x-dialog [name=text]", "是几号梯？这次免费")
    assert "免费" in refused(page)
    page.fill("#x-dialog [name=text]", "是几号梯？")
    confirm(page)
    expect(page.locator("#inquiries")).to_contain_text("是几号梯？")

    secret = send_link(actor=company.agent, at=now(), order_uid=order.uid, purpose=LinkPurpose.TRACK)
    customer = visit(f"/p/t/{secret}/", width=PHONE, is_mobile=True, has_touch=True)
    expect(customer.locator("h1")).to_contain_text("有一个问题请您答复")
    customer.fill("#reply [name=text]", "三号梯")
    customer.locator("#reply button").click()
    expect(customer.locator("#reply")).to_contain_text("三号梯")
    assert customer.evaluate("document.documentElement.scrollWidth") == PHONE
    assert Inquiry.objects.get(order=order).answer == "三号梯"
    order.refresh_from_db()
    assert order.suspended_at is None

    listed = enter(company.supervisor, "/refused/")
    row = listed.locator("#refused tbody tr", has_text=order.number)
    expect(row).to_contain_text("超出授权")
    expect(row).to_contain_text("1.5")


@pytest.mark.requirement("SLA-01")
def test_why_a_deadline_is_what_it_is_stands_beside_it(company: Company, enter: Enter) -> None:
    order = opened(company, now() - timedelta(minutes=20))
    page = to(enter(company.dispatcher), order)
    page.locator(".is-clocks button[data-dialog]").first.click()
    said = page.locator("#x-dialog[open]")
    expect(said).to_contain_text("从上到下依次决定")
    expect(said).to_contain_text("客户等级")
    said.locator(".x-dialog-foot button").click()
    expect(page.locator("#x-dialog[open]")).to_have_count(0)
