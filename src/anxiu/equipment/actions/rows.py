"""What is needed for a machine, and its row before it is saved; for the verbs and for import."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from anxiu.catalogue.models import Model
from anxiu.customers.actions import OURS, Source
from anxiu.customers.models import Site
from anxiu.equipment.models import Machine
from anxiu.kernel.checks import require_fitting
from anxiu.kernel.grams import code_key, folded, grams, spelled

# source: Crockford's base 32, which leaves out what is misread; ten of them are 50 bits, beyond guessing
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LABEL_LENGTH: Final = 10


@dataclass(frozen=True, slots=True)
class NewMachine:
    """What is needed to service a machine. Without a serial it is known by its label only."""

    model_id: int
    site_id: int
    serial: str = ""
    name: str = ""
    position: str = ""
    installed_on: date | None = None
    sold_on: date | None = None
    warranty_until: date | None = None
    parent_id: int | None = None
    origin: Source = OURS


def label_code() -> str:
    """A new code for a label, beyond guessing."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LABEL_LENGTH))


def machine_row(new: NewMachine, model: Model, site: Site, at: datetime) -> Machine:
    """A machine's row, with what it is found by, not yet saved."""
    row = Machine(
        label_code=label_code(), model=model, site=site, customer_id=site.customer_id, region_id=site.region_id,
        serial=new.serial.strip(), name=new.name.strip(), position=new.position.strip(),
        installed_on=new.installed_on, sold_on=new.sold_on, warranty_until=new.warranty_until,
        parent_id=new.parent_id, source=new.origin.source, source_id=new.origin.source_id, created_at=at,
    )  # fmt: skip
    index_machine(row)
    require_fitting(row)
    return row


def index_machine(row: Machine) -> None:
    """Set what a machine is told apart and found by."""
    row.serial_key, row.maker_key = code_key(row.serial), folded(row.model.maker)
    serial, model = (row.serial_key.lower(), folded(row.serial)), row.model.code.lower()
    family = (spelled(row.model.family.name_zh), folded(row.model.family.name_en))
    words = dict.fromkeys((*serial, spelled(row.name), folded(row.position), model, spelled(row.model.name), *family))
    row.search_text = "\n".join(filter(None, words))
    row.grams = grams(row.search_text)
