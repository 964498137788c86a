"""A record that is corrected after it was signed: what was signed stays, and the corrected record is signed again."""

from datetime import timedelta
from decimal import Decimal
from hashlib import sha256
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from anxiu.accounts.choices import LinkPurpose
from anxiu.catalogue.actions import NewPart, add_part
from anxiu.files.models import Attachment
from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.errors import GateShut, Invalid, NotAllowed, WrongState
from anxiu.kernel.models import EventRow
from anxiu.kernel.money import Money
from anxiu.kernel.subscribers import rebuild
from anxiu.kernel.time import moved_to, now
from anxiu.kpi.models import CaseFact, OrderFact
from anxiu.orders import actions
from anxiu.orders.actions import NewEntry, Signing
from anxiu.orders.choices import DocumentKind, EntryKind, SignOffMeans
from anxiu.orders.documents import filling
from anxiu.orders.models import Document, Entry, SignOff
from anxiu.orders.queries import document_to_sign
from anxiu.sla.models import Clock
from tests.given.assets import AT
from tests.given.browsing import browser, do
from tests.given.orders import Company, Walk, a_company, a_picture, a_signature, opened, react_all

pytestmark = pytest.mark.requirement("STD-04", "ORD-11")
WHY = "工时记多了"


@pytest.fixture
def company(db: None) -> Company:
    return a_company()


@pytest.fixture
def walk(company: Company) -> Walk:
    start = now() - timedelta(hours=6)
    walk = Walk(company, opened(company, start), start)
    walk.to("signed")
    return walk


def labour(walk: Walk) -> Entry:
    return Entry.objects.get(order=walk.order, kind=EntryKind.LABOUR, corrections=None)


def corrected(walk: Walk, minutes: int = 30, reason: str = WHY) -> Walk:
    right = NewEntry(EntryKind.LABOUR, minutes=minutes, corrects_uid=labour(walk).uid, reason=reason)
    walk._mine("add_entry", entry=right)
    walk.order.refresh_from_db()
    return walk


def clocks(walk: Walk) -> list[tuple[object, ...]]:
    rows = Clock.objects.filter(subject_kind="order", subject_id=walk.order.pk).order_by("id")
    return list(rows.values_list("kind", "state", "started_at", "due_at", "stopped_at"))


def test_a_correction_supersedes_the_signature_and_the_new_bytes_are_signed(walk):
    react_all()
    before, first, promised = clocks(walk), walk.order.sign_off, walk.order.guarantee
    corrected(walk)
    assert walk.order.sign_off is None
    assert (walk.order.state, clocks(walk)) == ("following_up", before)
    assert (first.superseded.reason, first.superseded.entry) == (WHY, labour(walk))
    text = document_to_sign(walk.order)
    assert "30" in text
    assert WHY in text
    walk.signed()
    walk.order.refresh_from_db()
    second = walk.order.sign_off
    assert (second.number, second.document, first.document_digest != second.document_digest) == (2, text, True)
    assert clocks(walk) == before
    former = SignOff.objects.get(pk=first.pk)
    assert (former.document, former.signature_uid) == (first.document, first.signature_uid)
    assert sha256(former.document.encode()).hexdigest() == former.document_digest
    assert Attachment.objects.filter(uid__in=[former.signature_uid, second.signature_uid]).count() == 2
    walk.order.guarantee.refresh_from_db()
    assert (walk.order.guarantee.number, walk.order.guarantee.until_date) == (promised.number, promised.until_date)


def test_the_report_is_issued_anew_and_the_former_one_stays(walk):
    react_all()
    corrected(walk)
    with pytest.raises(WrongState, match="not_signed_again"), moved_to(walk.later()):
        actions.issue_document(
            actor=walk.company.agent, at=walk.at, order_uid=walk.order.uid, kind=DocumentKind.REPORT, language="en"
        )
    walk.signed()
    react_all()
    reports = Document.objects.filter(order=walk.order, kind=DocumentKind.REPORT).order_by("id")
    assert [each.edition for each in reports] == [1, 2]
    assert len({each.digest for each in reports}) == 2
    walk.order.refresh_from_db()
    printed = filling.report(walk.order, "zh-hans", walk.at)
    assert printed.labour_total == timedelta(minutes=30)
    assert WHY in printed.sign_off.replaces
    assert printed.sign_off.document_digest == walk.order.sign_off.document_digest


def test_the_file_is_not_closed_before_the_corrected_record_is_signed_or_refused(walk):
    walk.followed_up()
    corrected(walk)
    with pytest.raises(GateShut) as refused:
        walk.archived()
    assert [each.code for each in refused.value.missing] == ["orders.not_signed_again"]
    digest = sha256(document_to_sign(walk.order).encode()).hexdigest()
    walk._mine("refuse_sign_off", signing=Signing(SignOffMeans.SCREEN, digest), reason="report_disputed")
    walk.order.refresh_from_db()
    assert (walk.order.state, walk.order.sign_off.outcome) == ("closing", "refused")
    with pytest.raises(GateShut) as refused:
        walk.archived()
    assert [each.code for each in refused.value.missing] == ["orders.report_missing"]
    react_all()
    walk.archived()
    with pytest.raises(WrongState, match="archived"):
        corrected(walk, 20)


def test_what_is_refused(walk, company):
    with pytest.raises(WrongState, match="only_corrections"):
        walk._mine("add_entry", entry=NewEntry(EntryKind.NOTE, text="后补的说明"))
    with pytest.raises(Invalid, match="why_corrected"):
        corrected(walk, reason=" ")
    with pytest.raises(WrongState, match="signed_already"):
        walk.signed()
    with pytest.raises(WrongState, match="signed_already"), moved_to(walk.later()):
        actions.send_link(actor=company.agent, at=walk.at, order_uid=walk.order.uid, purpose=LinkPurpose.SIGN)
    right = NewEntry(EntryKind.LABOUR, minutes=1, corrects_uid=labour(walk).uid, reason=WHY)
    with pytest.raises(NotAllowed), moved_to(walk.later()):
        actions.add_entry(actor=company.agent, at=walk.at, order_uid=walk.order.uid, entry=right)
    assert not EventRow.objects.filter(kind="orders.sign_off_superseded").exists()
    assert not Entry.objects.filter(order=walk.order).exclude(corrects=None).exists()


def test_the_guarantee_covers_the_part_that_was_really_put_in(company):
    start = now() - timedelta(hours=6)
    walk = Walk(company, opened(company, start), start)
    wrong, right = (
        add_part(actor=SYSTEM, at=AT, new=NewPart(each, each, each, "件", Money(100, "CNY"))).pk for each in ("A-1", "A-2")
    )
    walk.to("worked")
    walk.replaced(wrong)
    walk.completed()
    walk.signed()
    assert walk.order.guarantee.part_ids == [wrong]
    old = Entry.objects.get(order=walk.order, part_id=wrong)
    put = NewEntry(EntryKind.PART, part_id=right, value=Decimal(1), corrects_uid=old.uid, reason="型号看错")
    walk._mine("add_entry", entry=put)
    walk.signed()
    walk.order.guarantee.refresh_from_db()
    assert walk.order.guarantee.part_ids == [right]
    assert EventRow.objects.filter(kind="orders.guarantee_given").count() == 1
    assert EventRow.objects.filter(kind="orders.guarantee_corrected").count() == 1


def test_facts_keep_the_first_signature_and_fold_the_same_again(walk):
    react_all()
    first = OrderFact.objects.get(order_id=walk.order.pk).signed_at
    cases = CaseFact.objects.filter(order_id=walk.order.pk)
    counted = cases.filter(value_key__in=["sla.sign_off", "orders.guarantee_days"]).count()
    corrected(walk)
    walk.signed()
    react_all()
    folded = OrderFact.objects.filter(order_id=walk.order.pk).values().get()
    assert folded["signed_at"] == first
    assert cases.filter(value_key__in=["sla.sign_off", "orders.guarantee_days"]).count() == counted
    rebuild("kpi.facts")
    assert OrderFact.objects.filter(order_id=walk.order.pk).values().get() == folded


def test_the_page_asks_for_the_signature_and_takes_it_on_the_pad(walk, company):
    react_all()
    hands, order = browser(company.hands), walk.order
    page = hands.get(reverse("order", args=[order.uid])).content.decode()
    assert reverse("order_verb", args=[order.uid, "add_entry"]) not in page
    url = reverse("correct_entry", args=[order.uid, labour(walk).uid])
    assert url in page
    assert "Why it is corrected" in hands.get(url).content.decode()
    sent = {"key": uuid4().hex, "kind": "labour", "minutes": 30}
    assert hands.post(url, sent).status_code == 422
    assert hands.post(url, {**sent, "key": uuid4().hex, "reason": WHY}).status_code == 204
    page = hands.get(reverse("order", args=[order.uid])).content.decode()
    assert "The record was corrected after it was signed: have it signed again." in page
    assert reverse("order_verb", args=[order.uid, "sign_off"]) in page
    assert WHY in page
    order.refresh_from_db()
    digest = sha256(document_to_sign(order).encode()).hexdigest()
    drawn = a_signature().content
    drawn.name = "s.png"
    fields = {"document_digest": digest, "signer": "王小明", "signature_photo": drawn}
    assert do(hands, order, "sign_off", **fields).status_code == 204
    order.refresh_from_db()
    assert order.sign_off.number == 2
    page = hands.get(reverse("order", args=[order.uid])).content.decode()
    assert "have it signed again" not in page
    assert page.count("Superseded") >= 1


def test_the_customer_signs_the_corrected_record_by_a_new_link(walk, company):
    react_all()
    corrected(walk)
    with moved_to(walk.later()):
        secret = actions.send_link(
            actor=company.agent, at=walk.at, order_uid=walk.order.uid, purpose=LinkPurpose.SIGN
        )
    customer, url = Client(headers={"Accept-Language": "zh-hans"}), reverse("sign", args=[secret])
    shown = customer.get(url).content.decode()
    assert WHY in shown
    digest = sha256(document_to_sign(walk.order).encode()).hexdigest()
    picture = a_signature().content
    picture.name = "s.png"
    done = customer.post(url, {"digest": digest, "signer": "王小明", "photo": picture})
    assert done.status_code == 302, done.content.decode()
    walk.order.refresh_from_db()
    assert (walk.order.sign_off.number, walk.order.sign_off.means) == (2, "link")
    assert customer.get(url).status_code == 200  # the same address shows what came of it


def test_any_line_that_the_report_shows_counts(walk):
    react_all()
    photo = Entry.objects.filter(order=walk.order, kind=EntryKind.PHOTO).first()
    other = NewEntry(EntryKind.PHOTO, photo=a_picture("orange"), corrects_uid=photo.uid, reason="照片放错")
    before = document_to_sign(walk.order)
    walk._mine("add_entry", entry=other)
    assert document_to_sign(walk.order) != before
    walk.signed()


def test_why_it_stands_no_more_is_never_changed(walk):
    corrected(walk)
    for statement in ("update orders_superseded set reason = 'x'", "delete from orders_superseded"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
