"""The PDFs of an order: made from filled shapes, the same bytes for the same data. Whoever issues one keeps it."""

from pathlib import Path

from anxiu.files.documents import Style, render
from anxiu.orders.documents.shapes import Guarantee, Report

FOLDER = Path(__file__).parent


def report_pdf(report: Report, style: Style) -> bytes:
    """The service report as a PDF."""
    return render(FOLDER / "report.typ", report, style=style)


def guarantee_pdf(guarantee: Guarantee, style: Style) -> bytes:
    """The quality guarantee certificate as a PDF."""
    return render(FOLDER / "guarantee.typ", guarantee, style=style)
