"""The default regulation as it ships says every value of this release, in both languages, and nothing else."""

import ast
import importlib
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from anxiu.kernel.values import REGISTRY, RecordKind
from anxiu.regulation.choices import Control, Origin
from anxiu.regulation.queries import enforcers, presets, terms
from anxiu.regulation.rules.controls import GUARDS, INDICATORS
from anxiu.regulation.rules.preset import Preset, PresetFault, content, read_preset
from anxiu.regulation.rules.readiness import Held, Known, readiness
from anxiu.regulation.rules.text import Placeholder, pieces
from anxiu.regulation.rules.words import codes_used, grid, in_words, row_in_words

SOURCE = Path(__file__).parents[2] / "src/anxiu"
DEFAULT = presets()["default"]


def declared() -> Iterator[str]:
    """The apps that declare values, whether or not they are installed yet."""
    for path in sorted(SOURCE.glob("*/values.py")):
        if path.parent.name != "kernel":
            yield path.parent.name


@pytest.fixture(scope="module", autouse=True)
def _every_value_declared() -> None:
    for app in declared():
        importlib.import_module(f"anxiu.{app}.values")


def test_the_default_regulation_has_a_figure_for_each_value_and_no_other():
    assert set(DEFAULT.figures) == set(REGISTRY)


def test_every_figure_of_every_preset_is_read_by_its_kind():
    for preset in presets().values():
        ready = content(preset, REGISTRY, {})
        assert set(ready.figures) == set(REGISTRY)


def test_every_figure_is_written_as_its_kind_writes_it_back():
    for key, value in REGISTRY.items():
        parsed = value.kind.parse(DEFAULT.figures[key])
        assert value.kind.parse(value.kind.dump(parsed)) == parsed


def test_every_value_is_governed_by_exactly_one_clause():
    governed = [key for article in DEFAULT.articles for key in article.values]
    assert sorted(governed) == sorted(REGISTRY)


def test_every_word_that_a_figure_may_need_is_there_and_no_list_says_more():
    used = set().union(*(codes_used(value.kind) for value in REGISTRY.values()))
    ours = {"codes", "figures"}
    written = {(name, code) for name, own in terms().lists.items() for code in own if name not in ours}
    assert (used - written, written - used) == (set(), set())


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_figure_has_a_name_of_its_own(language: str):
    named = [terms().figure(key, language) for key in REGISTRY]
    assert set(terms().lists["figures"]) == set(REGISTRY)
    assert len(set(named)) == len(named)
    assert not set(named) & set(REGISTRY)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_clause_can_be_said(language: str):
    for article in DEFAULT.articles:
        for piece in pieces(article.text.in_language(language)):
            if isinstance(piece, Placeholder):
                kind = REGISTRY[piece.key].kind
                parsed = kind.parse(DEFAULT.figures[piece.key])
                said = (
                    row_in_words(kind, parsed, piece.row, language, terms())
                    if piece.row
                    else in_words(kind, parsed, language, terms())
                )
                assert said.strip()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_figure_has_words_and_a_table(language: str):
    for key, value in REGISTRY.items():
        parsed = value.kind.parse(DEFAULT.figures[key])
        assert in_words(value.kind, parsed, language, terms())
        table = grid(value.kind, parsed, language, terms())
        assert {len(row) for row in table.rows} <= {len(table.head) or len(table.rows[0])}


def test_the_document_is_a_whole_regulation():
    assert [each.number for each in DEFAULT.articles] == sorted(
        (each.number for each in DEFAULT.articles), key=lambda number: tuple(map(int, number.split(".")))
    )
    chapters = {article.chapter.number for article in DEFAULT.articles}
    assert chapters == set(range(1, max(chapters) + 1))
    for control in (Control.VALUE, Control.GATE, Control.MANUAL):
        assert any(article.control is control for article in DEFAULT.articles)


def test_chinese_text_is_chinese_and_english_text_is_not():
    def chinese(text: str) -> bool:
        return any("\u4e00" <= letter <= "\u9fff" for letter in text)

    for article in DEFAULT.articles:
        for words in (article.title, article.text, article.chapter.title, article.manual):
            assert chinese(words.zh) == bool(words.zh)
            assert not chinese(words.en)


def test_published_figures_are_marked():
    assert DEFAULT.origin("orders.guarantee_days") is Origin.PUBLISHED
    assert DEFAULT.origin("sla.first_response") is Origin.OURS


def written(**changes: Any) -> dict[str, Any]:
    both = {"zh": "文", "en": "text"}
    clause = {
        "number": "1.1",
        "title": both,
        "text": {"zh": "{a.b}", "en": "{a.b}"},
        "control": "value",
        "values": ["a.b"],
    }
    return {
        "name": both, "trade": both, "purpose": both, "scope": both, "principles": both, "published": [],
        "chapter": [{"number": 1, **both}], "clause": [{**clause, **changes}], "figures": {"a": {"b": 1}},
    }  # fmt: skip


def test_a_well_written_preset_is_read():
    assert isinstance(read_preset("x", written()), Preset)


@pytest.mark.parametrize(
    "changes",
    [
        {"text": {"zh": "{a.b}", "en": "no figure"}},
        {"text": {"zh": "{a.b} {a.c}", "en": "{a.b} {a.c}"}},
        {"text": {"zh": "{a.b} {oops", "en": "{a.b}"}},
        {"text": {"zh": "{a.b}"}},
        {"control": "manual"},
        {"control": "gate", "manual": {"zh": "查", "en": "check"}},
        {"values": []},
        {"number": "2.1"},
    ],
)
def test_a_slip_of_the_writer_is_named(changes: dict[str, Any]):
    with pytest.raises(PresetFault):
        read_preset("x", written(**changes))


def test_each_section_of_figures_belongs_to_an_app_that_declares_values():
    sections = tomllib.loads((SOURCE / "regulation/presets/default.toml").read_text("utf-8"))["figures"]
    assert set(sections) <= set(declared())


def test_records_in_figures_have_names_of_their_own():
    """Terms are kept by class name, so two records of one name would share their words."""
    names: dict[str, object] = {}

    def walk(kind: Any) -> None:
        if isinstance(kind, RecordKind):
            assert names.setdefault(kind.record.__name__, kind.record) is kind.record
            for part in kind.parts.values():
                walk(part)
        for inner in ("item", "cell"):
            if hasattr(kind, inner):
                walk(getattr(kind, inner))

    for value in REGISTRY.values():
        walk(value.kind)


def test_rules_of_the_regulation_name_no_figure_of_it():
    """Words are said from figures; a rule that knew a key by name would be a figure in disguise."""
    for path in (SOURCE / "regulation/rules").glob("*.py"):
        strings = {
            node.value for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Constant)
        }
        assert not strings & set(REGISTRY)


def test_every_clause_of_every_preset_is_held_by_what_exists():
    for preset in presets().values():
        known = Known(frozenset(preset.figures), enforcers(), frozenset(INDICATORS))
        held = (
            Held(each.number, each.title, each.control, each.values, each.enforced_by, each.indicators, each.manual)
            for each in preset.articles
        )
        lacking = readiness(held, known).lacking
        assert [(each.number, each.lack, each.names) for each in lacking] == [], preset.code


@pytest.mark.django_db
def test_every_guard_that_clauses_may_name_is_in_the_database():
    with connection.cursor() as cursor:
        cursor.execute("select tgname from pg_trigger union select conname from pg_constraint")
        found = {name for (name,) in cursor.fetchall()}
    assert {each.database_name for each in GUARDS.values()} <= found
