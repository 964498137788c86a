"""How lines of each kind become rows."""

from collections.abc import Callable, Collection, Sequence
from typing import Any, cast

from django.db.models import Q

from anxiu.accounts.queries import regions
from anxiu.customers.actions import NewContact, NewCustomer, NewSite, contact_row, customer_row, site_row
from anxiu.customers.choices import Language, Tier
from anxiu.customers.models import Contact, Customer, Site
from anxiu.equipment.actions.imports.lines import CustomerLine, MachineLine, OrderLine, digest_of, digest_of_line
from anxiu.equipment.actions.imports.references import (
    customers_by_key,
    machines_by_key,
    models_by_code,
    require,
    sites_by_name,
)
from anxiu.equipment.actions.imports.taking import Taking, Wanted
from anxiu.equipment.actions.rows import NewMachine, machine_row
from anxiu.equipment.models import Machine, PastOrder
from anxiu.kernel.checks import require_fitting
from anxiu.kernel.errors import Invalid
from anxiu.kernel.grams import code_key, folded


def take_customers(taking: Taking, lines: Sequence[CustomerLine]) -> None:
    """Customers first, then their sites, then their contacts."""
    known = customers_by_key(taking, {each.key for each in lines})
    codes = {key: row for key, row in known.items() if row.source != taking.source}
    # Codes of closed customers, and of those the actor does not see, are taken all the same.
    taken = set(Customer.objects.filter(code__in=[each.key for each in lines]).values_list("code", flat=True))
    places = {name: row for row in regions(taking.actor) for name in (row.code, row.name_zh, row.name_en)}

    def a_customer(line: CustomerLine) -> Callable[[], Customer]:
        def build() -> Customer:
            region = require(places, line.region, "equipment.unknown_region", "region", line.region)
            new = NewCustomer(
                name=line.name, region_id=region.pk, tier=cast("Tier", line.tier or Tier.STANDARD), code=line.key,
                language=line.language or Language.CHINESE, origin=taking.origin(line.key),
            )  # fmt: skip
            if new.code in taken:
                raise Invalid("customers.code_taken", field="key")
            if new.tier not in set(Tier):
                raise Invalid("kernel.not_a_choice", field="tier", given=line.tier)
            return customer_row(new, taking.at)

        return build

    new = [each for each in lines if each.key not in codes]
    whose = codes | taking.layer("customer", Customer, (
        Wanted(each.line, each.key, _digest_of_customer(each), a_customer(each)) for each in new
    ))  # fmt: skip
    sites = _take_sites(taking, lines, whose)
    _take_contacts(taking, lines, whose, sites)


def _digest_of_customer(line: CustomerLine) -> str:
    return digest_of(line.key, line.name, line.region, line.tier, line.language)


def _site_key(line: CustomerLine) -> str:
    return digest_of(line.key, folded(line.site))


def _take_sites(taking: Taking, lines: Sequence[CustomerLine], whose: dict[str, Any]) -> dict[str, Site]:
    def a_site(line: CustomerLine) -> Callable[[], Site]:
        new = NewSite(
            name=line.site, address=line.address, place=line.place, origin=taking.origin(_site_key(line))
        )
        return lambda: site_row(new, whose[line.key])

    def wanted(line: CustomerLine) -> Wanted:
        digest = digest_of(line.key, line.site, line.address, line.place)
        return Wanted(line.line, _site_key(line), digest, a_site(line), "site", line.site)

    return taking.layer("site", Site, (wanted(each) for each in lines if each.site))


def _take_contacts(
    taking: Taking, lines: Sequence[CustomerLine], whose: dict[str, Any], sites: dict[str, Site]
) -> None:
    def a_contact(line: CustomerLine, key: str) -> Callable[[], Contact]:
        def build() -> Contact:
            new = NewContact(
                name=line.contact, phone=line.phone, email=line.email, role=line.role,
                site_id=sites[_site_key(line)].pk if line.site else None,
                language=whose[line.key].language, origin=taking.origin(key),
            )  # fmt: skip
            return contact_row(new, whose[line.key])

        return build

    def wanted(line: CustomerLine) -> Wanted:
        key = digest_of(line.key, folded(line.contact), line.phone)
        digest = digest_of(key, line.site, line.email, line.role)
        return Wanted(line.line, key, digest, a_contact(line, key), "contact", line.contact)

    taking.layer("contact", Contact, (wanted(each) for each in lines if each.contact))


def take_machines(taking: Taking, lines: Sequence[MachineLine]) -> None:
    """Machines, then what they are part of: a machine of an earlier line, of this chunk, or one known before."""
    whose = customers_by_key(taking, {each.customer for each in lines})
    sites = sites_by_name(whose.values())
    models = models_by_code({each.model for each in lines})
    above = machines_by_key(taking, {each.parent for each in lines if each.parent})
    taken = _taken_serials(taking, lines, {folded(each.maker) for each in models.values()})
    here = {each.key: each for each in lines}

    def a_machine(line: MachineLine) -> Callable[[], Machine]:
        def build() -> Machine:
            customer = require(whose, line.customer, "equipment.unknown_customer", "customer", line.customer)
            place, kind = (customer.pk, folded(line.site)), (folded(line.maker), line.model)
            site = require(sites, place, "equipment.unknown_site_named", "site", line.site)
            model = require(models, kind, "equipment.unknown_model_code", "model", line.model)
            _require_parent(line, site, above, here)
            new = NewMachine(
                model.pk, site.pk, line.serial, line.name, line.position, line.installed_on, line.sold_on,
                line.warranty_until, origin=taking.origin(line.key),
            )  # fmt: skip
            row = machine_row(new, model, site, taking.at)
            if row.serial_key:
                _require_free(taken, (row.maker_key, row.serial_key), line.serial)
                taken[row.maker_key, row.serial_key] = line.line
            return row

        return build

    rows = taking.layer(
        "machine", Machine, (Wanted(each.line, each.key, digest_of_line(each), a_machine(each)) for each in lines)
    )
    _set_parents(taking, lines, above | rows)


def _taken_serials(
    taking: Taking, lines: Sequence[MachineLine], makers: Collection[str]
) -> dict[tuple[str, str], int]:
    """Serial numbers that machines have by now, with the line of this file they came with; 0 for those from before.

    Asked in the very words of the index, or each part of a large file would read all machines there are.
    """
    keys = {code_key(each.serial) for each in lines} - {""}
    found = Machine.objects.filter(~Q(serial_key=""), maker_key__in=makers, serial_key__in=keys)
    rows = found.values_list("maker_key", "serial_key", "pk")
    stands = taking.lines_of("machine", [row_id for *_, row_id in rows])
    return {(maker, serial): stands.get(row_id, 0) for maker, serial, row_id in rows}


def _require_free(taken: dict[tuple[str, str], int], key: tuple[str, str], serial: str) -> None:
    if line := taken.get(key):
        raise Invalid("equipment.serial_twice", field="serial", serial=serial, row=line)
    if key in taken:
        raise Invalid("equipment.serial_taken", field="serial", serial=serial)


def _require_parent(
    line: MachineLine, site: Site, above: dict[str, Machine], here: dict[str, MachineLine]
) -> None:
    if not line.parent:
        return
    if line.parent == line.key:
        raise Invalid("equipment.parent_loop", field="parent")
    if parent := above.get(line.parent):
        is_here = parent.site_id == site.pk
    elif beside := here.get(line.parent):
        is_here = (beside.customer, folded(beside.site)) == (line.customer, folded(line.site))
        if beside.parent == line.key:
            raise Invalid("equipment.parent_loop", field="parent")
    else:
        raise Invalid("equipment.unknown_machine", field="parent", given=line.parent)
    if not is_here:
        raise Invalid("equipment.parent_elsewhere", field="parent")


def _set_parents(taking: Taking, lines: Sequence[MachineLine], rows: dict[str, Any]) -> None:
    changed = []
    for line in lines:
        row, parent = rows.get(line.key), rows.get(line.parent)
        if line.line in taking.made and row is not None and parent is not None:
            row.parent = parent
            changed.append(row)
    Machine.objects.bulk_update(changed, ["parent"])


def take_orders(taking: Taking, lines: Sequence[OrderLine]) -> None:
    """Orders from before; machines nobody knows are made first when there is a place for them."""
    known = machines_by_key(taking, {each.machine for each in lines})
    if taking.placement is not None:
        unknown = {each.machine: each.line for each in reversed(lines) if each.machine not in known}
        place = taking.placement
        take_machines(taking, [
            MachineLine(line, key, place.model, place.customer, place.site, place.maker, serial=key)
            for key, line in unknown.items()
        ])  # fmt: skip
        known |= machines_by_key(taking, unknown.keys())

    def an_order(line: OrderLine, key: str) -> Callable[[], PastOrder]:
        def build() -> PastOrder:
            row = PastOrder(
                machine=require(known, line.machine, "equipment.unknown_machine", "machine", line.machine),
                date=line.date, text=line.text, kind=line.kind, cost_minor=line.cost.minor if line.cost else None,
                source=taking.source, source_id=key,
            )  # fmt: skip
            row.currency = line.cost.currency if line.cost else row.currency
            require_fitting(row)
            return row

        return build

    def wanted(line: OrderLine) -> Wanted:
        digest, key = digest_of_line(line), line.key
        if not key:
            key = f"{digest}-{line.nth}"
        return Wanted(line.line, key, digest, an_order(line, key))

    taking.layer("past_order", PastOrder, [wanted(each) for each in lines])
