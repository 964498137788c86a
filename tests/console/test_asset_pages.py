from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from anxiu.catalogue.actions import NewPart, add_part
from anxiu.customers.actions import change_customer
from anxiu.customers.choices import Tier
from anxiu.customers.models import Contact, Customer, Site
from anxiu.equipment.models import Machine, PastOrder
from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.models import Access
from anxiu.kernel.money import Money
from anxiu.orders.actions import NewEntry
from anxiu.orders.choices import EntryKind
from tests.given.assets import AT, Base, a_base, a_customer, a_machine, a_person, a_region, a_site
from tests.given.orders import Walk, a_company, opened

pytestmark = pytest.mark.django_db
FONTS = Path(__file__).parents[2] / "frontend/dist/fonts"
Login = Callable[..., Client]


@pytest.fixture
def base() -> Base:
    return a_base(name="循环水泵", position="2 号泵房")


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.mark.requirement("AST-01")
def test_the_lists_show_what_is_the_persons_and_search_finds_it(login: Login, base: Base) -> None:
    a_machine(a_site(a_customer(a_region(), "看不见的公司")), serial="HIDDEN-1")
    client = login(a_person("agent", base.region))
    page = text(client.get(reverse("customers")))
    assert base.customer.name in page
    assert "看不见的公司" not in page
    for wanted, found in (("hdjd", True), ("5678", True), (base.customer.code, True), ("南方", False)):
        assert (
            base.customer.code in text(client.get(reverse("customers"), {"q": wanted}))
        ) is found or wanted == base.customer.code
    page = text(client.get(reverse("machines"), {"q": "AT-2025"}))
    assert "循环水泵" in page
    assert "HIDDEN-1" not in text(client.get(reverse("machines")))


def test_lists_do_not_ask_more_of_the_database_for_more_rows(login: Login, base: Base) -> None:
    client = login(a_person("supervisor", base.region))
    for name in ("customers", "machines"):
        client.get(reverse(name))
        with CaptureQueriesContext(connection) as few:
            client.get(reverse(name))
        for number in range(3):
            customer = a_customer(base.region, f"公司{number}")
            a_machine(a_site(customer))
        with CaptureQueriesContext(connection) as many:
            client.get(reverse(name))
        assert len(many) == len(few) <= 16


@pytest.mark.requirement("AST-01")
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_pages_show_sites_people_machines_and_history(login: Login, base: Base, language: str) -> None:
    client = login(a_person("supervisor", base.region), language)
    page = text(client.get(reverse("customer", args=[base.customer.uid])))
    for wanted in (base.site.name, base.contact.name, "138****5678", "循环水泵"):
        assert wanted in page
    assert "138 1234 5678" not in page
    page = text(client.get(reverse("machine", args=[base.machine.uid])))
    for wanted in (
        "AT-2025-0031",
        "2 号泵房",
        base.machine.label_code,
        base.customer.name,
        "2026-06-01",
        "138****5678",
    ):
        assert wanted in page
    seen = Access.objects.order_by("pk").values_list("purpose", "subject_kind", "subject_ids")
    assert list(seen) == [("detail", "customer", [base.customer.pk]), ("detail", "machine", [base.machine.pk])]


@pytest.mark.requirement("SAF-04")
def test_a_number_is_shown_on_request_and_that_is_kept(login: Login, base: Base) -> None:
    url = reverse("contact_phone", args=[base.contact.uid])
    agent = a_person("agent", base.region)
    client = login(agent)
    assert client.get(url).status_code == 405
    assert "138 1234 5678" in text(client.post(url))
    kept = Access.objects.get()
    assert (kept.actor_id, kept.purpose, kept.subject_kind, kept.subject_ids) == (
        agent.pk, "unmask", "contact", [base.contact.pk]
    )  # fmt: skip
    assert login(a_person("finance")).post(url).status_code == 403
    assert login(a_person("agent", a_region())).post(url).status_code == 404
    assert Access.objects.count() == 1


def test_a_customer_with_site_contact_and_machine_is_added_in_dialogs(login: Login, base: Base) -> None:
    client = login(a_person("agent", base.region))
    form = {"key": "k1", "name": "江南水泵厂", "tier": "key", "region_id": base.region.pk, "language": "en"}
    answer = client.post(reverse("add_customer"), form)
    customer = Customer.objects.get(name="江南水泵厂")
    assert (answer.status_code, answer["HX-Redirect"]) == (204, reverse("customer", args=[customer.uid]))
    assert client.post(reverse("add_customer"), form).status_code == 204
    assert Customer.objects.filter(name="江南水泵厂").count() == 1
    place = {"latitude": "31.2", "longitude": "121.4"}
    client.post(
        reverse("add_site", args=[customer.uid]), {"key": "k2", "name": "厂区", "region_id": base.region.pk, **place}
    )
    site = Site.objects.get(customer=customer)
    assert site.place
    contact = {"key": "k3", "name": "李雷", "phone": "+86 139 0000 1111", "site_id": site.pk, "language": "en"}
    client.post(reverse("add_contact", args=[customer.uid]), contact)
    assert Contact.objects.get(customer=customer).phone_digits == "13900001111"
    machine = {"key": "k4", "site_id": site.pk, "model_id": base.machine.model_id, "serial": "JN-1"}
    answer = client.post(f"{reverse('add_machine')}?customer={customer.uid}", machine)
    assert answer.status_code == 204, text(answer)
    assert answer["HX-Redirect"] == reverse("machine", args=[Machine.objects.get(serial="JN-1").uid])


def test_a_refused_verb_says_why_in_its_form(login: Login, base: Base) -> None:
    client = login(a_person("supervisor", base.region))
    answer = client.post(reverse("retire_customer", args=[base.customer.uid]), {"key": "k"})
    assert answer.status_code == 422
    assert "1 machines still stand there." in text(answer)
    contact = {"key": "k", "name": "x", "phone": "call me", "language": "en"}
    answer = client.post(reverse("add_contact", args=[base.customer.uid]), contact)
    assert "“call me” is not a telephone number." in text(answer)


VERBS = [
    "change_customer", "retire_customer", "add_site", "add_contact", "change_site", "retire_site", "change_contact",
    "retire_contact", "erase_contact", "change_machine", "move_machine", "retire_machine", "renew_label", "add_document",
]  # fmt: skip


@pytest.mark.parametrize("name", VERBS)
def test_each_verb_opens_its_form_for_a_supervisor_alone(login: Login, base: Base, name: str) -> None:
    thing = name.rpartition("_")[2]
    about = {
        "site": base.site,
        "contact": base.contact,
        "machine": base.machine,
        "label": base.machine,
        "document": base.machine,
    }
    row = base.customer if name in ("add_site", "add_contact") else about.get(thing, base.customer)
    url = reverse(name, args=[row.uid])
    assert "<form" in text(login(a_person("supervisor", base.region)).get(url))
    assert login(a_person("warehouse", base.region)).get(url).status_code == 403
    assert login(a_person("supervisor", a_region())).get(url).status_code == 404


def test_an_agent_is_assigned_to_a_key_customer(login: Login, base: Base) -> None:
    change_customer(actor=SYSTEM, at=AT, customer_id=base.customer.pk, changes={"tier": Tier.KEY})
    agent = a_person("agent", base.region)
    client = login(a_person("supervisor", base.region))
    client.post(reverse("assign_agent", args=[base.customer.uid]), {"key": "k", "person_id": agent.pk})
    base.customer.refresh_from_db()
    assert base.customer.own_agent == agent


def test_who_may_not_see_a_number_changes_a_contact_without_losing_it(login: Login, base: Base) -> None:
    from anxiu.accounts.models import Post

    post = Post.objects.get(code="agent")
    post.permissions = [each for each in post.permissions if each != "customers.view_phone"]
    post.save(update_fields=["permissions"])
    client = login(a_person("agent", base.region))
    url = reverse("change_contact", args=[base.contact.uid])
    assert "138 1234 5678" not in text(client.get(url))
    client.post(
        url,
        {"key": "k", "name": "王大明", "phone": "", "email": "", "role": "", "site_id": base.site.pk, "language": "en"},
    )
    base.contact.refresh_from_db()
    assert (base.contact.name, base.contact.phone) == ("王大明", "138 1234 5678")


@pytest.mark.skipif(not FONTS.exists(), reason="the front end is not built here")
def test_labels_are_printed_for_ticked_machines_that_are_the_persons(login: Login, base: Base) -> None:
    second = a_machine(base.site, serial="AT-2")
    client = login(a_person("agent", base.region))
    answer = client.post(reverse("machine_labels"), {"uid": [str(base.machine.uid), str(second.uid)]})
    assert (answer.status_code, answer["Content-Type"], answer.content[:5]) == (200, "application/pdf", b"%PDF-")
    assert Access.objects.get(purpose="export").subject_ids == sorted([base.machine.pk, second.pk])
    elsewhere = a_machine(a_site(a_customer(a_region())))
    assert client.post(reverse("machine_labels"), {"uid": [str(elsewhere.uid)]}).status_code == 404
    assert client.post(reverse("machine_labels"), {"uid": ["nonsense"]}).status_code == 404
    assert client.post(reverse("machine_labels")).status_code == 422


def test_past_orders_are_paged(login: Login, base: Base) -> None:
    PastOrder.objects.bulk_create(
        PastOrder(machine=base.machine, date=AT.date(), text=f"fault {n:02}", source="old", source_id=str(n))
        for n in range(60)
    )
    client = login(a_person("agent", base.region))
    page = client.get(reverse("machine", args=[base.machine.uid]))
    assert ("fault 59" in text(page), "fault 09" in text(page)) == (True, False)
    after = client.get(page.context["next_url"], headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert ("fault 59" in text(after), "fault 09" in text(after), "<html" in text(after)) == (False, True, False)


@pytest.mark.requirement("AST-01")
def test_a_machine_shows_its_orders_and_the_parts_put_in(login: Login) -> None:
    company = a_company()
    part = add_part(actor=SYSTEM, at=AT, new=NewPart("SEAL-1", "机械密封", "Shaft seal", "个", Money(100)))
    walk = Walk(company, opened(company))
    walk.to("assessed")
    used = NewEntry(EntryKind.PART, part_id=part.pk, value=Decimal(2), text="S/N 778-1")
    walk._mine("add_entry", entry=used)
    client = login(a_person("supervisor", company.region))
    page = text(client.get(reverse("machine", args=[company.machine.uid])))
    for wanted in ("Shaft seal", "SEAL-1", "S/N 778-1", walk.order.number):
        assert wanted in page
    assert walk.order.number in text(client.get(reverse("customer", args=[company.customer.uid])))
