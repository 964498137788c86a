"""The only way to read what is held about persons as such."""

from anxiu.privacy.queries.held import (
    VIEW_PERSON,
    accesses,
    consents,
    export,
    exports,
    files_of,
    held,
    seen_people,
    somebody,
)
from anxiu.privacy.queries.keeping import Kept, kept

__all__ = [
    "VIEW_PERSON", "Kept", "accesses", "consents", "export", "exports", "files_of", "held", "kept", "seen_people",
    "somebody",
]  # fmt: skip
