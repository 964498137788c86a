"""Printed things of the installed base: the label that lets a customer report a fault by scanning it."""

from dataclasses import dataclass
from pathlib import Path

from anxiu.files import codes
from anxiu.files.documents import Picture, Style, render

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Label:
    """One machine's label. `url` opens the fault form with everything known filled in."""

    url: str
    name: str
    model: str = ""
    serial: str = ""


def code(url: str) -> Picture:
    """A QR code as SVG; level Q still reads with a quarter of it scratched, as machines scratch."""
    return Picture(codes.drawing(url, safety="q"))


def labels_pdf(labels: list[Label], *, company: str, phone: str, style: Style, skip: int = 0) -> bytes:
    """Sheets of 3 by 7 labels on A4 (70 by 42.4 mm); `skip` leaves out places that are already used."""
    data = {
        "company": company,
        "phone": phone,
        "skip": skip,
        "labels": [
            {"code": code(each.url), "name": each.name, "model": each.model, "serial": each.serial} for each in labels
        ],
    }
    return render(FOLDER / "labels.typ", data, style=style)
