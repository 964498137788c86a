"""Setting a paper blocks nobody, and what happens on the order meanwhile is in it."""

from datetime import timedelta
from threading import Thread

import pytest
from django.db import DatabaseError, connection, transaction

from anxiu.kernel.time import moved_to, now
from anxiu.orders import actions
from anxiu.orders.actions import issuing
from anxiu.orders.choices import DocumentKind
from anxiu.orders.documents import filling
from anxiu.orders.models import Document, Order
from tests.given.orders import Company, Walk, a_company, opened

pytestmark = pytest.mark.requirement("ORD-12")


def signed(company: Company) -> Walk:
    start = now() - timedelta(hours=6)
    walk = Walk(company, opened(company, start), start)
    walk.to("signed")
    return walk


def issue(walk: Walk) -> Document:
    with moved_to(walk.later()):
        return actions.issue_document(
            actor=walk.company.agent, at=walk.at, order_uid=walk.order.uid, kind=DocumentKind.REPORT, language="en"
        )


@pytest.mark.django_db(transaction=True)
def test_while_a_report_is_set_its_order_is_free_for_others(monkeypatch):
    walk, found = signed(a_company()), []
    setting = issuing.report_pdf

    def somebody_else() -> None:
        try:
            with transaction.atomic():
                found.append(Order.objects.select_for_update(nowait=True).get(pk=walk.order.pk).pk)
        except DatabaseError as refused:
            found.append(refused)
        finally:
            connection.close()

    def slow(report, style):
        other = Thread(target=somebody_else)
        other.start()
        other.join()
        return setting(report, style)

    monkeypatch.setattr(issuing, "report_pdf", slow)
    issue(walk)
    assert found == [walk.order.pk]


def test_what_happens_while_a_report_is_set_is_in_it(db, monkeypatch):
    walk, said = signed(a_company()), []
    setting = issuing.report_pdf

    def overtaken(report, style):
        said.append([each.text for each in report.points])
        if len(said) == 1:
            actions.ask_question(actor=walk.company.agent, at=walk.at, order_uid=walk.order.uid, text="何时补发配件？")
        return setting(report, style)

    monkeypatch.setattr(issuing, "report_pdf", overtaken)
    issued = issue(walk)
    assert said == [[], ["何时补发配件？"]]
    assert list(Document.objects.filter(order=walk.order)) == [issued]
    assert issue(walk) == issued
    assert len(said) == 2


@pytest.mark.django_db
def test_what_we_learned_for_ourselves_is_not_in_the_customers_report():
    walk = signed(a_company())
    with moved_to(walk.later()):
        actions.write_summary(actor=walk.company.agent, at=walk.at, order_uid=walk.order.uid, text="客户自行拆机，留意收费")
    printed = filling.report(walk.order, "zh-hans", walk.at)
    assert "客户自行拆机" not in "".join(each.text for each in printed.entries)
