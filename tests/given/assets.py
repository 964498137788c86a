"""Regions, people, customers, the catalogue and machines, made by playing the real actions."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from anxiu.accounts.actions import NewPerson, add_person, add_region
from anxiu.accounts.models import Person, Region
from anxiu.accounts.queries import actor_of
from anxiu.catalogue.actions import NewFamily, NewModel, add_family, add_model
from anxiu.catalogue.models import Family, Model
from anxiu.contracts.actions import NewContract, add_contract
from anxiu.contracts.choices import CoverLevel
from anxiu.contracts.models import Contract
from anxiu.customers.actions import NewContact, NewCustomer, NewSite, add_contact, add_customer, add_site
from anxiu.customers.models import Contact, Customer, Site
from anxiu.equipment.actions import NewMachine, add_machine
from anxiu.equipment.models import Machine
from anxiu.kernel.actor import SYSTEM, Actor
from anxiu.kernel.money import Money

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
_count = count(1)


def a_region(code: str = "") -> Region:
    code = code or f"r{next(_count)}"
    return add_region(actor=SYSTEM, at=AT, code=code, name_zh=f"{code}区", name_en=f"Region {code}")


def a_person(post: str, region: Region | None = None) -> Person:
    number = next(_count)
    new = NewPerson(
        name=f"同事{number}", email=f"p{number}@example.com", posts=((post, None),),
        region_id=region.pk if region else None,
    )  # fmt: skip
    return add_person(actor=SYSTEM, at=AT, new=new)


def acting(post: str, region: Region | None = None) -> Actor:
    return actor_of(a_person(post, region))


def a_customer(region: Region, name: str = "华东机电有限公司", **more: Any) -> Customer:
    return add_customer(actor=SYSTEM, at=AT, new=NewCustomer(name=name, region_id=region.pk, **more))


def a_site(customer: Customer, name: str = "一号厂房", **more: Any) -> Site:
    return add_site(actor=SYSTEM, at=AT, customer_id=customer.pk, new=NewSite(name=name, **more))


def a_contact(customer: Customer, name: str = "王小明", phone: str = "138 1234 5678", **more: Any) -> Contact:
    return add_contact(actor=SYSTEM, at=AT, customer_id=customer.pk, new=NewContact(name=name, phone=phone, **more))


def a_family(code: str = "", months: int = 12, **more: Any) -> Family:
    code = code or f"F{next(_count)}"
    return add_family(actor=SYSTEM, at=AT, new=NewFamily(code, f"{code}系列", f"{code} series", months, **more))


def a_model(family: Family | None = None, maker: str = "安泰", code: str = "") -> Model:
    code = code or f"M{next(_count)}"
    new = NewModel((family or a_family()).pk, maker, code, f"{code} 型")
    return add_model(actor=SYSTEM, at=AT, new=new)


def a_machine(site: Site, model: Model | None = None, **more: Any) -> Machine:
    return add_machine(actor=SYSTEM, at=AT, new=NewMachine(model_id=(model or a_model()).pk, site_id=site.pk, **more))


def a_contract(customer: Customer, *covered: Site | Machine, number: str = "", **more: Any) -> Contract:
    """A contract of 2026 for all the customer has, or for what is named."""
    given: dict[str, Any] = {
        "level": CoverLevel.FULL, "starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31), **more,
        "site_ids": tuple(each.pk for each in covered if isinstance(each, Site)),
        "machine_ids": tuple(each.pk for each in covered if isinstance(each, Machine)),
    }  # fmt: skip
    if given["level"] == CoverLevel.LIMITED:
        given = {"parts_limit": Money(50_000), **given}
    new = NewContract(number or f"HT-{next(_count)}", customer.pk, **given)
    return add_contract(actor=SYSTEM, at=AT, new=new)


@dataclass(frozen=True)
class Base:
    """A region with a customer, a site, a contact and a machine there."""

    region: Region
    customer: Customer
    site: Site
    contact: Contact
    machine: Machine


def a_base(**machine: Any) -> Base:
    region = a_region()
    customer = a_customer(region)
    site = a_site(customer)
    contact = a_contact(customer, site_id=site.pk)
    machine = {"serial": "AT-2025-0031", "installed_on": date(2025, 6, 1), **machine}
    return Base(region, customer, site, contact, a_machine(site, **machine))
