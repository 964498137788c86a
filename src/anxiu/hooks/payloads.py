"""What is sent: an event as JSON without personal texts, and the headers that say who sends it and when."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from anxiu.accounts.models import Outlet, Person, Region
from anxiu.catalogue.models import Family, FaultClass, Part
from anxiu.catalogue.models import Model as MachineModel
from anxiu.contracts.models import Contract
from anxiu.customers.models import Contact, Customer, Site
from anxiu.equipment.models import ImportBatch, ImportFile, Machine
from anxiu.hooks.models import Delivery, Target
from anxiu.hooks.rules import signature
from anxiu.hooks.sealing import opened
from anxiu.kernel.events import KINDS, Recorded, canonical, instant
from anxiu.kernel.models import EventRow
from anxiu.mail.models import Mail, Mailbox
from anxiu.orders.models import Order, Visit
from anxiu.regulation.models import Version
from anxiu.uptake.models import Reading, Remark, Review, Session
from anxiu.workforce.models import Engineer

TEST: Final = "hooks.test"  # the kind of a test; no event has it
AGENT: Final = "Anxiu-Webhooks/1"

# By which number people know a thing, and by which uid programs do; what has neither is known by its kind alone.
_UID: Final = "uid"
SUBJECTS: Final[Mapping[str, tuple[Any, str, str]]] = {
    "order": (Order, "number", _UID), "visit": (Visit, "order__number", _UID), "customer": (Customer, "code", _UID),
    "site": (Site, "customer__code", _UID), "contact": (Contact, "customer__code", _UID),
    "machine": (Machine, "serial", _UID), "import_batch": (ImportBatch, "source", _UID),
    "import_file": (ImportFile, "source", _UID),
    "engineer": (Engineer, "number", _UID), "person": (Person, "", _UID), "family": (Family, "code", _UID),
    "model": (MachineModel, "code", _UID), "fault_class": (FaultClass, "code", _UID), "part": (Part, "number", _UID),
    "region": (Region, "code", ""), "outlet": (Outlet, "code", ""), "regulation": (Version, "code", _UID),
    "reading": (Reading, "version__code", _UID), "remark": (Remark, "number", _UID), "review": (Review, "", _UID),
    "session": (Session, "", _UID), "hook": (Target, "", _UID), "mailbox": (Mailbox, "", _UID),
    "mail": (Mail, "", _UID), "contract": (Contract, "number", _UID),
}  # fmt: skip


def bodies(facts: Sequence[Recorded]) -> dict[int, tuple[UUID, str]]:
    """What is sent of each event, by its key: the id its receivers know it by, and the JSON. A few statements."""
    uids = dict(EventRow.objects.filter(pk__in=[each.id for each in facts]).values_list("pk", "uid"))
    codes = dict(Region.objects.filter(pk__in={each.region_id for each in facts}).values_list("pk", "code"))
    named = _subjects(facts)
    return {
        each.id: (uids[each.id], canonical({
            "id": str(uids[each.id]), "kind": each.kind, "version": KINDS[each.kind].version, "position": each.position,
            "occurred_at": instant(each.occurred_at), "recorded_at": instant(each.recorded_at),
            "subject": named(each), "region": codes.get(each.region_id or 0), "body": without_personal(each.body),
        }))
        for each in facts
    }  # fmt: skip


def _subjects(facts: Sequence[Recorded]) -> Callable[[Recorded], dict[str, object]]:
    """What events are about, in words for programs; one statement a kind of thing."""
    wanted: dict[str, set[int]] = {}
    for each in facts:
        wanted.setdefault(each.subject.kind, set()).add(each.subject.id)
    found: dict[tuple[str, int], tuple[str, str | None]] = {}
    for kind in wanted.keys() & SUBJECTS.keys():
        model, number, uid = SUBJECTS[kind]
        for row in model.objects.filter(pk__in=wanted[kind]).values("pk", *filter(None, (number, uid))):
            found[kind, row["pk"]] = (row.get(number, ""), str(row[uid]) if uid else None)

    def named(fact: Recorded) -> dict[str, object]:
        number, uid = found.get((fact.subject.kind, fact.subject.id), ("", None))
        return {"kind": fact.subject.kind, "number": number, "uid": uid}

    return named


def without_personal(body: Mapping[str, Any]) -> dict[str, Any]:
    """A body without the fields whose text is sealed beside the event: not even their digests leave the house."""
    return {name: value for name, value in body.items() if not (isinstance(value, dict) and set(value) == {"sealed"})}


def trial_body(event_id: UUID, at: datetime) -> str:
    """A body with nothing in it, to try a target out."""
    said = {
        "id": str(event_id), "kind": TEST, "version": 1, "position": 0, "occurred_at": instant(at),
        "recorded_at": instant(at), "subject": {"kind": "hook", "number": "", "uid": None}, "region": None, "body": {},
    }  # fmt: skip
    return canonical(said)


def headers(delivery: Delivery, target: Target, at: datetime) -> dict[str, str]:
    """The headers of one attempt. While an old secret still counts there are two signatures, the newer one first."""
    timestamp = int(at.timestamp())
    secrets = [opened(target.secret, target.uid)]
    if target.old_secret_until is not None and at < target.old_secret_until:
        secrets.append(opened(target.old_secret, target.uid))
    body = delivery.body.encode()
    signed = ",".join(f"v1={signature(each, timestamp, body)}" for each in secrets if each)
    return {
        "Content-Type": "application/json", "User-Agent": AGENT, "Connection": "close",
        "Anxiu-Delivery": str(delivery.uid), "Anxiu-Event": delivery.kind, "Anxiu-Attempt": str(delivery.attempts),
        "Anxiu-Timestamp": str(timestamp), "Anxiu-Signature": signed,
    }  # fmt: skip


def pretty(body: str) -> str:
    """A body as people read it."""
    return json.dumps(json.loads(body), ensure_ascii=False, indent=2)
