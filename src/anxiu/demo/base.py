"""The demo company's catalogue, three hundred customers and twelve hundred machines, brought in as files are."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from itertools import groupby
from random import Random
from typing import Final

from anxiu.catalogue.actions import (
    NewFamily,
    NewFaultClass,
    NewModel,
    NewPart,
    add_family,
    add_fault_class,
    add_model,
    add_part,
)  # fmt: skip
from anxiu.catalogue.models import FaultClass, Part
from anxiu.customers.actions import assign_agent
from anxiu.customers.choices import Tier
from anxiu.customers.models import Contact, Customer
from anxiu.demo.agreements import agreed
from anxiu.demo.hours import DAY
from anxiu.demo.staff import Names, Staff
from anxiu.demo.words import AREAS, BUSINESSES, LINES, ROLES_OF_CONTACTS, Fault, Line
from anxiu.equipment.actions import CustomerLine, FileFacts, MachineLine, import_batch
from anxiu.equipment.actions import Line as FileLine
from anxiu.equipment.choices import ImportKind
from anxiu.equipment.models import Machine
from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.geo import Place
from anxiu.kernel.money import Money
from anxiu.workforce.choices import Difficulty

CUSTOMERS: Final = 300
MACHINES: Final = 1200
TIERS: Final = (Tier.KEY, *[Tier.CONTRACT] * 4, *[Tier.STANDARD] * 7)
SOURCE: Final = "ledger"
SECOND_SITE: Final = 5  # every so many customers have one


@dataclass(slots=True)
class Base:
    """What is serviced: each line's faults and parts; by region the machines with their line and a contact."""

    faults: dict[str, list[tuple[Fault, FaultClass]]] = field(default_factory=dict)
    parts: dict[str, dict[str, Part]] = field(default_factory=dict)
    machines: dict[int, list[tuple[Machine, Contact, Line]]] = field(default_factory=lambda: defaultdict(list))


def furnish(dice: Random, names: Names, staff: Staff, at: datetime) -> Base:
    """Fill the catalogue and bring in the installed base; key customers get agents of their own."""
    base = Base()
    for line in LINES:
        _line(base, line, at)
    customers = _customers(dice, names)
    machines = _machines(dice, customers, at)
    _bring_in(ImportKind.CUSTOMERS, customers, at)
    _bring_in(ImportKind.MACHINES, machines, at)
    _bring_in(ImportKind.CONTRACTS, agreed(customers, machines, at), at)
    contacts = {each.site_id: each for each in Contact.objects.select_related("customer")}
    lines = {line.code: line for line in LINES}
    for machine in Machine.objects.select_related("site", "model__family").order_by("pk"):
        found = (machine, contacts[machine.site_id], lines[machine.model.family.code])
        base.machines[machine.region_id].append(found)
    for customer in Customer.objects.filter(tier=Tier.KEY).order_by("pk"):
        agent = dice.choice(staff.agents[customer.region_id])
        assign_agent(actor=SYSTEM, at=at, customer_id=customer.pk, person_id=agent.pk)
    return base


def _bring_in(kind: ImportKind, lines: Sequence[FileLine], at: datetime) -> None:
    """Import a file of lines, which all have to be good."""
    file = FileFacts(f"{kind}.csv", sha256(repr(lines).encode()).hexdigest())
    done = import_batch(actor=SYSTEM, at=at, kind=kind, source=SOURCE, file=file, lines=lines)
    if done.problems:
        raise done.problems[0].refusal


def _customers(dice: Random, names: Names) -> list[CustomerLine]:
    """Customers in turn in each region, each with a site in one of its neighbourhoods and a contact there; some with
    two.
    """
    lines: list[CustomerLine] = []
    for number, business in enumerate(dice.sample(BUSINESSES, CUSTOMERS)):
        area = AREAS[number % len(AREAS)]
        district = dice.choice(area.districts)
        for quarter in dice.sample(district.quarters, 2 if number % SECOND_SITE == 0 else 1):
            latitude, longitude = (each + dice.uniform(-0.015, 0.015) for each in district.at)
            lines.append(
                CustomerLine(
                    line=len(lines) + 2, key=f"KH{number + 1:04}", name=business.name, region=area.code,
                    tier=TIERS[number % len(TIERS)], site=f"{quarter}{business.building}",
                    address=f"上海市{district.zh}{dice.choice(district.roads)} {dice.randrange(8, 1980)} 号",
                    place=Place(latitude, longitude, 30, "geocoder"), contact=names.next(),
                    phone=f"13{dice.choice('5678')}{dice.randrange(10**8):08}",
                    email=f"contact{len(lines) + 1:03}@customers.anxiu.example", role=dice.choice(ROLES_OF_CONTACTS),
                )
            )  # fmt: skip
    return lines


def _machines(dice: Random, customers: Sequence[CustomerLine], at: datetime) -> list[MachineLine]:
    """Four machines a customer, at their sites in turn, each at a spot of its own, of up to six years."""
    spots = [(line, product, spot) for line in LINES for product in line.products for spot in product.spots]
    lines: list[MachineLine] = []
    for _, group in groupby(customers, key=lambda each: each.key):
        sites = list(group)
        for turn, (line, product, spot) in enumerate(dice.sample(spots, MACHINES // CUSTOMERS)):
            number, site = len(lines) + 1, sites[turn % len(sites)]
            installed = (at - dice.randrange(5, 2100) * DAY).date()
            lines.append(
                MachineLine(
                    line=number + 1, key=f"SB{number:05}", model=product.code, maker=product.maker, customer=site.key,
                    site=site.site, serial=f"{line.prefix}{installed:%y%m}{number:05}", name=spot,
                    installed_on=installed,
                )
            )  # fmt: skip
    return lines


def _line(base: Base, line: Line, at: datetime) -> None:
    """A family with its models, classes of fault and parts."""
    new = NewFamily(line.code, line.zh, line.en, line.months, skills=(line.code,), certificates=line.certificates)
    family = add_family(actor=SYSTEM, at=at, new=new)
    for each in line.products:
        add_model(actor=SYSTEM, at=at, new=NewModel(family.pk, each.maker, each.code, each.name))
    base.faults[line.code] = [(each, _fault(each, family.pk, at)) for each in line.faults]
    base.parts[line.code] = {
        each.number: add_part(
            actor=SYSTEM, at=at,
            new=NewPart(each.number, each.zh, each.en, "件", Money(each.price), fits_families=(family.pk,)),
        )
        for each in line.parts
    }  # fmt: skip


def _fault(fault: Fault, family_id: int, at: datetime) -> FaultClass:
    new = NewFaultClass(
        fault.code, fault.zh, fault.en, Difficulty(fault.difficulty), family_id, keywords_zh=(fault.zh,),
        keywords_en=(fault.en.lower(),),
    )  # fmt: skip
    return add_fault_class(actor=SYSTEM, at=at, new=new)
