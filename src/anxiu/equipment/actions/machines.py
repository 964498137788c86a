"""Machines: added, changed, moved, closed; and their labels."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from anxiu.catalogue.models import Model
from anxiu.customers.models import Site
from anxiu.customers.queries import sites
from anxiu.equipment import events
from anxiu.equipment.actions.rows import NewMachine, index_machine, label_code, machine_row
from anxiu.equipment.models import Machine
from anxiu.equipment.queries import machines
from anxiu.files.actions import NewAttachment, attach
from anxiu.files.choices import Purpose
from anxiu.files.intake import Prepared
from anxiu.files.models import Attachment
from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.checks import change, require_fitting
from anxiu.kernel.errors import GateShut, Invalid, NotFound, WrongState
from anxiu.kernel.events import Sealed, canonical, record
from anxiu.kernel.gates import ask

MACHINE_FIELDS: Final = frozenset(
    {"model_id", "serial", "name", "position", "installed_on", "sold_on", "warranty_until", "parent_id"}
)


def _locked(actor: Actor, machine_id: int) -> Machine:
    row = machines(actor).select_for_update(of=("self",)).filter(pk=machine_id).first()
    if row is None:
        raise NotFound("kernel.not_found")
    if row.retired_at:
        raise WrongState("equipment.machine_is_retired")
    return row


def _model(model_id: int) -> Model:
    model = Model.objects.filter(pk=model_id, retired_at=None).first()
    if model is None:
        raise Invalid("equipment.unknown_model", field="model_id")
    return model


def _site(actor: Actor, site_id: int) -> Site:
    site = sites(actor).filter(pk=site_id, retired_at=None).first()
    if site is None:
        raise Invalid("equipment.unknown_site", field="site_id")
    return site


def _require_free_serial(row: Machine) -> None:
    others = Machine.objects.filter(maker_key=row.maker_key, serial_key=row.serial_key).exclude(pk=row.pk)
    if row.serial_key and others.exists():
        raise Invalid("equipment.serial_taken", field="serial", serial=row.serial)


def _require_parent(row: Machine) -> None:
    """A machine is part of one at its own site, and not, over however many steps, of itself."""
    above = row.parent_id
    while above is not None:
        if above == row.pk:
            raise Invalid("equipment.parent_loop", field="parent_id")
        parent = Machine.objects.filter(pk=above, site_id=row.site_id, retired_at=None).first()
        if parent is None:
            raise Invalid("equipment.parent_elsewhere", field="parent_id")
        above = parent.parent_id


def _about(row: Machine) -> Subject:
    return Subject("machine", row.pk)


@action(posts={"agent", "supervisor", "administrator"})
def add_machine(*, actor: Actor, at: datetime, new: NewMachine) -> Machine:
    """Add a machine to the installed base.

    Records: MachineAdded. Refuses: a site out of sight, a closed model, a serial the maker has used already.
    """
    row = machine_row(new, _model(new.model_id), _site(actor, new.site_id), at)
    _require_free_serial(row)
    _require_parent(row)
    row.save(force_insert=True)
    record(
        events.MachineAdded(row.serial, row.model_id, row.site_id, row.customer_id, Sealed(row.name)),
        subject=_about(row), region_id=row.region_id, actor=actor, at=at,
    )  # fmt: skip
    return row


@action(posts={"agent", "supervisor", "administrator"})
def change_machine(*, actor: Actor, at: datetime, machine_id: int, changes: Mapping[str, Any]) -> Machine:
    """Change a machine's details; where it stands is changed by moving it.

    Records: MachineChanged, when something differs. Refuses: a closed machine or model, a serial that is taken.
    """
    row = _locked(actor, machine_id)
    fields = change(row, changes, MACHINE_FIELDS)
    if not fields:
        return row
    if "model_id" in fields:
        row.model = _model(row.model_id)
    index_machine(row)
    require_fitting(row)
    _require_free_serial(row)
    if "parent_id" in fields:
        _require_parent(row)
    row.save()
    record(
        events.MachineChanged(fields, Sealed(canonical({name: str(changes[name] or "") for name in fields}))),
        subject=_about(row), region_id=row.region_id, actor=actor, at=at,
    )  # fmt: skip
    return row


def _parts_of(row: Machine) -> Iterator[Machine]:
    """Everything that is part of a machine, level by level."""
    level = [row.pk]
    while level:
        parts = list(Machine.objects.select_for_update().filter(parent_id__in=level, retired_at=None).order_by("pk"))
        yield from parts
        level = [each.pk for each in parts]


@action(posts={"agent", "supervisor", "administrator"})
def move_machine(*, actor: Actor, at: datetime, machine_id: int, site_id: int) -> Machine:
    """Note that a machine stands at another site now, with all its parts; it leaves the one it was part of.

    Records: MachineMoved for each. Refuses: a closed machine, a site out of sight.
    """
    row, site = _locked(actor, machine_id), _site(actor, site_id)
    if row.site_id == site.pk:
        return row
    row.parent = None
    for each in (row, *_parts_of(row)):
        moved = events.MachineMoved(each.site_id, site.pk, each.customer_id, site.customer_id)
        each.site, each.customer_id, each.region_id = site, site.customer_id, site.region_id
        each.save(update_fields=["site", "customer", "region", "parent"])
        record(moved, subject=_about(each), region_id=each.region_id, actor=actor, at=at)
    return row


@action(posts={"supervisor", "administrator"})
def retire_machine(*, actor: Actor, at: datetime, machine_id: int) -> None:
    """Close a machine; its history stays.

    Records: MachineRetired. Refuses: one others are part of, or that something higher up still needs.
    """
    row = _locked(actor, machine_id)
    if row.children.filter(retired_at=None).exists():
        raise WrongState("equipment.has_children")
    if shut := ask([row], "retire_machine", actor, at)[row.pk]:
        raise GateShut("equipment.still_needed", missing=tuple(each for verdict in shut for each in verdict.missing))
    row.retired_at = at
    row.save(update_fields=["retired_at"])
    record(events.MachineRetired(), subject=_about(row), region_id=row.region_id, actor=actor, at=at)


@action(posts={"supervisor", "administrator"})
def renew_label(*, actor: Actor, at: datetime, machine_id: int) -> Machine:
    """Give a machine's label a new code, when the old one was copied or lost.

    Records: LabelRenewed. Refuses: a closed machine.
    """
    row = _locked(actor, machine_id)
    row.label_code = label_code()
    row.save(update_fields=["label_code"])
    record(events.LabelRenewed(), subject=_about(row), region_id=row.region_id, actor=actor, at=at)
    return row


@action(posts={"agent", "engineer", "supervisor", "administrator"})
def add_document(*, actor: Actor, at: datetime, machine_id: int, content: Prepared) -> Attachment:
    """Put a document on a machine: its manual, drawing, acceptance record.

    Records: FileAttached. Refuses: a closed machine, content that is no document.
    """
    row = _locked(actor, machine_id)
    return attach(actor=actor, at=at, new=NewAttachment(content, _about(row), row.region_id, Purpose.DOCUMENT))
