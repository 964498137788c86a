"""The duty roster: who is called when a deadline is missed, a week at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anxiu.accounts.models import Region
from anxiu.console.clocks.forms import DutyForm, post_names
from anxiu.console.pages import Verb, VerbForm, dialog, page, show
from anxiu.kernel.actor import Actor
from anxiu.kernel.given import day as given_day
from anxiu.kernel.time import now
from anxiu.sla import actions, queries
from anxiu.sla.models import DutyEntry

DAY, WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True)
class Piece:
    """The part of a duty that lies in one day; `starts` and `ends` None where it goes on beyond the day."""

    entry: DutyEntry
    starts: datetime | None
    ends: datetime | None
    is_now: bool


@dataclass(frozen=True)
class Line:
    """One post in one region (None: the whole company) through the week."""

    region: Region | None
    post: str
    days: Sequence[tuple[date, Sequence[Piece]]]


def _monday(request: HttpRequest) -> date:
    day = given_day(request.GET.get("week", "")) or timezone.localdate(now())
    return day - DAY * day.weekday()


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


def _pieces(entries: Sequence[DutyEntry], day: date, at: datetime) -> list[Piece]:
    opens, closes = _midnight(day), _midnight(day + DAY)
    return [
        Piece(
            each, each.from_at if each.from_at > opens else None, each.until_at if each.until_at < closes else None,
            each.from_at <= at < each.until_at,
        )
        for each in entries if each.from_at < closes and each.until_at > opens
    ]  # fmt: skip


@page(queries.VIEW_ROSTER)
def roster(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Who is on duty this week, by region and post."""
    monday, at, posts = _monday(request), now(), post_names()
    days = [monday + DAY * number for number in range(7)]
    entries = list(queries.roster(actor, _midnight(monday), _midnight(monday + WEEK)))
    lines: dict[tuple[str, str], list[DutyEntry]] = {}
    for each in entries:
        lines.setdefault((each.region.code if each.region else "", each.post), []).append(each)
    order = list(posts)
    context = {
        "title": _("Duty roster"), "days": days, "today": timezone.localdate(at),
        "lines": [
            Line(found[0].region, str(posts.get(post, post)), [(day, _pieces(found, day, at)) for day in days])
            for (_code, post), found in sorted(
                lines.items(), key=lambda each: (each[0][0], order.index(each[0][1]) if each[0][1] in order else 0)
            )
        ],
        "now_url": reverse("roster"), "before_url": f"{reverse('roster')}?week={monday - WEEK}",
        "after_url": f"{reverse('roster')}?week={monday + WEEK}",
        "may_set": actor.may("sla.set_duty"), "may_remove": actor.may("sla.remove_duty"),
        "sees_all": actor.regions is None,
    }  # fmt: skip
    return show(request, "console/clocks/roster.html", context, fragment="console/clocks/week.html")


@page("sla.set_duty")
def set_duty(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Put somebody on the roster."""
    start = timezone.localtime(now()).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    offered = {"from_at": start, "until_at": start + DAY, "post": "supervisor"}
    form = DutyForm(actor, request.POST or None, initial=offered)

    def run(given: dict[str, Any]) -> object:
        region = given["region"]
        new = actions.NewDuty(
            given["person"].pk, given["post"], given["from_at"], given["until_at"], region and region.pk, given["rank"]
        )
        return actions.set_duty(actor=actor, at=now(), new=new)

    verb = Verb(
        title=_("Put somebody on duty"), submit=_("Put on duty"), run=run, done=_("The roster was changed."),
        lead=_("Whoever is on duty is called by name when a deadline is missed, and must answer in time."),
    )  # fmt: skip
    return dialog(request, actor, form, verb)


@page("sla.remove_duty")
def remove_duty(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Take somebody off the roster."""

    def run(given: dict[str, Any]) -> object:
        return actions.remove_duty(actor=actor, at=now(), duty_uid=uid)

    verb = Verb(
        title=_("Take off the roster"), submit=_("Take off"), run=run, done=_("The roster was changed."), danger=True,
        lead=_("From now on this person is not called for this duty any more. Calls made already stay with them."),
    )  # fmt: skip
    return dialog(request, actor, VerbForm(request.POST or None), verb)
