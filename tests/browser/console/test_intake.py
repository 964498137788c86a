"""An agent takes a report by phone."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from anxiu.kernel.time import now
from anxiu.orders.models import Order
from tests.browser.console.conftest import Enter
from tests.given.assets import a_contact, a_region, acting
from tests.given.orders import Company, Walk, a_picture, opened


@pytest.mark.requirement("INT-01", "INT-02", "INT-03", "INT-05", "INT-06")
def test_a_caller_is_recognised_and_the_order_opens_with_its_receipt(company: Company, enter: Enter, site: str) -> None:
    caller = a_contact(company.customer, "李建华", "139 0017 4321", site_id=company.site.pk)
    page = enter(company.agent, "/intake/")
    page.locator("#intake-q").press_sequentially("4321", delay=20)
    hit = page.locator("#found .x-hit")
    expect(hit.first).to_contain_text("李建华")
    expect(hit.first).to_contain_text(company.customer.name)
    expect(page.locator("#found")).not_to_contain_text("00174321")
    hit.first.click()
    page.locator(".x-hit", has_text=company.machine.serial).first.click()
    expect(page.locator("#content")).to_contain_text(company.site.name)
    expect(page.locator(".x-chip", has_text="收费")).to_be_visible()
    expect(page.locator("#id_caller_name")).to_have_value("李建华")
    page.locator("#id_words").press_sequentially("电梯停在两层之间，有人被困", delay=5)
    proposal = page.locator("#proposal")
    expect(proposal.locator(".x-sev")).to_have_text("紧急")
    expect(proposal).to_contain_text("有人受伤、被困或面临危险")
    page.select_option("#id_fault_class", str(company.fault.pk))
    page.locator("#report button.is-primary").click()
    page.wait_for_url("**/orders/*/")
    order = Order.objects.get(machine=company.machine)
    assert (order.contact_id, order.owner_id, order.severity, order.request.channel) == (
        caller.pk, company.agent.id, "urgent", "phone",
    )  # fmt: skip
    assert order.next_due_at
    expect(page.locator("h1")).to_have_text(order.number)
    toast = page.locator(".x-toast").first
    link = re.search(r"http://\S+", toast.inner_text())
    assert link
    tracking = page.context.browser.new_context().new_page()  # type: ignore[union-attr]
    assert tracking.goto(link[0]).status == 200  # type: ignore[union-attr]
    expect(tracking.locator("body")).to_contain_text(order.number)
    tracking.context.close()


@pytest.mark.requirement("INT-08")
def test_photos_come_with_a_call_and_stay_when_the_form_is_refused(company: Company, enter: Enter) -> None:
    page = enter(company.agent, f"/intake/?machine={company.machine.pk}")
    picture = {"name": "门机.jpg", "mimeType": "image/jpeg", "buffer": a_picture().content.read()}
    page.set_input_files("#id_uploads", [picture, {"name": "x.txt", "mimeType": "text/plain", "buffer": b"x"}])
    page.locator("#report button.is-primary").click()
    expect(page.locator("#report .x-error")).to_have_count(2)
    expect(page.locator("#report")).to_contain_text("x.txt")
    expect(page.locator("#report .x-preview")).to_have_count(2)
    page.locator("#report .x-preview[title='x.txt'] button").click()
    page.fill("#id_words", "电梯门关不上，照片见附件")
    page.locator("#report button.is-primary").click()
    page.wait_for_url("**/orders/*/")
    expect(page.locator(".x-photos img")).to_have_count(1)


@pytest.mark.requirement("INT-03")
def test_another_severity_needs_a_reason_and_nothing_typed_is_lost(company: Company, enter: Enter) -> None:
    page = enter(company.agent, f"/intake/?machine={company.machine.pk}")
    page.fill("#id_words", "怎么清洁过滤网，想咨询一下")
    expect(page.locator("#proposal .x-sev")).to_have_text("轻微")
    page.locator("#report .x-checks label", has_text="紧急").click()
    page.locator("#report button.is-primary").click()
    expect(page.locator("#report .x-error")).to_be_visible()
    assert page.input_value("#id_words") == "怎么清洁过滤网，想咨询一下"
    page.fill("#id_severity_reason", "重点客户来电强调")
    page.locator("#report button.is-primary").click()
    page.wait_for_url("**/orders/*/")
    expect(page.locator("main")).to_contain_text("重点客户来电强调")


@pytest.mark.requirement("INT-04")
def test_a_report_twice_and_a_repeat_are_said_before_the_order_opens(company: Company, enter: Enter) -> None:
    done = Walk(company, opened(company, now() - timedelta(days=2)), now() - timedelta(days=2)).to("archived")
    still = opened(company, now() - timedelta(minutes=30))
    page = enter(company.agent, f"/intake/?machine={company.machine.pk}")
    expect(page.locator(".x-hit", has_text=still.number)).to_be_visible()
    page.fill("#id_words", "门又打不开了")
    page.select_option("#id_fault_class", str(company.fault.pk))
    proposal = page.locator("#proposal")
    expect(proposal.locator(".x-note.x-tone-red")).to_contain_text(done.number)
    expect(proposal.locator(".x-note.x-tone-green")).to_be_visible()
    expect(proposal.locator(".x-note.x-tone-amber")).to_contain_text(still.number)
    page.locator("#report button.is-primary").click()
    page.wait_for_url("**/orders/*/")
    expect(page.locator(".x-chip", has_text="重复维修")).to_be_visible()
    assert Order.objects.order_by("-pk")[0].repeat_of_id == done.pk


@pytest.mark.requirement("INT-01")
def test_somebody_unknown_is_taken_in_and_identified_later(company: Company, enter: Enter) -> None:
    page = enter(company.agent, "/intake/")
    page.fill("#intake-q", "没有这个人")
    expect(page.locator("#found .x-empty")).to_be_visible()
    page.fill("#id_words", "空压机不启动")
    page.fill("#id_caller_name", "过路人")
    page.fill("#id_caller_phone", "13700001111")
    page.fill("#id_place", "浦东张江路 1 号")
    page.fill("#id_product", "空压机")
    page.locator("#report button.is-primary").click()
    page.wait_for_url("**/orders/*/")
    expect(page.locator("main")).to_contain_text("尚未确认")
    page.locator("button[data-dialog$='/identify/']").click()
    page.fill("#x-dialog [name=find]", company.machine.serial[-6:])
    page.locator("#x-dialog .x-candidate", has_text=company.machine.serial).click()
    with page.expect_navigation():
        page.locator("#x-dialog button[type=submit]").click()
    expect(page.locator("main")).to_contain_text(company.customer.name)


@pytest.mark.requirement("PF-04")
def test_nobody_elses_customers_are_recognised(company: Company, enter: Enter) -> None:
    page = enter(acting("agent", a_region()), "/intake/")
    page.fill("#intake-q", company.machine.serial)
    expect(page.locator("#found .x-empty")).to_be_visible()
