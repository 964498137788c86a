"""Jobs of the files app: small pictures, and bytes that belong to nothing."""

import logging
from itertools import islice
from typing import Final

from django.db import transaction

from anxiu.files.actions import keep_thumbnail, sweep
from anxiu.files.content import open_content
from anxiu.files.models import Blob
from anxiu.files.pictures import thumbnail
from anxiu.files.storage import kept
from anxiu.kernel.jobs import job, periodic

log = logging.getLogger(__name__)
BATCH: Final = 500  # source: own choice; one query for so many paths


@job("files.make_thumbnail")
def make_thumbnail(blob_id: int) -> None:
    """Make the small form of a picture; nothing when it is there already."""
    blob = Blob.objects.filter(pk=blob_id, thumbnail_size=None, erased_at=None).first()
    if blob is None:
        return
    with open_content(blob).file as file:
        small = thumbnail(file, blob.media_type)
    with transaction.atomic():
        keep_thumbnail(blob, small)


@job("files.remove")
def remove_bytes(digest: str) -> None:
    """Remove the bytes of a file that was erased, and its small form; nothing when somebody sent them again."""
    blob = Blob(digest=digest)
    for path in (blob.path, blob.thumbnail_path):
        with transaction.atomic():
            sweep(digest, path)


@periodic("40 3 * * *", "files.sweep")
def sweep_orphans(timestamp: int) -> int:
    """Remove bytes without a row, which a killed process or an ended time of keeping left; how many."""
    removed, found = 0, kept()
    while batch := list(islice(found, BATCH)):
        rows = Blob.objects.filter(digest__in=[digest for digest, _ in batch], erased_at=None)
        owned = set(rows.values_list("digest", flat=True))
        for digest, path in batch:
            if digest not in owned:
                with transaction.atomic():  # one each: a lock is not kept over a whole sweep
                    removed += sweep(digest, path)
    if removed:
        log.info("removed %s files that nothing refers to", removed)
    return removed
