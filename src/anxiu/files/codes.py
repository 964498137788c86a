"""QR codes. The library is loaded with the first one that is drawn."""

from io import BytesIO
from typing import Final, Literal

Safety = Literal["l", "m", "q", "h"]  # of a code, how much may be scratched: 7, 15, 25, 30 %
PIXELS: Final = 4  # source: own choice; a module's side, of no weight in a drawing that scales


def address(text: str, *, safety: Safety, border: int) -> str:
    """A code as an address that a page shows as a picture; `border` in modules."""
    import segno

    return str(segno.make_qr(text, error=safety).svg_data_uri(scale=PIXELS, border=border))


def drawing(text: str, *, safety: Safety) -> bytes:
    """A code as SVG without a border, for documents, which keep a distance of their own."""
    import segno

    out = BytesIO()
    segno.make_qr(text, error=safety).save(out, kind="svg", border=0, scale=PIXELS, xmldecl=True)
    return out.getvalue()
