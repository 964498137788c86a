"""Pictures for the demo company: drawn, since nobody took any."""

from functools import cache
from io import BytesIO
from random import Random
from typing import Final

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageChops, ImageDraw

from anxiu.files.intake import Prepared, prepare

SIZE: Final = (640, 480)
LIT, DARK = (64, 196, 110), (88, 94, 102)
ALARM: Final = (226, 62, 48)
ARCHIVED: Final = 8  # pictures of a line before and after; the earlier orders have one of these
Colour = tuple[int, int, int]


@cache
def _grain() -> Image.Image:
    """What a phone's sensor adds; each photo has it shifted."""
    return Image.effect_noise(SIZE, 38).convert("RGB")


def photo(line: str, dice: Random, *, mended: bool = False) -> Prepared:
    """A machine as a phone sees it, each a little different, so that every photo is a file of its own."""
    tone = dice.randint(-14, 14)
    image = _wall((172 + tone, 176 + tone, 178 + tone))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 392, 640, 480), fill=(112 + tone, 110 + tone, 106 + tone))
    {"lift": _cabinet, "pump": _pump}.get(line, _cooler)(draw, dice, dice.randint(-24, 24), mended=mended)
    grain = ImageChops.offset(_grain(), dice.randrange(SIZE[0]), dice.randrange(SIZE[1]))
    image = Image.blend(image, grain, 0.09)
    kept = BytesIO()
    image.save(kept, "JPEG", quality=80)
    return prepare(SimpleUploadedFile("photo.jpg", kept.getvalue(), "image/jpeg"))


@cache
def of_the_archive(line: str, number: int, *, mended: bool = False) -> Prepared:
    """One of a few photos that the orders of the first weeks share: a file each for all of them would take seconds."""
    return photo(line, Random(f"{line} {number} {mended}"), mended=mended)


def _wall(colour: Colour) -> Image.Image:
    """A wall, lighter towards the lamp."""
    light = Image.linear_gradient("L").resize(SIZE)
    return Image.composite(Image.new("RGB", SIZE, colour), Image.new("RGB", SIZE, (222, 222, 216)), light)


def _cabinet(draw: ImageDraw.ImageDraw, dice: Random, x: int, *, mended: bool) -> None:
    """A lift's control cabinet: relays on rails, a drive with its display, cables."""
    draw.rounded_rectangle((150 + x, 40, 490 + x, 440), 8, fill=(206, 208, 204), outline=(96, 98, 100), width=4)
    draw.rectangle((172 + x, 62, 468 + x, 418), fill=(232, 232, 226))
    for rail in (92, 176):
        draw.rectangle((180 + x, rail + 22, 460 + x, rail + 30), fill=(150, 154, 158))
        for place in range(7):
            left = 186 + x + place * 39
            draw.rounded_rectangle((left, rail, left + 32, rail + 54), 3, fill=(58, 62, 70))
            lamp = ALARM if not mended and dice.random() < 0.25 else LIT if dice.random() < 0.7 else DARK
            draw.ellipse((left + 11, rail + 8, left + 20, rail + 17), fill=lamp)
    draw.rounded_rectangle((196 + x, 258, 330 + x, 404), 6, fill=(74, 82, 96))
    draw.rectangle((216 + x, 276, 310 + x, 314), fill=(18, 34, 26))
    draw.text((226 + x, 282), "50.0" if mended else "F 07", fill=LIT if mended else ALARM, font_size=26)
    for cable in range(9):
        colour = dice.choice(((172, 52, 44), (44, 74, 150), (196, 170, 60), (50, 52, 56)))
        draw.line((352 + x + cable * 11, 232, 352 + x + cable * 11 + dice.randint(-6, 6), 412), fill=colour, width=5)


def _pump(draw: ImageDraw.ImageDraw, dice: Random, x: int, *, mended: bool) -> None:
    """A motor with its pump on a frame, a pipe with a gauge, and water on the floor until it is mended."""
    body = dice.choice(((46, 96, 150), (52, 120, 104), (70, 84, 112)))
    if not mended:
        draw.ellipse((150 + x, 408, 430 + x, 462), fill=(136, 152, 162))
    draw.rectangle((110 + x, 372, 540 + x, 396), fill=(72, 74, 78))
    draw.rounded_rectangle((120 + x, 226, 336 + x, 370), 34, fill=body)
    for fin in range(9):
        draw.line((146 + x + fin * 20, 232, 146 + x + fin * 20, 364), fill=tuple(each - 26 for each in body), width=4)
    draw.rectangle((336 + x, 282, 392 + x, 314), fill=(150, 152, 156))
    draw.ellipse((380 + x, 218, 536 + x, 374), fill=body, outline=(38, 44, 52), width=5)
    for left, top, right, bottom in ((430, 60, 486, 232), (536, 268, 640, 324)):
        draw.rectangle((left + x, top, right + x, bottom), fill=(128, 136, 140), outline=(92, 98, 102), width=3)
    draw.ellipse((486 + x, 96, 566 + x, 176), fill=(240, 240, 236), outline=(60, 62, 66), width=5)
    tip = (550 + x, 116) if mended else (500 + x, 150)
    draw.line((526 + x, 136, *tip), fill=ALARM, width=4)


def _cooler(draw: ImageDraw.ImageDraw, dice: Random, x: int, *, mended: bool) -> None:
    """An outdoor unit: a fan behind its grille, vents, two pipes, a lamp that says how it is."""
    draw.rounded_rectangle((120 + x, 110, 520 + x, 404), 12, fill=(226, 226, 220), outline=(120, 122, 122), width=4)
    draw.ellipse((146 + x, 138, 386 + x, 378), fill=(64, 68, 74))
    turn = dice.randint(0, 90)
    for blade in range(4):
        start = turn + blade * 90
        draw.pieslice((160 + x, 152, 372 + x, 364), start, start + 38, fill=(104, 110, 116))
    for ring in range(20, 116, 16):
        draw.ellipse((266 + x - ring, 258 - ring, 266 + x + ring, 258 + ring), outline=(196, 198, 196), width=2)
    for vent in range(9):
        draw.rectangle((410 + x, 150 + vent * 20, 496 + x, 158 + vent * 20), fill=(150, 152, 152))
    draw.ellipse((446 + x, 348, 464 + x, 366), fill=LIT if mended else ALARM)
    for pipe, width in ((536, 12), (556, 20)):
        draw.line((pipe + x, 330, pipe + x, 480), fill=(178, 112, 62) if mended else (140, 118, 92), width=width)


def signature(dice: Random) -> Prepared:
    """A scribble, as a pad draws it."""
    image = Image.new("RGBA", (480, 180), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    x, points = 40, []
    while x < 430:
        points.append((x, 90 + dice.randint(-55, 55)))
        x += dice.randint(14, 34)
    draw.line(points, fill=(22, 30, 66, 255), width=5, joint="curve")
    kept = BytesIO()
    image.save(kept, "PNG")
    return prepare(SimpleUploadedFile("signature.png", kept.getvalue(), "image/png"))
