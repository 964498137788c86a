"""Imports, budgets, figures, texts, migrations: what holds for the whole program."""

import ast
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import call_command

from anxiu.kernel.messages import REFUSALS
from tests.shape.source import ROOT, Module, called, calls, functions, modules

BIN = Path(sys.executable).parent


def test_imports_go_one_way_only() -> None:
    done = subprocess.run([BIN / "lint-imports"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]


def test_every_text_has_its_chinese() -> None:
    done = subprocess.run([sys.executable, "scripts/messages.py"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.django_db
def test_migrations_say_what_the_models_say() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


# ---- budgets ---------------------------------------------------------------------------------------------------------
FUNCTION_LINES, FILE_LINES, PARAMETERS = 60, 400, 5
LONG_FILES: dict[str, str] = {
    "trace/standalone/verify_anxiu.py": "one file on purpose: a stranger gets it, reads it and runs it alone",
}
LONG_FUNCTIONS: dict[str, str] = {}


def test_files_keep_their_budget() -> None:
    long = {module.path: len(module.text.splitlines()) for module in modules()}
    over = {path: lines for path, lines in long.items() if lines > FILE_LINES}
    assert {path: lines for path, lines in over.items() if path not in LONG_FILES} == {}
    assert set(LONG_FILES) <= set(over)


def test_functions_keep_their_budget() -> None:
    over = {
        f"{module.path}:{function.name}": length
        for module in modules()
        for function in functions(module)
        if (length := (function.end_lineno or 0) - function.lineno + 1) > FUNCTION_LINES
    }
    assert {name: length for name, length in over.items() if name not in LONG_FUNCTIONS} == {}
    assert set(LONG_FUNCTIONS) <= set(over)


# ---- refusals --------------------------------------------------------------------------------------------------------
KINDS_OF_REFUSAL = {"NotFound", "NotAllowed", "WrongState", "GateShut", "Stale", "Invalid", "Refusal"}


def _codes(module: Module) -> set[str]:
    found: set[str] = set()
    for call in calls(module.tree):
        if called(call) in KINDS_OF_REFUSAL and call.args:
            found |= {
                each.value for each in ast.walk(call.args[0]) if isinstance(each, ast.Constant) and isinstance(each.value, str)
            }
    return {each for each in found if "." in each}


def test_every_refusal_has_a_text() -> None:
    raised = {code: module.path for module in modules() for code in _codes(module)}
    assert len(raised) > 80
    assert {code: path for code, path in raised.items() if code not in REFUSALS} == {}


def test_every_refusal_text_belongs_to_a_refusal() -> None:
    texts = Counter(
        node.value
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    assert sorted(code for code in REFUSALS if texts[code] < 2) == []  # once where it is registered, once where raised


# ---- no figure in code -----------------------------------------------------------------------------------------------
PLAIN = {-1, 0, 1}
FIGURE_PARTS = {"rules", "actions", "queries"}
# Numbers that are no figure of anybody's regulation.
FIGURES = {
    'accounts/actions/people.py: return " ".join(lazy_pinyin(name)).lower()[:120]': "the column's width",
    "customers/rules.py: clean, extension = whole[1], whole[2]": "groups of a match",
    'customers/rules.py: return f"****{digits[-2:]}"': "how a number is masked",
    'portal/actions.py: return blake2b(f"{limit.name}:{who}".encode(), key=settings.SECRET_KEY.encode()[:64], '
    "digest_size=32).hexdigest()": "what BLAKE2 takes and gives",
    "portal/actions.py: status = 429": "the status HTTP has for it",
    "portal/rules.py: epoch = datetime(1970, 1, 1, tzinfo=UTC)": "where counting begins",
}


def _paragraph(lines: list[str], place: int) -> list[str]:
    """The line, and at the top of a module all those around it up to the next empty ones: a comment covers them."""
    if lines[place].startswith(" ") and "    return" in lines[place]:
        return [lines[place]]
    first = last = place
    while first > 0 and lines[first - 1].strip() and not lines[first - 1].startswith(("def ", "@", "class ")):
        first -= 1
    while last + 1 < len(lines) and lines[last + 1].strip() and not lines[last + 1].startswith(("def ", "@", "class ")):
        last += 1
    return lines[first : last + 1]


def _figures(module: Module) -> list[str]:
    lines = module.text.splitlines()
    found: list[str] = []
    for node in ast.walk(module.tree):
        is_number = isinstance(node, ast.Constant) and type(node.value) in (int, float) and node.value not in PLAIN
        is_span = isinstance(node, ast.Call) and called(node) == "timedelta" and bool(node.args or node.keywords)
        if is_span and isinstance(node, ast.Call):
            given = [*node.args, *(each.value for each in node.keywords)]
            is_span = any(isinstance(each, ast.Constant) and each.value not in PLAIN for each in given)
        if not (is_number or is_span):
            continue
        if not any("# source:" in each for each in _paragraph(lines, node.lineno - 1)):
            found.append(lines[node.lineno - 1].strip())
    return found


def test_no_figure_stands_in_code() -> None:
    found = {
        f"{module.path}: {line}"
        for module in modules()
        if module.part in FIGURE_PARTS and module.app not in {"kernel", "demo", "console", "project"}
        for line in _figures(module)
    }
    assert sorted(found - set(FIGURES)) == []
    assert sorted(set(FIGURES) - found) == []
