"""What the shape tests read: every module of the program as a syntax tree, with its app and its part."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src/anxiu"


@dataclass(frozen=True)
class Module:
    """One file: its path below src/anxiu, its text and its tree."""

    path: str
    text: str
    tree: ast.Module

    @property
    def app(self) -> str:
        return self.path.split("/")[0]

    @property
    def part(self) -> str:
        """`actions` for accounts/actions.py and for orders/actions/visits.py."""
        rest = self.path.split("/")[1:]
        return rest[0].removesuffix(".py") if rest else ""

    def line(self, number: int) -> str:
        return self.text.splitlines()[number - 1]


@cache
def modules() -> tuple[Module, ...]:
    """Every module but migrations."""
    paths = (path for path in sorted(SOURCE.rglob("*.py")) if "migrations" not in path.parts)
    return tuple(
        Module(str(path.relative_to(SOURCE)), text := path.read_text(encoding="utf-8"), ast.parse(text)) for path in paths
    )


def functions(module: Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node


def called(node: ast.Call) -> str:
    """The last part of what is called: `filter` for `rows.filter(...)`."""
    match node.func:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""
