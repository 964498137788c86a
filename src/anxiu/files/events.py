"""What happens to files."""

from dataclasses import dataclass

from anxiu.kernel.events import Event, event


@event("files.file_attached")
@dataclass(frozen=True)
class FileAttached(Event):
    """A file was attached; its digest joins the chain, so that the bytes can be proven later."""

    attachment_id: int
    purpose: str
    media_type: str
    digest: str
    received_digest: str


@event("files.attachment_retired")
@dataclass(frozen=True)
class AttachmentRetired(Event):
    """A file was taken off the thing it was attached to; the bytes stay until their time is over."""

    attachment_id: int
    purpose: str


@event("files.hold_set")
@dataclass(frozen=True)
class HoldSet(Event):
    """The files of a thing were put under legal hold."""

    files: int


@event("files.hold_lifted")
@dataclass(frozen=True)
class HoldLifted(Event):
    """The legal hold on the files of a thing was lifted."""

    files: int


@event("files.content_erased")
@dataclass(frozen=True)
class ContentErased(Event):
    """The bytes of a file were erased, their time being over or the person gone; the digest stays."""

    attachment_id: int
    digest: str
