"""What is done with pictures. Pillow, which takes 8 MB, is loaded with the first: most processes never see one."""

from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from anxiu.files.imaging import Picture


def sanitise(file: IO[bytes], media_type: str) -> "Picture":
    """The picture upright and freed of hidden data; refused when it is damaged, animated or too large."""
    from anxiu.files import imaging

    return imaging.sanitise(file, media_type)


def thumbnail(file: IO[bytes], media_type: str) -> bytes:
    """A small form of a kept picture, as WebP."""
    from anxiu.files import imaging

    return imaging.thumbnail(file, media_type)


def printable(file: IO[bytes], media_type: str) -> bytes:
    """A kept picture as it goes into a printed document."""
    from anxiu.files import imaging

    return imaging.printable(file, media_type)


def is_blank(content: IO[bytes]) -> bool:
    """Whether a picture holds nothing that could be ink; the content is left at its beginning."""
    from anxiu.files import imaging

    return imaging.is_blank(content)
