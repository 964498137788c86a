"""How long personal data is kept: each class with its clause, its last run, and what waits."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from anxiu.console.pages import Listing, columns, page, show
from anxiu.console.privacy.tabs import tabs
from anxiu.kernel.actor import Actor
from anxiu.kernel.time import now
from anxiu.privacy.choices import Data
from anxiu.privacy.messages import COUNTED, DATA
from anxiu.privacy.models import RetentionRun
from anxiu.privacy.queries import VIEW_PERSON, Kept, kept
from anxiu.regulation.models import Version
from anxiu.regulation.queries import clause_about, figure_in_words, in_force

A_DAY_LATE: Final = timedelta(hours=26)  # source: own choice; it runs once a day, and takes its time


@dataclass(frozen=True, slots=True)
class Shown:
    """One class as its row shows it."""

    words: Promise
    counted: Promise
    period: str
    clause: str
    clause_url: str
    run: RetentionRun | None
    by_hand: bool
    due: int
    late: bool


@page(VIEW_PERSON)
def retention(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every class of data with its time of keeping."""
    at, language = now(), get_language() or "zh-hans"
    version = in_force(None, "", at)
    rows = [_shown(each, version, language) for each in kept(actor, at)]
    listing = Listing(
        id="retention", rows=rows, row_template="console/privacy/kept_row.html", tabs=tabs("retention"),
        columns=[
            *columns(_("What"), _("Kept for"), _("By clause"), _("Last run")),
            *({"label": label, "css": "is-num"} for label in (_("Let go"), _("Held back"))),
        ],
    )  # fmt: skip
    late = any(each.late for each in rows)
    context = {"title": _("Personal data"), "listing": listing, "late": late}
    return show(request, "console/privacy/kept.html", context, fragment="console/parts/listing.html")


def _shown(each: Kept, version: Version, language: str) -> Shown:
    clause = clause_about(version.pk, each.value_key, language)
    url = f"{reverse('regulation_version', args=[version.uid])}#k{clause.partition(' ')[0]}" if clause else ""
    late = each.run is not None and now() - each.run.at > A_DAY_LATE
    return Shown(
        DATA[each.data], COUNTED[each.data], figure_in_words(each.value_key, each.period, language), clause, url,
        each.run, each.data is Data.PEOPLE, each.by_hand, late,
    )  # fmt: skip


urlpatterns = [path("personal-data/retention/", retention, name="retention")]
