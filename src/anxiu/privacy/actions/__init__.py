"""The only way to change what is held about persons as such."""

from anxiu.privacy.actions.exporting import drop_of, drop_old, drop_ready, export_person, make_export
from anxiu.privacy.actions.keeping import keep_within

__all__ = ["drop_of", "drop_old", "drop_ready", "export_person", "keep_within", "make_export"]
