"""What people tried and were refused: by whom, on what, and by which clause."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from anxiu.accounts.models import Person
from anxiu.console.accounts.words import PERMISSIONS
from anxiu.console.pages import Listing, address, columns, keyset, page, show
from anxiu.kernel.actor import Actor
from anxiu.kernel.messages import REFUSALS
from anxiu.kernel.models import Refused
from anxiu.kernel.refused import Why
from anxiu.kernel.time import now
from anxiu.orders.models import Order
from anxiu.orders.queries import visible
from anxiu.regulation.queries import in_force
from anxiu.trace.queries import VIEW_REFUSED, clauses_of, refused, under

WHY: Final = {
    Why.PERMISSION: _("No permission"), Why.AUTHORITY: _("Beyond the authority"), Why.GATE: _("A gate was shut"),
}  # fmt: skip
TONES: Final = {Why.PERMISSION: "grey", Why.AUTHORITY: "red", Why.GATE: "amber"}
DAYS: Final = {"7": _("Last 7 days"), "30": _("Last 30 days"), "90": _("Last 90 days")}
FILTERS: Final = ("why", "verb", "days", "clause")


def _asked(request: HttpRequest, actor: Actor, at: datetime) -> QuerySet[Refused]:
    """What the address asks for."""
    get, rows = request.GET, refused(actor)
    if get.get("why") in set(Why):
        rows = rows.filter(why=get["why"])
    if get.get("verb") in PERMISSIONS:
        rows = rows.filter(verb=get["verb"])
    if get.get("days") in DAYS:
        rows = rows.filter(at__gte=at - timedelta(days=int(get["days"])))
    if clause := get.get("clause", ""):
        rows = under(rows, clause, at)
    if typed := get.get("q", "").strip():
        found = visible(actor).filter(number__iexact=typed).values_list("uid", flat=True)
        by_name = Person.objects.filter(name__icontains=typed).values("pk")
        rows = rows.filter(Q(subject_kind="order", subject__in=[str(each) for each in found]) | Q(actor_id__in=by_name))
    return rows


def dressed(actor: Actor, rows: Sequence[Refused], at: datetime) -> Sequence[Refused]:
    """Rows with their people, orders and clauses at hand; four statements however many."""
    names = dict(Person.objects.filter(pk__in={row.actor_id for row in rows}).values_list("pk", "name"))
    uids = {row.subject for row in rows if row.subject_kind == "order"}
    orders = {str(each.uid): each for each in _orders(actor, uids)}
    general = in_force(None, "", at).pk
    versions = {row.pk: orders[row.subject].version_id if row.subject in orders else general for row in rows}
    clauses = clauses_of({(versions[row.pk], row.value_key) for row in rows if row.value_key})
    zh = (get_language() or "zh").startswith("zh")
    for row in rows:
        clause = clauses.get((versions[row.pk], row.value_key))
        row.person = names.get(row.actor_id, "–")  # type: ignore[attr-defined]
        row.order = orders.get(row.subject)  # type: ignore[attr-defined]
        row.verb_words = PERMISSIONS.get(row.verb, row.verb)  # type: ignore[attr-defined]
        row.why_words, row.tone = WHY[Why(row.why)], TONES[Why(row.why)]  # type: ignore[attr-defined]
        row.detail = "" if row.why == Why.PERMISSION else _plain(row.code)  # type: ignore[attr-defined]
        row.clause = f"{clause.number} {clause.title_zh if zh else clause.title_en}" if clause else ""  # type: ignore[attr-defined]
        row.clause_url = _clause_url(clause) if clause else ""  # type: ignore[attr-defined]
    return rows


def _clause_url(clause: Any) -> str:
    return f"{reverse('regulation_version', args=[clause.version.uid])}#k{clause.number}"


def _orders(actor: Actor, uids: set[str]) -> QuerySet[Order]:
    return visible(actor).filter(uid__in=[UUID(each) for each in uids]).only("uid", "number", "version_id")


def _plain(code: str) -> str:
    """The refusal's sentence, where it stands by itself: without figures or names to fill in."""
    words = str(REFUSALS.get(code, ""))
    return "" if "{" in words else words.rstrip(":：")


@page(VIEW_REFUSED)
def refused_attempts(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The list, the latest first."""
    at, get = now(), request.GET
    rows, next_url = keyset(request, _asked(request, actor, at), ("-id",))
    tried = sorted(
        set(refused(actor).order_by().values_list("verb", flat=True).distinct()) & PERMISSIONS.keys(),
        key=lambda verb: str(PERMISSIONS[verb]),
    )
    listing = Listing(
        id="refused", rows=dressed(actor, rows, at), row_template="console/refused/row.html",
        columns=columns(_("When"), _("Who"), _("What was tried"), _("Order"), _("Refused by"), _("Times")),
        next_url=next_url, first_url=address(request) if get.get("after") else "",
        search={"name": "q", "value": get.get("q", ""), "placeholder": _("Person or order number")},
        filters=[
            {"name": "why", "label": _("All reasons"), "value": get.get("why", ""), "choices": list(WHY.items())},
            {"name": "verb", "label": _("All attempts"), "value": get.get("verb", ""),
             "choices": [(each, PERMISSIONS[each]) for each in tried]},
            {"name": "days", "label": _("Any time"), "value": get.get("days", ""), "choices": list(DAYS.items())},
        ],
        hidden=[("clause", get["clause"])] if get.get("clause") else [],
        is_filtered=any(get.get(name) for name in (*FILTERS, "q")),
        empty={
            "title": _("Nothing was refused"), "symbol": "shield-check",
            "text": _("What people try without the permission, beyond their authority or at a shut gate appears here."),
        },
    )  # fmt: skip
    context = {"title": _("Refused attempts"), "listing": listing, "clause": get.get("clause", "")}
    return show(request, "console/refused/list.html", context, fragment="console/parts/listing.html")


urlpatterns = [path("refused/", refused_attempts, name="refused")]
