"""The written reference, the API's description included, is what the program is."""

import runpy
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_reference_is_up_to_date() -> None:
    pages = runpy.run_path(str(ROOT / "scripts/reference.py"))["pages"]()
    stale = [
        name
        for name, text in pages.items()
        if not (path := ROOT / "docs/reference" / name).exists() or path.read_text(encoding="utf-8") != text
    ]
    assert stale == [], "make docs"
