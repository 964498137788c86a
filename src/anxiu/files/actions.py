"""The only way to change files."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from anxiu.accounts.models import Person
from anxiu.files import storage
from anxiu.files.choices import Purpose
from anxiu.files.events import AttachmentRetired, ContentErased, FileAttached, HoldLifted, HoldSet
from anxiu.files.intake import Prepared
from anxiu.files.models import Attachment, Blob
from anxiu.files.queries import open_attachment, seen
from anxiu.files.rules import FAMILIES, family_of
from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.errors import Invalid, NotFound, WrongState
from anxiu.kernel.events import record
from anxiu.kernel.geo import Place
from anxiu.kernel.ids import uuid7
from anxiu.kernel.jobs import defer_many

MOST_FILES: Final = 300  # source: own choice; keeps one link from filling the disk


@dataclass(frozen=True, slots=True)
class NewAttachment:
    """What is needed to put a file on a thing. `place` and `taken_at` are the device's, else the picture's own."""

    content: Prepared
    subject: Subject
    region_id: int | None
    purpose: Purpose
    uid: UUID | None = None
    place: Place | None = None
    taken_at: datetime | None = None


def store(content: Prepared, *, at: datetime) -> Blob:
    """Keep bytes, once; part of a caller's change, so no verb of its own.

    The bytes are safe in storage before the row can commit. A process killed in between leaves bytes without a row,
    which the next writer replaces or the sweep removes.
    """
    storage.hold(content.digest)
    blob = Blob.objects.filter(digest=content.digest).first()
    if blob is None:
        blob = Blob(
            digest=content.digest, received_digest=content.received_digest, media_type=content.media_type,
            size=content.size, width=content.width, height=content.height, created_at=at,
        )  # fmt: skip
        storage.write(blob.path, content.content)
        blob.save(force_insert=True)
    elif blob.erased_at:
        storage.write(blob.path, content.content)
        blob.erased_at = None
        blob.save(update_fields=["erased_at"])
    return blob


def attach(*, actor: Actor, at: datetime, new: NewAttachment) -> Attachment:
    """Put a file on a thing; part of a caller's change, which has checked that the actor may.

    Records: FileAttached. Refuses: content that does not fit the purpose, another file under the same uid.
    Sending the same file under the same uid again answers the first.
    """
    if family_of(new.content.media_type) not in FAMILIES[new.purpose]:
        raise Invalid("files.wrong_family", field="file")
    if new.uid and (before := Attachment.objects.select_related("blob").filter(uid=new.uid).first()):
        same = (before.subject_kind, before.subject_id, before.received_digest)
        if same != (new.subject.kind, new.subject.id, new.content.received_digest):
            raise Invalid("files.other_file", field="uid")
        return before
    if Attachment.objects.filter(subject_kind=new.subject.kind, subject_id=new.subject.id).count() >= MOST_FILES:
        raise Invalid("files.too_many", field="file", limit=MOST_FILES)
    place = new.place or new.content.place
    attachment = Attachment.objects.create(
        uid=new.uid or uuid7(), blob=store(new.content, at=at), received_digest=new.content.received_digest,
        subject_kind=new.subject.kind, subject_id=new.subject.id, region_id=new.region_id, purpose=new.purpose,
        name=new.content.name, taken_at=new.taken_at or new.content.taken_at,
        latitude=place.latitude if place else None, longitude=place.longitude if place else None,
        accuracy_metres=place.accuracy_metres if place else None, place_source=place.source if place else "",
        actor_kind=actor.kind, actor_id=actor.id, created_at=at,
    )  # fmt: skip
    record(
        FileAttached(
            attachment.pk, new.purpose.value, attachment.blob.media_type, attachment.blob.digest,
            attachment.received_digest,
        ),
        subject=new.subject, region_id=new.region_id, actor=actor, at=at,
    )  # fmt: skip
    return attachment


@action(posts={"supervisor", "administrator"})
def retire_attachment(*, actor: Actor, at: datetime, uid: UUID) -> None:
    """Take a file off the thing it is on; its bytes stay until their time is over.

    Records: AttachmentRetired. Refuses: a file under legal hold.
    """
    attachment = Attachment.objects.select_for_update().get(pk=open_attachment(actor, uid).pk)
    if attachment.legal_hold:
        raise WrongState("files.on_hold")
    if attachment.retired_at is None:
        attachment.retired_at = at
        attachment.save(update_fields=["retired_at"])
        record(
            AttachmentRetired(attachment.pk, attachment.purpose),
            subject=Subject(attachment.subject_kind, attachment.subject_id),
            region_id=attachment.region_id, actor=actor, at=at,
        )  # fmt: skip


def _hold(actor: Actor, at: datetime, subject: Subject, *, held: bool) -> int:
    if subject.id not in seen(actor, subject.kind, [subject.id]):
        raise NotFound("kernel.not_found")
    rows = Attachment.objects.filter(subject_kind=subject.kind, subject_id=subject.id)
    region_id = rows.values_list("region_id", flat=True).first()
    changed = rows.filter(legal_hold=not held).update(legal_hold=held)
    if changed:
        fact = HoldSet(changed) if held else HoldLifted(changed)
        record(fact, subject=subject, region_id=region_id, actor=actor, at=at)
    return changed


@action(posts={"management", "administrator"})
def set_hold(*, actor: Actor, at: datetime, subject: Subject) -> int:
    """Keep the files of a thing for a dispute, whatever their time of keeping; how many.

    Records: HoldSet. Refuses: a thing out of sight.
    """
    return _hold(actor, at, subject, held=True)


@action(posts={"management", "administrator"})
def lift_hold(*, actor: Actor, at: datetime, subject: Subject) -> int:
    """Lift the legal hold on the files of a thing; how many.

    Records: HoldLifted. Refuses: a thing out of sight.
    """
    return _hold(actor, at, subject, held=False)


@action(posts=set())
def erase_expired(*, actor: Actor, at: datetime, before: datetime, purposes: frozenset[Purpose], most: int) -> int:
    """Erase the bytes of files put there before a moment; for the retention job of whoever knows the value. How many.

    Records: ContentErased for each attachment. The sweep then removes the bytes. Those that a younger, differently used
    or held attachment needs stay.
    """
    due = Attachment.objects.filter(created_at__lt=before, purpose__in=purposes, blob__erased_at=None)
    keep = Attachment.objects.exclude(created_at__lt=before, purpose__in=purposes, legal_hold=False)
    blobs = Blob.objects.filter(pk__in=due.values("blob"), erased_at=None).exclude(pk__in=keep.values("blob"))
    erased = 0
    for blob in blobs.order_by("id")[:most]:
        storage.hold(blob.digest)
        if keep.filter(blob=blob).exists():  # somebody sent the same bytes while we waited
            continue
        blob.erased_at, blob.thumbnail_size = at, None
        blob.save(update_fields=["erased_at", "thumbnail_size"])
        for each in blob.attachments.all():
            record(
                ContentErased(each.pk, blob.digest), subject=Subject(each.subject_kind, each.subject_id),
                region_id=each.region_id, actor=actor, at=at,
            )  # fmt: skip
        erased += 1
    return erased


def erase_attachments(rows: QuerySet[Attachment], *, actor: Actor, at: datetime) -> int:
    """Erase files for good, their names and places with them; part of a caller's change. How many.

    Records: ContentErased for each. The bytes go by a job of the same transaction, unless another file needs them.
    """
    going = list(rows.select_related("blob").order_by("blob_id", "id"))
    keys = {each.pk for each in going}
    Attachment.objects.filter(pk__in=keys).update(
        name="", latitude=None, longitude=None, accuracy_metres=None, place_source=""
    )
    digests: list[str] = []
    for blob in {each.blob_id: each.blob for each in going}.values():
        storage.hold(blob.digest)
        if blob.erased_at or blob.attachments.exclude(pk__in=keys).exists():
            continue
        blob.erased_at, blob.thumbnail_size = at, None
        blob.save(update_fields=["erased_at", "thumbnail_size"])
        digests.append(blob.digest)
    for each in going:
        if each.blob.digest in digests:
            record(
                ContentErased(each.pk, each.blob.digest), subject=Subject(each.subject_kind, each.subject_id),
                region_id=each.region_id, actor=actor, at=at,
            )  # fmt: skip
    defer_many("files.remove", "default", [{"digest": each} for each in digests])
    return len(digests)


def erase_bytes(digests: Collection[str], *, at: datetime) -> int:
    """Erase bytes that no thing has attached, such as portraits and proofs; part of a caller's change. How many."""
    going: list[str] = []
    for digest in sorted(digests):
        storage.hold(digest)
        if Blob.objects.filter(digest=digest, erased_at=None, attachments=None).update(
            erased_at=at, thumbnail_size=None
        ):
            going.append(digest)
    defer_many("files.remove", "default", [{"digest": each} for each in going])
    return len(going)


def erase_portrait(person_id: int, at: datetime) -> None:
    """Erase the picture of a colleague; part of a reaction."""
    row = Person.objects.select_for_update().get(pk=person_id)
    if row.photo_digest and not Person.objects.filter(photo_digest=row.photo_digest).exclude(pk=row.pk).exists():
        erase_bytes([row.photo_digest], at=at)
    row.photo_digest = ""
    row.save(update_fields=["photo_digest"])


def keep_thumbnail(blob: Blob, small: bytes) -> None:
    """Keep the small form of a picture; part of the job that made it."""
    storage.hold(blob.digest)
    if Blob.objects.filter(pk=blob.pk, erased_at=None).update(thumbnail_size=len(small)):
        storage.write(blob.thumbnail_path, BytesIO(small))


def sweep(digest: str, path: str) -> bool:
    """Remove bytes that no row stands for: a writer was killed, or their time is over. Whether they were removed."""
    storage.hold(digest)
    if Blob.objects.filter(digest=digest, erased_at=None).exists():
        return False
    storage.erase(path)
    return True
