"""What of an evidence package people read: the order, its history, its clocks and the clauses it was under."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.events import Audience
from anxiu.orders import messages
from anxiu.orders.models import Guarantee, Order, SignOff
from anxiu.orders.queries import deadlines, history
from anxiu.regulation.models import Clause, Figure, Version
from anxiu.regulation.queries import document
from anxiu.regulation.rules.words import is_chinese
from anxiu.sla.messages import OUTCOMES
from anxiu.trace.evidence.packing import Packer
from anxiu.trace.evidence.proofs import Proofs
from anxiu.trace.standalone import verify_anxiu

STYLE = Path(__file__).with_name("style.css")
AROUND = (
    "region", "customer", "site", "contact", "machine__model__family", "fault_class", "owner", "engineer__person",
    "request", "guarantee", "sign_off", "version",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a package is of, in which language, how much of people it shows, for whom and when it was made."""

    order_id: int
    language: str
    in_full: bool
    who: str
    at: datetime

    def named(self, row: object) -> str:
        """The name of a row that has one in both languages."""
        return str(getattr(row, "name_zh" if is_chinese(self.language) else "name_en", "") or "")


def add_words(packer: Packer, wanted: Wanted, proofs: Proofs, files: Sequence[Mapping[str, Any]]) -> None:
    """Add everything but the files and the signed list."""
    order = Order.objects.select_related(*AROUND).get(pk=wanted.order_id)
    clocks = _clocks(order, wanted)
    versions = _versions(order, clocks)
    context = {
        "order": order, "wanted": wanted, "facts": _facts(order, wanted), "texts": _texts(order, wanted),
        "history": _history(order, wanted, proofs), "clocks": clocks, "files": files,
        "guarantee": _guarantee(order), "is_chinese": is_chinese(wanted.language),
    }  # fmt: skip
    packer.add_text("order.html", render_to_string("trace/order.html", context))
    packer.add_text("style.css", STYLE.read_text(encoding="utf-8"))
    papers = [(each, document(SYSTEM, each.pk, wanted.language)) for each in versions]
    packer.add_text("regulation.html", render_to_string("trace/regulation.html", {**context, "papers": papers}))
    packer.add_json("regulation.json", [_version(each) for each in versions])
    packer.add_json("order.json", _order(order, wanted, clocks))
    lines = (json.dumps(_row(each), ensure_ascii=False, separators=(",", ":")) + "\n" for each in proofs.events)
    packer.add(verify_anxiu.EVENTS, (each.encode() for each in lines))
    packer.add_json(verify_anxiu.ROOTS, proofs.roots)
    packer.add_text("verify_anxiu.py", Path(verify_anxiu.__file__).read_text(encoding="utf-8"))
    packer.add_text("README.txt", render_to_string("trace/README.txt", {"order": order, "in_full": wanted.in_full}))


def _row(event: Mapping[str, Any]) -> dict[str, Any]:
    """An event as the verifier reads it; our inside key goes with it no further."""
    return {name: value for name, value in event.items() if name != "event_id"}


def _facts(order: Order, wanted: Wanted) -> list[tuple[str, str]]:
    """What the order is, line by line; people of the customer only in full."""
    machine = order.machine
    found = [
        (_("Order"), order.number), (_("Kind of service"), str(messages.TYPES[order.order_type])),
        (_("Severity"), str(messages.SEVERITIES[order.severity])),
        (_("State"), messages.state_words(order.state, order.order_type)), (_("Region"), wanted.named(order.region)),
        (_("Machine"), f"{machine.model.maker} {machine.model.name} · {machine.serial}" if machine else ""),
        (_("Class of fault"), wanted.named(order.fault_class)), (_("Owner"), order.owner.name),
        (_("Engineer"), order.engineer.person.name if order.engineer else ""),
        (_("Opened"), _moment(order.opened_at)), (_("First response"), _moment(order.responded_at)),
        (_("Work completed"), _moment(order.completed_at)), (_("Ended"), _moment(order.ended_at)),
        (_("Free of charge"), _("yes") if order.is_free else ""),
        (_("Regulation"), wanted.named(order.version)),
    ]  # fmt: skip
    if wanted.in_full:
        contact = order.contact
        found += [
            (_("Customer"), order.customer.name if order.customer else order.request.caller_name),
            (_("Site"), f"{order.site.name} · {order.site.address}" if order.site else order.request.place),
            (_("Contact"), f"{contact.name} · {contact.phone}" if contact else ""),
            (_("Reported by"), " · ".join(filter(None, [order.request.caller_name, order.request.caller_phone]))),
        ]
    return [(label, value) for label, value in found if value]


def _texts(order: Order, wanted: Wanted) -> list[tuple[str, str]]:
    """What was said and written in words; it may name people."""
    if not wanted.in_full:
        return []
    found = [(_("Fault as reported"), order.request.words), (_("Cause"), order.cause), (_("Solution"), order.solution)]
    for each in SignOff.objects.filter(order=order).order_by("number"):
        signed = " · ".join(filter(None, [_moment(each.at), each.signer, each.remarks]))
        found += [(_("Sign-off {number}").format(number=each.number), signed)]
        found += [("SHA-256", each.document_digest)]
    return [(label, value) for label, value in found if value]


def _history(order: Order, wanted: Wanted, proofs: Proofs) -> list[dict[str, Any]]:
    """Every event as a sentence, oldest first, with its place in the chain."""
    places = {each["event_id"]: each["position"] for each in proofs.events}
    return [
        {
            "at": _moment(line.at), "who": line.who, "sentence": line.sentence, "position": places.get(line.id),
            "words": line.words if wanted.in_full else (), "erased": line.erased,
        }
        for line in reversed(history(order, Audience.STAFF, wanted.language))
    ]  # fmt: skip


def _clocks(order: Order, wanted: Wanted) -> list[dict[str, Any]]:
    """Every clock with what decided and moved it."""
    with override(wanted.language):
        return [
            {
                "kind": each.clock.kind, "name": str(messages.CLOCKS[each.clock.kind]),
                "started_at": each.clock.started_at.isoformat(), "due": _moment(each.clock.due_at),
                "due_at": _iso(each.clock.due_at), "stopped": _moment(each.clock.stopped_at),
                "stopped_at": _iso(each.clock.stopped_at), "outcome": each.clock.outcome,
                "outcome_words": str(OUTCOMES.get(each.clock.outcome, each.clock.outcome)),
                "value_key": each.clock.value_key, "version_id": each.clock.version_id,
                "said": [asdict(part) for part in each.said],
                "stood_still": [
                    [_iso(still.from_at), _iso(still.until_at), still.reason] for still in each.explanation.pauses
                ],
            }
            for each in deadlines(order, wanted.language)
        ]  # fmt: skip


def _versions(order: Order, clocks: Sequence[Mapping[str, Any]]) -> list[Version]:
    """The versions the order and its clocks were under."""
    keys = {order.version_id, *(each["version_id"] for each in clocks)}
    return list(Version.objects.filter(pk__in=keys).order_by("pk"))


def _version(version: Version) -> dict[str, Any]:
    clauses = Clause.objects.filter(version=version).values(
        "number", "chapter_title_zh", "chapter_title_en", "title_zh", "title_en", "text_zh", "text_en", "value_keys",
        "control", "origin",
    )  # fmt: skip
    figures = dict(Figure.objects.filter(version=version).values_list("key", "raw"))
    return {
        "uid": str(version.uid), "name_zh": version.name_zh, "name_en": version.name_en,
        "in_force_from": _iso(version.in_force_from), "clauses": list(clauses), "figures": figures,
    }  # fmt: skip


def _guarantee(order: Order) -> Guarantee | None:
    return getattr(order, "guarantee", None)


def _order(order: Order, wanted: Wanted, clocks: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The order for programs."""
    given = _guarantee(order)
    moments = {name: _iso(getattr(order, name)) for name in ("opened_at", "responded_at", "completed_at", "ended_at")}
    return {
        "number": order.number, "uid": str(order.uid), "order_type": order.order_type, "state": order.state,
        "severity": order.severity, "region": order.region.code, "version": str(order.version.uid), **moments,
        "machine": order.machine.serial if order.machine else None, "is_free": order.is_free,
        "facts": [list(each) for each in _facts(order, wanted)],
        "texts": [list(each) for each in _texts(order, wanted)],
        "guarantee": {
            "number": given.number, "from_date": given.from_date.isoformat(),
            "until_date": given.until_date.isoformat(), "days": given.days, "because": given.because,
        } if given else None,
        "clocks": [{name: value for name, value in each.items() if name != "version_id"} for each in clocks],
    }  # fmt: skip


def _moment(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}" if at else ""


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
