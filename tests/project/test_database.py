"""The connection to the database: large writes, prepared statements, the order of joins."""

import pytest
from django.db import connection

from anxiu.kernel.models import Done
from anxiu.project.database.base import MOST_PARAMETERS

pytestmark = pytest.mark.django_db


def test_more_rows_than_one_statement_can_hold_are_written() -> None:
    number = MOST_PARAMETERS // 2 + 10
    Done.objects.bulk_create([Done(reactor="test.large", position=position) for position in range(number)])
    assert Done.objects.filter(reactor="test.large").count() == number
    assert len(Done.objects.in_bulk(list(Done.objects.values_list("pk", flat=True)))) == number


def test_statements_are_bound_and_prepared_by_the_server() -> None:
    with connection.cursor() as cursor:
        for _ in range(5):
            cursor.execute("select %s::int as prepared_by_the_server", [1])
        cursor.execute("select count(*) from pg_prepared_statements where statement like %s", ["select $1::int as prep%"])
        assert cursor.fetchone() == (1,)
        cursor.execute("show join_collapse_limit")
        assert cursor.fetchone() == ("4",)
