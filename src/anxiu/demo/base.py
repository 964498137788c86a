"""The demo company's catalogue, three hundred customers and twelve hundred machines."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Final

from anxiu.catalogue.actions import (
    NewFamily, NewFaultClass, NewModel, NewPart, add_family, add_fault_class, add_model, add_part,
)  # fmt: skip
from anxiu.catalogue.models import FaultClass, Model, Part
from anxiu.customers.actions import (
    NewContact, NewCustomer, NewSite, add_contact, add_customer, add_site, assign_agent,
)  # fmt: skip
from anxiu.customers.choices import Tier
from anxiu.customers.models import Contact
from anxiu.demo.staff import Names, Staff
from anxiu.demo.words import AREAS, KINDS, LINES, PLACES, ROLES, Fault, Line
from anxiu.equipment.actions import NewMachine, add_machine
from anxiu.equipment.models import Machine
from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.geo import Place
from anxiu.kernel.money import Money
from anxiu.workforce.choices import Difficulty

CUSTOMERS: Final = 300
MACHINES: Final = 1200
TIERS: Final = (Tier.KEY, *[Tier.CONTRACT] * 4, *[Tier.STANDARD] * 7)


@dataclass(slots=True)
class Base:
    """What is serviced: per line its models, faults and parts; machines with a contact beside each."""

    models: dict[str, list[Model]] = field(default_factory=dict)
    faults: dict[str, list[tuple[Fault, FaultClass]]] = field(default_factory=dict)
    parts: dict[str, list[Part]] = field(default_factory=dict)
    machines: list[tuple[Machine, Contact, Line]] = field(default_factory=list)


def furnish(dice: Random, names: Names, staff: Staff, at: datetime, until: datetime) -> Base:
    """Fill the catalogue and the installed base."""
    base = Base()
    for line in LINES:
        _line(base, line, at)
    count = 0
    for number in range(CUSTOMERS):
        region = staff.regions[number % len(staff.regions)]
        area = next(each for each in AREAS if each.code == region.code)
        district, latitude, longitude = dice.choice(area.districts)
        place = f"{PLACES[number % len(PLACES)]}"
        tier = TIERS[number % len(TIERS)]
        name = f"上海{names.next()[:1]}{dice.choice('瑞华恒盛嘉宏泰安')}{place}{dice.choice(KINDS)}"
        customer = add_customer(actor=SYSTEM, at=at, new=NewCustomer(name=name, region_id=region.pk, tier=tier))
        if tier is Tier.KEY:
            agent = dice.choice(staff.agents[region.pk])
            assign_agent(actor=SYSTEM, at=at, customer_id=customer.pk, person_id=agent.pk)
        fix = Place(latitude + dice.uniform(-0.02, 0.02), longitude + dice.uniform(-0.02, 0.02), 30, "geocoder")
        address = f"上海市{district}{dice.choice('东西南北中')}{dice.choice('山川海江')}路 {dice.randrange(1, 1999)} 号"
        site = add_site(actor=SYSTEM, at=at, customer_id=customer.pk, new=NewSite(name=place, address=address, place=fix))
        phone = f"13{dice.choice('5678')}{dice.randrange(10**8):08}"
        contact = add_contact(
            actor=SYSTEM, at=at, customer_id=customer.pk,
            new=NewContact(
                name=names.next(), phone=phone, role=dice.choice(ROLES), site_id=site.pk, email=f"contact{number}@customers.anxiu.example"
            ),
        )  # fmt: skip
        for _ in range(MACHINES // CUSTOMERS):
            count += 1
            line = dice.choice(LINES)
            installed = (until - timedelta(days=dice.randrange(40, 2200))).date()
            new = NewMachine(
                dice.choice(base.models[line.code]).pk, site.pk, serial=f"{line.prefix}{installed:%y%m}{count:05}",
                name=dice.choice(line.spots), installed_on=installed,
            )  # fmt: skip
            base.machines.append((add_machine(actor=SYSTEM, at=at, new=new), contact, line))
    return base


def _line(base: Base, line: Line, at: datetime) -> None:
    new = NewFamily(line.code, line.zh, line.en, line.months, skills=(line.code,), certificates=line.certificates)
    family = add_family(actor=SYSTEM, at=at, new=new)
    base.models[line.code] = [
        add_model(actor=SYSTEM, at=at, new=NewModel(family.pk, each.maker, each.code, each.name)) for each in line.products
    ]
    base.faults[line.code] = [
        (
            each,
            add_fault_class(
                actor=SYSTEM, at=at,
                new=NewFaultClass(
                    each.code, each.zh, each.en, Difficulty(each.difficulty), family.pk, keywords_zh=(each.zh,), keywords_en=(each.en.lower(),)
                ),
            ),
        )
        for each in line.faults
    ]  # fmt: skip
    base.parts[line.code] = [
        add_part(
            actor=SYSTEM, at=at, new=NewPart(number, zh, en, "件", Money(price), fits_families=(family.pk,))
        )
        for number, zh, en, price in line.parts
    ]  # fmt: skip
