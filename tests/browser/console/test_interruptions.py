"""What comes between: suspended, moved, cancelled, handed over."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from anxiu.accounts.models import Person
from anxiu.kernel.time import now
from anxiu.orders.choices import State
from anxiu.orders.models import Order
from tests.browser.console.conftest import Enter, confirm, dialog, refused
from tests.browser.console.steps import PAPERS, to, verbs
from tests.given.assets import acting
from tests.given.orders import Company, Walk, opened


def at(company: Company, step: str, minutes: int = 90) -> Order:
    begin = now() - timedelta(minutes=minutes)
    return Walk(company, opened(company, begin), begin).to(step)


def name_of(actor_id: int | None) -> str:
    return Person.objects.get(pk=actor_id).name


@pytest.mark.requirement("ORD-15", "SLA-03")
def test_a_suspended_order_waits_and_goes_on(company: Company, enter: Enter) -> None:
    order = at(company, "assessed")
    page = to(enter(company.dispatcher), order)
    dialog(page, "suspend")
    page.locator("#x-dialog .x-checks label", has_text="专用部件").first.click()
    page.fill("#x-dialog [name=until]", "2020-01-01T08:00")
    assert "将来" in refused(page)
    page.fill("#x-dialog [name=until]", timezone.localtime(now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M"))
    page.fill("#x-dialog [name=note]", "皮带缺货")
    confirm(page)
    expect(page.locator(".x-chip", has_text="已挂起")).to_be_visible()
    expect(page.locator(".x-step.is-blocked")).to_have_count(1)
    expect(page.locator(".x-clock.is-paused").first).to_be_visible()
    expect(page.locator(".x-timeline")).to_contain_text("皮带缺货")
    hand = to(enter(company.hands), order)
    assert "complete_repair" not in verbs(hand)
    dialog(hand, "resume")
    confirm(hand)
    expect(hand.locator(".x-step.is-blocked")).to_have_count(0)
    assert "complete_repair" in verbs(hand)


@pytest.mark.requirement("ORD-15", "DSP-14")
def test_a_visit_is_moved_and_the_engineer_asked_again(company: Company, enter: Enter) -> None:
    order = at(company, "accepted")
    page = to(enter(company.dispatcher), order)
    dialog(page, "reschedule")
    expect(page.locator(".x-candidate", has_text=company.engineer.person.name).locator("input")).to_be_checked()
    later = timezone.localtime(now() + timedelta(days=1)).replace(hour=10, minute=0)
    page.fill("#x-dialog [name=starts_at]", later.strftime("%Y-%m-%dT%H:%M"))
    page.locator("#x-dialog [name=starts_at]").dispatch_event("change")
    page.locator("#x-dialog .x-checks label", has_text="客户要求改期").click()
    confirm(page)
    order.refresh_from_db()
    assert order.state == State.BOOKED
    visit = order.visits.order_by("-number")[0]
    assert timezone.localtime(visit.starts_at).strftime("%m-%d %H:%M") == later.strftime("%m-%d %H:%M")
    assert verbs(to(enter(company.hands), order)) >= {"accept_visit", "decline_visit"}


@pytest.mark.requirement("DSP-06")
def test_a_declined_visit_goes_back_to_be_booked(company: Company, enter: Enter) -> None:
    order = at(company, "booked", 20)
    hand = to(enter(company.hands, width=390), order)
    dialog(hand, "decline_visit")
    hand.locator("#x-dialog .x-checks label").first.click()
    confirm(hand)
    order.refresh_from_db()
    assert order.state == State.ACCEPTED
    page = enter(company.dispatcher, "/orders/?tab=to_book")
    page.locator("tr", has_text=order.number).locator("button[data-dialog$='/book_visit/']").click()
    expect(page.locator("#x-dialog[open] .x-candidate").first).to_be_visible()


@pytest.mark.requirement("ORD-15")
def test_a_cancelled_order_offers_nothing_more(company: Company, enter: Enter) -> None:
    order = at(company, "contacted", 20)
    page = to(enter(company.agent), order)
    dialog(page, "cancel")
    assert refused(page)
    page.locator("#x-dialog .x-checks label").first.click()
    confirm(page)
    expect(page.locator(".x-chip", has_text="已取消")).to_be_visible()
    assert verbs(page) <= {"ask_question", *PAPERS}
    expect(enter(company.agent, "/orders/").locator("tr", has_text=order.number)).to_have_count(0)
    expect(enter(company.agent, "/orders/?tab=ended").locator("tr", has_text=order.number)).to_have_count(1)


@pytest.mark.requirement("INT-05")
def test_a_hand_over_counts_when_it_is_accepted(company: Company, enter: Enter) -> None:
    colleague = acting("agent", company.region)
    order = at(company, "contacted", 20)

    def ask() -> Page:
        page = to(enter(company.agent), order)
        dialog(page, "propose_hand_over")
        page.select_option("#x-dialog [name=person]", str(colleague.id))
        page.fill("#x-dialog [name=reason]", "交班")
        confirm(page)
        return page

    mine = ask()
    expect(mine.locator(".x-next")).to_contain_text(name_of(company.agent.id))
    theirs = to(enter(colleague), order)
    dialog(theirs, "decline_hand_over")
    confirm(theirs)
    expect(theirs.locator(".x-next")).to_contain_text(name_of(company.agent.id))
    ask()
    to(theirs, order)
    dialog(theirs, "accept_hand_over")
    confirm(theirs)
    expect(theirs.locator(".x-next")).to_contain_text(name_of(colleague.id))
    order.refresh_from_db()
    assert order.owner_id == colleague.id


@pytest.mark.requirement("ORD-10")
def test_a_question_is_answered_and_stays_on_record(company: Company, enter: Enter) -> None:
    order = at(company, "booked", 30)
    page = to(enter(company.agent), order)
    dialog(page, "ask_question")
    page.fill("#x-dialog [name=text]", "师傅几点到？")
    confirm(page)
    page.locator("button[data-dialog*='/questions/']").click()
    expect(page.locator("#x-dialog[open]")).to_contain_text("师傅几点到？")
    page.fill("#x-dialog [name=text]", "下午两点前到")
    confirm(page)
    expect(page.locator(".x-question")).to_contain_text("下午两点前到")


@pytest.mark.requirement("SLA-07")
def test_a_changed_severity_takes_the_new_targets(company: Company, enter: Enter) -> None:
    order = at(company, "contacted", 20)
    before = order.next_due_at
    page = to(enter(company.dispatcher), order)
    dialog(page, "change_severity")
    page.locator("#x-dialog .x-checks label", has_text="紧急").click()
    page.fill("#x-dialog [name=reason]", "客户产线停了")
    confirm(page)
    expect(page.locator(".x-sev", has_text="紧急").first).to_be_visible()
    order.refresh_from_db()
    assert order.next_due_at < before
