"""Making the documents of an order; what was issued is kept as bytes and never made again.

Typesetting takes long, so it comes before the order's row is locked: nobody waits for it. Under the lock it is only
asked whether the order's record is still the one that was set; if not, the lock is let go and it is set again.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from anxiu.files.actions import NewAttachment, attach
from anxiu.files.choices import Purpose
from anxiu.files.intake import verbatim
from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import NotFound, WrongState
from anxiu.kernel.models import EventRow
from anxiu.orders.actions.moves import require_moment, subject_of, tell
from anxiu.orders.choices import DocumentKind, State
from anxiu.orders.documents import filling, guarantee_pdf, report_pdf
from anxiu.orders.events import DocumentIssued
from anxiu.orders.messages import state_words
from anxiu.orders.models import Document, Order
from anxiu.orders.queries import order as one_order
from anxiu.orders.queries import process_of, visible

PURPOSES = {DocumentKind.REPORT: Purpose.REPORT, DocumentKind.GUARANTEE: Purpose.GUARANTEE}


@dataclass(frozen=True, slots=True)
class _Made:
    """A paper that was set, the chain's position and head printed on it, and the order's last event that it knew."""

    pdf: bytes
    position: int
    head: str
    basis: int


class _Overtaken(Exception):
    """Something happened on the order while its paper was set."""


@action(posts={"agent", "supervisor", "engineer"})
def issue_document(*, actor: Actor, at: datetime, order_uid: UUID, kind: DocumentKind, language: str) -> Document:
    """Issue a document in a language; one that was issued for this sign-off already is answered as it is.

    Records: DocumentIssued. Refuses: an order whose sign-off is still to come, a guarantee where none was given, a
    moment to come.
    """
    while True:
        order = one_order(actor, order_uid)
        if issued := _issued(order, kind, language, at):
            return issued
        made = _made(order, kind, language, at)
        try:
            with transaction.atomic():  # undone, it lets the lock go
                return _keep(actor, at, order_uid, kind, language, made)
        except _Overtaken:
            continue


def _issued(order: Order, kind: DocumentKind, language: str, at: datetime) -> Document | None:
    """The document where it was issued; refused where it cannot be yet."""
    require_moment(order, at)
    signs = process_of(order).has(State.SIGNING)
    if order.sign_off is None and (signs or order.completed_at is None):
        again = order.sign_offs.exists()
        code = "orders.not_signed_again" if again else "orders.wrong_state"
        raise WrongState(code, state=state_words(order.state, order.order_type))
    if kind is DocumentKind.GUARANTEE and not hasattr(order, "guarantee"):
        raise WrongState("orders.no_guarantee")
    edition = order.sign_off.number if order.sign_off else 0
    return Document.objects.filter(order=order, kind=kind, language=language, edition=edition).first()


def _keep(
    actor: Actor, at: datetime, uid: UUID, kind: DocumentKind, language: str, made: _Made
) -> Document:
    """Keep the paper under the order's lock, if the order is still the one it speaks of."""
    if not visible(actor).select_for_update(of=("self",)).filter(uid=uid).exists():
        raise NotFound("kernel.not_found")
    order = one_order(actor, uid)
    if issued := _issued(order, kind, language, at):
        return issued
    if _last_event(order) != made.basis:
        raise _Overtaken
    edition = order.sign_off.number if order.sign_off else 0
    kept = attach(
        actor=actor, at=at,
        new=NewAttachment(
            content=verbatim(made.pdf, media_type="application/pdf", name=_name(order, kind, language, edition)),
            subject=subject_of(order), region_id=order.region_id, purpose=PURPOSES[kind],
        ),
    )  # fmt: skip
    issued = Document.objects.create(
        order=order, kind=kind, language=language, edition=edition, attachment_uid=kept.uid, digest=kept.blob.digest,
        issued_at=at, position=made.position, head=made.head,
    )  # fmt: skip
    tell(order, DocumentIssued(kind, language, issued.digest), actor=actor, at=at)
    return issued


def _last_event(order: Order) -> int:
    """The last event of the order: as long as it is the same, so is what its papers say of it."""
    rows = EventRow.objects.filter(subject_kind="order", subject_id=order.pk)
    return rows.order_by("-id").values_list("id", flat=True).first() or 0


def _name(order: Order, kind: DocumentKind, language: str, edition: int) -> str:
    """The file's name; a paper that replaces an earlier one says so."""
    again = f"-{edition}" if edition > 1 else ""
    return f"{order.number}-{kind}-{language}{again}.pdf"


def _made(order: Order, kind: DocumentKind, language: str, at: datetime) -> _Made:
    """Set the paper; the event it rests on is read first, so that whatever comes later is noticed."""
    basis, style = _last_event(order), filling.style_of(order, language)
    if kind is DocumentKind.REPORT:
        report = filling.report(order, language, at)
        receipt, pdf = report.receipt, report_pdf(report, style)
    else:
        certificate = filling.guarantee(order, language, at)
        receipt, pdf = certificate.receipt, guarantee_pdf(certificate, style)
    return _Made(pdf, receipt.position if receipt else 0, receipt.head if receipt else "", basis)
