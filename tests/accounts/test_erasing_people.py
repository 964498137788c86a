"""A colleague who left is erased: what they did stays, and nobody is told any more who it was."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from anxiu.accounts.actions import change_person, erase_person, issue_token, retire_person
from anxiu.accounts.models import ApiToken, Holding, Person
from anxiu.accounts.queries import actor_of
from anxiu.customers.models import Customer
from anxiu.files.actions import store
from anxiu.files.tasks import remove_bytes
from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.errors import GateShut, NotAllowed, WrongState
from anxiu.kernel.models import EventRow, Refused
from anxiu.kernel.time import moved_to
from anxiu.notify.models import Notice
from anxiu.orders.models import Order
from anxiu.sla.models import DutyEntry
from anxiu.trace.verify import verify
from anxiu.workforce.actions import NewQualification, add_qualification, retire_engineer
from anxiu.workforce.choices import QualificationKind
from anxiu.workforce.models import Engineer
from tests.given.assets import a_person, acting
from tests.given.orders import MONDAY, Walk, a_company, a_picture, opened, react_all
from tests.given.regulated import regulated
from tests.kernel.conftest import dumped

MARK, PHONE, EMAIL = "Quillfeather", "139 7531 9264", "quillfeather@example.com"
LEFT = MONDAY + timedelta(days=40)
LATER = LEFT + timedelta(days=731)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Storage in a folder of this test."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "anxiu.files.folder.Folder", "OPTIONS": {"location": str(tmp_path / "media")}
        },
    }  # fmt: skip


def everything():
    """React and run the jobs that remove bytes, as workers would."""
    while react_all():
        pass
    for job in ProcrastinateJob.objects.filter(task_name="files.remove"):
        remove_bytes(**job.args)


def lived():
    """A company whose engineer bears the mark, did an order, held a proof and left."""
    company = a_company()
    person = company.engineer.person
    portrait, proof = (store(a_picture(colour), at=MONDAY) for colour in ("plum", "orchid"))
    change_person(
        actor=SYSTEM, at=MONDAY, person_id=person.pk,
        changes={"name": MARK, "name_en": MARK, "phone": PHONE, "email": EMAIL, "photo_digest": portrait.digest},
    )  # fmt: skip
    certificate = NewQualification(
        QualificationKind.CERTIFICATE, date(2024, 1, 5), name=f"{MARK} 电工证", issuer=MARK, number=f"{MARK}-7",
        evidence_digest=proof.digest,
    )  # fmt: skip
    add_qualification(actor=SYSTEM, at=MONDAY, engineer_id=company.engineer.pk, new=certificate)
    issue_token(actor=SYSTEM, at=MONDAY, person_id=person.pk, label=MARK)
    person = Person.objects.get(pk=person.pk)
    company = replace(company, engineer=Engineer.objects.get(pk=company.engineer.pk), hands=actor_of(person))
    walk = Walk(company, opened(company))
    order = walk.to("archived")
    with moved_to(walk.at):
        everything()
        Client().get("/")
        client = Client()
        client.force_login(person)
        client.get(reverse("order_verb", args=[order.uid, "merge_order"]))
    Notice.objects.exclude(medium="inapp").update(state="sent", sent_at=walk.at, next_at=None)
    with moved_to(LEFT):
        retire_engineer(actor=SYSTEM, at=LEFT, engineer_id=company.engineer.pk)
        retire_person(actor=SYSTEM, at=LEFT, person_id=person.pk)
        everything()
    return person, order, (portrait, proof)


@pytest.mark.requirement("SAF-04")
@pytest.mark.django_db(transaction=True)
def test_nothing_names_the_colleague_and_what_was_done_stays():
    person, order, blobs = lived()
    assert all(each.encode() in dumped() for each in (MARK, PHONE, EMAIL))
    assert all(default_storage.exists(each.path) for each in blobs)
    administrator = a_person("administrator")
    client = Client(headers={"accept-language": "en"})
    with moved_to(LATER):
        client.force_login(administrator)
        assert "1 may be erased" in client.get(reverse("retention")).content.decode()
        page = client.get(reverse("person", args=[person.uid])).content.decode()
        assert reverse("erase_person", args=[person.uid]) in page
        said = client.post(reverse("erase_person", args=[person.uid]), {"key": "k", "sure": "on"})
        assert (said.status_code, said.content[:300]) == (204, b"")
        everything()
        erase_person(actor=SYSTEM, at=LATER, person_id=person.pk)
    lines = [line[:250] for line in dumped().splitlines() for each in (MARK, MARK.lower(), PHONE, EMAIL) if each.encode() in line]
    assert [line for line in lines if b"orders_signoff" not in line] == []  # what the customer signed is the customer's
    assert not [each.path for each in blobs if default_storage.exists(each.path)]
    row = Person.objects.get(pk=person.pk)
    assert (row.name, row.name_en, row.erased_at) == (f"离职员工 {row.pk}", f"Former colleague {row.pk}", LATER)
    assert not Holding.objects.filter(person=row).exists()
    assert not ApiToken.objects.filter(person=row).exists()
    assert not Refused.objects.filter(actor_id=row.pk).exists()
    assert not Notice.objects.filter(person=row).exists()
    sessions = SessionStore.get_model_class().objects.all()
    assert str(row.pk) not in {each.get_decoded().get("_auth_user_id") for each in sessions}
    order.refresh_from_db()
    assert (order.cause, order.engineer.person.name) == ("皮带老化", row.name)
    with moved_to(LATER):
        history = client.get(reverse("order", args=[order.uid])).content.decode()
        profile = client.get(reverse("person", args=[row.uid])).content.decode()
    assert (row.name in history, MARK in history) == (True, False)
    assert ("Erased" in profile, "erased.invalid" in profile) == (True, False)
    assert EventRow.objects.filter(kind="accounts.person_erased").count() == 1
    verify(witnessed={})


@pytest.mark.requirement("SAF-04")
@pytest.mark.django_db
def test_who_still_has_something_to_do_or_left_lately_is_kept_and_it_says_why():
    company = a_company()
    person = company.engineer.person
    administrator = acting("administrator")

    def missing(at) -> dict[str, object]:
        with pytest.raises(GateShut) as refused, moved_to(at):
            erase_person(actor=administrator, at=at, person_id=person.pk)
        return {each.code: each.params for each in refused.value.missing}

    walk = Walk(company, opened(company)).contacted().booked()
    with pytest.raises(WrongState, match="still_open"):
        erase_person(actor=administrator, at=walk.at, person_id=person.pk)
    retire_person(actor=SYSTEM, at=LEFT, person_id=person.pk)
    Customer.objects.filter(pk=company.customer.pk).update(own_agent=person)
    DutyEntry.objects.create(
        person=person, post="engineer", from_at=MONDAY, until_at=LATER + timedelta(days=9)
    )  # fmt: skip
    number = walk.order.number
    assert missing(LEFT + timedelta(days=1)) == {
        "orders.person_has_open_orders": {"count": 1, "numbers": number}, "workforce.still_engineer": {},
        "sla.still_rostered": {}, "customers.still_own_agent": {"count": 1, "customer": company.customer.code},
        "privacy.left_too_lately": {"date": "2028-06-19"},
    }  # fmt: skip
    assert missing(LATER).keys() == {
        "orders.person_has_open_orders", "workforce.still_engineer", "sla.still_rostered", "customers.still_own_agent"
    }  # fmt: skip
    Order.objects.filter(pk=walk.order.pk).update(engineer=None)
    owner = Order.objects.get(pk=walk.order.pk).owner
    retire_person(actor=SYSTEM, at=LEFT, person_id=owner.pk)
    with pytest.raises(GateShut) as refused, moved_to(LATER):
        erase_person(actor=administrator, at=LATER, person_id=owner.pk)
    assert [each.code for each in refused.value.missing] == ["orders.person_has_open_orders"]


@pytest.mark.django_db
def test_how_long_they_are_kept_is_a_figure_and_only_administrators_may():
    gone = a_person("agent")
    hr, administrator = acting("hr"), acting("administrator")
    retire_person(actor=SYSTEM, at=LEFT, person_id=gone.pk)
    soon = LEFT + timedelta(days=11)
    with moved_to(soon):
        with pytest.raises(NotAllowed):
            erase_person(actor=hr, at=soon, person_id=gone.pk)
        with pytest.raises(GateShut):
            erase_person(actor=administrator, at=soon, person_id=gone.pk)
        regulated(soon, privacy__keep_people="10 d")
        erase_person(actor=administrator, at=soon, person_id=gone.pk)
    assert Person.objects.get(pk=gone.pk).erased_at == soon


@pytest.mark.django_db
def test_the_last_who_decides_over_posts_is_not_left_alone():
    gone = a_person("administrator")
    retire_person(actor=SYSTEM, at=LEFT, person_id=gone.pk)
    with pytest.raises(WrongState, match="last_administrator"):
        erase_person(actor=SYSTEM, at=LATER, person_id=gone.pk)
