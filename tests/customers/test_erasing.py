"""A person is erased: everything they ever gave, wherever it was kept, and the chain stays whole."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from procrastinate.contrib.django.models import ProcrastinateJob

from anxiu.customers.actions import erase_contact, erase_customer
from anxiu.customers.choices import EraseReason
from anxiu.customers.models import Contact, Customer
from anxiu.feedback.actions import rate
from anxiu.files.actions import lift_hold, set_hold
from anxiu.files.models import Attachment, Blob
from anxiu.files.tasks import remove_bytes
from anxiu.kernel.actor import SYSTEM, Actor, ActorKind, Subject
from anxiu.kernel.errors import GateShut
from anxiu.kernel.models import EventRow
from anxiu.kernel.time import moved_to
from anxiu.notify.models import Notice
from anxiu.orders import actions
from anxiu.orders.actions import Signing
from anxiu.orders.choices import SignOffMeans
from anxiu.orders.models import Document, Guarantee, Order, SignOff
from anxiu.orders.queries import document_to_sign
from anxiu.trace.verify import verify
from tests.given.assets import a_contact
from tests.given.orders import MONDAY, Walk, a_company, a_picture, a_signature, opened, react_all
from tests.kernel.conftest import dumped

MARK = "Quillfeather"
PHONE = "139 7531 9264"
EMAIL = "quillfeather@example.com"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Storage in a folder of this test."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "anxiu.files.folder.Folder", "OPTIONS": {"location": str(tmp_path / "media")}
        },
    }  # fmt: skip
    return tmp_path / "media"


def customer_of(order):
    """The customer with a link to the order."""
    return Actor(
        kind=ActorKind.LINK, id=1, subject=Subject("order", order.pk),
        permissions=frozenset({"orders.ask_question", "orders.sign_off", "feedback.rate"}),
    )  # fmt: skip


def everything():
    """React and run the jobs that remove bytes, as workers would."""
    while react_all():
        pass
    for job in ProcrastinateJob.objects.filter(task_name="files.remove"):
        remove_bytes(**job.args)


def lived(company):
    """An order on which the person left a mark in everything that people can fill in; archived."""
    photo = replace(a_picture("tomato"), name=f"{MARK}.jpg")
    said = {
        "words": f"门打不开，{MARK} 在等", "caller_name": MARK, "caller_phone": PHONE, "caller_email": EMAIL,
        "place": f"{MARK} 家", "product": "", "media": (photo,),
    }  # fmt: skip
    walk = Walk(company, opened(company, **said))
    order = walk.order
    with moved_to(at := walk.later()):
        question = actions.ask_question(actor=customer_of(order), at=at, order_uid=order.uid, text=f"{MARK} 问几点到")
        actions.answer_question(actor=company.agent, at=at, question_uid=question.uid, text=f"{MARK} 您好，三点")
    walk.to("completed")
    order.refresh_from_db()
    digest = sha256(document_to_sign(order).encode()).hexdigest()
    signing = Signing(SignOffMeans.SCREEN, digest, signer=MARK, remarks=f"{MARK} 满意")
    walk._mine("sign_off", signing=signing, signature=a_signature())
    with moved_to(at := walk.later(30)):
        everything()
        rate(actor=customer_of(order), at=at, order_uid=order.uid, score=2, words=f"我是 {MARK}，没修好")
        everything()
    walk.followed_up().archived()
    with moved_to(walk.at):
        everything()
    order.refresh_from_db()
    return order, walk.at


def kept(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in folder.rglob("*") if each.is_file()}


def a_person():
    """A company whose contact bears the mark."""
    company = a_company()
    contact = a_contact(company.customer, MARK, PHONE, email=EMAIL, site_id=company.site.pk)
    return replace(company, contact=contact)


def after_the_guarantee(order):
    """A day on which nothing has to be kept any more."""
    until = Guarantee.objects.get(order=order).until_date
    return MONDAY + (until - MONDAY.date()) + timedelta(days=2)


@pytest.mark.requirement("SAF-04")
@pytest.mark.django_db(transaction=True)
def test_no_byte_of_an_erased_person_is_left_in_database_or_files(media):
    company = a_person()
    order, _ = lived(company)
    before, files = dumped(), kept(media)
    assert all(each.encode() in before for each in (MARK, "13975319264", EMAIL))
    papers = {each.digest for each in Document.objects.filter(order=order)}
    signature = Attachment.objects.get(subject_kind="order", subject_id=order.pk, purpose="signature").blob.digest
    photo = Attachment.objects.get(subject_kind="order", subject_id=order.pk, purpose="intake_photo").blob.digest
    assert len(papers) == 2
    assert papers | {signature, photo} <= set(files)
    with moved_to(at := after_the_guarantee(order)):
        erase_contact(
            actor=company.supervisor, at=at, contact_id=company.contact.pk, why=EraseReason.ASKED, photos=True
        )
        everything()
    after = dumped()
    personal = (MARK, MARK.lower(), PHONE, "13975319264", "75319264", "46291357931", EMAIL)
    assert [line[:300] for line in after.splitlines() for each in personal if each.encode() in line] == []
    assert not {digest for digest in (*papers, signature, photo) for name in kept(media) if name.startswith(digest)}
    assert not [name for name, content in kept(media).items() for each in personal if each.encode() in content]
    verify(witnessed={})
    # What was promised and done can still be shown: that, when, and the digests of the papers.
    assert {each.digest for each in Document.objects.filter(order=order)} == papers
    assert (order.cause, Guarantee.objects.get(order=order).days > 0) == ("皮带老化", True)
    assert SignOff.objects.get(order=order).document_digest
    [told] = EventRow.objects.filter(kind="customers.contact_erased")
    assert (told.actor_kind, '"why":"asked"' in told.body) == (company.supervisor.kind, True)


@pytest.mark.requirement("SAF-04")
@pytest.mark.django_db(transaction=True)
def test_a_private_customer_goes_with_sites_people_and_machines(media):
    company = a_person()
    Customer.objects.filter(pk=company.customer.pk).update(name=f"{MARK} 太太", search_text=MARK.lower())
    order, _ = lived(company)
    with moved_to(at := after_the_guarantee(order)):
        erase_customer(actor=company.supervisor, at=at, customer_id=company.customer.pk, photos=True)
        everything()
        erase_customer(actor=company.supervisor, at=at, customer_id=company.customer.pk, photos=True)
    row = Customer.objects.get(pk=company.customer.pk)
    assert (row.name, row.erased_at) == (row.code, at)
    assert {each.erased_at for each in Contact.objects.filter(customer=row)} == {at}
    assert {(each.name, each.address, each.place) for each in row.sites.all()} == {(row.code, "", None)}
    assert [line[:300] for line in dumped().splitlines() if MARK.encode() in line] == []
    assert EventRow.objects.filter(kind="customers.customer_erased").count() == 1
    verify(witnessed={})


@pytest.mark.requirement("SAF-04")
def test_what_must_be_kept_refuses_in_words_with_a_date(db):
    company = a_company()
    walk = Walk(company, opened(company))
    given = {"actor": company.supervisor, "contact_id": company.contact.pk}

    def missing(at):
        with pytest.raises(GateShut) as refused, moved_to(at):
            erase_contact(at=at, **given)
        return [(each.code, each.params) for each in refused.value.missing]

    assert missing(MONDAY) == [("orders.person_has_open_orders", {"count": 1, "numbers": walk.order.number})]
    order = walk.to("archived")
    guarantee = Guarantee.objects.get(order=order)
    promised = {"number": guarantee.number, "date": guarantee.until_date.isoformat()}
    assert missing(walk.at) == [("orders.person_has_guarantee", promised)]
    at = after_the_guarantee(order)
    set_hold(actor=company.management, at=at, subject=Subject("order", order.pk))
    assert missing(at) == [("orders.person_is_in_dispute", {})]
    lift_hold(actor=company.management, at=at, subject=Subject("order", order.pk))
    with moved_to(at):
        erase_contact(at=at, **given)
    assert Contact.objects.get(pk=company.contact.pk).erased_at == at


@pytest.mark.django_db(transaction=True)
def test_photos_stay_unless_asked_for_but_without_name_and_place(media):
    company = a_person()
    order, _ = lived(company)
    with moved_to(at := after_the_guarantee(order)):
        erase_contact(actor=SYSTEM, at=at, contact_id=company.contact.pk)
        everything()
    photo = Attachment.objects.select_related("blob").get(subject_id=order.pk, purpose="intake_photo")
    assert (photo.name, photo.place, photo.blob.erased_at) == ("", None, None)
    assert default_storage.exists(photo.blob.path)
    assert Blob.objects.exclude(erased_at=None).count() == 3  # signature, report, guarantee


@pytest.mark.django_db(transaction=True)
def test_colleagues_keep_their_notices_as_a_number(media):
    company = a_person()
    order, _ = lived(company)
    told = Notice.objects.filter(subject_kind="order", subject_id=order.pk)
    assert told.filter(body__contains=MARK).exists()
    with moved_to(at := after_the_guarantee(order)):
        erase_contact(actor=SYSTEM, at=at, contact_id=company.contact.pk)
        everything()
    assert set(told.exclude(person=None).values_list("title", "body")) == {(order.number, "")}
    assert set(told.filter(person=None).values_list("title", "body", "address")) == {("", "", "")}
    assert Order.objects.get(pk=order.pk).summary == "–"
