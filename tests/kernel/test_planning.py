"""Statements that are planned for their values are not kept prepared, and what comes after them is again."""

import pytest
from django.db import connection

from anxiu.accounts.models import Person
from anxiu.kernel.planning import planned_anew

pytestmark = pytest.mark.django_db


def kept() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from pg_prepared_statements where statement like %s", ['%"phone" = %'])
        return int(cursor.fetchone()[0])


def asked(phone: str) -> None:
    for _ in range(8):
        assert not Person.objects.filter(phone=phone).exists()


def test_what_is_planned_anew_is_not_kept():
    before = kept()
    with planned_anew():
        asked("1")
    assert kept() == before
    asked("2")
    if connection.settings_dict["OPTIONS"].get("prepare_threshold") is not None:
        assert kept() == before + 1


def test_a_fault_within_leaves_the_connection_as_it_was():
    held = connection.connection.prepare_threshold
    with pytest.raises(ValueError, match="x"), planned_anew():
        raise ValueError("x")
    assert connection.connection.prepare_threshold == held
