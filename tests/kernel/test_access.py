"""The trace that reading leaves."""

import pytest
from django.db import connection, transaction

from anxiu.kernel.access import AccessKind, note_access
from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.models import Access
from anxiu.kernel.time import now


def _how() -> str:
    with connection.cursor() as cursor:
        cursor.execute("show synchronous_commit")
        return str(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_reading_leaves_the_same_row_alone_and_within_a_change_and_what_follows_waits_for_the_disk_again() -> None:
    at, before = now(), _how()
    note_access(SYSTEM, AccessKind.DETAIL, "order", [3, 1, 3], at)
    with transaction.atomic():
        note_access(SYSTEM, AccessKind.DETAIL, "order", [3, 1, 3], at)
        assert _how() == before
    rows = Access.objects.values_list("at", "actor_kind", "actor_id", "purpose", "subject_kind", "subject_ids")
    expected = (at, SYSTEM.kind.value, SYSTEM.id, "detail", "order", [1, 3])
    assert (list(rows), before, _how()) == ([expected, expected], "on", "on")
