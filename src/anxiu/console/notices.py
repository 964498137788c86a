"""One's own notices, what was sent to whom, what went wrong, and to-dos."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from procrastinate.contrib.django.models import ProcrastinateJob

from anxiu.console.pages import (
    DONE,
    Listing,
    Verb,
    VerbForm,
    address,
    columns,
    dialog,
    keyset,
    page,
    require_there,
    show,
)  # fmt: skip
from anxiu.duties.kinds import WORDS as DUTIES
from anxiu.duties.models import Duty
from anxiu.duties.queries import CLOSE_FOR_OTHERS, VIEW, duty
from anxiu.duties.queries import visible as visible_duties
from anxiu.feedback import actions as feedback
from anxiu.feedback.messages import OUTCOMES, RECOVERY
from anxiu.feedback.models import Rating
from anxiu.kernel.access import AccessKind, note_access
from anxiu.kernel.actor import Actor
from anxiu.kernel.planning import planned_anew
from anxiu.kernel.time import now
from anxiu.notify import actions
from anxiu.notify.channels.email import blocks
from anxiu.notify.choices import Kind, State
from anxiu.notify.links import masked
from anxiu.notify.messages import KINDS, REASONS, STATES
from anxiu.notify.models import Notice
from anxiu.notify.queries import (
    VIEW_FAILURES,
    deliveries,
    email_is_configured,
    failed_jobs,
    failed_projectors,
    held_in,
    inbox,
    masked_to,
    media,
    media_ready,
    not_delivered,
    notice,
    present_address,
    unread,
)  # fmt: skip
from anxiu.orders.messages import PLANS
from anxiu.orders.models import Order, Plan
from anxiu.orders.queries import visible
from anxiu.sla.queries import set_aside
from anxiu.uptake.messages import REVIEW, TO_READ
from anxiu.uptake.messages import STATES as READ

JOBS = 50


def _filters() -> tuple[tuple[str, object, Mapping[str, object]], ...]:
    """What the log is filtered by; plug-ins may have added channels."""
    known = (_("All states"), STATES), (_("All channels"), media()), (_("All kinds"), KINDS)
    return tuple((name, *each) for name, each in zip(("state", "medium", "kind"), known, strict=True))


TONES = {
    State.QUEUED: "blue", State.SENDING: "blue", State.HELD: "amber", State.SENT: "green", State.FAILED: "red",
    State.CANCELLED: "grey",
}  # fmt: skip
LOOKS = {
    Kind.NEW_ORDER: ("clipboard-list", "blue"), Kind.VISIT_OFFERED: ("calendar-plus", "blue"),
    Kind.VISIT_TAKEN_AWAY: ("calendar-event", "grey"), Kind.VISIT_DECLINED: ("user-cancel", "amber"),
    Kind.QUESTION: ("help", "amber"), Kind.WARNING: ("clock-exclamation", "amber"), Kind.ESCALATED: ("alarm", "red"),
    Kind.NOBODY_TO_CALL: ("alarm", "red"), Kind.HAND_OVER_ASKED: ("arrows-exchange", "amber"),
    Kind.HAND_OVER_TAKEN: ("circle-check", "green"), Kind.HAND_OVER_DECLINED: ("circle-x", "grey"),
    Kind.LOW_RATING: ("mood-sad", "red"), Kind.PLAN_WAITS: ("clipboard-text", "amber"),
    Kind.PLAN_DECIDED: ("clipboard-check", "blue"), Kind.READING_DUE: ("school", "amber"),
    Kind.READING_LATE: ("school", "red"), Kind.HOOK_OFF: ("webhook", "red"),
    Kind.MAILBOX_FAILING: ("mail", "red"), Kind.DIGEST: ("stack-2", "red"),
    Kind.MAIL_CAME: ("mail", "blue"),
}  # fmt: skip


# Where a to-do that is about no order is done.
LEADS = {TO_READ: "learn", REVIEW: "reviews"}


def _orders(actor: Actor, rows: Sequence[Notice | Duty]) -> dict[int, Order]:
    """The orders that rows are about, as far as the actor sees them; one statement."""
    ids = {row.subject_id for row in rows if row.subject_kind == "order"}
    return visible(actor).select_related("customer").in_bulk(ids) if ids else {}


def dressed(actor: Actor, rows: Sequence[Notice]) -> Sequence[Notice]:
    """What a row shows beside the notice itself."""
    orders = _orders(actor, rows)
    words_of = media()
    ready = media_ready() if actor.may("notify.resend") else ()
    for row in rows:
        row.order = orders.get(row.subject_id) if row.subject_kind == "order" else None  # type: ignore[attr-defined]
        row.leads_to = _leads_to(row)  # type: ignore[attr-defined]
        row.symbol, row.tone = LOOKS.get(Kind(row.kind), ("mail", "blue"))  # type: ignore[attr-defined]
        row.kind_words, row.medium_words = KINDS[row.kind], words_of[row.medium]  # type: ignore[attr-defined]
        row.state_words, row.state_tone = STATES[row.state], TONES[State(row.state)]  # type: ignore[attr-defined]
        row.why = REASONS.get(row.reason, "")  # type: ignore[attr-defined]
        row.to_masked = masked_to(row.medium, row.address)  # type: ignore[attr-defined]
        row.lead = _lead(row.body)  # type: ignore[attr-defined]
        may = row.state in (State.FAILED, State.HELD) and row.medium in ready
        row.may_resend = may and bool(row.body)  # type: ignore[attr-defined]
    return rows


def _leads_to(row: Notice) -> str:
    """The page a notice is about; nothing where its reader sees none."""
    if row.kind == Kind.DIGEST:
        return reverse("escalations")
    if row.kind in (Kind.READING_DUE, Kind.READING_LATE):
        return reverse("learn") if row.subject_kind == "reading" else reverse("readings")
    if row.kind == Kind.HOOK_OFF:
        return reverse("hooks")
    if row.kind == Kind.MAILBOX_FAILING:
        return reverse("mailboxes")
    order = getattr(row, "order", None)
    return reverse("order", args=[order.uid]) if order is not None else ""


def _lead(body: str) -> str:
    """What a notice begins with: its first paragraph, or the first line of its table."""
    first = blocks(body)[0]
    return " ".join(first.lines) or (first.rows[0][1] if first.rows else "")


# ---- one's own -------------------------------------------------------------------------------------------------------
@page()
def my_notices(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The actor's own page of notices: the unread ones, or all."""
    is_all = request.GET.get("tab") == "all"
    rows, next_url = keyset(request, inbox(actor) if is_all else unread(actor), ("-id",))
    base = reverse("inbox")
    waiting = unread(actor).count()
    how = {"label": _("How you are told"), "icon": "adjustments", "dialog": reverse("choose_channels")}
    everything = {"label": _("Mark all as read"), "icon": "checks", "dialog": reverse("mark_all_read")}
    listing = Listing(
        id="inbox", rows=dressed(actor, rows), row_template="console/notices/row.html",
        columns=columns(_("Notice"), _("Kind"), _("Order"), _("When"), ""), next_url=next_url,
        first_url=address(request) if request.GET.get("after") else "", live=f"person.{actor.person_id}",
        tabs=[
            {"label": _("Unread"), "url": base, "active": not is_all, "count": waiting},
            {"label": _("All"), "url": f"{base}?tab=all", "active": is_all},
        ],
        hidden=[("tab", "all")] if is_all else [],
        actions=[*([how] if actor.may("notify.choose_channels") else []), *([everything] if waiting else [])],
        empty={
            "title": _("Nothing new"), "symbol": "bell",
            "text": _("What concerns you appears here: orders, visits to accept, questions, deadlines, escalations."),
        },
    )  # fmt: skip
    context = {"title": _("Notices"), "listing": listing}
    return show(request, "console/notices/list.html", context, fragment="console/parts/listing.html")


@page("notify.mark_read")
@require_POST
def mark_read(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Mark one as read; with `go`, on to what it is about."""
    actions.mark_read(actor=actor, at=now(), notice_uids=[uid])
    response = HttpResponse(status=DONE)
    found = inbox(actor).filter(uid=uid).first()
    target = _leads_to(dressed(actor, [found])[0]) if found and request.GET.get("go") else ""
    if target:
        response["HX-Redirect"] = target
    else:
        response["HX-Refresh"] = "true"
    return response


@page("notify.mark_read")
def mark_all_read(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Mark all of one's own as read."""
    verb = Verb(
        title=_("Mark all as read"), submit=_("Mark all as read"), done=_("All notices are read."),
        lead=_("Nothing is deleted: you find them under “All”."),
        run=lambda values: actions.mark_read(actor=actor, at=now()),
    )  # fmt: skip
    return dialog(request, actor, VerbForm(request.POST or None), verb)


# ---- what was sent ---------------------------------------------------------------------------------------------------
@page(VIEW_FAILURES)
def delivery_log(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Everything that was written to customers and staff, and what became of it."""
    get, rows = request.GET, deliveries(actor)
    for name, _label, known in _filters():
        if get.get(name) in known:
            rows = rows.filter(**{name: get[name]})
    if typed := get.get("q", "").strip():
        found = visible(actor).filter(number__iexact=typed).values_list("pk", flat=True)
        about = {"subject_kind": "order", "subject_id__in": found}
        rows = rows.filter(address__iexact=typed) if "@" in typed else rows.filter(**about)
    page_rows, next_url = keyset(request, rows, ("-id",))
    listing = Listing(
        id="deliveries", rows=dressed(actor, page_rows), row_template="console/notices/delivery_row.html",
        columns=columns(_("Notice"), _("To"), _("Order"), _("Channel"), _("State"), _("When"), ""), next_url=next_url,
        first_url=address(request) if get.get("after") else "",
        search={"name": "q", "value": get.get("q", ""), "placeholder": _("Order number or email address")},
        filters=[
            {"name": name, "label": label, "value": get.get(name, ""), "choices": list(words.items())}
            for name, label, words in _filters()
        ],
        is_filtered=any(get.get(name) for name in ("q", "state", "medium", "kind")),
        empty={
            "title": _("Nothing was sent yet"), "symbol": "mail",
            "text": _("Every notice to customers and staff is listed here with its delivery."),
        },
    )  # fmt: skip
    context = {"title": _("Notices sent"), "listing": listing}
    return show(request, "console/notices/list.html", context, fragment="console/parts/listing.html")


@page(VIEW_FAILURES)
def delivery(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """One notice as it was written, without the secrets of its links."""
    row = notice(actor, uid)
    note_access(actor, AccessKind.DETAIL, "notice", [row.pk], now())
    [row] = dressed(actor, [row])
    context = {"title": row.title, "notice": row, "blocks": blocks(masked(row.body))}
    return render(request, "console/notices/delivery.html", context)


# ---- what went wrong -------------------------------------------------------------------------------------------------
@page(VIEW_FAILURES)
@planned_anew()
def failures(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Notices that did not leave, jobs and projectors that failed, clocks that were set aside: each with its button."""
    rows, next_url = keyset(request, not_delivered(actor), ("-id",))
    listing = Listing(
        id="undelivered", title=_("Notices that did not leave"), rows=dressed(actor, rows),
        row_template="console/notices/delivery_row.html",
        columns=columns(_("Notice"), _("To"), _("Order"), _("Channel"), _("State"), _("When"), ""),
        next_url=next_url, first_url=address(request) if request.GET.get("after") else "",
        empty={
            "title": _("Every notice left"), "symbol": "circle-check",
            "text": _("A notice that cannot be delivered appears here with its reason."),
        },
    )  # fmt: skip
    context = {
        "title": _("Failures"), "listing": listing, "jobs": failed_jobs(actor, JOBS),
        "projectors": failed_projectors(actor), "set_aside": set_aside(actor).count(),
        "waiting": 0 if email_is_configured() else held_in(actor),
        "may_retry_jobs": actor.may("notify.retry_job"), "may_see_clocks": actor.may("sla.retry_clock"),
        "sees_errors": actor.regions is None,
    }  # fmt: skip
    return show(request, "console/notices/failures.html", context, fragment="console/parts/listing.html")


@page("notify.resend")
def resend(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Have a notice sent again."""
    row = notice(actor, uid)
    verb = Verb(
        title=_("Send again"), submit=_("Send again"), done=_("It is on its way."),
        lead=_("It goes to {address}, as it was written.").format(address=masked_to(row.medium, present_address(row))),
        run=lambda values: actions.resend(actor=actor, at=now(), notice_uid=uid),
    )  # fmt: skip
    return dialog(request, actor, VerbForm(request.POST or None), verb)


@page("notify.retry_job")
def retry_job(request: HttpRequest, actor: Actor, key: int) -> HttpResponse:
    """Have a failed job run again."""
    require_there(ProcrastinateJob.objects.all(), key)
    verb = Verb(
        title=_("Run the job again"), submit=_("Run again"), done=_("The job will run."),
        lead=_("It runs at once. What it has done already is not done twice."),
        run=lambda values: actions.retry_job(actor=actor, at=now(), job_id=key),
    )  # fmt: skip
    return dialog(request, actor, VerbForm(request.POST or None), verb)


# ---- to-dos ----------------------------------------------------------------------------------------------------------
ON_THE_DESK = 5  # source: own choice; the list of to-dos has the rest


@page()
def duties(request: HttpRequest, actor: Actor) -> HttpResponse:
    """To-dos: one's own, those of one's regions, and those that are done."""
    seen = visible_duties(actor)
    mine = seen.filter(owner=actor.person_id, closed_at=None)
    shown = seen.exclude(~Q(owner=actor.person_id), kind=TO_READ)  # who has not read is listed on a page of its own
    sets = {"mine": mine, "all": shown.filter(closed_at=None), "done": shown.exclude(closed_at=None)}
    if not actor.may(VIEW):
        del sets["all"]
    labels = {"mine": _("Mine"), "all": _("All open"), "done": _("Done")}
    here = request.GET.get("tab", "mine")
    here = here if here in sets else "mine"
    rows, next_url = keyset(request, sets[here], ("-id",) if here == "done" else ("due_at", "id"))
    tabs = [
        {
            "label": labels[key], "url": address(request, tab="" if key == "mine" else key), "active": key == here,
            "count": None if key == "done" else each.count(),
        }
        for key, each in sets.items()
    ]  # fmt: skip
    listing = Listing(
        id="duties", rows=_dressed_duties(actor, rows), row_template="console/notices/duty_row.html",
        columns=columns(_("To-do"), _("Order"), _("About"), _("Owner"), _("Due"), _("Outcome")),
        next_url=next_url, first_url=address(request) if request.GET.get("after") else "", tabs=tabs,
        hidden=[("tab", here)] if here != "mine" else [], live="order",
        empty={
            "title": _("Nothing to do here"), "symbol": "circle-check",
            "text": _("A low rating, a plan that waits for approval or a version to be read opens a to-do by itself."),
        },
    )  # fmt: skip
    context = {"title": _("To-dos"), "listing": listing}
    return show(request, "console/notices/list.html", context, fragment="console/parts/listing.html")


def own_duties(actor: Actor) -> Sequence[Duty]:
    """What the actor has to do themselves, the next due first; for the desk. Four statements at most."""
    mine = visible_duties(actor).filter(owner=actor.person_id, closed_at=None).order_by("due_at", "id")
    return _dressed_duties(actor, list(mine[:ON_THE_DESK]))


def _dressed_duties(actor: Actor, rows: Sequence[Duty]) -> Sequence[Duty]:
    orders = _orders(actor, rows)
    plans = Plan.objects.in_bulk([row.subject_id for row in rows if row.subject_kind == "plan"])
    about = [each.order_id for each in plans.values()]
    seen = visible(actor).select_related("customer").in_bulk(about) if about else {}
    ratings = {each.order_id: each for each in Rating.objects.filter(order__in=orders)}
    for row in rows:
        is_own = row.owner_id == actor.person_id
        of_order = row.subject_id if row.subject_kind == "order" else 0
        row.words, row.order = DUTIES[row.kind], orders.get(of_order)  # type: ignore[attr-defined]
        if row.subject_kind == "plan" and (plan := plans.get(row.subject_id)):
            row.order = seen.get(plan.order_id)  # type: ignore[attr-defined]
            row.plan = plan if row.order else None  # type: ignore[attr-defined]
            row.may_decide = row.is_open and row.order and actor.may("orders.approve_plan")  # type: ignore[attr-defined]
        row.rating = ratings.get(of_order)  # type: ignore[attr-defined]
        row.leads_to = reverse(LEADS[row.kind]) if row.kind in LEADS and is_own else ""  # type: ignore[attr-defined]
        row.outcome_words = OUTCOMES.get(row.outcome) or PLANS.get(row.outcome) or READ.get(row.outcome, "")  # type: ignore[attr-defined]
        row.may_resolve = row.kind == RECOVERY and row.is_open and actor.may("feedback.resolve_recovery") and (  # type: ignore[attr-defined]
            is_own or actor.may(CLOSE_FOR_OTHERS)
        )
    return rows


class RecoveryForm(VerbForm):
    """What came of speaking with the customer."""

    outcome = forms.ChoiceField(label=_("What came of it"), choices=list(OUTCOMES.items()))
    words = forms.CharField(
        label=_("Cause, and what was done"), max_length=feedback.WORDS_MOST, widget=forms.Textarea(attrs={"rows": 4})
    )


@page("feedback.resolve_recovery")
def resolve_recovery(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Close a recovery with what came of it."""
    row = duty(actor, uid)
    rating = Rating.objects.filter(order_id=row.subject_id).first()
    said = f"{rating.score} / {rating.scale} · {rating.words}" if rating else ""
    verb = Verb(
        title=_("Record the outcome"), submit=_("Save"), done=_("The recovery is closed."), lead=said.rstrip(" ·"),
        keep=f"recovery-{row.uid}",
        run=lambda values: feedback.resolve_recovery(actor=actor, at=now(), duty_uid=uid, **values),
    )  # fmt: skip
    return dialog(request, actor, RecoveryForm(request.POST or None), verb)


urlpatterns = [
    path("inbox/", my_notices, name="inbox"),
    path("inbox/mark_all_read/", mark_all_read, name="mark_all_read"),
    path("inbox/<uuid:uid>/mark_read/", mark_read, name="mark_read"),
    path("deliveries/", delivery_log, name="deliveries"),
    path("deliveries/<uuid:uid>/", delivery, name="delivery"),
    path("deliveries/<uuid:uid>/resend/", resend, name="resend"),
    path("failures/", failures, name="failures"),
    path("failures/jobs/<int:key>/retry_job/", retry_job, name="retry_job"),
    path("duties/", duties, name="duties"),
    path("duties/<uuid:uid>/resolve_recovery/", resolve_recovery, name="resolve_recovery"),
]
