"""The words of measuring."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anxiu.kpi.choices import Standing, Verdict

VERDICTS: Final[Mapping[str, Promise]] = {
    Verdict.KEPT: pgettext_lazy("case", "Kept"),
    Verdict.BROKEN: pgettext_lazy("case", "Broken"),
    Verdict.EXEMPT: pgettext_lazy("case", "Exempt"),
}
STANDINGS: Final[Mapping[str, Promise]] = {
    Standing.KEPT: _("always kept"),
    Standing.PARTLY: _("kept in part"),
    Standing.BROKEN: _("often broken"),
    Standing.NO_CASES: _("no cases in this time"),
    Standing.BY_PEOPLE: _("checked by people; nothing counts it"),
    Standing.BY_SYSTEM: _("held by the system itself"),
}
