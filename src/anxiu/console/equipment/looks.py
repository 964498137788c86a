"""What pages show beside a machine: its warranty in words and colour."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from anxiu.equipment.choices import CoverBasis
from anxiu.equipment.models import Machine
from anxiu.equipment.queries import cover
from anxiu.equipment.rules import Cover

SOON_DAYS: Final = 60  # source: own choice; long enough to offer a contract before the warranty ends


def words(found: Cover, on: date) -> tuple[str, str]:
    """A warranty in few words, and the tone that goes with them."""
    if found.until is None or found.because is CoverBasis.UNKNOWN:
        return _("Warranty unknown"), "amber"
    if not found.in_warranty:
        return _("Out of warranty"), "grey"
    left = (found.until - on).days
    return _("In warranty"), "amber" if left <= SOON_DAYS else "green"


def dress(rows: Iterable[Machine], on: date) -> list[Machine]:
    """Machines with their warranty on a day as `cover`, `cover_words` and `tone`; no statement."""
    found = list(rows)
    for row in found:
        row.cover = cover(row, on)  # type: ignore[attr-defined]
        row.cover_words, row.tone = words(row.cover, on)  # type: ignore[attr-defined]
    return found
