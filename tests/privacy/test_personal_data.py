"""What is held about a person: on one page, as one file, with a trace of who took it."""

import json
from collections import Counter
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from anxiu.accounts.models import Person
from anxiu.customers.actions import erase_contact
from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.errors import NotAllowed, WrongState
from anxiu.kernel.models import Access, EventRow
from anxiu.kernel.time import moved_to, now
from anxiu.privacy.actions import drop_old, export_person, make_export
from anxiu.privacy.choices import Part, Who
from anxiu.privacy.models import PersonExport
from anxiu.privacy.queries import held
from tests.given.assets import a_person, acting
from tests.given.orders import MONDAY, Walk, a_company, opened, react_all

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Storage in a folder of this test."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "anxiu.files.folder.Folder", "OPTIONS": {"location": str(tmp_path / "media")}
        },
    }  # fmt: skip


@pytest.fixture
def company():
    """A company with one order that was signed, and its papers."""
    made = a_company()
    walk = Walk(made, opened(made))
    walk.to("signed")
    with moved_to(walk.at):
        while react_all():
            pass
    return made


def made_now() -> PersonExport:
    """The file that was asked for, made as the worker would."""
    for job in ProcrastinateJob.objects.filter(task_name="privacy.make_export"):
        make_export(**job.args, at=now())
        make_export(**job.args, at=now())  # a job may come twice
    return PersonExport.objects.get()


@pytest.mark.requirement("SAF-04")
@pytest.mark.requirement("TR-02")
def test_an_administrator_finds_a_person_and_takes_everything_along(company):
    client = Client()
    client.force_login(a_person("administrator"))
    found = client.get(reverse("personal_data"), {"q": company.contact.name}).content.decode()
    there = reverse("personal_data_of", args=["contact", company.contact.uid])
    assert there in found
    page = client.get(there).content.decode()
    assert company.contact.phone not in page  # counts only; the words are in the file
    asked = client.post(reverse("export_person", args=["contact", company.contact.uid]), {"key": "k"})
    assert asked.status_code == 204
    row = made_now()
    answer = client.get(reverse("person_export", args=[row.uid]))
    folder = ZipFile(BytesIO(b"".join(answer.streaming_content)))
    names = folder.namelist()
    assert {"data.json", "zh-hans.html", "en.html"} <= set(names)
    assert sum(each.endswith(".pdf") for each in names) == 2
    data = json.loads(folder.read("data.json"))["held"]
    assert data[Part.DETAILS][0]["phone"] == company.contact.phone
    assert data[Part.ORDERS][0]["request__words"] == "电梯停梯，报警灯亮"
    assert [each["signer"] for each in data[Part.SIGNATURES]] == ["王小明"]
    assert "签名" in folder.read("zh-hans.html").decode()
    assert "Signatures" in folder.read("en.html").decode()
    looks = Access.objects.filter(subject_kind="contact", subject_ids=[company.contact.pk])
    assert list(looks.order_by("id").values_list("purpose", flat=True)) == ["detail", "export", "export"]
    assert EventRow.objects.filter(kind="privacy.person_exported").count() == 1
    page = client.get(there).content.decode()
    assert Person.objects.get(pk=looks[0].actor_id).name in page  # who looked at it stands there
    assert reverse("person_export", args=[row.uid]) in page


def test_only_those_who_may(company):
    with pytest.raises(NotAllowed):
        export_person(actor=acting("supervisor", company.region), at=MONDAY, kind=Who.CONTACT, uid=company.contact.uid)
    export_person(actor=acting("administrator"), at=MONDAY, kind=Who.CONTACT, uid=company.contact.uid)


def counts(kind, key):
    found = Counter()
    for each in held(kind, key):
        found[each.part] += each.count
    return found


def test_a_colleague_and_a_customer_can_be_taken_along_too(company):
    for kind, uid in ((Who.PERSON, company.engineer.person.uid), (Who.CUSTOMER, company.customer.uid)):
        export_person(actor=SYSTEM, at=MONDAY, kind=kind, uid=uid)
    counted = counts(Who.PERSON, company.engineer.person_id)
    assert (counted[Part.DETAILS], counted[Part.EVENTS] > 5) == (1, True)
    counted = counts(Who.CUSTOMER, company.customer.pk)
    assert (counted[Part.ORDERS], counted[Part.SIGNATURES], counted[Part.PAPERS]) == (1, 1, 2)


def test_the_file_is_dropped_after_a_week_and_with_the_person(company):
    with moved_to(MONDAY):
        export_person(actor=SYSTEM, at=now(), kind=Who.CONTACT, uid=company.contact.uid)
        row = made_now()
    assert default_storage.exists(row.path)
    assert drop_old(MONDAY + timedelta(days=6)) == 0
    assert drop_old(MONDAY + timedelta(days=8)) == 1
    assert not default_storage.exists(row.path)
    other = a_company().contact
    with moved_to(MONDAY):
        export_person(actor=SYSTEM, at=now(), kind=Who.CONTACT, uid=other.uid)
        for job in ProcrastinateJob.objects.filter(task_name="privacy.make_export"):
            make_export(**job.args, at=now())
        erase_contact(actor=SYSTEM, at=now(), contact_id=other.pk)
        while react_all():
            pass
    row = PersonExport.objects.get(subject_id=other.pk)
    assert (row.dropped_at is None, default_storage.exists(row.path)) == (False, False)
    with pytest.raises(WrongState):
        export_person(actor=SYSTEM, at=MONDAY, kind=Who.CONTACT, uid=other.uid)
