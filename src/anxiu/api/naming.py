"""From the names that callers use (uids and codes) to what actions take."""

from uuid import UUID

from anxiu.accounts.models import Region
from anxiu.accounts.queries import people
from anxiu.catalogue.models import FaultClass, Part
from anxiu.equipment.queries import machine, machines
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import Invalid, NotFound
from anxiu.kernel.grams import code_key
from anxiu.regulation.queries import VIEW, versions
from anxiu.workforce.queries import engineers


def region_id(actor: Actor, code: str) -> int | None:
    """A region by its code; the action checks that the caller sees it."""
    if not code:
        return None
    return _id(Region.objects.filter(code=code, retired_at=None).values_list("pk", flat=True).first(), "region", code)


def machine_id(actor: Actor, uid: UUID | None, serial: str) -> int | None:
    """A machine by uid, else by its serial number."""
    if uid:
        try:
            return machine(actor, uid).pk
        except NotFound:
            return _id(None, "machine", str(uid))
    if serial:
        rows = machines(actor).filter(serial_key=code_key(serial), retired_at=None)
        return _id(rows.values_list("pk", flat=True).first(), "serial", serial)
    return None


def fault_class_id(code: str) -> int | None:
    """A class of fault by its code."""
    if not code:
        return None
    rows = FaultClass.objects.filter(code=code, retired_at=None)
    return _id(rows.values_list("pk", flat=True).first(), "fault_class", code)


def part_id(number: str) -> int | None:
    """A part by its number."""
    if not number:
        return None
    return _id(Part.objects.filter(number=number, retired_at=None).values_list("pk", flat=True).first(), "part", number)


def engineer_id(actor: Actor, uid: UUID) -> int:
    """An engineer the caller sees."""
    return _id(engineers(actor).filter(uid=uid).values_list("pk", flat=True).first(), "engineer", str(uid))


def version_id(actor: Actor, uid: UUID) -> int:
    """A version of the regulation the caller may read."""
    actor.require(VIEW)
    return _id(versions(actor).filter(uid=uid).values_list("pk", flat=True).first(), "version", str(uid))


def person_id(actor: Actor, uid: UUID) -> int:
    """A person the caller sees."""
    return _id(people(actor).filter(uid=uid).values_list("pk", flat=True).first(), "person", str(uid))


def _id(found: int | None, field: str, given: str) -> int:
    if found is None:
        raise Invalid("api.unknown_code", field=field, given=given)
    return found
