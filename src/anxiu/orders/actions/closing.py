"""From finished work to the archive: the customer's signature, the guarantee, follow-up, and the locked file."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from anxiu.accounts.actions import make_link, revoke_links
from anxiu.accounts.choices import LinkPurpose
from anxiu.files.actions import NewAttachment, attach
from anxiu.files.choices import Family, Purpose
from anxiu.files.intake import Prepared as PreparedFile
from anxiu.files.pictures import is_blank
from anxiu.files.rules import family_of
from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor, ActorKind
from anxiu.kernel.errors import Invalid, NotFound, Stale, WrongState
from anxiu.kernel.events import Sealed
from anxiu.kernel.geo import Place
from anxiu.orders.actions.ending import after_the_work
from anxiu.orders.actions.moves import (
    figures,
    finish,
    locked,
    require_engineer,
    require_moment,
    require_reason,
    required,
    subject_of,
    tell,
)  # fmt: skip
from anxiu.orders.actions.remote import go_out
from anxiu.orders.choices import SignOffMeans, SignOffOutcome
from anxiu.orders.events import Archived, FollowedUp, SignedOff, SignOffRefused, UnresolvedAccepted
from anxiu.orders.gates import before, lacking
from anxiu.orders.models import Order, SignOff
from anxiu.orders.queries import document_to_sign, may_sign_after_all, signs_at_the_counter, visible
from anxiu.orders.values import (
    FOLLOW_UP_RESULTS,
    REFUSAL_REASONS,
    SIGNING_LINK_LIFE,
    TRACKING_LINK_LIFE,
    UNRESOLVED_REASONS,
)  # fmt: skip
from anxiu.regulation.choices import OrderType
from anxiu.sla.actions import stop
from anxiu.sla.choices import ClockKind


@dataclass(frozen=True, slots=True)
class Signing:
    """The customer's word: on whose screen, who, and the digest of the document that was shown."""

    means: SignOffMeans
    document_digest: str
    signer: str = ""
    remarks: str = ""
    place: Place | None = None


def _require_party(actor: Actor, order: Order, verb: str) -> None:
    """The customer holds the link; else the engineer the screen, or the owner where the regulation's step is theirs."""
    if actor.kind is not ActorKind.LINK and not signs_at_the_counter(order, actor):
        require_engineer(actor, order, verb)


def _waiting(actor: Actor, uid: UUID, verb: str, at: datetime) -> Order:
    """The order, locked, while the customer's word on its record as it stands is still to come, or still wanted."""
    order = locked(actor, uid, verb, at)
    if order.sign_off_id is not None and not (verb == "sign_off" and may_sign_after_all(order)):
        raise WrongState("orders.signed_already")
    return order


def _shown(order: Order, signing: Signing) -> str:
    """The document as it stands; refused when it is not the one that was shown."""
    document = document_to_sign(order)
    if sha256(document.encode()).hexdigest() != signing.document_digest:
        raise Stale("orders.document_changed")
    return document


@action(posts={"engineer", "partner", "agent"})
def sign_off(
    *, actor: Actor, at: datetime, order_uid: UUID, signing: Signing, signature: PreparedFile | None = None
) -> SignOff:
    """Take the customer's signature under the very document that was shown; the guarantee begins.

    A record that was corrected since is signed again; guarantee and clocks go on as they are. Records: SignedOff,
    GuaranteeGiven, GuaranteeCorrected. Refuses: no signer or signature, a document that changed meanwhile, one that
    was signed already.
    """
    order = _waiting(actor, order_uid, "sign_off", at)
    _require_party(actor, order, "sign_off")
    signer = required(signing.signer, "orders.signer_missing", "signer")
    if signature is None:
        raise Invalid("orders.signature_missing", field="signature")
    if family_of(signature.media_type) is not Family.IMAGE or is_blank(signature.content):
        raise Invalid("orders.signature_blank", field="signature")
    document = _shown(order, signing)
    kept = attach(
        actor=actor, at=at,
        new=NewAttachment(
            content=signature, subject=subject_of(order), region_id=order.region_id, purpose=Purpose.SIGNATURE,
            place=signing.place, taken_at=at,
        ),
    )  # fmt: skip
    row = _record(order, actor, at, signing, SignOffOutcome.SIGNED, document, signer=signer, signature_uid=kept.uid)
    flags = tuple(each.code for each in lacking("sign_off", order, actor, at) if each.code != "orders.not_signed")
    remarks = Sealed(signing.remarks.strip())
    fact = SignedOff(signing.means, signing.document_digest, Sealed(signer), remarks, flags)
    tell(order, fact, actor=actor, at=at)
    after_the_work(order, actor, at)
    finish(order, {"sign_off"}, clocks_changed=True)
    return row


@action(posts={"engineer", "partner", "agent"})
def refuse_sign_off(*, actor: Actor, at: datetime, order_uid: UUID, signing: Signing, reason: str) -> SignOff:
    """Record that the customer does not sign, and why. The order goes on to follow-up; remote support is sent out.

    Records: SignOffRefused, SentOut, GuaranteeGiven, GuaranteeCorrected. Refuses: an unlisted reason, a document that
    changed meanwhile, one that was signed already.
    """
    order = _waiting(actor, order_uid, "refuse_sign_off", at)
    _require_party(actor, order, "refuse_sign_off")
    require_reason(reason, figures(order)(REFUSAL_REASONS))
    document = _shown(order, signing)
    row = _record(order, actor, at, signing, SignOffOutcome.REFUSED, document, reason=reason)
    flags = tuple(each.code for each in lacking("refuse_sign_off", order, actor, at))
    remarks = Sealed(signing.remarks.strip())
    fact = SignOffRefused(signing.means, signing.document_digest, reason, remarks, flags)
    tell(order, fact, actor=actor, at=at)
    if order.order_type == OrderType.REMOTE:
        go_out(order, actor, at, signing.remarks.strip() or reason)
        return row
    after_the_work(order, actor, at)
    finish(order, {"sign_off"}, clocks_changed=True)
    return row


def _record(
    order: Order, actor: Actor, at: datetime, signing: Signing, outcome: SignOffOutcome, document: str, *,
    signer: str = "", reason: str = "", signature_uid: UUID | None = None,
) -> SignOff:  # fmt: skip
    place = signing.place
    order.sign_off = SignOff.objects.create(
        order=order, number=order.sign_offs.count() + 1, outcome=outcome, means=signing.means, signer=signer,
        remarks=signing.remarks.strip(), refusal_reason=reason, document=document,
        document_digest=signing.document_digest, signature_uid=signature_uid, at=at, witnessed_by_id=actor.person_id,
        latitude=place.latitude if place else None, longitude=place.longitude if place else None,
        accuracy_metres=place.accuracy_metres if place else None,
    )  # fmt: skip
    return order.sign_off


@action(posts={"agent", "supervisor"})
def follow_up(
    *, actor: Actor, at: datetime, order_uid: UUID, result: str, note: str = "", decision: str = ""
) -> Order:
    """Record how the customer found it, asked some time after the work.

    Where the fault was not resolved, `decision` says why the customer does not want the work to go on.
    Records: FollowedUp, UnresolvedAccepted. Refuses: an unlisted result or decision, what a gate after this step
    still misses.
    """
    order = locked(actor, order_uid, "follow_up", at)
    require_reason(result, figures(order)(FOLLOW_UP_RESULTS), field="result")
    before("follow_up", order, actor, at)
    tell(order, FollowedUp(result, Sealed(note.strip())), actor=actor, at=at)
    written = _accept(order, actor, at, decision, "", field="decision") if decision else frozenset[str]()
    stop(subject_of(order), [ClockKind.FOLLOW_UP], at=at, actor=actor)
    return finish(order, written, clocks_changed=True)


@action(posts={"agent", "supervisor"})
def accept_unresolved(*, actor: Actor, at: datetime, order_uid: UUID, reason: str, note: str = "") -> Order:
    """Record why the customer does not want the work to go on, though the fault was not resolved.

    Records: UnresolvedAccepted. Refuses: an unlisted reason, an order whose fault was resolved.
    """
    order = locked(actor, order_uid, "accept_unresolved", at)
    return finish(order, _accept(order, actor, at, reason, note, field="reason"))


def _accept(order: Order, actor: Actor, at: datetime, reason: str, note: str, *, field: str) -> frozenset[str]:
    """Take the customer's decision down; which fields were written."""
    if order.resolved is not False:
        raise WrongState("orders.is_resolved")
    require_reason(reason, figures(order)(UNRESOLVED_REASONS), field=field)
    order.unresolved_reason = reason
    tell(order, UnresolvedAccepted(reason, Sealed(note.strip())), actor=actor, at=at)
    return frozenset({"unresolved_reason"})


@action(posts={"agent", "supervisor"})
def archive(*, actor: Actor, at: datetime, order_uid: UUID) -> Order:
    """Close the file for good; nothing in it changes any more.

    Records: Archived. Refuses: a file that is not complete, naming what is missing.
    """
    order = locked(actor, order_uid, "archive", at)
    before("archive", order, actor, at)
    order.ended_at = at
    tell(order, Archived(), actor=actor, at=at)
    stop(subject_of(order), [ClockKind.ARCHIVE], at=at, actor=actor)
    return finish(order, {"ended_at"}, clocks_changed=True)


@action(posts={"agent", "dispatcher", "supervisor", "engineer", "partner"})
def send_link(*, actor: Actor, at: datetime, order_uid: UUID, purpose: LinkPurpose) -> str:
    """Make a new tracking or signing link for the customer and close the ones before it; answers its secret once.

    Refuses: another purpose, an order that is not waiting for a signature, a moment to come.
    """
    order = visible(actor).filter(uid=order_uid).first()
    if order is None:
        raise NotFound("kernel.not_found")
    require_moment(order, at)
    if purpose not in (LinkPurpose.TRACK, LinkPurpose.SIGN):
        raise WrongState("orders.wrong_state", state=purpose)
    if purpose is LinkPurpose.SIGN:
        _waiting(actor, order_uid, "sign_off", at)
    lasts = figures(order)(SIGNING_LINK_LIFE if purpose is LinkPurpose.SIGN else TRACKING_LINK_LIFE)
    revoke_links(subject=subject_of(order), purpose=purpose, at=at)
    return make_link(purpose=purpose, subject=subject_of(order), at=at, lasts=lasts, contact_id=order.contact_id)
