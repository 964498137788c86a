"""The documentation leads somewhere: links, pictures, and the labels that guides quote from the interface."""

import re
from collections.abc import Iterator
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote

from anxiu.project.catalogues import compiled
from tests.shape.source import ROOT, SOURCE

ELSEWHERE = ("http://", "https://", "mailto:")
# Written by people or by scripts/reference.py; what other programs keep in hidden folders or node_modules is not ours.
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("bench/*.md"), *ROOT.glob("frontend/*.md")])
MAX_PICTURE = 200_000  # bytes: a clone stays small


def prose(page: Path) -> str:
    """The page without its examples: what stands in a fence or in backticks is no link and no heading."""
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"`[^`\n]*`", lambda found: re.sub(r"[\[\]]", "", found[0]), text)


def links(page: Path) -> Iterator[str]:
    for found in re.finditer(r"\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)", prose(page)):
        yield unquote(found[1])


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as code hosts make them."""
    made: set[str] = set()
    for found in re.finditer(r"^#{1,6} +(.+?)\s*#*$", prose(page), re.MULTILINE):
        words = re.sub(r"\]\([^)]*\)|[\[\]`*]", "", found[1]).lower()
        anchor = re.sub(r"[^\w\- ]", "", words).replace(" ", "-")
        count = 0
        while (name := f"{anchor}-{count}" if count else anchor) in made:
            count += 1
        made.add(name)
    return made


def test_every_link_leads_somewhere() -> None:
    dead = []
    for page in PAGES:
        for link in links(page):
            if link.startswith(ELSEWHERE):
                continue
            path, _, anchor = link.partition("#")
            target = (page.parent / path).resolve() if path else page
            if not target.is_relative_to(ROOT) or not target.exists():
                dead.append(f"{page.relative_to(ROOT)}: {link}")
            elif anchor and anchor not in anchors(target):
                dead.append(f"{page.relative_to(ROOT)}: {link} has no such heading")
    assert dead == []


def test_every_guide_is_reached_from_the_first_page() -> None:
    """Whoever starts at README.md finds every page of start, guide and operate."""
    reached, waiting = set[Path](), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        found = (page.parent / link.partition("#")[0] for link in links(page) if not link.startswith(ELSEWHERE))
        waiting += [each.resolve() for each in found if each.is_file()]
    wanted = {page for page in PAGES if page.parent in {ROOT / "docs" / each for each in ("start", "guide", "operate")}}
    assert sorted(str(page.relative_to(ROOT)) for page in wanted - reached) == []


def test_every_picture_is_used_and_small() -> None:
    pictures = set((ROOT / "docs/pictures").glob("*.png"))
    shown = {(page.parent / link).resolve() for page in PAGES for link in links(page) if link.endswith(".png")}
    assert sorted(each.name for each in pictures - shown) == []
    assert [each.name for each in pictures if each.stat().st_size > MAX_PICTURE] == []


def test_labels_are_quoted_as_the_program_says_them() -> None:
    """A guide writes *Book an engineer* [预约工程师]; a figure in it is written …"""
    said: set[tuple[str, str]] = set()
    for path in SOURCE.glob("*/locale/zh_Hans/LC_MESSAGES/*.po"):
        catalogue = GNUTranslations(BytesIO(compiled(path.read_text(encoding="utf-8"))))._catalog  # type: ignore[attr-defined]
        for key, chinese in catalogue.items():
            english = (key[0] if isinstance(key, tuple) else key).rpartition("\4")[2]  # without its context
            said.update(
                (re.sub(r"%\(\w+\)s", "…", each), re.sub(r"%\(\w+\)s", "…", chinese)) for each in english.split("\0")
            )
    wrong = []
    for page in PAGES:
        quoted = re.findall(r"\*([^*]+)\* \[([^\]]+)\](?!\()", re.sub(r"\s+", " ", page.read_text(encoding="utf-8")))
        wrong += [
            f"{page.relative_to(ROOT)}: {english} [{chinese}]"
            for english, chinese in quoted
            if (english, chinese) not in said
        ]
    assert wrong == []
