"""What is drawn on the server: sparklines as points, avatars as a letter and a tone that stay with the name."""

from collections.abc import Sequence
from zlib import crc32

AVATAR_TONES = ("blue", "green", "amber", "red", "violet", "teal")
SPARK_WIDTH, SPARK_HEIGHT = 76, 28
CJK = ("\u3400", "\u9fff")


def spark_points(values: Sequence[float]) -> str:
    """The `points` of a polyline over the box of a sparkline; a flat row lies in the middle."""
    low, high = min(values), max(values)
    spread = (high - low) or 1
    step = SPARK_WIDTH / max(len(values) - 1, 1)
    flat = high == low
    points = []
    for at, value in enumerate(values):
        share = 0.5 if flat else (value - low) / spread
        points.append(f"{at * step:.1f},{SPARK_HEIGHT - 2 - share * (SPARK_HEIGHT - 4):.1f}")
    return " ".join(points)


def avatar_letter(name: str) -> str:
    """`国` for 王建国: the last character tells colleagues apart; `JW` for Jian Wang."""
    name = name.strip()
    if not name:
        return "?"
    if CJK[0] <= name[-1] <= CJK[1]:
        return name[-1]
    words = name.split()
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


def avatar_tone(name: str) -> str:
    """The same colour for the same name, on every page and every server."""
    return AVATAR_TONES[crc32(name.encode()) % len(AVATAR_TONES)]
