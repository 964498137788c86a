"""An order's history: every event as a sentence in the reader's language, with who did it and what was said."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from anxiu.accounts.models import Person
from anxiu.accounts.queries import names
from anxiu.kernel.actor import ActorKind
from anxiu.kernel.events import KINDS, Audience
from anxiu.kernel.messages import SENTENCES
from anxiu.kernel.models import EventRow
from anxiu.kernel.values import Value, reading
from anxiu.orders import values
from anxiu.orders.messages import CHANNELS, CLOCKS, CONTACT_RESULTS, DOCUMENTS, ENTRY_KINDS, SEVERITIES
from anxiu.orders.models import Order
from anxiu.sla.messages import phrases
from anxiu.workforce.models import Engineer

WORDS: Mapping[str, Mapping[str, Any]] = {
    "channel": CHANNELS, "severity": SEVERITIES, "before": SEVERITIES, "after": SEVERITIES,
    "entry_kind": ENTRY_KINDS, "document_kind": DOCUMENTS,
}  # fmt: skip
REASONS: Mapping[str, Value[Any]] = {
    "orders.suspended": values.SUSPEND_REASONS,
    "orders.cancelled": values.CANCEL_REASONS,
    "orders.visit_declined": values.DECLINE_REASONS,
    "orders.visit_rescheduled": values.RESCHEDULE_REASONS,
    "orders.sign_off_refused": values.REFUSAL_REASONS,
    "orders.followed_up": values.FOLLOW_UP_RESULTS,
}


@dataclass(frozen=True, slots=True)
class Line:
    """One event: when, who, the sentence, and the words that came with it where they were not erased."""

    id: int
    kind: str
    at: datetime
    who: str
    sentence: str
    words: tuple[str, ...]
    erased: bool


def history(order: Order, audience: Audience, language: str) -> list[Line]:
    """The events of an order, newest first; a customer reads only what is for customers. Four statements."""
    rows = [
        row
        for row in EventRow.objects.filter(subject_kind="order", subject_id=order.pk)
        .prefetch_related("sealed")
        .order_by("-id")
        if row.kind in KINDS and (audience is Audience.STAFF or KINDS[row.kind].audience is Audience.CUSTOMER)
    ]
    bodies = {row.pk: json.loads(row.body) for row in rows}
    people = names(_people(rows, bodies.values()))
    engineers = Engineer.objects.select_related("person").in_bulk(
        {body["engineer_id"] for body in bodies.values() if body.get("engineer_id")}
    )
    return [_line(row, bodies[row.pk], order, people, engineers, audience, language) for row in rows]


def _people(rows: Iterable[EventRow], bodies: Iterable[Mapping[str, Any]]) -> set[int | None]:
    found: set[int | None] = {row.actor_id for row in rows if row.actor_kind == ActorKind.PERSON}
    for body in bodies:
        found |= {body.get(each) for each in ("to_owner_id", "from_owner_id", "owner_id", "person_id")}
    return found


def _line(
    row: EventRow, body: dict[str, Any], order: Order, people: Mapping[int, Person], engineers: Mapping[int, Engineer],
    audience: Audience, language: str,
) -> Line:  # fmt: skip
    shown = {key: _shown(key, value, row.kind, order, people, engineers, language) for key, value in body.items()}
    sealed = {each.field: each.text for each in row.sealed.all()}
    hidden = {key for key, value in body.items() if isinstance(value, dict) and "sealed" in value}
    words = tuple(text for field, text in sorted(sealed.items()) if field not in {"name", "email"})
    return Line(
        id=row.pk, kind=row.kind, at=row.occurred_at, who=_who(row, people, audience),
        sentence=str(SENTENCES[row.kind]).format_map(_Blank(shown | phrases(row.kind, body))), words=words,
        erased=bool(hidden - sealed.keys()),
    )  # fmt: skip


class _Blank(dict[str, Any]):
    """A body of an older version may lack a part its sentence names; a dash stands for it."""

    def __missing__(self, key: str) -> str:
        return "–"


def _who(row: EventRow, people: Mapping[int, Person], audience: Audience) -> str:
    if row.actor_kind == ActorKind.PERSON and row.actor_id is not None and row.actor_id in people:
        return people[row.actor_id].name
    if row.actor_kind == ActorKind.LINK:
        return _("Customer")
    return _("System")


def _shown(
    key: str, value: Any, kind: str, order: Order, people: Mapping[int, Person], engineers: Mapping[int, Engineer],
    language: str,
) -> Any:  # fmt: skip
    """A part of a body as people read it."""
    if value is None:
        return "–"
    if key in WORDS:
        return WORDS[key].get(value, value)
    if key == "clock":
        return CLOCKS.get(value, value)
    if key == "clocks":
        return ", ".join(str(CLOCKS.get(each, each)) for each in value)
    if key == "result" and kind == "orders.customer_contacted":
        return CONTACT_RESULTS.get(value, value)
    if key in ("reason", "result") and kind in REASONS:
        listed = {each.code: each.words for each in reading(order.version_id)(REASONS[kind])}
        return listed[value].in_language(language) if value in listed else value
    if key in ("to_owner_id", "from_owner_id", "owner_id", "person_id"):
        return people[value].name if value in people else "–"
    if key == "engineer_id":
        return engineers[value].person.name if value in engineers else "–"
    if isinstance(value, str) and key.endswith(("_at", "until")):
        return date_format(timezone.localtime(datetime.fromisoformat(value)), "Y-m-d H:i")
    if isinstance(value, str) and key.endswith("_date"):
        return date_format(date.fromisoformat(value), "Y-m-d")
    return ", ".join(map(str, value)) if isinstance(value, list) else value
