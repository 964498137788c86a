"""Rows that are written with kept statements stand in the database as Django itself would have written them."""

from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.db.models import Model

from anxiu.accounts.choices import LinkPurpose
from anxiu.accounts.models import Link
from anxiu.kernel.access import AccessKind
from anxiu.kernel.models import Access
from anxiu.kernel.rows import MOST_ROWS, insert, update
from anxiu.kernel.search import query, vector
from anxiu.orders.models import Order
from tests.given.assets import AT
from tests.given.orders import a_company, opened

pytestmark = pytest.mark.django_db


def a_link(number: int) -> Link:
    return Link(
        purpose=LinkPurpose.TRACK, subject_kind="order", subject_id=number, digest=f"digest {number}", created_at=AT,
        expires_at=AT + timedelta(days=number) if number % 2 else None,
    )  # fmt: skip


def plain(row: Model) -> dict[str, object]:
    return {each.attname: getattr(row, each.attname) for each in row._meta.concrete_fields}


def test_rows_have_their_keys_in_the_order_they_were_given_and_every_value(django_assert_num_queries) -> None:
    links = [a_link(number) for number in range(5)]
    with django_assert_num_queries(1):
        insert(*links)
    assert [plain(each) for each in Link.objects.order_by("pk")] == [plain(each) for each in links]
    assert not any(each._state.adding for each in links)


def test_a_row_with_a_list_is_written_and_nothing_is_written_for_nothing(django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        insert()
    seen = Access(
        at=AT, actor_kind="person", actor_id=1 << 40, purpose=AccessKind.DETAIL, subject_kind="order",
        subject_ids=[3, 1 << 40],
    )  # fmt: skip
    insert(seen)
    assert plain(Access.objects.get()) == plain(seen)


def test_more_than_a_few_rows_are_written_in_bulk() -> None:
    insert(*map(a_link, range(MOST_ROWS + 1)))
    assert Link.objects.count() == MOST_ROWS + 1


def test_only_the_named_fields_are_updated(django_assert_num_queries) -> None:
    company = a_company()
    order = opened(company)
    order.summary, order.cause, order.engineer_id = "changed", "not written", company.engineer.pk
    with django_assert_num_queries(1):
        update(order, {"summary", "engineer"})
    again = Order.objects.get()
    assert (again.summary, again.cause, again.engineer_id) == ("changed", "", company.engineer.pk)


def test_the_database_works_out_an_expression(django_assert_num_queries) -> None:
    order = opened(a_company())
    assert Order.objects.filter(search=query("报警灯"), pk=order.pk).exists()  # as it was written with the new row
    order.search, order.summary = vector(texts=["轿厢"]), "found by other words"
    with django_assert_num_queries(1):
        update(order, ("search", "summary"))
    assert Order.objects.filter(search="轿厢", summary="found by other words").exists()


def test_a_row_that_is_gone_is_not_passed_over() -> None:
    link = a_link(1)
    insert(link)
    Link.objects.all().delete()
    with pytest.raises(DatabaseError, match="is gone"):
        update(link, {"revoked_at"})
