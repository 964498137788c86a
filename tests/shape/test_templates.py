"""Every template keeps to the strict content security policy, to both languages and to its size."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(path for path in ROOT.glob("src/anxiu/*/templates/**/*") if path.suffix in {".html", ".txt"})
HTML = [path for path in TEMPLATES if path.suffix == ".html"]
ICONS = set((ROOT / "frontend/icons.txt").read_text().split())
LINES = 150
# A letter is read outside our pages: no policy there, and mail programs know no style sheets.
PAGES = [path for path in HTML if "email" not in path.name]

# What the policy would stop, or what is banned because it needs eval.
FORBIDDEN = {
    "inline script": re.compile(r"<script(?![^>]*\b(?:src=|type=[\"']application/json))", re.IGNORECASE),
    "inline style element": re.compile(r"<style\b", re.IGNORECASE),
    "style attribute": re.compile(r"<[a-z][^>{]*\sstyle=", re.IGNORECASE),
    "inline handler": re.compile(r"<[a-z][^>{]*\son[a-z]+=", re.IGNORECASE),
    "hx-on": re.compile(r"\bhx-on\b"),
    "js: value": re.compile(r"""["'](?:js|javascript):"""),
    "event filter in hx-trigger": re.compile(r"hx-trigger=\"[^\"]*\["),
    "address of another host": re.compile(r"""(?:src|href|action)=["'](?:https?:)?//""", re.IGNORECASE),
    "htmx 2 inheritance of headers": re.compile(r"<body[^>]*\shx-headers="),
}
# A tag, a comment or an expression is no text; what is left between tags must not be words of one language.
NO_TEXT = re.compile(
    r"{%\s*comment.*?endcomment\s*%}|{%\s*blocktrans.*?{%\s*endblocktrans[a-z]*\s*%}|{#.*?#}|{%.*?%}|{{.*?}}|<!--.*?-->"
    r"|<script.*?</script>|<svg.*?</svg>",
    re.DOTALL,
)
# Names of languages in their own language, keys of the keyboard, and the sample data of the gallery.
SAME_IN_BOTH = {"EN", "中", "中文", "English", "Enter", "Esc", "GRUNDFOS CR45", "GF-45-20231187", "SHA-256"}
SHOWN_ATTRIBUTE = re.compile(r'\b(?:title|placeholder|alt|aria-label)="([^"{]*[A-Za-z\u4e00-\u9fff]{2}[^"{]*)"')


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT / "src/anxiu"))


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_template_holds_nothing_the_policy_stops(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert {what for what, pattern in FORBIDDEN.items() if pattern.search(text)} == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_template_keeps_its_budget(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) < LINES


@pytest.mark.parametrize("path", HTML, ids=name_of)
def test_template_says_nothing_in_one_language_only(path: Path) -> None:
    text = NO_TEXT.sub("\n", path.read_text(encoding="utf-8"))
    bare = {piece.strip() for piece in re.sub(r"<[^>]*>", "\n", text).splitlines()}
    words = {piece for piece in bare if re.search(r"[A-Za-z]{2}|[\u4e00-\u9fff]", piece)}
    shown = {match[1] for match in SHOWN_ATTRIBUTE.finditer(text)} - {"Switch to English", "切换到中文"}
    assert words - SAME_IN_BOTH | shown == set()


@pytest.mark.parametrize("path", HTML, ids=name_of)
def test_template_names_icons_that_are_in_the_sprite(path: Path) -> None:
    named = set(re.findall(r"""{%\s*icon\s+["']([\w-]+)["']""", path.read_text(encoding="utf-8")))
    assert named - ICONS == set()


def test_there_are_templates_to_look_at() -> None:
    assert len(HTML) > 40
