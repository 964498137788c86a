"""One order by all the people whose part it is, each at their own screen, from booking to archive."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from anxiu.catalogue.models import Part
from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.time import now
from anxiu.orders.choices import State
from anxiu.orders.models import Order
from anxiu.workforce.actions import bar
from anxiu.workforce.choices import BarReason
from tests.browser.console.conftest import PHONE, Enter, confirm, dialog, refused
from tests.browser.console.steps import carry, sign, to
from tests.given.orders import Company, Walk, an_engineer, opened


@pytest.mark.requirement("DSP-02", "DSP-05", "DSP-10")
def test_the_dispatcher_sees_who_may_come_and_why_not_the_others(company: Company, enter: Enter) -> None:
    barred = an_engineer(company.region, name="停派的人")
    bar(
        actor=SYSTEM,
        at=now(),
        engineer_id=barred.pk,
        barred_from=now(),
        barred_until=None,
        reason=BarReason.SAFETY,
        note="",
    )
    order = opened(company, now() - timedelta(minutes=10))
    page = to(enter(company.dispatcher), order)
    dialog(page, "book_visit")
    card = page.locator(".x-candidate", has_text=company.engineer.person.name)
    expect(card.locator("input")).to_be_checked()
    expect(page.locator(".x-others")).to_contain_text("停派的人")
    page.locator(".x-others summary").click()
    expect(page.locator(".x-others li", has_text="停派的人")).to_contain_text("停派")
    confirm(page)
    expect(page.locator(".x-next")).to_contain_text(company.engineer.person.name)

    again = opened(company, now() - timedelta(minutes=5))
    to(page, again)
    dialog(page, "book_visit")
    taken = page.locator(".x-others li", has_text=company.engineer.person.name)
    expect(taken).to_have_count(1)
    page.locator(".x-others summary").click() if not taken.is_visible() else None
    expect(taken).to_contain_text("已有安排")
    start = page.locator("#x-dialog [name=starts_at]")
    later = timezone.localtime(now() + timedelta(hours=9)).strftime("%Y-%m-%dT%H:00")
    length = page.evaluate(
        "(form => Date.parse(form.ends_at.value) - Date.parse(form.starts_at.value))(document.querySelector('#x-dialog form'))"
    )
    start.fill(later)
    start.dispatch_event("change")
    expect(page.locator(".x-candidate", has_text=company.engineer.person.name).locator("input")).to_be_checked()
    assert length == page.evaluate(
        "(form => Date.parse(form.ends_at.value) - Date.parse(form.starts_at.value))(document.querySelector('#x-dialog form'))"
    )
    confirm(page)
    again.refresh_from_db()
    assert again.state == State.BOOKED
    assert timezone.localtime(again.visits.get().starts_at).strftime("%Y-%m-%dT%H:%M") == later


@pytest.mark.requirement("ORD-01", "ORD-03", "ORD-04", "ORD-05", "ORD-08", "ORD-11", "ORD-12", "ORD-13", "ORD-14")
def test_an_order_is_carried_from_booking_to_archive(
    company: Company, enter: Enter, part: Part, photos: list[Path]
) -> None:
    carry(enter, company, opened(company, now() - timedelta(minutes=20)), part, photos)


@pytest.mark.requirement("ORD-04")
def test_an_arrival_without_a_place_is_kept_and_marked(company: Company, enter: Enter) -> None:
    order = Walk(company, opened(company, now() - timedelta(minutes=40)), now() - timedelta(minutes=40)).to("departed")
    hand = to(enter(company.hands, width=PHONE, permissions=[]), order)
    dialog(hand, "arrive")
    expect(hand.locator(".x-place.is-none")).to_be_visible()
    confirm(hand)
    visit = order.visits.get()
    assert (visit.arrival_proof, visit.arrival_flag) == ("statement", "no_place")
    expect(hand.locator("main .x-bad").first).to_be_visible()


@pytest.mark.requirement("ORD-11")
def test_a_customer_who_does_not_sign_is_an_outcome(company: Company, enter: Enter) -> None:
    order = Walk(company, opened(company, now() - timedelta(hours=2)), now() - timedelta(hours=2)).to("completed")
    hand = to(enter(company.hands, width=PHONE), order)
    dialog(hand, "refuse_sign_off")
    expect(hand.locator(".x-document")).to_contain_text(order.number)
    hand.locator("#x-dialog .x-checks label").first.click()
    hand.fill("#x-dialog [name=remarks]", "费用未确认")
    confirm(hand)
    order.refresh_from_db()
    assert (order.state, order.sign_off.outcome) == (State.FOLLOWING_UP, "refused")


@pytest.mark.requirement("ORD-11")
def test_a_document_that_changed_is_shown_again_before_it_is_signed(company: Company, enter: Enter) -> None:
    order = Walk(company, opened(company, now() - timedelta(hours=2)), now() - timedelta(hours=2)).to("completed")
    hand = to(enter(company.hands, width=PHONE), order)
    dialog(hand, "sign_off")
    Order.objects.filter(pk=order.pk).update(solution="另一种处理")
    hand.fill("#x-dialog [name=signer]", "王小明")
    sign(hand)
    refused(hand)
    expect(hand.locator(".x-document")).to_contain_text("另一种处理")
    sign(hand)
    confirm(hand)
    order.refresh_from_db()
    assert "另一种处理" in order.sign_off.document
