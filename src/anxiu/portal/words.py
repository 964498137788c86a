"""Times as customers read them: the near days by name, the others with their weekday."""

from datetime import datetime
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from anxiu.kernel.time import now

WEEKDAYS: Final = (
    pgettext_lazy("weekday", "Mon"), pgettext_lazy("weekday", "Tue"), pgettext_lazy("weekday", "Wed"),
    pgettext_lazy("weekday", "Thu"), pgettext_lazy("weekday", "Fri"), pgettext_lazy("weekday", "Sat"),
    pgettext_lazy("weekday", "Sun"),
)  # fmt: skip


def moment_words(at: datetime) -> str:
    """`今天 14:05`, `11-25 周三 14:05`, with the year where it is another one; in the active time zone."""
    local, today = timezone.localtime(at), timezone.localtime(now()).date()
    near = {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}
    day = near.get((local.date() - today).days)
    if day is None:
        date = f"{local:%m-%d}" if local.year == today.year else f"{local:%Y-%m-%d}"
        day = f"{date} {WEEKDAYS[local.weekday()]}"
    return f"{day} {local:%H:%M}"
