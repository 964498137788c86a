"""The regulation's sentences are drawn without a template: nothing in them is markup."""

from anxiu.console.templatetags.sentences import cells, said
from anxiu.regulation.rules.document import Said

BAD = "'\"<x>&"
SAFE = "&#x27;&quot;&lt;x&gt;&amp;"


def test_text_figures_and_cells_are_escaped():
    origins = {"company": (BAD, "blue")}
    drawn = said([Said(BAD), Said(BAD, found=True), Said(BAD, BAD, "company", True), Said("x" * 24, "k", BAD)], origins)
    assert drawn == (
        f'{SAFE}<mark>{SAFE}</mark><span class="x-fig is-company is-found is-short" title="{SAFE} · {SAFE}">{SAFE}</span>'
        f'<span class="x-fig is-{SAFE}" title="{SAFE} · k">{"x" * 24}</span>'
    )
    assert cells([[BAD, "1"]]) == f"<tr><td>{SAFE}</td><td>1</td></tr>"
