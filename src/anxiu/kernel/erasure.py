"""Erasing what events say about somebody: the sealed texts go, their digests stay, and the chain still verifies."""

from collections.abc import Collection

from anxiu.kernel.models import SealedText


def erase_texts(kind: str, ids: Collection[int]) -> int:
    """Delete every sealed text in events about these things, in the caller's transaction; answers how many."""
    deleted, _ = SealedText.objects.filter(event__subject_kind=kind, event__subject_id__in=ids).delete()
    return deleted
