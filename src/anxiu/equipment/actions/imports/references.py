"""What lines speak of by name: customers, sites, models and machines, found for a whole chunk at once."""

from collections.abc import Callable, Collection, Iterable
from typing import Any, TypeVar

from django.db.models import Q

from anxiu.catalogue.models import Model
from anxiu.customers.models import Customer, Site
from anxiu.customers.queries import customers
from anxiu.equipment.actions.imports.taking import Taking
from anxiu.equipment.models import Machine
from anxiu.equipment.queries import machines
from anxiu.kernel.errors import Invalid
from anxiu.kernel.grams import code_key, folded

R = TypeVar("R")


def customers_by_key(taking: Taking, keys: Collection[str]) -> dict[str, Customer]:
    """Customers by their code here, or by their key in the same source."""
    mine = Q(source=taking.source, source_id__in=keys)
    found: dict[str, Customer] = {}
    for row in customers(taking.actor).filter(Q(code__in=keys) | mine, retired_at=None):
        if row.source == taking.source:
            found[row.source_id] = row
        found.setdefault(row.code, row)
    return found


def sites_by_name(whose: Collection[Customer]) -> dict[tuple[int, str], Site]:
    """Live sites by customer and name, however it is written."""
    rows = Site.objects.filter(customer__in=whose, retired_at=None).select_related("customer").order_by("-pk")
    return {(row.customer_id, folded(row.name)): row for row in rows}


def models_by_code(codes: Collection[str]) -> dict[tuple[str, str], Model]:
    """Models in use by maker and code and, where only one maker has the code, by the code alone."""
    found: dict[tuple[str, str], Model] = {}
    twice: set[str] = set()
    for row in Model.objects.filter(code__in=codes, retired_at=None).select_related("family"):
        found[folded(row.maker), row.code] = row
        if ("", row.code) in found:
            twice.add(row.code)
        found["", row.code] = row
    for code in twice:
        del found["", code]
    return found


def machines_by_key(taking: Taking, keys: Collection[str]) -> dict[str, Machine]:
    """Machines by their key in the same source or, where only one maker has it, by serial number."""
    by_serial: dict[str, list[str]] = {}  # one serial number may be written in several ways
    for key in keys:
        if code_key(key):
            by_serial.setdefault(code_key(key), []).append(key)
    # Both in the very words of their indexes: a large file asks this for every part of it.
    known = Q(source=taking.source, source_id__in=keys) | (~Q(serial_key="") & Q(serial_key__in=by_serial))
    rows = machines(taking.actor).filter(known, retired_at=None)
    mine: dict[str, Machine] = {}
    serials: dict[str, list[Machine]] = {}
    for row in rows:
        if row.source == taking.source and row.source_id in keys:
            mine[row.source_id] = row
        for key in by_serial.get(row.serial_key, ()):
            serials.setdefault(key, []).append(row)
    return {key: found[0] for key, found in serials.items() if len(found) == 1} | mine


def named(rows: Iterable[R], names: Callable[[R], tuple[str, ...]]) -> dict[str, R]:
    """Rows by each of their names, however it is written; of several with one name, the last."""
    return {folded(name): row for row in rows for name in names(row)}


def require(found: dict[Any, Any], key: object, code: str, field: str, given: str) -> Any:
    """What a key stands for; a refusal that names what was given when it stands for nothing."""
    if key not in found:
        raise Invalid(code, field=field, given=given)
    return found[key]
