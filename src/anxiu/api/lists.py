"""Lists that are read beside orders: regions, customers, machines, fault classes, parts."""

from datetime import date
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema

from anxiu.accounts.queries import regions
from anxiu.api.asking import PAGE, Cursor, Limit, Line, page_of
from anxiu.api.auth import actor_of
from anxiu.api.problems import Problem
from anxiu.catalogue.queries import VIEW as VIEW_CATALOGUE
from anxiu.catalogue.queries import fault_classes, parts
from anxiu.customers.queries import customers, text_match
from anxiu.equipment.queries import cover, machine_match, machines

router = Router()
REFUSED = {401: Problem, 403: Problem, 404: Problem, 422: Problem}


class Named(Schema):
    """Something with a code and a name in both languages."""

    code: str
    name_zh: str
    name_en: str


class CustomerOut(Schema):
    """A customer."""

    uid: UUID
    code: str
    name: str
    tier: str


class CustomersOut(Schema):
    """A page of customers."""

    items: list[CustomerOut]
    next: str


class MachineOut(Schema):
    """A machine with its cover of today."""

    uid: UUID
    serial: str
    name: str
    maker: str
    model: str
    family: str
    customer: UUID
    site: str
    installed_on: date | None
    in_warranty: bool
    warranty_until: date | None


class MachinesOut(Schema):
    """A page of machines."""

    items: list[MachineOut]
    next: str


class FaultClassOut(Named):
    """A class of fault."""

    family: str
    difficulty: str


class PartOut(Schema):
    """A part of the catalogue; the price is in minor units."""

    number: str
    name_zh: str
    name_en: str
    unit: str
    price_minor: int
    currency: str


class PartsOut(Schema):
    """A page of parts."""

    items: list[PartOut]
    next: str


@router.get("/regions", response={200: list[Named], **REFUSED}, tags=["organisation"], summary="List regions")
def list_regions(request: HttpRequest) -> list[Named]:
    """The regions the caller sees."""
    return [Named(code=each.code, name_zh=each.name_zh, name_en=each.name_en) for each in regions(actor_of(request))]


@router.get("/customers", response={200: CustomersOut, **REFUSED}, tags=["customers"], summary="List customers")
def list_customers(request: HttpRequest, q: Line = "", after: Cursor = "", limit: Limit = PAGE) -> CustomersOut:
    """Customers the caller sees, newest first; `q` searches name, pinyin and code."""
    rows = customers(actor_of(request)).filter(retired_at=None)
    found, following = page_of(rows.filter(text_match(q)) if q.strip() else rows, after, limit)
    return CustomersOut(
        items=[CustomerOut(uid=each.uid, code=each.code, name=each.name, tier=each.tier) for each in found],
        next=following,
    )


@router.get("/machines", response={200: MachinesOut, **REFUSED}, tags=["equipment"], summary="List machines")
def list_machines(request: HttpRequest, q: Line = "", after: Cursor = "", limit: Limit = PAGE) -> MachinesOut:
    """Machines the caller sees, newest first; `q` searches serial numbers and names."""
    rows = machines(actor_of(request)).filter(retired_at=None)
    found, following = page_of(rows.filter(machine_match(q)) if q.strip() else rows, after, limit)
    today = timezone.localdate()
    items = []
    for each in found:
        held = cover(each, today)
        items.append(
            MachineOut(
                uid=each.uid, serial=each.serial, name=each.name, maker=each.model.maker, model=each.model.name,
                family=each.model.family.code, customer=each.customer.uid, site=each.site.name,
                installed_on=each.installed_on, in_warranty=held.in_warranty, warranty_until=held.until,
            )
        )  # fmt: skip
    return MachinesOut(items=items, next=following)


@router.get(
    "/fault_classes",
    response={200: list[FaultClassOut], **REFUSED},
    tags=["catalogue"],
    summary="List classes of fault",
)
def list_fault_classes(request: HttpRequest) -> list[FaultClassOut]:
    """All classes of fault."""
    actor = actor_of(request)
    actor.require(VIEW_CATALOGUE)
    rows = fault_classes(actor).filter(retired_at=None)
    return [
        FaultClassOut(
            code=each.code, name_zh=each.name_zh, name_en=each.name_en, family=each.family.code if each.family else "",
            difficulty=each.difficulty,
        )
        for each in rows
    ]  # fmt: skip


@router.get("/parts", response={200: PartsOut, **REFUSED}, tags=["catalogue"], summary="List parts")
def list_parts(request: HttpRequest, after: Cursor = "", limit: Limit = PAGE) -> PartsOut:
    """Parts of the catalogue, newest first."""
    actor = actor_of(request)
    actor.require(VIEW_CATALOGUE)
    found, following = page_of(parts(actor).filter(retired_at=None), after, limit)
    names = ("number", "name_zh", "name_en", "unit", "price_minor", "currency")
    return PartsOut(items=[PartOut(**{name: getattr(each, name) for name in names}) for each in found], next=following)
