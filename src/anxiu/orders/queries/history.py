"""An order's history: every event as a sentence in the reader's language, with who did it and what was said."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from anxiu.customers.messages import USES
from anxiu.kernel.actor import ACCOUNTS, ActorKind
from anxiu.kernel.events import KINDS, Audience
from anxiu.kernel.messages import SENTENCES
from anxiu.kernel.models import EventRow, SealedText
from anxiu.kernel.money import Money
from anxiu.kernel.prepared import Prepared
from anxiu.kernel.values import Value, reading
from anxiu.orders import values
from anxiu.orders.messages import (
    CHANNELS,
    CLOCKS,
    CONTACT_RESULTS,
    DOCUMENTS,
    ENTRY_KINDS,
    FLAGGED,
    PLAN_REASONS,
    SEVERITIES,
    TYPES,
)
from anxiu.orders.models import Order
from anxiu.sla.messages import phrases

WORDS: Mapping[str, Mapping[str, Any]] = {
    "order_type": TYPES, "channel": CHANNELS, "severity": SEVERITIES, "before": SEVERITIES, "after": SEVERITIES,
    "use": USES, "entry_kind": ENTRY_KINDS, "document_kind": DOCUMENTS,
}  # fmt: skip
REASONS: Mapping[str, Value[Any]] = {
    "orders.suspended": values.SUSPEND_REASONS,
    "orders.cancelled": values.CANCEL_REASONS,
    "orders.visit_declined": values.DECLINE_REASONS,
    "orders.visit_rescheduled": values.RESCHEDULE_REASONS,
    "orders.sign_off_refused": values.REFUSAL_REASONS,
    "orders.followed_up": values.FOLLOW_UP_RESULTS,
    "orders.unresolved_accepted": values.UNRESOLVED_REASONS,
}
PEOPLE: Final = ("to_owner_id", "from_owner_id", "owner_id", "person_id")


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


def _told(order: int) -> QuerySet[EventRow]:
    texts = SealedText.objects.filter(event=OuterRef("pk")).values(each=JSONObject(field="field", text="text"))
    rows = EventRow.objects.filter(subject_kind="order", subject_id=order)
    return rows.annotate(texts=ArraySubquery(texts)).order_by("-id")


_TOLD: Final = Prepared[EventRow](_told)


def history(order: Order, audience: Audience, language: str) -> list[Line]:
    """The events of an order, newest first; a customer reads only what is for customers. Two statements."""
    rows = [
        row
        for row in _TOLD(order.pk)
        if row.kind in KINDS and (audience is Audience.STAFF or KINDS[row.kind].audience is Audience.CUSTOMER)
    ]
    bodies = [json.loads(row.body) for row in rows]
    teller = _Teller(order, audience, language, *_names(rows, bodies))
    with translation.override(language):
        return [teller.line(row, body) for row, body in zip(rows, bodies, strict=True)]


def _names(rows: Iterable[EventRow], bodies: Iterable[Mapping[str, Any]]) -> tuple[dict[int, str], dict[int, str]]:
    """The names of the people and of the engineers that these events speak of; one statement."""
    people = {row.actor_id for row in rows if row.actor_id and row.actor_kind in ACCOUNTS}
    engineers: set[int] = set()
    for body in bodies:
        people.update(body[each] for each in PEOPLE if body.get(each))
        engineers.update(body[each] for each in ("engineer_id",) if body.get(each))
    with connection.cursor() as cursor:
        cursor.execute(
            "select id, null, name from accounts_person where id = any(%s) union all"
            " select p.id, e.id, p.name from workforce_engineer e join accounts_person p on p.id = e.person_id"
            " where e.id = any(%s)",
            [list(people), list(engineers)],
        )
        found = cursor.fetchall()
    return (
        {person: name for person, _, name in found},
        {engineer: name for _, engineer, name in found if engineer is not None},
    )


@dataclass(frozen=True, slots=True)
class _Teller:
    """Puts the events of one order into words for one reader."""

    order: Order
    audience: Audience
    language: str
    people: Mapping[int, str]
    engineers: Mapping[int, str]

    def line(self, row: EventRow, body: Mapping[str, Any]) -> Line:
        """One event."""
        texts = cast("list[dict[str, str]]", row.texts)  # type: ignore[attr-defined]  # annotated
        sealed = {each["field"]: each["text"] for each in texts}
        hidden = {key for key, value in body.items() if isinstance(value, dict) and "sealed" in value}
        words = tuple(text for field, text in sorted(sealed.items()) if field not in {"name", "email"})
        said = {**phrases(row.kind, body), **_agreed(row.kind, body)}
        if self.audience is Audience.STAFF and body.get("flags"):
            words = (*words, _("Recorded although something was missing: {codes}").format(codes=_flags(body["flags"])))
        parts = _Parts(said, lambda key: self.shown(key, body.get(key), row.kind))
        return Line(
            id=row.pk, kind=row.kind, at=row.occurred_at, who=self.who(row),
            sentence=str(SENTENCES[row.kind]).format_map(parts), words=words, erased=bool(hidden - sealed.keys()),
        )  # fmt: skip

    def who(self, row: EventRow) -> str:
        """Who did it."""
        if row.actor_kind in ACCOUNTS and (name := self.people.get(row.actor_id or 0)):
            return name
        return _("Customer") if row.actor_kind == ActorKind.LINK else _("System")

    def shown(self, key: str, value: Any, kind: str) -> Any:
        """A part of a body as people read it; a dash for what is unknown, or missing in a body of an older version."""
        if value is None:
            return "–"
        if kind == "orders.items_checked" and key == "items":
            lists = reading(self.order.version_id)(values.CHECKLISTS).values()
            said = {each.code: each.words.in_language(self.language) for items in lists for each in items}
            return "; ".join(said.get(each, each) for each in value)
        if kind == "orders.item_unchecked" and key == "item":
            return self.shown("items", [value], "orders.items_checked")
        if key == "cost_minor":
            return f"{Money(value).amount:,f}"
        if key == "because" and kind == "orders.plan_proposed":
            return ", ".join(str(PLAN_REASONS[each]) for each in value) or _("within the limits")
        if key in WORDS:
            return WORDS[key].get(value, value)
        if key == "clock":
            return CLOCKS.get(value, value)
        if key == "clocks":
            return ", ".join(str(CLOCKS.get(each, each)) for each in value)
        if key == "result" and kind == "orders.customer_contacted":
            return CONTACT_RESULTS.get(value, value)
        if key in ("reason", "result") and kind in REASONS:
            listed = {each.code: each.words for each in reading(self.order.version_id)(REASONS[kind])}
            return listed[value].in_language(self.language) if value in listed else value
        if key in PEOPLE:
            return self.people.get(value, "–")
        if key == "engineer_id":
            return self.engineers.get(value, "–")
        if isinstance(value, str) and key.endswith(("_at", "until")):
            return f"{timezone.localtime(datetime.fromisoformat(value)):%Y-%m-%d %H:%M}"
        return ", ".join(map(str, value)) if isinstance(value, list) else value


def _agreed(kind: str, body: Mapping[str, Any]) -> dict[str, str]:
    """What was agreed with a customer who was reached, behind the sentence."""
    if kind != "orders.customer_contacted":
        return {}
    said = {"symptom_confirmed": _("symptom confirmed"), "time_agreed": _("time agreed")}
    return {"agreed": "".join(f" · {words}" for name, words in said.items() if body.get(name))}


def _flags(codes: Iterable[str]) -> str:
    """What a gate still missed when a fact was recorded; the plain words of each, without its figures."""
    return "; ".join(dict.fromkeys(str(FLAGGED.get(each, each)) for each in codes))


class _Parts(dict[str, Any]):
    """What a sentence may name; a part is put into words only when the sentence asks for it."""

    def __init__(self, said: Mapping[str, str], show: Callable[[str], Any]) -> None:
        super().__init__(said)
        self.show = show

    def __missing__(self, key: str) -> Any:
        return self.show(key)
