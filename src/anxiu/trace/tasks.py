"""Jobs of the trace app: the daily head."""

from zoneinfo import ZoneInfo

from django.conf import settings

from anxiu.kernel.jobs import periodic
from anxiu.kernel.time import now
from anxiu.trace.heads import sign_head


@periodic("0 */10 * * * *", "trace.sign_head")
def sign_todays_head(timestamp: int) -> str:
    """Sign the head of the company's day as soon as a worker runs in it; the rest of the day there is nothing to do."""
    head = sign_head(now().astimezone(ZoneInfo(settings.TIME_ZONE)).date())
    return f"{head.position}:{bytes(head.hash).hex()}" if head else ""
