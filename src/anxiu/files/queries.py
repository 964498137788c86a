"""Reading files: which ones an actor may see, asked of the app that owns the thing they are on."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from anxiu.files.choices import Purpose
from anxiu.files.models import Attachment, Blob
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.errors import NotFound

Visible = Callable[[Actor, Iterable[int]], set[int]]
_VISIBLE: Final[dict[str, Visible]] = {}


def register_visibility(kind: str, visible: Visible) -> None:
    """Name the function that says which things of a kind an actor sees; a kind without one is seen by nobody."""
    if kind in _VISIBLE:
        raise ValueError(f"visibility of {kind} is registered twice")
    _VISIBLE[kind] = visible


def seen(actor: Actor, kind: str, ids: Iterable[int]) -> set[int]:
    """Those of the things whose files the actor may see."""
    wanted = set(ids)
    return _VISIBLE[kind](actor, wanted) & wanted if kind in _VISIBLE and wanted else set()


def open_attachment(actor: Actor, uid: UUID) -> Attachment:
    """A file the actor may see, with its blob; otherwise as if it had never been."""
    found = Attachment.objects.select_related("blob").filter(uid=uid, retired_at=None).first()
    if found is None or found.subject_id not in seen(actor, found.subject_kind, [found.subject_id]):
        raise NotFound("kernel.not_found")
    return found


def attachments(
    actor: Actor, kind: str, ids: Iterable[int], purposes: Iterable[Purpose] | None = None
) -> QuerySet[Attachment]:
    """The files on things of one kind that the actor sees, oldest first, with their blobs."""
    rows = Attachment.objects.filter(subject_kind=kind, subject_id__in=seen(actor, kind, ids), retired_at=None)
    if purposes is not None:
        rows = rows.filter(purpose__in=[*purposes])
    return rows.select_related("blob").order_by("id")


def of_subject(subject: Subject, *purposes: Purpose) -> QuerySet[Attachment]:
    """The files on one thing, for callers that have already made sure the actor sees it."""
    rows = Attachment.objects.filter(subject_kind=subject.kind, subject_id=subject.id, retired_at=None)
    return (rows.filter(purpose__in=purposes) if purposes else rows).select_related("blob").order_by("id")


def counts(kind: str, ids: Iterable[int], purpose: Purpose) -> Mapping[int, int]:
    """How many files of a purpose each thing has; one query, for gates."""
    found: dict[int, int] = dict.fromkeys(ids, 0)
    rows = Attachment.objects.filter(subject_kind=kind, subject_id__in=found, purpose=purpose, retired_at=None)
    for subject_id in rows.values_list("subject_id", flat=True):
        found[subject_id] += 1
    return found


def blob_by_digest(digest: str) -> Blob:
    """Bytes by their digest, for documents that name one."""
    found = Blob.objects.filter(digest=digest).first()
    if found is None:
        raise NotFound("kernel.not_found")
    return found
