"""Write docs/reference from the program: `make docs`. With --check only say which pages are out of date."""

import dataclasses
import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGES = ROOT / "docs/reference"
NOTE = "<!-- Written by scripts/reference.py from the program; do not edit. -->\n"


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A Markdown table."""
    head = list(head)
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines) + "\n"


def first_line(thing: object) -> str:
    """The first line of a docstring."""
    return (thing.__doc__ or "").strip().partition("\n")[0]


def commands() -> str:
    """The `anxiu` command."""
    from anxiu.project.cli import COMMANDS

    rows = [(f"`anxiu {name}`", each.english, each.chinese) for name, each in COMMANDS.items() if each.exists]
    return "# Commands\n\n" + table(("Command", "What it does", "说明"), rows)


def verbs() -> str:
    """What can be done, and who may."""
    from anxiu.kernel.action import VERBS, VIEWS

    done = [(f"`{n}`", first_line(v.function), ", ".join(sorted(v.posts))) for n, v in sorted(VERBS.items())]
    seen = [(f"`{name}`", ", ".join(sorted(posts))) for name, posts in sorted(VIEWS.items())]
    return (
        "# Verbs and permissions\n\nA verb's name is its permission. Posts are data: these are the ones a new "
        "installation starts with.\n\n"
        + table(("Verb", "What it does", "Posts by default"), done)
        + "\n## Permissions to see\n\n"
        + table(("Permission", "Posts by default"), seen)
    )


def events() -> str:
    """Every fact that is recorded."""
    from anxiu.kernel.events import KINDS

    rows = []
    for kind, each in sorted(KINDS.items()):
        fields = ", ".join(field.name for field in dataclasses.fields(each))
        rows.append((f"`{kind}`", each.version, fields, each.audience.value, first_line(each)))
    return "# Events\n\n" + table(("Kind", "Version", "Fields", "Read by", "What it says"), rows)


def values() -> str:
    """Every key of the regulation."""
    from anxiu.kernel.values import REGISTRY

    rows = [(f"`{key}`", each.kind.name, each.scope.value) for key, each in sorted(REGISTRY.items())]
    return (
        "# Values\n\nThe keys that a regulation version must hold a figure for; the figures are data "
        "(`src/anxiu/regulation/presets`).\n\n" + table(("Key", "Kind", "Scope"), rows)
    )


def openapi() -> str:
    """The API's description, as the server gives it at `/api/v1/openapi.json`."""
    from anxiu.api.urls import api

    described = api.get_openapi_schema(path_prefix="/api/v1/")
    return json.dumps(described, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def pages() -> dict[str, str]:
    """Every file of the reference by its name, as the program is now."""
    written = {f"{page.__name__}.md": NOTE + page() for page in (commands, verbs, events, values)}
    return {**written, "openapi.json": openapi()}


def main() -> int:
    """Write or compare every page."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anxiu.project.settings")
    import django

    django.setup()
    stale = []
    for name, text in pages().items():
        path = PAGES / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(path.relative_to(ROOT).as_posix())
            if "--check" not in sys.argv:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
    print("\n".join(stale) or "docs/reference is up to date")
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
