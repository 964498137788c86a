"""The evidence of one order as one ZIP that anybody can check without us: see `README.txt` in it."""

from datetime import datetime
from typing import IO
from zoneinfo import ZoneInfo

from django.utils import timezone, translation

from anxiu.accounts.queries import names
from anxiu.kernel.actor import Actor
from anxiu.kernel.time import now
from anxiu.trace.actions.making import Tell
from anxiu.trace.evidence.files import add_files
from anxiu.trace.evidence.packing import Packer
from anxiu.trace.evidence.proofs import prove
from anxiu.trace.evidence.telling import Wanted, add_words
from anxiu.trace.models import Export


def write_package(row: Export, actor: Actor, file: IO[bytes], tell: Tell) -> None:
    """Write the package an export asks for; files go from storage to the ZIP in pieces."""
    assert row.order is not None
    at, by = now(), names({row.person_id}) if row.person_id else {}
    who = by[row.person_id].name if row.person_id in by else "anxiu"
    in_full = bool(row.asked.get("in_full"))
    with translation.override(row.language), timezone.override(ZoneInfo(row.time_zone)):
        wanted = Wanted(row.order.pk, row.language, in_full, who, at)
        proofs = prove(row.order.pk, texts=in_full)
        packer = Packer(file)
        files = add_files(packer, wanted, proofs, tell)
        add_words(packer, wanted, proofs, files)
        packer.seal(_about(row, wanted, at))


def _about(row: Export, wanted: Wanted, at: datetime) -> dict[str, object]:
    assert row.order is not None
    return {
        "order": row.order.number, "order_uid": str(row.order.uid), "made_at": at.isoformat(), "made_for": wanted.who,
        "language": row.language, "time_zone": row.time_zone, "in_full": wanted.in_full,
    }  # fmt: skip
