"""Content as telephones, cameras and attackers send it, made here so that nothing binary lies in the repository."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw


def picture(width=64, height=40, *, kind="JPEG", exif=None, colour=(200, 40, 40), **options) -> bytes:
    image = Image.new("RGB", (width, height), colour)
    ImageDraw.Draw(image).rectangle((0, 0, width // 2, height // 2), fill=(20, 60, 220))
    out = BytesIO()
    image.save(out, kind, **({"exif": exif} if exif else {}), **options)
    return out.getvalue()


def camera(orientation=1, *, latitude=31.2304, longitude=121.4737, offset="+08:00", gps=True) -> bytes:
    """A photo with what a telephone hides in it."""
    exif = Image.Exif()
    exif[274] = orientation
    exif[271] = "Secret Camera Maker"
    inner = exif.get_ifd(0x8769)
    inner[36867] = "2026:05:04 09:30:00"
    if offset:
        inner[36881] = offset
    if gps:
        block = exif.get_ifd(0x8825)
        block[1], block[2] = ("N" if latitude >= 0 else "S"), sexagesimal(abs(latitude))
        block[3], block[4] = ("E" if longitude >= 0 else "W"), sexagesimal(abs(longitude))
        block[31] = 12.0
    return picture(exif=exif)


def sexagesimal(degrees: float) -> tuple[float, float, float]:
    minutes = degrees % 1 * 60
    return (float(int(degrees)), float(int(minutes)), round(minutes % 1 * 60, 4))


def box(name: bytes, body: bytes) -> bytes:
    return (len(body) + 8).to_bytes(4, "big") + name + body


def film(brand=b"mp42", tail=b"") -> bytes:
    return box(b"ftyp", brand + b"\0\0\0\0" + brand) + box(b"moov", b"\0" * 64) + box(b"mdat", b"\7" * 500) + tail


def webm() -> bytes:
    return (
        b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webmB\x87\x81\x04B\x85\x81\x02"
        + b"\0" * 300
    )


def pdf(inside=b"") -> bytes:
    return b"%PDF-1.4\n1 0 obj<</Type/Catalog" + inside + b">>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def upload(data: bytes, name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type="application/octet-stream")
