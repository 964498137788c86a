"""Intake and the order's page, through the console as a browser posts."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from anxiu.accounts.models import Person
from anxiu.console.pages import local
from anxiu.kernel.time import now
from anxiu.orders.models import HandOver, Order
from anxiu.sla.models import Clock
from tests.given.orders import Walk, a_company, an_engineer, opened


@pytest.fixture
def company(db):
    return a_company()


def browser(actor) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.cookies["anxiu_language"] = "en"
    client.force_login(
        Person.objects.get(pk=actor.person_id), backend="anxiu.accounts.backend.Backend"
    )
    return client


def do(client: Client, order: Order, verb: str, **fields: object):
    return client.post(reverse("order_verb", args=[order.uid, verb]), {"key": uuid4().hex, **fields})


def report(company, **fields):
    return {
        "key": uuid4().hex, "machine": company.machine.pk, "contact": company.contact.pk, "words": "电梯停机",
        "fault_class": company.fault.pk, "caller_name": "王小明", **fields,
    }  # fmt: skip


@pytest.mark.requirement("INT-01", "INT-02", "INT-05")
def test_the_agent_recognises_the_caller_and_owns_the_order_from_the_first_second(company):
    agent = browser(company.agent)
    found = agent.get(reverse("intake"), {"q": company.machine.serial}, headers={"HX-Request-Type": "partial"})
    assert company.machine.serial in found.content.decode()
    around = agent.get(reverse("intake"), {"machine": company.machine.pk}).content.decode()
    assert company.customer.name in around
    answer = agent.post(reverse("intake"), report(company))
    order = Order.objects.get()
    assert answer.url == reverse("order", args=[order.uid])
    assert order.owner_id == company.agent.person_id
    page = agent.get(answer.url).content.decode()
    assert "/p/t/" in page  # the receipt's link is at hand
    assert order.number in page
    again = agent.get(reverse("intake"), {"q": order.number.lower()}).content.decode()
    assert reverse("order", args=[order.uid]) in again


@pytest.mark.requirement("INT-03")
def test_severity_is_proposed_by_the_regulation_and_overridden_with_a_reason(company):
    agent = browser(company.agent)
    proposal = agent.get(reverse("intake_propose"), {"words": "电梯困人，有人受伤", "machine": company.machine.pk})
    assert "Urgent" in proposal.content.decode()
    refused = agent.post(reverse("intake"), report(company, words="电梯困人，有人受伤", severity="minor"))
    assert refused.status_code == 422
    assert "needs a reason" in refused.content.decode()
    assert "电梯困人，有人受伤" in refused.content.decode()  # nothing typed is lost
    assert not Order.objects.exists()
    reasoned = report(company, words="电梯困人，有人受伤", severity="minor", severity_reason="演练")
    assert agent.post(reverse("intake"), reasoned).status_code == 302
    order = Order.objects.select_related("request").get()
    assert (order.severity, order.request.severity_proposed) == ("minor", "urgent")


@pytest.mark.requirement("INT-04", "ORD-13")
def test_the_same_fault_again_is_a_free_repeat_until_it_is_unlinked_with_a_reason(company):
    first = Walk(company, opened(company, now() - timedelta(days=3)), now() - timedelta(days=3)).to("signed")
    agent = browser(company.agent)
    told = agent.get(
        reverse("intake_propose"), {"machine": company.machine.pk, "fault_class": company.fault.pk, "words": "又坏了"}
    ).content.decode()
    assert first.number in told
    assert "free of charge" in told
    agent.post(reverse("intake"), report(company))
    again = Order.objects.exclude(pk=first.pk).get()
    assert (again.repeat_of_id, again.is_free, again.under_guarantee_id) == (first.pk, True, first.guarantee.pk)
    supervisor = browser(company.supervisor)
    assert do(supervisor, again, "unlink_repeat", reason=" ").status_code == 422
    assert do(supervisor, again, "unlink_repeat", reason="另一扇门").status_code == 204
    again.refresh_from_db()
    assert (again.is_free, again.under_guarantee_id) == (False, None)
    again.refresh_from_db()
    assert again.repeat_of_id is None


@pytest.mark.requirement("INT-05")
def test_a_hand_over_counts_only_when_it_is_accepted(company):
    order = opened(company, now() - timedelta(hours=1))
    agent, supervisor = browser(company.agent), browser(company.supervisor)
    assert do(agent, order, "propose_hand_over", person=company.supervisor.person_id, reason="休假").status_code == 204
    order.refresh_from_db()
    assert order.owner_id == company.agent.person_id
    assert do(browser(company.dispatcher), order, "accept_hand_over").status_code == 422
    assert do(supervisor, order, "decline_hand_over").status_code == 204
    assert HandOver.objects.filter(state="declined").count() == 1
    do(agent, order, "propose_hand_over", person=company.supervisor.person_id, reason="休假")
    assert do(supervisor, order, "accept_hand_over").status_code == 204
    order.refresh_from_db()
    assert order.owner_id == company.supervisor.person_id


@pytest.mark.requirement("ORD-20", "SLA-04", "ORD-01")
def test_the_page_draws_the_process_with_step_owner_deadline_and_what_is_needed(company):
    start = now() - timedelta(hours=2)
    order = Walk(company, opened(company, start), start).to("assessed")
    page = browser(company.hands).get(reverse("order", args=[order.uid])).content.decode()
    assert page.count('class="x-step is-done"') == 3
    assert page.count('aria-current="step"') == 1
    assert "The engineer repairs, records the work, and completes it." in page
    assert "2 photo(s) of the work are missing." in page
    assert f'data-due="{order.next_due_at.isoformat()}"' in page
    assert order.owner.name in page


@pytest.mark.requirement("ORD-15", "SLA-03")
def test_suspend_resume_reschedule_and_cancel_with_reasons_and_their_effect_on_clocks(company):
    start = now() - timedelta(minutes=40)
    order = Walk(company, opened(company, start), start).to("booked")
    desk = browser(company.dispatcher)
    until = local(now() + timedelta(days=1))
    assert do(desk, order, "suspend", reason="customer_postponed", until=until, note="客户改天").status_code == 204
    running = Clock.objects.filter(subject_kind="order", subject_id=order.pk, state="running")
    assert not running.exists()
    assert do(desk, order, "resume").status_code == 204
    assert running.exists()
    later = now() + timedelta(hours=5)
    slot = {"starts_at": local(later), "ends_at": local(later + timedelta(hours=2))}
    other = an_engineer(company.region)
    refused = do(desk, order, "reschedule", engineer=other.pk, reason="no_such", **slot)
    assert refused.status_code == 422
    assert do(desk, order, "reschedule", engineer=other.pk, reason="customer_request", **slot).status_code == 204
    order.refresh_from_db()
    assert (order.engineer_id, order.state) == (other.pk, "booked")
    assert do(desk, order, "cancel", reason="customer_withdrew").status_code == 204
    order.refresh_from_db()
    assert order.state == "cancelled"
    assert not running.exists()


def test_pressing_twice_is_pressing_once(company):
    order = opened(company, now() - timedelta(minutes=5))
    agent, key = browser(company.agent), uuid4().hex
    for _ in range(2):
        assert do(agent, order, "contact_customer", key=key, result="reached", note="x").status_code == 204
    from anxiu.kernel.models import EventRow

    assert EventRow.objects.filter(kind="orders.customer_contacted").count() == 1


def test_pages_cost_few_statements(company, django_assert_max_num_queries):
    start = now() - timedelta(days=1)
    order = Walk(company, opened(company, start), start).to("completed")
    desk = browser(company.dispatcher)
    for url, most in ((reverse("orders"), 6), (reverse("order", args=[order.uid]), 12), (reverse("desk"), 22)):
        desk.get(url)
        with django_assert_max_num_queries(most):
            assert desk.get(url).status_code == 200
