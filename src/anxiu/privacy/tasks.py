"""Jobs of the privacy app: making a file for a person, and letting go of what is old."""

from django.db import transaction

from anxiu.kernel.jobs import job, periodic
from anxiu.kernel.time import now
from anxiu.privacy.actions import drop_old, keep_within, make_export


@job("privacy.make_export")
def make(export_id: int) -> None:
    """Make the file with what is held about a person."""
    with transaction.atomic():
        make_export(export_id, now())


@periodic("50 3 * * *", "privacy.drop_exports")
def drop(timestamp: int) -> int:
    """Once a day: files about persons are kept for a week."""
    return drop_old(now())


def keep(timestamp: int) -> int:
    """Once a day: let go of what was kept as long as the regulation says."""
    return sum(keep_within(now()).values())


periodic("10 4 * * *", "privacy.keep_within")(keep)
