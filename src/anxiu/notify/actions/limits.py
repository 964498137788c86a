"""Limits of what each message costs: of the installation, and of one person, a day."""

from datetime import datetime

from anxiu.kernel.values import reading
from anxiu.notify.channels import offered
from anxiu.notify.choices import Reason
from anxiu.notify.models import Notice, Setup
from anxiu.notify.queries import paid
from anxiu.notify.values import SMS_PER_PERSON
from anxiu.regulation.queries import in_force


def over_limit(notice: Notice, at: datetime) -> Reason | None:
    """Why a message that costs is not sent today. Asked under a lock, so that many workers keep the limit too."""
    if not offered(notice.medium).costs:
        return None
    row = Setup.objects.select_for_update(no_key=True).filter(medium=notice.medium).first()
    today = paid(at)
    if row and row.daily_most is not None and today.filter(medium=notice.medium).count() >= row.daily_most:
        return Reason.DAILY_LIMIT
    most = reading(in_force(None, "", at).pk)(SMS_PER_PERSON)
    return Reason.PERSON_LIMIT if today.filter(address=notice.address).count() >= most else None
