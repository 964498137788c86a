"""A wrong line of the work record is set right by a further one, and counts no more."""

from decimal import Decimal

import pytest

from anxiu.catalogue.actions import NewPart, add_part
from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.errors import GateShut, Invalid
from anxiu.kernel.money import Money
from anxiu.orders.actions import NewEntry
from anxiu.orders.choices import EntryKind
from anxiu.orders.documents.filling import report
from anxiu.orders.models import Entry
from anxiu.orders.queries import document_to_sign
from tests.given.assets import AT
from tests.given.orders import Company, Walk, a_company, a_picture, opened

pytestmark = pytest.mark.requirement("ORD-11", "ORD-12")


@pytest.fixture
def company(db: None) -> Company:
    return a_company()


def a_part(number: str, name: str) -> int:
    return add_part(actor=SYSTEM, at=AT, new=NewPart(number, name, number, "件", Money(18000, "CNY"))).pk


def test_papers_and_guarantee_use_the_line_that_stands(company):
    wrong, right = a_part("P-1", "皮带"), a_part("P-2", "门锁")
    walk = Walk(company, opened(company))
    walk.to("worked")
    walk.replaced(wrong)
    for kind, new in (
        (EntryKind.PART, NewEntry(EntryKind.PART, part_id=right, value=Decimal(1))),
        (EntryKind.LABOUR, NewEntry(EntryKind.LABOUR, minutes=30)),
    ):
        old = Entry.objects.get(order=walk.order, kind=kind)
        walk._mine("add_entry", entry=NewEntry(**{**{f: getattr(new, f) for f in new.__slots__}, "corrects_uid": old.uid}))
    walk.completed()
    walk.order.refresh_from_db()
    text = document_to_sign(walk.order)
    assert "门锁" in text
    assert "备件：皮带" not in text
    printed = report(walk.order, "zh-hans", walk.at)
    assert [each.name for each in printed.parts] == ["门锁"]
    assert printed.labour_total.total_seconds() == 30 * 60
    walk.signed()
    assert walk.order.guarantee.part_ids == [right]


def test_a_corrected_photo_is_no_evidence(company):
    walk = Walk(company, opened(company))
    walk.to("worked")
    for photo in Entry.objects.filter(order=walk.order, kind=EntryKind.PHOTO):
        walk._mine("add_entry", entry=NewEntry(EntryKind.NOTE, text="照片不对", corrects_uid=photo.uid))
    with pytest.raises(GateShut):
        walk.completed()
    walk._mine("add_entry", entry=NewEntry(EntryKind.PHOTO, photo=a_picture("seagreen")))
    walk._mine("add_entry", entry=NewEntry(EntryKind.PHOTO, photo=a_picture("orange")))
    walk.completed()


def test_a_line_is_set_right_once(company):
    walk = Walk(company, opened(company))
    walk.to("worked")
    labour = Entry.objects.get(order=walk.order, kind=EntryKind.LABOUR)
    again = NewEntry(EntryKind.LABOUR, minutes=30, corrects_uid=labour.uid)
    walk._mine("add_entry", entry=again)
    with pytest.raises(Invalid, match="corrected_already"):
        walk._mine("add_entry", entry=again)
