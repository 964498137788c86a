"""HTML of a mail as text: what a reader would have seen, line by line; quotations marked as in plain mails."""

from html.parser import HTMLParser
from typing import Final

_UNSEEN: Final = frozenset({"script", "style", "head", "title", "template", "object", "svg", "noscript"})
_BLOCKS: Final = frozenset({
    "p", "div", "br", "tr", "li", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "blockquote", "pre",
    "section", "article", "header", "footer", "dl", "dt", "dd",
})  # fmt: skip
_QUOTES: Final = "blockquote"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self.line: list[str] = []
        self.unseen = 0
        self.quoted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self.unseen += 1
        if tag in _BLOCKS:
            self.broken(empty=tag == "br")
        self.quoted += tag == _QUOTES

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self.broken(empty=tag == "br")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self.unseen = max(self.unseen - 1, 0)
        if tag in _BLOCKS and tag != "br":
            self.broken()
        if tag in ("td", "th"):
            self.line.append(" ")
        if tag == _QUOTES:
            self.quoted = max(self.quoted - 1, 0)

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.line.append(data)

    def broken(self, *, empty: bool = False) -> None:
        """Begin a new line; two breaks in a row are an empty one."""
        said = " ".join("".join(self.line).split())
        if said or (empty and self.lines and self.lines[-1]):
            self.lines.append(f"> {said}" if self.quoted else said)
        self.line = []


def from_html(page: str) -> str:
    """The text of a page. Scripts, styles and addresses behind links are left out."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    reader.broken()
    return "\n".join(reader.lines)
