"""Jobs of the customer pages."""

from anxiu.kernel.jobs import periodic
from anxiu.kernel.time import now
from anxiu.portal.actions import forget


@periodic("25 3 * * *", "portal.forget")
def forget_drafts(timestamp: int) -> int:
    """Let go of drafts that nobody sent. Before the sweep of files, which removes their bytes."""
    return forget(at=now())
