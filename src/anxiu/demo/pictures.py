"""Pictures for the demo company: drawn, since nobody took any."""

from io import BytesIO
from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from anxiu.files.intake import Prepared, prepare


def photo(label: str, dice: Random) -> Prepared:
    """A picture of a cabinet, each a little different, so that every photo is a file of its own."""
    base = dice.choice(((70, 92, 120), (96, 104, 112), (58, 84, 92), (110, 96, 84)))
    image = Image.new("RGB", (640, 480), base)
    draw = ImageDraw.Draw(image)
    for row in range(3):
        for column in range(4):
            x, y = 60 + column * 140, 60 + row * 130
            tone = tuple(min(255, each + dice.randint(10, 70)) for each in base)
            draw.rounded_rectangle((x, y, x + 110, y + 96), 10, fill=tone, outline=(30, 36, 44), width=3)
            lamp = (60, 180, 90) if label.endswith("后") else (210, 60, 50)
            draw.ellipse((x + 84, y + 10, x + 98, y + 24), fill=lamp if dice.random() < 0.4 else (90, 96, 104))
    kept = BytesIO()
    image.save(kept, "JPEG", quality=82)
    return prepare(SimpleUploadedFile(f"{label}.jpg", kept.getvalue(), "image/jpeg"))


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
