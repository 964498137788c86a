"""What happens after a file came, and after a colleague was erased."""

from anxiu.accounts.events import PersonErased
from anxiu.files.actions import erase_portrait
from anxiu.files.choices import Family
from anxiu.files.events import FileAttached
from anxiu.files.models import Attachment
from anxiu.files.rules import family_of
from anxiu.kernel.events import Recorded
from anxiu.kernel.jobs import defer_many
from anxiu.kernel.subscribers import reactor
from anxiu.kernel.time import now


@reactor("files.small_pictures", FileAttached)
def ask_for_thumbnail(fact: Recorded) -> None:
    """Have a picture's small form made, unless another attachment of the same bytes already has."""
    if family_of(fact["media_type"]) != Family.IMAGE:
        return
    blob_id = (
        Attachment.objects.filter(pk=fact["attachment_id"], blob__thumbnail_size=None, blob__erased_at=None)
        .values_list("blob_id", flat=True)
        .first()
    )
    if blob_id:
        defer_many("files.make_thumbnail", "default", [{"blob_id": blob_id}])


@reactor("files.erase_person", PersonErased)
def forget_portrait(fact: Recorded) -> None:
    """The picture of a colleague goes with the person."""
    erase_portrait(fact.subject.id, now())
