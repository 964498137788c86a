"""Orders: the list, the page of one, and the addresses of its verbs."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from anxiu.accounts.queries import regions
from anxiu.console.contracts.looks import words_of as entitled_words
from anxiu.console.order_booking import engineers_then
from anxiu.console.order_forms import language, reason_words
from anxiu.console.order_history import timeline
from anxiu.console.order_machines import identify, machines_found
from anxiu.console.order_mails import mail_thread
from anxiu.console.order_process import plan_text
from anxiu.console.order_rows import look, shown
from anxiu.console.order_verbs import VERBS, answer, correct_entry, verb
from anxiu.console.pages import Listing, address, columns, keyset, page, show
from anxiu.customers.rules import masked_phone
from anxiu.files.choices import Purpose
from anxiu.kernel.access import AccessKind, note_access
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.events import Audience
from anxiu.kernel.time import now
from anxiu.orders.choices import AFTER_THE_WORK, ENDED, LIVE_VISITS, EntryKind, State, VisitState
from anxiu.orders.messages import (
    CHANNELS,
    CLOCKS,
    DOCUMENTS,
    ENTRY_KINDS,
    FLAGS,
    PROOFS,
    SEVERITIES,
    TYPES,
    VISITS,
)  # fmt: skip
from anxiu.orders.models import Order
from anxiu.orders.queries import (
    TO_SIGN,
    VIEW,
    awaits_signature,
    checklists,
    completed_on,
    counts,
    entitled,
    entries_to_show,
    files_of_merged,
    files_to_show,
    filtered,
    history,
    inquiries_to_show,
    left_at,
    line_in_words,
    needed,
    newest,
    next_to_break,
    order_to_show,
    process_of,
    questions_to_show,
    searched,
    tabled,
    to_be_signed,
    verbs,
    visible,
    visits_to_show,
)  # fmt: skip
from anxiu.orders.values import UNRESOLVED_REASONS
from anxiu.regulation.models import Pilot
from anxiu.sla.models import Clock
from anxiu.sla.queries import clocks_of, took

COMPLETED = (State.SIGNING, State.FOLLOWING_UP, State.CLOSING, State.ARCHIVED)
TABS: Sequence[tuple[str, Any, tuple[State, ...]]] = (
    ("", pgettext_lazy("orders", "Open"), ()),
    ("to_book", _("To be booked"), (State.ACCEPTED,)),
    ("booked", _("Booked"), (State.BOOKED, State.PREPARING, State.PREPARED)),
    ("travelling", _("On the way"), (State.TRAVELLING,)),
    ("on_site", _("On site"), (State.ON_SITE, State.APPROVING, State.REPAIRING)),
    ("signing", _("To be signed"), (State.SIGNING,)),
    ("closing", _("Follow-up and archive"), (State.FOLLOWING_UP, State.CLOSING)),
    ("completed_today", _("Completed today"), COMPLETED),
    ("ended", _("Ended"), (State.ARCHIVED, State.CANCELLED, State.MERGED)),
)
BY_NUMBER = frozenset({"completed_today", "ended"})  # these have no next deadline to be listed by
AWAITED = frozenset({VisitState.PROPOSED, VisitState.ACCEPTED, VisitState.TRAVELLING})
PHOTOS = (Purpose.INTAKE_PHOTO, Purpose.EVIDENCE_PHOTO)
VIDEOS = (Purpose.INTAKE_VIDEO, Purpose.EVIDENCE_VIDEO)
EMPTY = _("When a fault is reported, its order appears here.")
OPEN_STATES = tuple(state for state in State if state not in ENDED)


def listing(request: HttpRequest, actor: Actor, *, title: object = "", compact: bool = False) -> Listing:
    """The list of orders as the address says; four statements."""
    get = request.GET
    chosen = next((tab for tab in TABS if tab[0] == get.get("tab", "")), TABS[0])
    seen = visible(actor)
    base = filtered(
        searched(seen, actor, get.get("q", "")), order_type=get.get("type", ""), severity=get.get("severity", ""),
        region=get.get("region", ""), owner_id=actor.person_id if get.get("mine") == "owner" else None,
        breached=bool(get.get("late")), out_of_hours=get.get("hours") == "out",
    )  # fmt: skip
    by_deadline = chosen[0] not in BY_NUMBER and not get.get("q")
    today = completed_on(base, timezone.localdate())
    wanted = today if chosen[0] == "completed_today" else base
    if chosen[0] == "signing":
        rows = tabled(to_be_signed(wanted))
    else:
        rows = tabled(wanted.filter(state__in=chosen[2]) if chosen[2] else wanted)
    if by_deadline:
        found, next_url = keyset(request, next_to_break(rows), ("next_due_at", "id"))
    else:
        rows = rows if chosen[2] else rows.filter(ended_at=None)
        found, next_url = keyset(request, rows, ("-id",), newest if get.get("q", "").strip() else None)
    numbers = counts(base)
    tabs = [
        {
            "label": label, "url": address(request, tab=key), "active": key == chosen[0],
            "count": _count(key, states, numbers, today),
        }
        for key, label, states in TABS
        if key != "completed_today" or key == chosen[0]  # the desk's tile leads there; the row of tabs stays short
    ]  # fmt: skip
    severities = [(key, words) for key, words in SEVERITIES.items()]
    places = [(each.code, _name(each)) for each in regions(actor)]
    types = list(TYPES.items())
    filters = [
        {"name": "type", "label": _("All kinds of service"), "value": get.get("type", ""), "choices": types},
        {"name": "severity", "label": _("All severities"), "value": get.get("severity", ""), "choices": severities},
        {"name": "region", "label": _("All regions"), "value": get.get("region", ""), "choices": places},
        {"name": "hours", "label": _("Received at any hour"), "value": get.get("hours", ""),
         "choices": [("out", _("Received out of hours"))]},
    ]
    actions = []
    if actor.may("orders.open_order"):
        actions.append({"label": _("Take a report"), "icon": "plus", "url": "/intake/", "look": "is-primary"})
    return Listing(
        id="orders", title=title, rows=[shown(each, actor) for each in found],
        row_template="console/orders/row.html", keeps_rows=True,
        columns=columns(
            _("Order"), _("Customer / fault"), _("Machine"), _("Region"), _("Severity"), _("State"), _("Engineer"),
            _("Owner"), _("Next deadline"),
        ),
        next_url=next_url, first_url=address(request) if get.get("after") else "", tabs=tabs, filters=filters,
        search={"name": "q", "value": get.get("q", ""), "placeholder": _("Number / customer / fault / serial")},
        hidden=[(name, get[name]) for name in ("tab", "mine", "late") if get.get(name)], actions=actions, live="order",
        is_filtered=any(get.get(name) for name in ("q", "type", "severity", "region", "hours", "late", "mine")),
        empty={"title": _("No orders here"), "text": EMPTY, "symbol": "clipboard-list"},
    )  # fmt: skip


def _count(key: str, states: Sequence[State], numbers: dict[str, int], today: QuerySet[Order]) -> int | None:
    """How many orders a tab lists; all that ever ended are not counted."""
    if key == "ended":
        return None
    if key == "signing":
        return numbers.get(TO_SIGN, 0)
    return today.count() if key == "completed_today" else sum(numbers.get(each, 0) for each in states or OPEN_STATES)


def _name(row: Any) -> str:
    """A row's name in the reader's language."""
    return str(row.name_zh if (get_language() or "zh").startswith("zh") else row.name_en)


@page(VIEW)
def orders(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The list of orders, next to break first."""
    context = {"title": _("Orders"), "listing": listing(request, actor)}
    return show(request, "console/orders/list.html", context, fragment="console/parts/listing.html")


def steps_of(row: Order, done: Mapping[str, datetime]) -> list[dict[str, Any]]:
    """The steps of the order's process: done with their time, the current one, the rest."""
    way = process_of(row)
    current = way.step_of(State(row.state))
    before = True
    items = []
    for step in way.steps:
        is_current = step is current and row.ended_at is None
        state = (
            "blocked" if is_current and row.suspended_at else "current" if is_current else "done" if before else "next"
        )
        if step is current:
            before = row.state == State.ARCHIVED
            state = state if row.ended_at is None else "done" if row.state == State.ARCHIVED else "next"
        if row.ended_at and row.state != State.ARCHIVED:
            state = "done" if step.code in done else "next"  # it ended on the way
        if State.SIGNING in step.states and state == "done" and awaits_signature(row):
            state = "blocked"  # corrected since: it is to be signed again
        at = done.get(step.code) if state == "done" else None
        items.append({"label": step.words.in_language(language()), "state": state, "at": at})
    return items


def _say(clocks: Sequence[Clock]) -> None:
    """What the card of clocks needs beside each."""
    for each in clocks:
        each.words = CLOCKS[each.kind]  # type: ignore[attr-defined]
        each.missed_by = each.stopped_at - each.due_at if each.stopped_at and each.due_at else None  # type: ignore[attr-defined]
        each.took = took(each)  # type: ignore[attr-defined]
        each.look = each.outcome if each.outcome in ("kept", "broken") else each.state  # type: ignore[attr-defined]


@page(VIEW)
def order_page(request: HttpRequest, actor: Actor, uid: UUID) -> HttpResponse:
    """Everything about one order: steps, owner, next deadline, what is needed next, evidence, whole history."""
    row = look(order_to_show(actor, uid))
    at = now()
    if "HX-Request" not in request.headers:  # a page that refreshes itself is one look
        note_access(actor, AccessKind.DETAIL, "order", [row.pk], at)
    lines = history(row, Audience.STAFF, get_language() or "zh-hans")
    done = left_at(process_of(row), [(line.kind, line.at) for line in reversed(lines)])
    subject = Subject("order", row.pk)
    clocks = clocks_of(subject)
    _say(clocks)
    visits = visits_to_show(row)
    for visit in visits:
        visit.proof_words = PROOFS.get(visit.arrival_proof, "")  # type: ignore[attr-defined]
        visit.state_words = VISITS[visit.state]  # type: ignore[attr-defined]
        visit.flag_words = FLAGS.get(visit.arrival_flag, "")  # type: ignore[attr-defined]
    entries = entries_to_show(row)
    for entry in entries:
        entry.kind_words = ENTRY_KINDS[entry.kind]  # type: ignore[attr-defined]
        entry.text = line_in_words(entry, row, language()) or entry.text
    files = files_to_show(row)
    line_of = {entry.attachment_uid: entry for entry in entries if entry.attachment_uid}
    for file in files:
        file.entry = line_of.get(file.uid)  # type: ignore[attr-defined]
    documents = [each for each in files if each.document_kind]  # type: ignore[attr-defined]
    for document in documents:
        document.kind_words = DOCUMENTS[document.document_kind]  # type: ignore[attr-defined]
        document.is_former = not row.sign_off or document.document_edition != row.sign_off.number  # type: ignore[attr-defined]
    may = verbs(row, actor)
    live = next((each.pk for each in visits if each.state in LIVE_VISITS), None)
    may_add = "add_entry" in may and row.state not in AFTER_THE_WORK  # afterwards lines are only set right
    lists = checklists(row, entries, live)
    context = {
        "title": row.number, "context_line": row.customer.name if row.customer else row.request.caller_name,
        "order": row, "at": at, "steps": steps_of(row, done), "needed": needed(row, actor, at),
        "clocks": [each for each in clocks if each.is_live],
        "past_clocks": [each for each in clocks if not each.is_live],
        "visits": visits, "appointment": next((each for each in visits if each.state in AWAITED), None),
        "entries": [each for each in entries if each.kind != EntryKind.CHECK], "documents": documents,
        "photos": [each for each in files if each.purpose in PHOTOS],
        "videos": [each for each in files if each.purpose in VIDEOS],
        "entitled": entitled_words(entitled(row, timezone.localdate(row.opened_at))),
        "channel_words": CHANNELS[row.request.channel],
        "caller_phone": masked_phone(row.request.caller_phone) if row.request.caller_phone else "",
        "rights": actor.permissions,
        "sees": {
            "customer": actor.may("customers.view") and actor.sees_region(row.region_id),
            "machine": actor.may("equipment.view") and actor.sees_region(row.region_id),
        },
        "questions": questions_to_show(row), "further": row.further,  # type: ignore[attr-defined]
        "inquiries": inquiries_to_show(row), "took_in": _took_in(row),
        "mails": mail_thread(row, lines, files),
        "checklists": lists, "any_ticked": any(each.done for each in lists), "plan": plan_text(row),
        "unresolved_words": reason_words(row, UNRESOLVED_REASONS, row.unresolved_reason),
        "history": timeline(lines), "may": may, "may_add": may_add, "may_sign": awaits_signature(row),
        "verb_groups": _groups(may if may_add else may - {"add_entry"}),
        "sign_off": row.sign_off, "former": _former(row), "guarantee": getattr(row, "guarantee", None),
        "pilot": _pilot(row),
    }  # fmt: skip
    return show(request, "console/orders/order.html", context)


def _took_in(row: Order) -> list[dict[str, Any]]:
    """The reports of the same matter that were merged into the order, each with what its reporter sent."""
    found: list[dict[str, Any]] = row.took_in  # type: ignore[attr-defined]  # annotated
    files = files_of_merged([each["key"] for each in found])
    return [
        {
            **each, "opened_at": datetime.fromisoformat(each["opened_at"]),
            "photos": [file for file in files if file.subject_id == each["key"]],
        }
        for each in found
    ]  # fmt: skip


def _pilot(row: Order) -> Pilot | None:
    """The pilot under which the order was opened, if it was."""
    pilot: Pilot | None = getattr(row.version, "pilot", None)
    if pilot is None or (pilot.holds_until is not None and row.opened_at >= pilot.holds_until):
        return None
    return pilot


def _former(row: Order) -> list[dict[str, Any]]:
    """What was signed before the record was corrected, with its moments as moments."""
    moments = ("at", "corrected_at")
    found: list[dict[str, Any]] = row.former  # type: ignore[attr-defined]  # annotated
    return [{**each, **{name: datetime.fromisoformat(each[name]) for name in moments}} for each in found]


def _groups(may: frozenset[str]) -> list[dict[str, Any]]:
    """The verbs the actor has, for the menu of further actions."""
    return [{"name": name, "title": VERBS[name].title, "icon": VERBS[name].icon} for name in VERBS if name in may]


urlpatterns = [
    path("orders/", orders, name="orders"),
    path("orders/<uuid:uid>/", order_page, name="order"),
    path("orders/<uuid:uid>/engineers/", engineers_then, name="order_engineers"),
    path("orders/<uuid:uid>/identify/", identify, name="order_identify"),
    path("orders/<uuid:uid>/machines/", machines_found, name="order_machines"),
    path("questions/<uuid:uid>/answer/", answer, name="answer_question"),
    path("orders/<uuid:uid>/entries/<uuid:entry>/correct/", correct_entry, name="correct_entry"),
    path("orders/<uuid:uid>/<slug:name>/", verb, name="order_verb"),
]
