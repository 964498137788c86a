"""When something happened: whoever says so over the API cannot say tomorrow."""

from datetime import timedelta

import pytest

from anxiu.accounts.choices import LinkPurpose
from anxiu.feedback.actions import rate
from anxiu.kernel.errors import Invalid
from anxiu.kernel.time import moved_to
from anxiu.orders import actions
from anxiu.orders.choices import DocumentKind
from tests.given.orders import Company, Walk, a_company, opened


@pytest.fixture
def company(db: None) -> Company:
    return a_company()


@pytest.mark.requirement("PF-02")
def test_nothing_is_dated_to_come(company):
    walk = Walk(company, opened(company))
    walk.to("worked")
    walk.completed().signed()
    order, tomorrow = walk.order, walk.at + timedelta(days=1)
    asked = {"actor": company.agent, "at": tomorrow, "order_uid": order.uid}
    with moved_to(walk.at):
        for verb in (
            lambda: rate(**asked, score=5),
            lambda: actions.send_link(**asked, purpose=LinkPurpose.TRACK),
            lambda: actions.issue_document(**asked, kind=DocumentKind.REPORT, language="en"),
            lambda: actions.follow_up(**asked, result="satisfied"),
        ):
            with pytest.raises(Invalid) as refused:
                verb()
            assert refused.value.code == "kernel.in_future"
