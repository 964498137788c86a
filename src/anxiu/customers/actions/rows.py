"""What is needed for a row, and the rows themselves before they are saved; for the verbs and for import."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection

from anxiu.accounts.actions import sort_key
from anxiu.customers import rules
from anxiu.customers.choices import Language, Tier
from anxiu.customers.models import Contact, Customer, Site
from anxiu.kernel.checks import require_fitting
from anxiu.kernel.errors import Invalid
from anxiu.kernel.geo import Place
from anxiu.kernel.grams import grams, spelled
from anxiu.kernel.ids import number

CODE_WIDTH: Final = 5  # source: own choice; a longer sequence makes a longer code


@dataclass(frozen=True, slots=True)
class Source:
    """Where an imported row came from: the other system and the row's key there."""

    source: str = ""
    source_id: str = ""


OURS: Final = Source()


@dataclass(frozen=True, slots=True)
class NewCustomer:
    """What is needed to take on a customer; without a code one is made."""

    name: str
    region_id: int
    tier: Tier = Tier.STANDARD
    code: str = ""
    language: str = Language.CHINESE
    origin: Source = OURS


@dataclass(frozen=True, slots=True)
class NewSite:
    """What is needed to know a site; without a region it is the customer's."""

    name: str
    address: str = ""
    region_id: int | None = None
    outlet_id: int | None = None
    place: Place | None = None
    origin: Source = OURS


@dataclass(frozen=True, slots=True)
class NewContact:
    """What is needed to know somebody at a customer; without a site they speak for all."""

    name: str
    phone: str = ""
    email: str = ""
    role: str = ""
    language: str = Language.CHINESE
    site_id: int | None = None
    origin: Source = OURS


def customer_row(new: NewCustomer, at: datetime) -> Customer:
    """A customer's row, with what it is found by, not yet saved."""
    row = Customer(
        name=new.name.strip(), code=new.code.strip(), tier=new.tier, region_id=new.region_id, language=new.language,
        source=new.origin.source, source_id=new.origin.source_id, created_at=at,
    )  # fmt: skip
    if not row.code:
        with connection.cursor() as cursor:
            cursor.execute("select nextval(pg_get_serial_sequence('customers_customer', 'id'))")
            row.pk = cursor.fetchone()[0]
        row.code = number("C", row.pk, CODE_WIDTH)
    index_customer(row)
    require_fitting(row)
    return row


def site_row(new: NewSite, customer: Customer) -> Site:
    """A site's row, not yet saved."""
    row = Site(
        customer=customer, name=new.name.strip(), address=new.address.strip(),
        region_id=new.region_id or customer.region_id, outlet_id=new.outlet_id,
        source=new.origin.source, source_id=new.origin.source_id,
    )  # fmt: skip
    set_place(row, new.place)
    require_fitting(row)
    return row


def contact_row(new: NewContact, customer: Customer) -> Contact:
    """A contact's row, with what it is found by, not yet saved."""
    row = Contact(
        customer=customer, site_id=new.site_id, name=new.name.strip(), phone=new.phone.strip(),
        email=new.email.strip().lower(), role=new.role.strip(), language=new.language,
        source=new.origin.source, source_id=new.origin.source_id,
    )  # fmt: skip
    index_contact(row)
    require_fitting(row)
    return row


def index_customer(row: Customer) -> None:
    """Set what a customer is sorted and found by."""
    row.name_key = sort_key(row.name)
    row.search_text = "\n".join((spelled(row.name), row.code.lower()))
    row.grams = grams(row.search_text)


def index_contact(row: Contact) -> None:
    """Set what a contact is found by; refuse a number that is none."""
    found = rules.phone(row.phone) if row.phone else rules.Phone("")
    if found is None:
        raise Invalid("customers.not_a_phone", field="phone", given=row.phone)
    row.phone_digits, row.phone_tail = found.digits, found.tail
    row.search_text = spelled(row.name)
    row.grams = grams(row.search_text)


def set_place(row: Site, place: Place | None) -> None:
    """Set or clear where a site is."""
    row.latitude, row.longitude = (place.latitude, place.longitude) if place else (None, None)
    row.accuracy_metres, row.place_source = (place.accuracy_metres, place.source) if place else (None, "")
