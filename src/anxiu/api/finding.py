"""From uids and codes to rows the caller sees; what is out of sight is unknown, like what never was."""

from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet

from anxiu.accounts.queries import outlets, people, regions
from anxiu.catalogue.models import FaultClass, Part
from anxiu.catalogue.queries import families, models
from anxiu.customers.queries import sites
from anxiu.equipment.queries import machines
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import Invalid, NotFound
from anxiu.kernel.grams import code_key
from anxiu.regulation.queries import VIEW as REGULATION
from anxiu.regulation.queries import versions
from anxiu.workforce.queries import engineers

R = TypeVar("R", bound=Model)


def one(rows: QuerySet[R], **by: object) -> R:
    """The row an address names."""
    found = rows.filter(**by).first()
    if found is None:
        raise NotFound("kernel.not_found")
    return found


def key_of(rows: QuerySet[Any], field: str, *, given: str = "", **by: object) -> int:
    """The key of the row a field names; `given` is how it was written, where that differs from what is looked for."""
    key: int | None = rows.filter(**by).values_list("pk", flat=True).first()
    if key is None:
        raise Invalid("api.unknown_code", field=field, given=given or str(next(iter(by.values()))))
    return key


def keys_of(rows: QuerySet[Any], field: str, uids: Sequence[UUID]) -> tuple[int, ...]:
    """The keys of the rows that uids name, in one statement."""
    found = dict(rows.filter(uid__in=uids).values_list("uid", "pk")) if uids else {}
    if missing := [each for each in uids if each not in found]:
        raise Invalid("api.unknown_code", field=field, given=str(missing[0]))
    return tuple(found[each] for each in uids)


def region_key(actor: Actor, code: str) -> int | None:
    """A region by its code."""
    return key_of(regions(actor), "region", code=code) if code else None


def outlet_key(actor: Actor, code: str) -> int | None:
    """An outlet by its code."""
    return key_of(outlets(actor), "outlet", code=code) if code else None


def known_person_key(actor: Actor, uid: UUID, field: str = "person") -> int:
    """A person by uid, where one is needed."""
    return key_of(people(actor), field, uid=uid)


def person_key(actor: Actor, uid: UUID | None, field: str) -> int | None:
    """A person by uid."""
    return key_of(people(actor), field, uid=uid) if uid else None


def engineer_key(actor: Actor, uid: UUID) -> int:
    """An engineer by uid."""
    return key_of(engineers(actor), "engineer", uid=uid)


def family_key(actor: Actor, code: str, field: str = "family") -> int | None:
    """A family by its code."""
    return key_of(families(actor), field, code=code) if code else None


def model_key(actor: Actor, uid: UUID, field: str = "model") -> int:
    """A model by uid."""
    return key_of(models(actor), field, uid=uid)


def site_key(actor: Actor, uid: UUID | None) -> int | None:
    """A site by uid."""
    return key_of(sites(actor), "site", uid=uid) if uid else None


def machine_key(actor: Actor, uid: UUID | None, serial: str) -> int | None:
    """A machine in use by uid, else by its serial number."""
    if uid:
        return key_of(machines(actor), "machine", uid=uid)
    if not serial:
        return None
    in_use = machines(actor).filter(retired_at=None)
    return key_of(in_use, "serial", given=serial, serial_key=code_key(serial))


def parent_key(actor: Actor, uid: UUID | None) -> int | None:
    """The machine another is part of, by uid."""
    return key_of(machines(actor), "parent", uid=uid) if uid else None


def fault_class_key(code: str) -> int | None:
    """A class of fault by its code."""
    return key_of(FaultClass.objects.filter(retired_at=None), "fault_class", code=code) if code else None


def part_key(number: str) -> int | None:
    """A part by its number."""
    return key_of(Part.objects.filter(retired_at=None), "part", number=number) if number else None


def version_key(actor: Actor, uid: UUID) -> int:
    """A version of the regulation the caller may read, by uid."""
    actor.require(REGULATION)
    return key_of(versions(actor), "version", uid=uid)


def renamed(actor: Actor, given: dict[str, Any]) -> dict[str, Any]:
    """Given fields with the codes of places in keys, as verbs take them."""
    found = dict(given)
    if "region" in found:
        found["region_id"] = region_key(actor, found.pop("region"))
    if "outlet" in found:
        found["outlet_id"] = outlet_key(actor, found.pop("outlet"))
    return found
