"""What a post finds at its first page, and the links an order's page makes for the customer."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from anxiu.accounts.choices import LinkPurpose
from anxiu.accounts.models import Link
from anxiu.kernel.models import Access, IdempotencyKey
from anxiu.kernel.time import now
from tests.console.test_order_pages import browser, do, report
from tests.given.assets import acting
from tests.given.orders import Walk, a_company, opened


@pytest.fixture
def company(db):
    return a_company()


def link(client: Client, order, purpose: str, key: str = "") -> str:
    answer = client.post(reverse("order_link", args=[order.uid, purpose]), {"key": key or uuid4().hex})
    return answer.content.decode()


def test_each_post_comes_to_a_page_of_its_own_after_login(company):
    for post in ("warehouse", "hr", "finance", "management", "administrator", "partner"):
        client = browser(acting(post))
        answer = client.get("/", follow=True)
        assert answer.status_code == 200, post
        assert b"x-side" in answer.content, post


@pytest.mark.requirement("ORD-11", "INT-06")
def test_the_order_page_makes_a_tracking_and_a_signing_link_shown_once(company):
    start = now() - timedelta(hours=3)
    order = Walk(company, opened(company, start), start).to("completed")
    agent, key = browser(company.agent), uuid4().hex
    shown = link(agent, order, "sign", key)
    address = re.search(r"/p/s/[\w-]+/", shown)
    assert address
    assert "data:image/svg" in shown
    assert Client().get(address[0]).status_code == 200
    assert "/p/s/" not in link(agent, order, "sign", key)  # the same press again
    tracked = re.search(r"/p/t/[\w-]+/", link(agent, order, "track"))
    assert tracked
    assert Client().get(tracked[0]).status_code == 200
    assert link(agent, order, "rate").count("/p/rate/") == 0
    assert Link.objects.filter(purpose=LinkPurpose.SIGN, revoked_at=None).count() == 1


@pytest.mark.requirement("INT-06")
def test_the_secret_of_the_receipt_is_stored_nowhere(company):
    agent, form = browser(company.agent), report(company)
    page = agent.post(reverse("intake"), form, follow=True).content.decode()
    secret = re.search(r"/p/t/([\w-]+)/", page)
    assert secret
    assert not any(secret[1] in each.answer for each in IdempotencyKey.objects.all())
    again = agent.post(reverse("intake"), form, follow=True)
    assert again.status_code == 200


@pytest.mark.requirement("ORD-12")
def test_a_report_is_issued_in_the_other_language_from_the_order_page(company):
    start = now() - timedelta(hours=3)
    order = Walk(company, opened(company, start), start).to("signed")
    agent = browser(company.agent)
    assert reverse("order_verb", args=[order.uid, "issue_document"]) in agent.get(
        reverse("order", args=[order.uid])
    ).content.decode()
    assert do(agent, order, "issue_document", kind="report", language="en").status_code == 204


@pytest.mark.requirement("INT-02")
def test_a_machine_brings_the_people_at_its_site_as_callers(company):
    agent = browser(company.agent)
    page = agent.get(reverse("intake"), {"machine": company.machine.pk}).content.decode()
    assert f"contact={company.contact.pk}" in page


@pytest.mark.requirement("AST-01")
def test_the_engineer_shows_the_customers_number_on_the_order_while_it_is_open(company):
    start = now() - timedelta(hours=5)
    walk = Walk(company, opened(company, start), start)
    order = walk.to("completed")
    engineer, url = browser(company.hands), reverse("order_phone", args=[order.uid])
    assert "13812345678" not in engineer.get(reverse("order", args=[order.uid])).content.decode().replace(" ", "")
    assert "13812345678" in engineer.post(url).content.decode().replace(" ", "")
    assert Access.objects.filter(purpose="unmask", subject_kind="order", subject_ids=[order.pk]).count() == 1
    assert engineer.get(url).status_code == 405
    assert browser(acting("finance")).post(url).status_code == 403
    walk.signed().followed_up().archived()
    assert engineer.post(url).status_code == 403
    assert browser(company.agent).post(url).status_code == 200
