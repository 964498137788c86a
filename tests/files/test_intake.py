"""What an upload must be to be taken, and what is left of it."""

from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO

import pytest
from PIL import Image

from anxiu.files import intake, pictures, rules
from anxiu.files.choices import Family
from anxiu.files.intake import prepare, verbatim
from anxiu.kernel.errors import Invalid
from tests.files.content import box, camera, film, pdf, picture, upload, webm

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><html><script>alert(1)</script></html>"


def refused(data: bytes, name: str) -> str:
    with pytest.raises(Invalid) as found:
        prepare(upload(data, name))
    assert found.value.field == "file"
    return found.value.code


@pytest.mark.parametrize(
    ("data", "name", "media_type"),
    [
        (picture(), "a.JPG", "image/jpeg"),
        (picture(), "blob", "image/jpeg"),
        (picture(kind="PNG"), "a.png", "image/png"),
        (picture(kind="WEBP"), "a.webp", "image/webp"),
        (film(), "a.mp4", "video/mp4"),
        (film(b"isom"), "a.mp4", "video/mp4"),
        (film(b"qt  "), "a.mov", "video/quicktime"),
        (webm(), "a.webm", "video/webm"),
        (pdf(), "a.pdf", "application/pdf"),
    ],
)
def test_content_decides_the_type(data, name, media_type):
    taken = prepare(upload(data, name))
    assert taken.media_type == media_type
    assert taken.received_digest == sha256(data).hexdigest()
    assert taken.digest == sha256(taken.content.read()).hexdigest()


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.jpg", "files.empty"),
        (b"\xff\xd8\xff\x00 and then nothing of a picture", "a.jpg", "files.damaged"),
        (SVG, "a.svg", "files.not_taken"),
        (SVG, "a.png", "files.not_taken"),
        (HTML, "a.html", "files.not_taken"),
        (HTML, "a.jpg", "files.not_taken"),
        (b"MZ" + b"\0" * 200, "a.exe", "files.not_taken"),
        (b"PK\3\4" + b"\0" * 200, "a.docx", "files.not_taken"),
        (picture(kind="GIF"), "a.gif", "files.not_taken"),
        (picture(kind="TIFF"), "a.tif", "files.not_taken"),
        (box(b"ftyp", b"heic\0\0\0\0mif1heic") + b"\0" * 100, "IMG_1.HEIC", "files.heic"),
        (picture(), "a.png", "files.wrong_ending"),
        (picture(), "a.jpg.exe", "files.wrong_ending"),
        (pdf(), "a.jpg", "files.wrong_ending"),
        (picture()[:300], "a.jpg", "files.damaged"),
        (picture(kind="PNG")[:60], "a.png", "files.damaged"),
        (b"\xff\xd8\xff\xe0" + HTML, "a.jpg", "files.damaged"),
        (film(tail=HTML), "a.mp4", "files.not_taken"),
        (film(tail=b"PK\3\4 a zip behind a film"), "a.mp4", "files.damaged"),
        (box(b"ftyp", b"mp42\0\0\0\0isommp42") + box(b"free", HTML), "a.mp4", "files.not_taken"),
        (box(b"ftyp", b"mp42\0\0\0\0isommp42"), "a.mp4", "files.damaged"),
        (b"  " + pdf(), "a.pdf", "files.not_taken"),
        (pdf()[:-6] + b"x" * 2000, "a.pdf", "files.damaged"),
        (pdf(b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>"), "a.pdf", "files.active_document"),
        (pdf(HTML), "a.pdf", "files.active_document"),
    ],
)
def test_what_is_not_taken_is_refused_with_its_reason(data, name, code):
    assert refused(data, name) == code


def test_a_moving_picture_is_refused():
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue")]
    out = BytesIO()
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:])
    assert refused(out.getvalue(), "a.webp") == "files.animated"


def test_size_is_limited_by_family(monkeypatch):
    small = dict.fromkeys(Family, 400)
    monkeypatch.setattr(intake, "LARGEST", small)
    assert prepare(upload(pdf(), "a.pdf")).size == len(pdf())
    assert refused(film(), "a.mp4") == "files.too_large"
    assert rules.LARGEST[Family.IMAGE] == 20_000_000
    assert rules.LARGEST[Family.VIDEO] == 100_000_000


def test_a_pixel_bomb_is_refused_before_it_is_decoded():
    """30,000 by 30,000 pixels in a few kilobytes; only the head is read."""
    head = picture(8, 8, kind="PNG")
    size = (30_000).to_bytes(4, "big") * 2
    from zlib import crc32

    ihdr = b"IHDR" + size + head[24:29]
    bomb = head[:12] + ihdr + crc32(ihdr).to_bytes(4, "big") + head[33:]
    assert refused(bomb, "a.png") in {"files.too_many_pixels", "files.damaged"}
    big = picture(9000, 8000, kind="PNG")
    assert len(big) < 1_000_000
    assert refused(big, "a.png") == "files.too_many_pixels"


def test_a_photo_loses_what_it_hides_and_the_row_learns_it():
    taken = prepare(upload(camera(), "IMG_0001.jpg"))
    kept = taken.content.read()
    assert b"Secret" not in kept
    assert b"Exif" not in kept
    assert dict(Image.open(BytesIO(kept)).getexif()) == {}
    assert taken.taken_at == datetime(2026, 5, 4, 1, 30, tzinfo=UTC)
    assert (taken.place.latitude, taken.place.longitude) == (
        pytest.approx(31.2304, abs=1e-6),
        pytest.approx(121.4737, abs=1e-6),
    )
    assert (taken.place.accuracy_metres, taken.place.source) == (12, "exif")


def test_south_and_west_are_negative():
    place = prepare(upload(camera(latitude=-33.9, longitude=-70.7), "a.jpg")).place
    assert (place.latitude, place.longitude) == (pytest.approx(-33.9, abs=1e-6), pytest.approx(-70.7, abs=1e-6))


def test_a_camera_without_offset_or_fix_is_read_as_company_time(settings):
    taken = prepare(upload(camera(offset="", gps=False), "a.jpg"))
    assert taken.taken_at == datetime(2026, 5, 4, 1, 30, tzinfo=UTC)
    assert taken.place is None
    assert prepare(upload(camera(latitude=0, longitude=0), "a.jpg")).place is None


def test_a_photo_is_turned_upright():
    taken = prepare(upload(camera(orientation=6), "a.jpg"))
    assert (taken.width, taken.height) == (40, 64)
    kept = Image.open(taken.content)
    assert kept.size == (40, 64)
    red, _, blue = kept.getpixel((35, 5))
    assert blue > red  # the blue corner went from top left to top right


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_is_hung_behind_a_picture_is_not_kept(kind):
    data = picture(kind=kind) + HTML + b"PK\3\4"
    taken = prepare(upload(data, f"a.{kind.lower().replace('jpeg', 'jpg')}"))
    assert b"script" not in taken.content.read()
    assert taken.digest != taken.received_digest


def test_writing_a_jpeg_again_keeps_its_size_and_looks():
    from PIL import ImageChops, ImageStat

    noise = Image.effect_noise((400, 300), 60).convert("RGB")
    out = BytesIO()
    noise.save(out, "JPEG", quality=72)
    taken = prepare(upload(out.getvalue(), "a.jpg"))
    assert abs(taken.size - len(out.getvalue())) < len(out.getvalue()) * 0.02
    difference = ImageChops.difference(Image.open(taken.content), Image.open(BytesIO(out.getvalue())))
    assert max(ImageStat.Stat(difference).mean) < 2


def test_transparent_signatures_stay_transparent():
    image = Image.new("RGBA", (30, 20), (0, 0, 0, 0))
    out = BytesIO()
    image.save(out, "PNG")
    taken = prepare(upload(out.getvalue(), "signature.png"))
    assert Image.open(taken.content).getpixel((3, 3)) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.jpg", "passwd.jpg"),
        ("C:\\Users\\wang\\现场 照片.JPG", "现场 照片.jpg"),
        ('a"b\r\nc<d>.jpg', "abcd.jpg"),
        ("x" * 300 + ".jpg", "x" * 116 + ".jpg"),
        (".jpg", "file.jpg"),
        ("blob", "blob.jpg"),
    ],
)
def test_names_are_made_plain(given, kept):
    assert rules.plain_name(given, rules.ALLOWED["image/jpeg"]) == kept


def test_verbatim_keeps_every_byte():
    data = b'{"total": 120}'
    kept = verbatim(data, media_type="application/json", name="shown")
    assert (kept.content.read(), kept.digest, kept.name) == (data, kept.received_digest, "shown.json")


def test_a_thumbnail_fits_its_box_and_keeps_proportion():
    small = Image.open(BytesIO(pictures.thumbnail(BytesIO(picture(1600, 900)), "image/jpeg")))
    assert (small.format, small.size) == ("WEBP", (320, 180))


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-9", (0, 10)),
        ("bytes=90-", (90, 100)),
        ("bytes=-10", (90, 100)),
        ("bytes=-500", (0, 100)),
        ("bytes=50-500", (50, 100)),
        ("bytes=100-", (0, 0)),
        ("bytes=-0", (100, 100)),
        ("bytes=9-3", None),
        ("bytes=0-1,5-6", None),
        ("lines=0-1", None),
        ("bytes=-", None),
        ("bytes=a-b", None),
    ],
)
def test_ranges(header, expected):
    found = rules.span(header, 100)
    assert (found and (found.start, found.stop)) == expected
