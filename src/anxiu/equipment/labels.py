"""Sheets of labels for machines; scanned, a label opens the fault form of its machine."""

from collections.abc import Collection
from uuid import UUID

from django.conf import settings

from anxiu.equipment.documents import Label, labels_pdf
from anxiu.equipment.models import Machine
from anxiu.equipment.queries import machines
from anxiu.files import codes
from anxiu.files.documents import Style
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import Invalid, NotFound

MOST_SKIPPED = 20  # a sheet has one place more
MOST = 210  # source: ten sheets of 21; more belong into several runs of the printer


def label_url(machine: Machine) -> str:
    """What a machine's label says: the address that knows the machine."""
    return f"{settings.ENV.public_url.rstrip('/')}/r/{machine.label_code}"


def label_picture(machine: Machine) -> str:
    """A machine's code as an address a page can show as a picture."""
    return codes.address(label_url(machine), safety="q", border=1)


def labels(actor: Actor, uids: Collection[UUID], language: str, *, skip: int = 0) -> tuple[bytes, list[int]]:
    """A PDF of labels in the order of sites and names, and the machines on it; `skip` leaves used places free.

    Refuses: no machine, too many, one that is closed or out of sight.
    """
    wanted, skip = set(uids), min(skip, MOST_SKIPPED)
    if not wanted:
        raise Invalid("equipment.nothing_chosen", field="uid")
    if len(wanted) > MOST:
        raise Invalid("equipment.too_many_labels", field="uid", limit=MOST)
    rows = list(
        machines(actor).filter(uid__in=wanted, retired_at=None).order_by("customer__name_key", "site_id", "name", "id")
    )
    if len(rows) != len(wanted):
        raise NotFound("kernel.not_found")
    env = settings.ENV
    company = env.company_zh if language.startswith("zh") else env.company_en
    content = labels_pdf(
        [_label(each, language) for each in rows], company=company, phone=env.company_phone,
        style=Style(language, settings.TIME_ZONE), skip=skip,
    )  # fmt: skip
    return content, [each.pk for each in rows]


def _label(machine: Machine, language: str) -> Label:
    family = machine.model.family
    name = machine.name or (family.name_zh if language.startswith("zh") else family.name_en)
    where = f"{name} · {machine.position}" if machine.position else name
    return Label(label_url(machine), where, machine.model.name, machine.serial)
