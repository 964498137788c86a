"""Pictures: opened with the one decoder their content calls for, freed of hidden data, made small.

A photo tells where and when it was taken; that is read into the row, and the kept bytes no longer say it.
"""

import warnings
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from typing import IO, Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from PIL import ExifTags, Image, ImageFile, ImageOps, JpegImagePlugin, UnidentifiedImageError

from anxiu.files.rules import MOST_PIXELS
from anxiu.kernel.errors import Invalid
from anxiu.kernel.geo import Place

THUMBNAIL_PIXELS: Final = 320  # source: own choice; two columns on a telephone of 360 points at double density
THUMBNAIL_QUALITY: Final = 78  # source: own choice, looked at; about 15 KB
PRINT_PIXELS: Final = 900  # source: own choice; 380 dots an inch in a third of an A4 page's width
PRINT_QUALITY: Final = 82  # source: own choice, looked at
QUALITY: Final = 90  # source: own choice; for pictures whose own tables cannot be kept
# Pictures of several frames (MPO) come from the JPEG decoder too; Pillow knows no decoder by that name.
DECODERS: Final = {"image/jpeg": ("JPEG",), "image/png": ("PNG",), "image/webp": ("WEBP",)}
INK_SHADES: Final = 16  # source: own choice; ink differs from paper by far more, an empty sheet by less
MILLION: Final = 1_000_000

ImageFile.LOAD_TRUNCATED_IMAGES = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture without hidden data, and what the hidden data said."""

    content: bytes
    width: int
    height: int
    taken_at: datetime | None
    place: Place | None


def _open(file: IO[bytes], media_type: str) -> Image.Image:
    """Open with the decoder of the type and no other; refuse what would not fit into memory before decoding."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit below is lower
            image = Image.open(file, formats=DECODERS[media_type])
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Invalid("files.damaged", field="file") from error
    pixels = image.width * image.height
    if pixels > MOST_PIXELS:
        raise Invalid(
            "files.too_many_pixels", field="file", millions=-(-pixels // MILLION), limit=MOST_PIXELS // MILLION
        )
    if getattr(image, "n_frames", 1) > 1 and image.format != "MPO":
        raise Invalid("files.animated", field="file")
    return image


def sanitise(file: IO[bytes], media_type: str) -> Picture:
    """Decode a picture, turn it upright, and write it again with nothing in it but the picture.

    A JPEG keeps its own quantisation tables, so that writing it again costs almost nothing of its quality.
    """
    image = _open(file, media_type)
    try:
        image.load()
        taken_at, place = _told(image)
        upright = ImageOps.exif_transpose(image)
        profile = image.info.get("icc_profile")
        out = BytesIO()
        if media_type == "image/jpeg":
            upright.save(out, "JPEG", icc_profile=profile, exif=b"", **_tables(image))
        elif media_type == "image/png":
            upright.info.clear()
            upright.save(out, "PNG", icc_profile=profile, optimize=False)
        else:
            upright.save(out, "WEBP", quality=QUALITY, icc_profile=profile, exif=b"", xmp=b"")
    except (OSError, SyntaxError, ValueError, MemoryError) as error:
        raise Invalid("files.damaged", field="file") from error
    return Picture(out.getvalue(), upright.width, upright.height, taken_at, place)


def _tables(image: Image.Image) -> dict[str, Any]:
    """How the JPEG was compressed, to compress it the same way again."""
    tables = getattr(image, "quantization", None)
    if not tables or not hasattr(image, "layer"):
        return {"quality": QUALITY}
    sampling = JpegImagePlugin.get_sampling(image)
    return {"qtables": tables, **({"subsampling": sampling} if sampling >= 0 else {})}


def thumbnail(file: IO[bytes], media_type: str) -> bytes:
    """A small form of a kept picture, as WebP."""
    image = _open(file, media_type)
    image.draft("RGB", (THUMBNAIL_PIXELS * 2, THUMBNAIL_PIXELS * 2))
    small = image.convert("RGBA" if "A" in image.getbands() or "transparency" in image.info else "RGB")
    small.thumbnail((THUMBNAIL_PIXELS, THUMBNAIL_PIXELS))
    out = BytesIO()
    small.save(out, "WEBP", quality=THUMBNAIL_QUALITY, method=4)
    return out.getvalue()


def printable(file: IO[bytes], media_type: str) -> bytes:
    """A kept picture as it goes into a printed document: JPEG, 900 pixels at most, on white; signatures stay PNG."""
    image = _open(file, media_type)
    image.draft("RGB", (PRINT_PIXELS * 2, PRINT_PIXELS * 2))
    image.thumbnail((PRINT_PIXELS, PRINT_PIXELS))
    out = BytesIO()
    if media_type == "image/png":
        image.save(out, "PNG", optimize=True)
        return out.getvalue()
    sheet = Image.new("RGB", image.size, "white")
    sheet.paste(image, mask=image.getchannel("A") if "A" in image.getbands() else None)
    sheet.save(out, "JPEG", quality=PRINT_QUALITY)
    return out.getvalue()


def _told(image: Image.Image) -> tuple[datetime | None, Place | None]:
    """When and where the camera says the picture was taken; a camera's nonsense is no reason to refuse a photo."""
    with suppress(Exception):
        exif = image.getexif()
        return _moment(exif.get_ifd(ExifTags.IFD.Exif)), _position(exif.get_ifd(ExifTags.IFD.GPSInfo))
    return None, None


def _moment(tags: dict[int, Any]) -> datetime | None:
    """The instant of the exposure; a camera that names no offset is taken to stand in the company's time zone."""
    with suppress(ValueError, TypeError, KeyError):
        local = datetime.strptime(str(tags[ExifTags.Base.DateTimeOriginal]).strip("\0 "), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - the zone follows
        offset = str(tags.get(ExifTags.Base.OffsetTimeOriginal, "")).strip("\0 ")
        if offset:
            sign = -1 if offset[0] == "-" else 1
            hours, minutes = offset.lstrip("+-").split(":")
            zone: Any = timezone(sign * timedelta(hours=int(hours), minutes=int(minutes)))
        else:
            zone = ZoneInfo(settings.TIME_ZONE)
        return local.replace(tzinfo=zone).astimezone(UTC)
    return None


def _position(tags: dict[int, Any]) -> Place | None:
    """The place in the picture's GPS block, which counts in degrees, minutes and seconds."""
    with suppress(ValueError, TypeError, KeyError, ZeroDivisionError, IndexError):
        north, east = (
            sum(float(part) / 60**power for power, part in enumerate(tags[tag]))
            for tag in (ExifTags.GPS.GPSLatitude, ExifTags.GPS.GPSLongitude)
        )
        if str(tags[ExifTags.GPS.GPSLatitudeRef]).startswith("S"):
            north = -north
        if str(tags[ExifTags.GPS.GPSLongitudeRef]).startswith("W"):
            east = -east
        error = tags.get(ExifTags.GPS.GPSHPositioningError)
        if north != north or east != east or (north == 0 and east == 0):  # a camera without a fix writes zeros
            return None
        return Place(round(north, 7), round(east, 7), round(float(error)) if error else None, "exif")
    return None


def is_blank(content: IO[bytes]) -> bool:
    """Whether a picture holds nothing that could be ink; the content is left at its beginning."""
    content.seek(0)
    image = Image.open(BytesIO(content.read())).convert("RGBA")
    content.seek(0)
    sheet = Image.new("RGBA", image.size, "white")
    sheet.alpha_composite(image)
    darkest, lightest = sheet.convert("L").getextrema()
    assert isinstance(darkest, (int, float))
    assert isinstance(lightest, (int, float))
    return lightest - darkest < INK_SHADES
