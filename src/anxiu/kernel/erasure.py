"""Erasing what events say about somebody: the sealed texts go, their digests stay, and the chain still verifies."""

from collections.abc import Collection

from django.db.models import Q

from anxiu.kernel.actor import ActorKind
from anxiu.kernel.models import SealedText


def erase_texts(kind: str, ids: Collection[int], *, besides: Collection[str] = ()) -> int:
    """Delete the sealed texts in events about these things, but for some kinds; how many. Part of a caller's change."""
    rows = SealedText.objects.filter(event__subject_kind=kind, event__subject_id__in=ids)
    theirs = Q(event__actor_kind=ActorKind.LINK)  # whoever held a link said it themselves
    deleted, _ = rows.filter(theirs | ~Q(event__kind__in=besides)).delete()
    return deleted


def erase_said(kinds: Collection[str], kind: str, ids: Collection[int]) -> int:
    """Delete the sealed texts of some kinds of events about these things, in the caller's transaction; how many."""
    rows = SealedText.objects.filter(event__subject_kind=kind, event__subject_id__in=ids, event__kind__in=kinds)
    return rows.delete()[0]
