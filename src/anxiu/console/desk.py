"""The work desk: what is next to break, how the day goes, and the search over everything."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Avg, Count, F, FloatField, Max, Q, QuerySet
from django.db.models.functions import TruncDate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from anxiu.console.notices import own_duties
from anxiu.console.orders import listing
from anxiu.console.pages import page, show
from anxiu.console.setup.later import is_due
from anxiu.console.shell import entrance
from anxiu.feedback.models import Rating
from anxiu.kernel.actor import Actor
from anxiu.orders.choices import State
from anxiu.orders.models import Order
from anxiu.orders.queries import TO_SIGN, VIEW, completed_on, counts, visible
from anxiu.sla.choices import Outcome
from anxiu.sla.models import Clock

DAYS = 14
HITS = 6
FAULTS = 7
UNDER_WAY = (State.BOOKED, State.PREPARING, State.PREPARED, State.TRAVELLING, State.ON_SITE, State.REPAIRING)


@page()
def desk(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What is next to break first; the figures of the day and the last two weeks above it.

    Login leads here, so posts without orders are led on to the first page that is theirs.
    """
    if not actor.may(VIEW):
        return redirect(entrance(actor))
    if is_due(request, actor):
        return redirect("set_up")
    context: dict[str, Any] = {
        "title": gettext_lazy("Work desk"),
        "listing": listing(request, actor, title=gettext_lazy("Orders")),
    }
    if request.headers.get("HX-Request-Type") != "partial" or request.headers.get("HX-Target", "").endswith("#desk"):
        context |= _figures(actor)
        context["duties"] = own_duties(actor)
    context["context_line"] = date_format(timezone.localdate(), "Y-m-d l")
    return show(request, "console/desk/desk.html", context, fragment="console/parts/listing.html")


def _by_day(rows: QuerySet[Any], field: str, since: Any) -> dict[Any, int]:
    found = (
        rows.filter(**{f"{field}__gte": since})
        .order_by()
        .annotate(day=TruncDate(field))
        .values_list("day")
        .annotate(Count("id"))
    )
    return dict(found)


def _figures(actor: Actor) -> dict[str, Any]:
    """Tiles and charts; eight statements, each over two weeks at most."""
    seen = visible(actor)
    today = timezone.localdate()
    days = [today - timedelta(days=n) for n in reversed(range(DAYS))]
    since = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=DAYS - 1)
    opened, done = _by_day(seen, "opened_at", since), _by_day(seen, "completed_at", since)
    numbers = counts(seen)
    late = seen.filter(ended_at=None, breached=True).count()
    done[today] = completed_on(seen, today).count()  # the very set its tile leads to
    ends = [[opened.get(day, 0) for day in days], [done.get(day, 0) for day in days]]
    return {
        "tiles": _tiles(numbers, late, ends, _rating(seen, since)),
        "trend": {
            "labels": [date_format(day, "m-d") for day in days],
            "series": [
                {"name": _("New"), "data": ends[0]}, {"name": _("Done"), "data": ends[1]},
                {"name": _("In time"), "data": _in_time(seen, since, days), "line": True, "right": True},
            ],
            "rightUnit": "%",
        },
        "faults": _faults(seen, since),
    }  # fmt: skip


def _tiles(
    numbers: dict[str, int], late: int, ends: list[list[int]], rating: tuple[float | None, int, int]
) -> list[dict[str, Any]]:
    new, done = ends
    share, best, rated = rating
    orders = reverse("orders")
    def tile(label: str, value: object, look: str, query: str, note: str, values: Sequence[int] = ()) -> dict[str, Any]:
        symbol, tone = look.split()
        return {
            "label": label, "value": value, "symbol": symbol, "tone": tone, "unit": _("orders"), "values": values,
            "url": f"{orders}?{query}", "note": note,
        }  # fmt: skip

    under_way = sum(numbers.get(each, 0) for each in UNDER_WAY)
    on_site = _("on site: {n}").format(n=numbers.get(State.ON_SITE, 0) + numbers.get(State.REPAIRING, 0))
    signing, following = numbers.get(TO_SIGN, 0), numbers.get(State.FOLLOWING_UP, 0)
    new_today, yesterday = _("new today: {n}").format(n=new[-1]), _("yesterday: {n}").format(n=done[-2])
    broken, to_book = _("open orders with a broken promise"), numbers.get(State.ACCEPTED, 0)
    stars = {
        "label": _("Customers' rating"), "value": f"{share * best:.2f}" if share is not None else "–",
        "symbol": "star", "tone": "teal", "unit": f"/ {best}" if share is not None else "", "url": "", "values": (),
        "note": _("{n} ratings in two weeks").format(n=rated),
    }  # fmt: skip
    return [
        tile(_("To be booked"), to_book, "inbox amber", "tab=to_book", new_today, new),
        tile(_("Under way"), under_way, "progress blue", "tab=on_site", on_site),
        tile(_("Completed today"), done[-1], "circle-check green", "tab=completed_today", yesterday, done),
        tile(_("Past a deadline"), late, "alarm red", "late=1", broken),
        tile(_("To be signed"), signing, "signature violet", "tab=signing", _("follow-up: {n}").format(n=following)),
        stars,
    ]


def _rating(seen: QuerySet[Order], since: Any) -> tuple[float | None, int, int]:
    """The mean as a share of the best score, that score, and how many: scales may have changed meanwhile."""
    found = Rating.objects.filter(order__in=seen, at__gte=since).aggregate(
        share=Avg(F("score") * 1.0 / F("scale"), output_field=FloatField()), best=Max("scale"), number=Count("id")
    )
    return found["share"], found["best"] or 0, found["number"]


def _in_time(seen: QuerySet[Order], since: Any, days: Sequence[Any]) -> list[float | None]:
    """Share of clocks that ended each day and were kept, in percent; nothing where none ended."""
    rows = (
        Clock.objects.filter(subject_kind="order", subject_id__in=seen.values("id"), stopped_at__gte=since)
        .filter(outcome__in=[Outcome.KEPT, Outcome.BROKEN])
        .order_by().annotate(day=TruncDate("stopped_at")).values("day")
        .annotate(kept=Count("id", filter=Q(outcome=Outcome.KEPT)), ended=Count("id"))
    )  # fmt: skip
    shares = {row["day"]: round(100 * row["kept"] / row["ended"], 1) for row in rows}
    return [shares.get(day) for day in days]


def _faults(seen: QuerySet[Order], since: Any) -> dict[str, Any]:
    name = "fault_class__name_zh" if (get_language() or "zh").startswith("zh") else "fault_class__name_en"
    rows = (
        seen.filter(opened_at__gte=since, fault_class__isnull=False)
        .order_by().values_list(name).annotate(number=Count("id")).order_by("-number", name)[:FAULTS]
    )  # fmt: skip
    found = list(rows)
    return {"labels": [row[0] for row in found], "series": [{"name": _("Orders"), "data": [row[1] for row in found]}]}


urlpatterns = [path("", desk, name="desk")]
