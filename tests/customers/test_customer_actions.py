from datetime import UTC, datetime
from typing import Any

import pytest

from anxiu.customers import actions
from anxiu.customers.actions import NewContact, NewCustomer, NewSite
from anxiu.customers.choices import Tier
from anxiu.customers.models import Contact, Customer, Site
from anxiu.customers.queries import contacts, customers, full_phone, phone_match, sites, text_match
from anxiu.kernel.actor import SYSTEM, Actor
from anxiu.kernel.chain import check
from anxiu.kernel.errors import GateShut, Invalid, NotAllowed, NotFound, WrongState
from anxiu.kernel.geo import Place
from anxiu.kernel.models import EventRow, Position, SealedText
from anxiu.kernel.sequencer import catch_up
from tests.given.assets import a_base, a_contact, a_customer, a_person, a_region, a_site, acting

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def verbs() -> list[tuple[str, str, str]]:
    everybody, heads = "agent", "supervisor"
    return [
        ("add_customer", everybody, "engineer"), ("change_customer", everybody, "engineer"),
        ("assign_agent", heads, "agent"), ("retire_customer", heads, "agent"),
        ("add_site", "dispatcher", "engineer"), ("change_site", everybody, "finance"), ("retire_site", heads, "agent"),
        ("add_contact", everybody, "warehouse"), ("change_contact", everybody, "engineer"),
        ("retire_contact", everybody, "engineer"), ("erase_contact", heads, "agent"),
        ("erase_customer", heads, "agent"),
    ]  # fmt: skip


def arguments(verb: str, customer: Customer, site: Site, contact: Contact) -> dict[str, Any]:
    return {
        "add_customer": {"new": NewCustomer("新客户", customer.region_id)},
        "change_customer": {"customer_id": customer.pk, "changes": {"name": "改名公司"}},
        "assign_agent": {"customer_id": customer.pk, "person_id": None},
        "retire_customer": {"customer_id": customer.pk},
        "add_site": {"customer_id": customer.pk, "new": NewSite("二号厂房")},
        "change_site": {"site_id": site.pk, "changes": {"address": "新路 1 号"}},
        "retire_site": {"site_id": site.pk},
        "add_contact": {"customer_id": customer.pk, "new": NewContact("李雷", "13900001111")},
        "change_contact": {"contact_id": contact.pk, "changes": {"role": "厂长"}},
        "retire_contact": {"contact_id": contact.pk},
        "erase_contact": {"contact_id": contact.pk},
        "erase_customer": {"customer_id": customer.pk},
    }[verb]


@pytest.mark.parametrize(("verb", "allowed", "refused"), verbs())
def test_each_verb_is_for_its_posts(verb: str, allowed: str, refused: str) -> None:
    region = a_region()
    customer = a_customer(region)
    site = a_site(customer)
    given = arguments(verb, customer, site, a_contact(customer))
    with pytest.raises(NotAllowed):
        getattr(actions, verb)(actor=acting(refused, region), at=AT, **given)
    getattr(actions, verb)(actor=acting(allowed, region), at=AT, **given)


@pytest.mark.parametrize("verb", [verb for verb, _, _ in verbs() if verb != "add_customer"])
def test_a_customer_of_another_region_is_not_there(verb: str) -> None:
    customer = a_customer(a_region())
    given = arguments(verb, customer, a_site(customer), a_contact(customer))
    with pytest.raises(NotFound):
        getattr(actions, verb)(actor=acting("supervisor", a_region()), at=AT, **given)


def test_a_customer_gets_a_code_and_is_found_by_name_pinyin_and_initials() -> None:
    customer = a_customer(a_region(), "华东机电有限公司")
    assert customer.code.startswith("C")
    for text in ("机电", "华东 有限", "huadong", "HDJD", customer.code, customer.code.lower()):
        assert list(Customer.objects.filter(text_match(text))) == [customer], text
    for text in ("电机", "华", "hd", "东华", "%%%", ""):
        assert list(Customer.objects.filter(text_match(text))) == [], text


def test_a_code_is_taken_once() -> None:
    region = a_region()
    a_customer(region, code="KA-1")
    with pytest.raises(Invalid, match=r"customers\.code_taken"):
        a_customer(region, code="KA-1")


def test_what_does_not_fit_is_refused_by_field() -> None:
    region = a_region()
    with pytest.raises(Invalid) as refused:
        a_customer(region, name=" ", language="tlh")
    assert [(each.field, each.code) for each in refused.value.errors] == [
        ("name", "kernel.required"), ("language", "kernel.not_a_choice")
    ]  # fmt: skip


def test_only_a_key_customer_has_an_agent_and_loses_it_with_the_tier() -> None:
    region = a_region()
    agent = a_person("agent", region)
    customer = a_customer(region)
    with pytest.raises(WrongState, match=r"agent_for_key_only"):
        actions.assign_agent(actor=SYSTEM, at=AT, customer_id=customer.pk, person_id=agent.pk)
    actions.change_customer(actor=SYSTEM, at=AT, customer_id=customer.pk, changes={"tier": Tier.KEY})
    actions.assign_agent(actor=SYSTEM, at=AT, customer_id=customer.pk, person_id=agent.pk)
    customer.refresh_from_db()
    assert customer.own_agent == agent
    actions.change_customer(actor=SYSTEM, at=AT, customer_id=customer.pk, changes={"tier": Tier.STANDARD})
    customer.refresh_from_db()
    assert customer.own_agent is None


def test_a_customer_is_seen_by_its_region_its_sites_regions_and_its_own_agent() -> None:
    home, branch, other = a_region(), a_region(), a_region()
    customer = a_customer(home, tier=Tier.KEY)
    site, far = a_site(customer), a_site(customer, "分厂", region_id=branch.pk)
    contact = a_contact(customer)
    own = a_person("agent", other)
    actions.assign_agent(actor=SYSTEM, at=AT, customer_id=customer.pk, person_id=own.pk)

    def seen(actor: Actor) -> tuple[list[Customer], list[Site], list[Contact]]:
        return list(customers(actor)), list(sites(actor).order_by("pk")), list(contacts(actor))

    from anxiu.accounts.queries import actor_of

    everything = ([customer], [site, far], [contact])
    assert seen(acting("agent", home)) == everything
    assert seen(acting("agent", branch)) == ([customer], [far], [contact])
    assert seen(actor_of(own)) == everything
    assert seen(acting("management")) == everything
    assert seen(acting("agent", other)) == ([], [], [])
    assert seen(acting("engineer", home)) == ([], [], [])


def test_a_contact_is_found_by_number_tail_and_name() -> None:
    contact = a_contact(a_customer(a_region()), "王小明", "+86 138-1234-5678")
    for text in ("13812345678", "138 1234 5678", "8613812345678", "5678", "345678"):
        assert list(Contact.objects.filter(phone_match(text))) == [contact], text
    for text in ("1381", "678", "13812345679", "AT-5678"):
        assert list(Contact.objects.filter(phone_match(text))) == [], text
    assert list(Contact.objects.filter(text_match("小明"))) == [contact]
    assert list(Contact.objects.filter(text_match("wxm"))) == [contact]


def test_a_number_that_is_none_is_refused() -> None:
    with pytest.raises(Invalid, match=r"not_a_phone"):
        a_contact(a_customer(a_region()), phone="call me")


def test_a_contact_stands_at_a_site_of_the_same_customer() -> None:
    region = a_region()
    with pytest.raises(Invalid, match=r"site_of_another"):
        a_contact(a_customer(region), site_id=a_site(a_customer(region)).pk)


def test_a_site_keeps_its_place_with_accuracy_and_source() -> None:
    site = a_site(a_customer(a_region()), place=Place(31.23, 121.47, 15, "gps"))
    assert Site.objects.get(pk=site.pk).place == Place(31.23, 121.47, 15, "gps")
    actions.change_site(actor=SYSTEM, at=AT, site_id=site.pk, changes={"place": None})
    assert Site.objects.get(pk=site.pk).place is None


@pytest.mark.requirement("SAF-04")
def test_the_whole_number_is_for_those_who_may_see_it() -> None:
    region = a_region()
    contact = a_contact(a_customer(region))
    assert contact.masked_phone == "138****5678"
    assert full_phone(acting("agent", region), contact.uid).phone == "138 1234 5678"
    with pytest.raises(NotAllowed):
        full_phone(acting("finance", region), contact.uid)
    with pytest.raises(NotFound):
        full_phone(acting("agent", a_region()), contact.uid)


@pytest.mark.requirement("SAF-04")
def test_erasing_a_contact_leaves_no_trace_of_the_person_and_the_chain_whole() -> None:
    region = a_region()
    contact = a_contact(a_customer(region), "王小明", "13812345678", email="wang@example.com")
    actions.change_contact(actor=SYSTEM, at=AT, contact_id=contact.pk, changes={"phone": "13987654321"})
    catch_up()
    actions.erase_contact(actor=acting("supervisor", region), at=AT, contact_id=contact.pk)
    catch_up()
    contact.refresh_from_db()
    assert (contact.name, contact.phone, contact.phone_digits, contact.email, contact.search_text) == ("",) * 5
    assert (contact.grams, contact.erased_at, contact.retired_at) == ([], AT, AT)
    assert not SealedText.objects.filter(event__subject_kind="contact", event__subject_id=contact.pk).exists()
    told = EventRow.objects.filter(subject_kind="contact", subject_id=contact.pk).order_by("pk")
    assert [each.kind for each in told] == [
        "customers.contact_added", "customers.contact_changed", "customers.contact_erased"
    ]  # fmt: skip
    for text in ("王小明", "13812345678", "13987654321", "wang@"):
        assert not EventRow.objects.filter(body__contains=text).exists()
    places = Position.objects.order_by("position").select_related("event")
    assert list(check((each.position, each.hash, each.event) for each in places)) == []
    assert places.count() == EventRow.objects.count()


def test_erasing_twice_erases_once() -> None:
    contact = a_contact(a_customer(a_region()))
    for _ in range(2):
        actions.erase_contact(actor=SYSTEM, at=AT, contact_id=contact.pk)
    assert EventRow.objects.filter(kind="customers.contact_erased").count() == 1
    with pytest.raises(WrongState):
        actions.change_contact(actor=SYSTEM, at=AT, contact_id=contact.pk, changes={"name": "又来了"})


def test_a_change_that_changes_nothing_is_not_recorded() -> None:
    customer = a_customer(a_region())
    actions.change_customer(actor=SYSTEM, at=AT, customer_id=customer.pk, changes={"name": customer.name})
    assert not EventRow.objects.filter(kind="customers.customer_changed").exists()
    with pytest.raises(Invalid, match=r"not_changeable"):
        actions.change_customer(actor=SYSTEM, at=AT, customer_id=customer.pk, changes={"own_agent_id": 1})


def test_a_customer_and_a_site_with_machines_are_not_closed() -> None:
    base = a_base()
    for verb, given in (
        (actions.retire_customer, {"customer_id": base.customer.pk}),
        (actions.retire_site, {"site_id": base.site.pk}),
    ):
        with pytest.raises(GateShut) as refused:
            verb(actor=SYSTEM, at=AT, **given)
        assert [(each.code, each.params["count"]) for each in refused.value.missing] == [("equipment.machines_there", 1)]


def test_a_closed_customer_takes_sites_and_contacts_along() -> None:
    customer = a_customer(a_region())
    site, contact = a_site(customer), a_contact(customer)
    actions.retire_customer(actor=SYSTEM, at=AT, customer_id=customer.pk)
    for row in (customer, site, contact):
        row.refresh_from_db()
        assert row.retired_at == AT
    with pytest.raises(WrongState, match=r"customer_is_retired"):
        a_site(customer)
