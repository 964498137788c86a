"""What was not repaired is not filed away: a further order goes on with it, or the customer decided that it does not."""

from datetime import timedelta
from hashlib import sha256

import pytest
from django.urls import reverse
from django.utils import translation

from anxiu.kernel.errors import GateShut, Invalid, NotAllowed, WrongState
from anxiu.kernel.models import EventRow
from anxiu.kernel.time import moved_to, now
from anxiu.orders import actions
from anxiu.orders.actions import Signing
from anxiu.orders.choices import SignOffMeans
from anxiu.orders.models import Order
from anxiu.orders.queries import document_to_sign, needed
from tests.given.assets import a_region, acting
from tests.given.browsing import browser, do
from tests.given.orders import Company, Walk, a_company, a_signature, opened, react_all
from tests.given.regulated import regulated

pytestmark = pytest.mark.requirement("ORD-01", "ORD-12", "ORD-14")


@pytest.fixture
def company(db: None) -> Company:
    return a_company()


def unrepaired(company: Company, *, resolved: bool = False, followed: bool = True) -> Walk:
    """An order that waits to be archived, its fault as it was."""
    start = now() - timedelta(hours=8)
    walk = Walk(company, opened(company, start), start)
    walk.to("worked")
    walk._mine("complete_repair", resolved=resolved, cause="主板故障", solution="临时处理，异常仍在")
    walk.order.refresh_from_db()
    digest = sha256(document_to_sign(walk.order).encode()).hexdigest()
    walk._mine("sign_off", signing=Signing(SignOffMeans.SCREEN, digest, signer="王小明"), signature=a_signature())
    with moved_to(walk.later()):
        react_all()
    if followed:
        with moved_to(walk.later()):
            actions.follow_up(actor=company.agent, at=walk.at, order_uid=walk.order.uid, result="not_solved")
    walk.order.refresh_from_db()
    return walk


def decided(walk: Walk, reason: str = "customer_declines", actor=None) -> None:
    with moved_to(walk.later()):
        actions.accept_unresolved(
            actor=actor or walk.company.agent, at=walk.at, order_uid=walk.order.uid, reason=reason, note="已电话确认"
        )


def test_it_is_not_archived_while_nobody_knows_how_it_goes_on(company):
    walk = unrepaired(company)
    with pytest.raises(GateShut) as refused:
        walk.archived()
    assert [each.code for each in refused.value.missing] == ["orders.unresolved_open"]
    with moved_to(walk.at), translation.override("en"):
        assert any("further order" in each for each in needed(walk.order, company.agent, walk.at).missing)


def test_a_further_order_lets_it_go_until_that_one_is_cancelled(company):
    walk = unrepaired(company)
    with moved_to(walk.later()):
        report = company.report(words="上次未修好，继续处理", continues_id=walk.order.pk)
        further = actions.open_order(actor=company.agent, at=walk.at, report=report).order
    assert further.continues_id == walk.order.pk
    told = EventRow.objects.get(kind="orders.continued")
    assert (told.subject_id, further.number in told.body) == (walk.order.pk, True)
    with moved_to(walk.later()):
        actions.cancel(actor=company.dispatcher, at=walk.at, order_uid=further.uid, reason="customer_withdrew")
    with pytest.raises(GateShut):
        walk.archived()
    with moved_to(walk.later()):
        report = company.report(words="再次安排", continues_id=walk.order.pk)
        actions.open_order(actor=company.agent, at=walk.at, report=report)
    walk.archived()


def test_the_customers_decision_lets_it_go(company):
    walk = unrepaired(company)
    with pytest.raises(NotAllowed):
        decided(walk, actor=company.hands)
    with pytest.raises(Invalid, match="unknown_reason"):
        decided(walk, "no_such")
    decided(walk)
    walk.order.refresh_from_db()
    assert walk.order.unresolved_reason == "customer_declines"
    walk.archived()


def test_the_decision_can_be_part_of_the_follow_up(company):
    walk = unrepaired(company, followed=False)
    with moved_to(walk.later()):
        actions.follow_up(
            actor=company.agent, at=walk.at, order_uid=walk.order.uid, result="not_solved", decision="machine_replaced"
        )
    walk.archived()


def test_nothing_is_decided_of_what_was_repaired(company):
    walk = unrepaired(company, resolved=True, followed=False)
    with pytest.raises(WrongState, match="is_resolved"):
        decided(walk)
    with moved_to(walk.later()), pytest.raises(Invalid, match="is_resolved"):
        actions.open_order(actor=company.agent, at=walk.at, report=company.report(continues_id=walk.order.pk))
    stranger = acting("agent", a_region())
    with moved_to(walk.later()), pytest.raises(Invalid):
        actions.open_order(actor=stranger, at=walk.at, report=company.report(continues_id=walk.order.pk))


def test_another_list_of_reasons_is_another_list_of_decisions(company):
    only = [{"code": "site_closed", "words": {"zh": "场地关闭", "en": "The site is closed"}}]
    regulated(now() - timedelta(hours=9), orders__unresolved_reasons=only)
    walk = unrepaired(company)
    with pytest.raises(Invalid, match="unknown_reason"):
        decided(walk, "customer_declines")
    decided(walk, "site_closed")
    walk.archived()


def test_the_console_offers_both_ways(company):
    walk = unrepaired(company, followed=False)
    agent, order = browser(company.agent), walk.order
    dialog = agent.get(reverse("order_verb", args=[order.uid, "follow_up"])).content.decode()
    assert "The customer does not want the repair" in dialog
    assert do(agent, order, "follow_up", result="not_solved", decision="").status_code == 204
    page = agent.get(reverse("order", args=[order.uid])).content.decode()
    assert "Open a further order, or record the customer" in page
    assert reverse("order_verb", args=[order.uid, "accept_unresolved"]) in page
    refused = do(agent, order, "archive")
    assert (refused.status_code, "The fault is not resolved" in refused.content.decode()) == (422, True)
    link = f"{reverse('intake')}?continues={order.pk}&amp;machine={order.machine_id}"
    assert link in page
    intake = agent.get(reverse("intake"), {"continues": order.pk, "machine": order.machine_id}).content.decode()
    assert order.number in intake
    sent = {"key": "k" * 32, "machine": order.machine_id, "continues": order.pk, "words": "继续修理", "caller_name": "王"}
    assert agent.post(reverse("intake"), sent).status_code == 302
    further = Order.objects.get(continues=order)
    page = agent.get(reverse("order", args=[order.uid])).content.decode()
    assert f'<a href="{reverse("order", args=[further.uid])}">{further.number}</a>' in page
    assert do(agent, order, "archive").status_code == 204
    assert order.number in agent.get(reverse("order", args=[further.uid])).content.decode()
