"""Codes of the equipment app, in words."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anxiu.equipment.choices import CoverBasis, ImportKind, ImportState
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
        "equipment.not_a_date": _("“{given}” is not a date; write the year first: 2025-03-01."),
        "equipment.not_an_amount": _("“{given}” is not an amount."),
        "equipment.not_a_place": _("“{given}” is not a latitude or longitude."),
        "equipment.unknown_region": _("There is no region “{given}”."),
        "equipment.unknown_customer": _("There is no customer “{given}”."),
        "equipment.unknown_site_named": _("The customer has no site “{given}”."),
        "equipment.unknown_model_code": _("There is no model “{given}”."),
        "equipment.unknown_machine": _("There is no machine “{given}”."),
        "equipment.key_twice": _("“{given}” already stands in row {row} of this file, with other content."),
        "equipment.serial_twice": _("The serial number {serial} already stands in row {row} of this file."),
        "equipment.differs": _("“{given}” was imported before with other content."),
        "equipment.column_missing": _("The file has no column “{given}”."),
        "equipment.kind_missing": _("Say what the file holds: {kinds}."),
        "equipment.unknown_family": _("There is no family “{given}” in use. Give its name and months of warranty."),
        "equipment.not_a_count": _("“{given}” is not a whole number."),
        "equipment.not_an_email": _("“{given}” is not an email address."),
        "equipment.unknown_outlet": _("The region has no outlet “{given}”."),
        "equipment.unknown_engineer": _("There is no engineer “{given}”."),
        "equipment.unknown_skill": _("There is no skill “{given}”."),
        "equipment.no_engineer_yet": _(
            "{given} has an account already and is no engineer; make them one on their page."
        ),
        "equipment.engineers_not_yours": _("You may open accounts, not add engineers. Leave the grade empty."),
        "equipment.address_twice": _("{given} already stands in row {row} of this file."),
        "equipment.batch_undone": _("This import was already undone."),
        "equipment.unreadable": _("The file is damaged or cut off."),
        "equipment.empty_file": _("The file is empty."),
        "equipment.not_a_table": _("This is no table. Take a CSV file or an Excel workbook (.xlsx)."),
        "equipment.not_text": _("The characters of the file cannot be read. Save it as UTF-8 or as an Excel workbook."),
        "equipment.old_excel": _("This is an old Excel file (.xls) or has a password. Save it as a plain .xlsx."),
        "equipment.locked": _("The workbook is locked with a password. Save it without one."),
        "equipment.too_large": _("The file would be too large when unpacked."),
        "equipment.broken_quotes": _("The quotes in line {line} are not in pairs."),
        "equipment.formula": _("The cell begins like a formula; such cells are not taken."),
        "equipment.formula_cell": _("The cell holds a formula. Put its value there: copy, then paste as values."),
        "equipment.error_cell": _("The cell holds an error of Excel: {given}"),
        "equipment.control_character": _("The cell holds a character that cannot be seen: {sign}"),
        "equipment.digits_lost": _("Excel has lost digits of this number. Make the column text and type it again."),
        "equipment.column_needed": _("Say which column holds this."),
        "equipment.import_elsewhere": _("This file is at another step by now."),
        "equipment.nothing_new": _("There is nothing new in this file."),
    },
    sentences={
        "equipment.machine_added": _("Machine {serial} added"),
        "equipment.machine_changed": _("Machine changed: {fields}"),
        "equipment.machine_moved": _("Machine moved to another site"),
        "equipment.machine_retired": _("Machine closed"),
        "equipment.label_renewed": _("Label code renewed"),
        "equipment.import_started": _("Import from {source} started: {lines} rows"),
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
    ImportKind.MODELS: _("Families and models"),
    ImportKind.PARTS: _("Parts"),
    ImportKind.PEOPLE: _("People and engineers"),
    ImportKind.QUALIFICATIONS: _("Qualifications of engineers"),
    ImportKind.CONTRACTS: _("Service contracts"),
}
# What an import makes, one by one.
MADE_KINDS: Final[dict[str, Promise]] = {
    "qualification": _("Qualification"), "engineer": _("Engineer"), "person": _("Person"),
    "past_order": _("Past order"), "machine": _("Machine"), "contact": _("Contact"), "site": _("Site"),
    "customer": _("Customer"), "part": _("Part"), "model": _("Model"), "family": _("Family"),
}  # fmt: skip
IMPORT_STATES: Final[Mapping[str, Promise]] = {
    ImportState.MAPPING: _("Columns to be named"),
    ImportState.TRYING: _("Being checked"),
    ImportState.TRIED: _("Checked"),
    ImportState.TAKING: _("Being taken in"),
    ImportState.TAKEN: _("Import is done"),
    ImportState.FAILED: _("Import failed"),
    ImportState.DROPPED: _("Discarded"),
}
ROW_STATES: Final[Mapping[str, Promise]] = {"new": _("new"), "known": _("known already"), "refused": _("refused")}
# Fields of files, kind by kind where they differ.
IMPORT_FIELDS: Final[dict[str, Mapping[str, Promise]]] = {
    ImportKind.CUSTOMERS: {
        "key": _("Customer code"), "name": _("Customer name"), "region": _("Region"), "tier": _("Customer tier"),
        "language": _("Language"), "site": _("Site"), "address": _("Address"), "latitude": _("Latitude"),
        "longitude": _("Longitude"), "contact": _("Contact"), "phone": _("Phone"), "email": _("Email"),
        "role": _("Job title"),
    },
    ImportKind.MACHINES: {
        "key": _("Machine code"), "serial": _("Serial number"), "model": _("Model"), "maker": _("Maker"),
        "customer": _("Customer code"), "site": _("Site"), "name": _("Machine name"), "position": _("Position"),
        "installed_on": _("Installed on"), "sold_on": _("Sold on"), "warranty_until": _("Agreed end of warranty"),
        "parent": _("Machine it is part of"),
    },
    ImportKind.ORDERS: {
        "key": _("Order number"), "machine": _("Machine code or serial number"), "date": _("Date"),
        "text": _("Description"), "kind": _("Type"), "cost": _("Cost of the order"),
    },
    ImportKind.MODELS: {
        "model": _("Model"), "maker": _("Maker"), "name": _("Model name"), "family": _("Family code"),
        "family_name": _("Family name"), "family_name_en": _("Family name in English"),
        "warranty_months": _("Months of warranty"),
    },
    ImportKind.PARTS: {
        "key": _("Part number"), "name": _("Part name"), "name_en": _("Name in English"), "unit": _("Unit"),
        "price": _("List price"), "families": _("Families it fits"),
    },
    ImportKind.PEOPLE: {
        "key": _("Staff number"), "name": _("Name of the person"), "name_en": _("English name"),
        "email": _("Email to log in with"), "phone": _("Phone"), "posts": _("Posts, by code or name"),
        "region": _("Region"), "outlet": _("Outlet"), "language": _("Language"), "grade": _("Grade, for engineers"),
        "started_on": _("First day, for engineers"), "latitude": _("Latitude of the base"),
        "longitude": _("Longitude of the base"),
    },
    ImportKind.QUALIFICATIONS: {
        "engineer": _("Engineer's number or email"), "kind": _("Kind: certificate, skill or induction"),
        "name": _("Certificate or skill, by code or name"), "level": _("Level of the skill"), "issuer": _("Issuer"),
        "number": _("Number of the certificate"), "valid_from": _("Valid from"), "valid_to": _("Valid to"),
    },
}  # fmt: skip
FIELDS: Final[Mapping[str, Promise]] = {
    "installed_on": _("installation date"), "model_id": _("model"), "name": _("name"), "parent_id": _("part of"),
    "position": _("position"), "serial": _("serial number"), "sold_on": _("date of sale"),
    "warranty_until": _("agreed end of warranty"),
}  # fmt: skip
