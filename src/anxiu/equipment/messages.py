"""Codes of the equipment app, in words."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anxiu.equipment.choices import CoverBasis, ImportKind
from anxiu.kernel.messages import register

register(
    refusals={
        "equipment.unknown_model": _("There is no such model, or it is closed."),
        "equipment.unknown_site": _("There is no such site, or it is not yours."),
        "equipment.serial_taken": _("This maker's serial number {serial} already belongs to another machine."),
        "equipment.parent_elsewhere": _("The machine it belongs to must stand at the same site."),
        "equipment.parent_loop": _("A machine cannot be part of itself."),
        "equipment.machine_is_retired": _("This machine is no longer serviced."),
        "equipment.has_children": _("Other machines are still part of this one."),
        "equipment.still_needed": _("This machine cannot be closed yet."),
        "equipment.machines_there": _("{count} machines still stand there."),
        "equipment.label_unknown": _("This label is not known. It may have been replaced."),
        "equipment.too_many_labels": _("At most {limit} labels at a time."),
        "equipment.nothing_chosen": _("Choose at least one machine."),
        "equipment.row_short": _("The row has too few columns."),
        "equipment.row_long": _("The row has too many columns; a comma inside a text needs quotes."),
        "equipment.not_a_date": _("“{given}” is not a date."),
        "equipment.not_an_amount": _("“{given}” is not an amount."),
        "equipment.not_a_place": _("“{given}” is not a latitude or longitude."),
        "equipment.unknown_region": _("There is no region “{given}”."),
        "equipment.unknown_customer": _("There is no customer “{given}”."),
        "equipment.unknown_site_named": _("The customer has no site “{given}”."),
        "equipment.unknown_model_code": _("There is no model “{given}”."),
        "equipment.unknown_machine": _("There is no machine “{given}”."),
        "equipment.key_twice": _("The key “{given}” stands in the file twice with different content."),
        "equipment.differs": _("“{given}” was imported before with other content."),
        "equipment.column_missing": _("The file has no column “{given}”."),
        "equipment.kind_missing": _("Say what the file holds: customers, machines or orders."),
        "equipment.batch_undone": _("This import was already undone."),
        "equipment.unreadable": _("The file cannot be read as a table: {reason}"),
    },
    sentences={
        "equipment.machine_added": _("Machine {serial} added"),
        "equipment.machine_changed": _("Machine changed: {fields}"),
        "equipment.machine_moved": _("Machine moved to another site"),
        "equipment.machine_retired": _("Machine closed"),
        "equipment.label_renewed": _("Label code renewed"),
        "equipment.batch_imported": _("Import from {source}: {accepted} rows taken in, {refused} refused"),
        "equipment.import_undone": _("Import undone: {removed} rows removed, {kept} kept"),
    },
)

COVER_BASES: Final[Mapping[str, Promise]] = {
    CoverBasis.AGREED: _("as agreed for this machine"),
    CoverBasis.INSTALLATION: _("counted from the installation"),
    CoverBasis.SALE: _("counted from the sale; the installation date is missing"),
    CoverBasis.UNKNOWN: _("neither installation nor sale date is known"),
}
IMPORT_KINDS: Final[Mapping[str, Promise]] = {
    ImportKind.CUSTOMERS: _("Customers, sites and contacts"),
    ImportKind.MACHINES: _("Machines"),
    ImportKind.ORDERS: _("Past orders"),
}
FIELDS: Final[Mapping[str, Promise]] = {
    "installed_on": _("installation date"), "model_id": _("model"), "name": _("name"), "parent_id": _("part of"),
    "position": _("position"), "serial": _("serial number"), "sold_on": _("date of sale"),
    "warranty_until": _("agreed end of warranty"),
}  # fmt: skip
