"""Making the documents of an order; what was issued is kept as bytes and never made again."""

from datetime import datetime
from uuid import UUID

from anxiu.files.actions import NewAttachment, attach
from anxiu.files.choices import Purpose
from anxiu.files.intake import verbatim
from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor
from anxiu.kernel.errors import NotFound, WrongState
from anxiu.orders.actions.moves import require_moment, subject_of, tell
from anxiu.orders.choices import DocumentKind, State
from anxiu.orders.documents import filling, guarantee_pdf, report_pdf
from anxiu.orders.events import DocumentIssued
from anxiu.orders.messages import state_words
from anxiu.orders.models import Document, Order
from anxiu.orders.queries import order as one_order
from anxiu.orders.queries import process_of, visible

PURPOSES = {DocumentKind.REPORT: Purpose.REPORT, DocumentKind.GUARANTEE: Purpose.GUARANTEE}


@action(posts={"agent", "supervisor", "engineer"})
def issue_document(*, actor: Actor, at: datetime, order_uid: UUID, kind: DocumentKind, language: str) -> Document:
    """Issue a document in a language; one that was issued already is answered as it is.

    Records: DocumentIssued. Refuses: an order whose work is not signed off, a guarantee where none was given, a moment
    to come.
    """
    if not visible(actor).select_for_update(of=("self",)).filter(uid=order_uid).exists():
        raise NotFound("kernel.not_found")
    order = one_order(actor, order_uid)
    require_moment(order, at)
    if issued := Document.objects.filter(order=order, kind=kind, language=language).first():
        return issued
    signs = process_of(order).has(State.SIGNING)
    if not hasattr(order, "sign_off") and (signs or order.completed_at is None):
        raise WrongState("orders.wrong_state", state=state_words(order.state, order.order_type))
    if kind is DocumentKind.GUARANTEE and not hasattr(order, "guarantee"):
        raise WrongState("orders.no_guarantee")
    pdf, position, head = _made(order, kind, language, at)
    kept = attach(
        actor=actor, at=at,
        new=NewAttachment(
            content=verbatim(pdf, media_type="application/pdf", name=f"{order.number}-{kind}-{language}.pdf"),
            subject=subject_of(order), region_id=order.region_id, purpose=PURPOSES[kind],
        ),
    )  # fmt: skip
    issued = Document.objects.create(
        order=order, kind=kind, language=language, attachment_uid=kept.uid, digest=kept.blob.digest, issued_at=at,
        position=position, head=head,
    )  # fmt: skip
    tell(order, DocumentIssued(kind, language, issued.digest), actor=actor, at=at)
    return issued


def _made(order: Order, kind: DocumentKind, language: str, at: datetime) -> tuple[bytes, int, str]:
    """The bytes, and the chain's position and head printed on them."""
    style = filling.style_of(order, language)
    if kind is DocumentKind.REPORT:
        report = filling.report(order, language, at)
        receipt, pdf = report.receipt, report_pdf(report, style)
    else:
        certificate = filling.guarantee(order, language, at)
        receipt, pdf = certificate.receipt, guarantee_pdf(certificate, style)
    return pdf, receipt.position if receipt else 0, receipt.head if receipt else ""
