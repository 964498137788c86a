"""The chain: any change to any row is found, erasing sealed text is none, and no byte of it stays behind."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from anxiu.customers.actions import erase_contact
from anxiu.kernel import append_only
from anxiu.kernel.actor import SYSTEM, Subject
from anxiu.kernel.chain import check
from anxiu.kernel.erasure import erase_texts
from anxiu.kernel.events import Sealed, record
from anxiu.kernel.models import EventRow, Position, SealedText
from anxiu.kernel.sequencer import catch_up
from anxiu.kernel.time import moved_to, now
from anxiu.orders import actions
from anxiu.orders.actions import NewEntry
from anxiu.orders.choices import EntryKind
from anxiu.orders.models import Entry
from anxiu.project.preparing import grant
from anxiu.trace.verify import verify
from tests.given.orders import MONDAY, Walk, a_company, opened, react_all
from tests.kernel.conftest import dumped

AT = datetime(2026, 5, 11, 1, 0, tzinfo=UTC)
LENGTH = 6
OTHER = {
    "uid": uuid4(), "kind": "orders.cancelled", "version": 9, "subject_kind": "machine", "subject_id": 99,
    "region_id": None, "actor_kind": "person", "actor_id": 99, "occurred_at": AT + timedelta(microseconds=1),
    "recorded_at": AT + timedelta(microseconds=1), "body": '{"number":99}',
}  # fmt: skip


@pytest.fixture
def chain(quiet, noted):
    for number in range(LENGTH):
        record(noted(Sealed(f"text {number}"), number), subject=Subject("order", 7), region_id=3, actor=SYSTEM, at=AT)
    assert catch_up() == LENGTH


def unguarded(statement: str, *values: object) -> None:
    """What somebody with the whole database can do."""
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")  # the guards cannot be taken down while checks are waiting
        cursor.execute("set constraints all deferred")
        for table in ("kernel_event", "kernel_position"):
            cursor.execute(f"alter table {table} disable trigger user")
        cursor.execute(statement, values)


def found() -> list[tuple[int, str]]:
    places = Position.objects.order_by("position").select_related("event")
    return [(each.position, each.because) for each in check((p.position, bytes(p.hash), p.event) for p in places)]


def test_an_untouched_chain_holds(chain):
    assert found() == []
    assert list(Position.objects.order_by("position").values_list("position", flat=True)) == list(range(1, LENGTH + 1))


def test_every_column_of_an_event_is_in_its_hash():
    columns = {each.attname for each in EventRow._meta.concrete_fields}
    assert set(OTHER) == columns - {"id"}  # the inside key is no part of what happened


@pytest.mark.parametrize("column", OTHER)
@pytest.mark.parametrize("position", [1, 3, LENGTH])
def test_a_change_to_any_column_of_any_row_is_found(chain, column, position):
    event = Position.objects.get(position=position).event_id
    unguarded(f"update kernel_event set {column} = %s where id = %s", OTHER[column], event)
    assert found() == [(position, "changed")]


def test_a_row_taken_out_is_found(chain):
    unguarded("delete from kernel_position where position = 3")
    assert found() == [(3, "missing")]


def test_two_rows_that_changed_places_are_found(chain):
    first, second = Position.objects.order_by("position")[2:4]
    unguarded("delete from kernel_position where position in (3, 4)")
    for position, event, kept in ((3, second.event_id, first.hash), (4, first.event_id, second.hash)):
        unguarded("insert into kernel_position (position, event_id, hash) values (%s, %s, %s)", position, event, kept)
    assert found() == [(3, "changed")]


def test_a_row_put_in_is_found(chain):
    unguarded("update kernel_position set hash = decode(repeat('00', 32), 'hex') where position = 2")
    assert found() == [(2, "changed")]


def test_each_hash_depends_on_the_one_before(chain):
    hashes = [bytes(each) for each in Position.objects.order_by("position").values_list("hash", flat=True)]
    assert len(set(hashes)) == LENGTH
    assert all(one != other for one, other in pairwise(hashes))


# ---- erasure ---------------------------------------------------------------------------------------------------------
@pytest.mark.requirement("TR-01")
@pytest.mark.django_db(transaction=True)
def test_erased_texts_leave_no_byte_and_the_chain_still_verifies(noted):
    name, words = "欧阳春晓", "Please call my neighbour Quillfeather"
    for text in (name, words, "stays where it is"):
        record(noted(Sealed(text), 1), subject=Subject("contact", 5 if "stays" not in text else 6), region_id=None,
               actor=SYSTEM, at=AT)  # fmt: skip
    catch_up()
    before = verify(witnessed={})
    assert all(text.encode() in dumped() for text in (name, words))
    assert erase_texts("contact", [5]) == 2
    left = dumped()
    assert name.encode() not in left
    assert b"Quillfeather" not in left
    assert b"stays where it is" in left
    after = verify(witnessed={})
    assert (after.rows, after.hash, after.erased) == (before.rows, before.hash, before.erased + 2)


@pytest.mark.requirement("TR-01")
@pytest.mark.django_db(transaction=True)
def test_an_erased_contact_is_nowhere_any_more(noted):
    company = a_company()
    contact = company.contact
    said = {"caller_name": "王小明", "caller_phone": "138 1234 5678", "caller_email": "wang@example.com"}
    signed = Walk(company, opened(company, **said)).to("signed")
    order = Walk(company, opened(company, **said)).to("archived")
    assert order.contact_id == signed.contact_id == contact.pk
    with moved_to(MONDAY + timedelta(days=1)):
        actions.follow_up(actor=company.agent, at=now(), order_uid=signed.uid, result="all_good")
        actions.archive(actor=company.agent, at=now(), order_uid=signed.uid)
        react_all()
    before = dumped()
    personal = ("王小明", "13812345678", "138 1234 5678", "wang@example.com")
    assert [each for each in personal if each.encode() in before] == list(personal)
    at = MONDAY + timedelta(days=400)  # no guarantee runs any more
    with moved_to(at):
        erase_contact(actor=SYSTEM, at=at, contact_id=contact.pk)
        react_all()
    after = dumped()
    assert [line for line in after.splitlines() for each in personal if each.encode() in line] == []
    assert "'王小'".encode() not in after  # nor as pieces for the search
    assert b"'12345678'" not in after
    verify(witnessed={})
    order.refresh_from_db()
    assert (order.cause, order.solution) == ("皮带老化", "更换皮带并试运行")  # what is not about the person stays


# ---- what the database itself refuses --------------------------------------------------------------------------------
def guarded() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("select tgrelid::regclass::text from pg_trigger where tgname like '%%_append_only'")
        return {table for (table,) in cursor.fetchall()}


def test_every_append_only_table_has_its_trigger(db):
    assert guarded() == set(append_only.TABLES)


def test_nobody_changes_or_deletes_what_is_recorded(db):
    company = a_company()
    order = Walk(company, opened(company)).to("signed")
    with moved_to(at := MONDAY + timedelta(days=1)):
        react_all()
        wrong = Entry.objects.filter(order=order, kind=EntryKind.LABOUR).first()
        right = NewEntry(EntryKind.LABOUR, minutes=30, corrects_uid=wrong.uid, reason="记错")
        actions.add_entry(actor=company.hands, at=at, order_uid=order.uid, entry=right)
        react_all()
    with connection.cursor() as cursor:
        cursor.execute("insert into kernel_head (date, position, hash, signature) values ('2026-05-11', 1, '', '')")
        cursor.execute(
            "insert into trace_root (position, first, date, hash, root, signature) values (1, 1, '2026-05-11', '', '', '')"
        )
        # Those of uptake have their own tests, beside what fills them.
        for table in (each for each in append_only.TABLES if not each.startswith("uptake_")):
            key = {"kernel_head": "date", "kernel_position": "position", "trace_root": "position"}.get(table, "id")
            cursor.execute(f"select count(*) from {table}")
            assert cursor.fetchone()[0], table
            for statement in (f"update {table} set {key} = {key}", f"delete from {table}"):
                with pytest.raises(DatabaseError, match=f"{table} is append-only"), transaction.atomic():
                    cursor.execute(statement)


def test_the_application_role_has_no_right_to_change_what_is_recorded(db):
    with connection.cursor() as cursor:
        cursor.execute("select rolname from pg_roles where rolname = 'anxiu_app'")
        if not cursor.fetchone():
            pytest.skip("this database was given with one role for everything")
        grant("anxiu_app")
        cursor.execute(
            "select table_name, has_table_privilege('anxiu_app', table_name::regclass, right_name)"
            " from unnest(%s::text[]) as table_name, unnest(array['UPDATE', 'DELETE', 'TRUNCATE']) as right_name",
            [[*append_only.TABLES, "django_migrations"]],
        )
        assert [row for row in cursor.fetchall() if row[1]] == []
        cursor.execute("select has_table_privilege('anxiu_app', 'orders_order', 'UPDATE')")
        assert cursor.fetchone()[0]
        cursor.execute("select has_table_privilege('anxiu_app', 'kernel_event', 'INSERT')")
        assert cursor.fetchone()[0]


def test_of_a_sign_off_only_the_person_can_be_taken_away(db):
    order = Walk(company := a_company(), opened(company)).to("signed")
    with connection.cursor() as cursor:
        for change in ("document = ''", "signer = 'somebody else'", "signer = '', remarks = '', outcome = 'refused'"):
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                cursor.execute(f"update orders_signoff set {change} where order_id = %s", [order.pk])
        cursor.execute("update orders_signoff set signer = '', remarks = '' where order_id = %s", [order.pk])
        cursor.execute("select signer from orders_signoff where order_id = %s", [order.pk])
        assert cursor.fetchone() == ("",)


def test_erasing_deletes_texts_and_nothing_else(chain):
    events = EventRow.objects.count()
    assert erase_texts("order", [7]) == LENGTH
    assert (SealedText.objects.count(), EventRow.objects.count()) == (0, events)
    assert found() == []
