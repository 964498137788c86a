"""Every public action is a verb as the architecture says, and only actions and the kernel write."""

import ast
import importlib
import inspect
import textwrap

import pytest

from anxiu.kernel.action import VERBS, VIEWS
from tests.shape.source import Module, called, calls, modules

OURS = {name: verb for name, verb in VERBS.items() if verb.function.__module__.startswith("anxiu.")}


def test_there_are_verbs() -> None:
    assert len(OURS) > 60


@pytest.mark.parametrize("name", sorted(OURS))
def test_a_verb_is_keyword_only_atomic_permitted_and_says_what_it_records_and_refuses(name: str) -> None:
    verb = OURS[name]
    function = verb.function.__wrapped__  # type: ignore[attr-defined]
    parameters = inspect.signature(function).parameters
    assert all(each.kind is each.KEYWORD_ONLY for each in parameters.values())
    assert list(parameters)[:2] == ["actor", "at"]
    assert function.__module__.split(".")[2] == "actions"
    assert name == f"{function.__module__.split('.')[1]}.{function.__name__}"
    said = inspect.getdoc(function) or ""
    first = said.partition("\n")[0]
    assert first.endswith(".")
    assert first[0].isupper()
    assert "Records:" in said or "Refuses:" in said
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    if any(called(each) in {"record", "record_many", "tell"} for each in calls(tree)):
        assert "Records:" in said
    hints = inspect.get_annotations(function)
    assert set(parameters) | {"return"} == hints.keys()


def test_every_verb_and_view_has_posts_that_exist() -> None:
    from anxiu.accounts.choices import PostCode

    posts = {each.value for each in PostCode}
    holders = {name: verb.posts for name, verb in OURS.items()} | VIEWS
    assert {name: held for name, held in holders.items() if not held <= posts} == {}
    # A verb that only the system or a customer's link may do says so by having no posts.
    assert sorted(name for name, held in holders.items() if not held) == NOBODYS


NOBODYS = [
    "files.erase_expired", "mail.take_in", "orders.answer_consent", "orders.chase_reply", "uptake.keep_readings", "uptake.keep_review",
    "workforce.remind_of_expiry",
]  # fmt: skip

# ---- only actions and the kernel write -------------------------------------------------------------------------------
ALWAYS = {"save", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "abulk_create", "asave"}
ON_ROWS = {"create", "update", "delete"}
PARTS_THAT_WRITE = {"actions"}
APPS_THAT_WRITE = {"kernel", "demo"}
# Where something else than an action changes rows, and why.
MAY_WRITE = {
    "equipment/subscribers.py": "a projector: folds events into rows it alone keeps",
    "contracts/subscribers.py": "a projector: keeps the region of contracts that of their customer",
    "kpi/subscribers.py": "a projector: folds events into facts it alone keeps",
    "orders/apps.py": "tells many orders their next deadline, inside the tick, which is the verb",
    "trace/heads.py": "appends the day's signed head; nobody's verb",
    "trace/roots.py": "appends the signed root over a head's rows; nobody's verb",
}


def _writes(module: Module) -> list[str]:
    found = []
    for call in calls(module.tree):
        name = called(call)
        receiver = ast.unparse(call.func.value) if isinstance(call.func, ast.Attribute) else ""
        is_rows = any(each in receiver for each in (".objects", ".filter(", ".exclude(", "rows", "queryset"))
        is_picture = name == "save" and call.args  # `image.save(out, …)`: rows are saved by keyword
        if (name in ALWAYS and receiver and not is_picture) or (name in ON_ROWS and is_rows):
            found.append(f"{call.lineno}: {module.line(call.lineno).strip()}")
        if name == "execute" and call.args and isinstance(call.args[0], ast.Constant):
            words = str(call.args[0].value).lower().split()
            if words and words[0] in {"insert", "update", "delete", "truncate"}:
                found.append(f"{call.lineno}: {module.line(call.lineno).strip()}")
    return found


def test_only_actions_and_the_kernel_write() -> None:
    writers = {
        module.path: _writes(module)
        for module in modules()
        if module.app not in APPS_THAT_WRITE and module.part not in PARTS_THAT_WRITE
    }
    assert {path: found for path, found in writers.items() if found and path not in MAY_WRITE} == {}
    assert set(MAY_WRITE) <= {path for path, found in writers.items() if found}


SURFACES = {"console", "api", "portal", "project"}
# What surfaces take from actions beside verbs: no change, or the change of nobody's row.
BESIDE_VERBS: dict[str, str] = {
    "api/auth.py: accounts.note_use": "the trace of a call, as an access row is",
    "console/tasks.py: trace.make": "the job of a file that a verb asked for: only pages know how a list looks",
    "api/oauth.py: accounts.give_access_back": "a client ends its own access; it is nobody's post to",
    "api/oauth.py: accounts.grant_access": "a client comes in, as somebody who logs in does",
    "console/sso/pages.py: accounts.recognise": "somebody comes in by the login service, before they are anybody here",
}


def test_surfaces_change_by_verbs_only() -> None:
    """From an `actions` module a surface takes verbs and the shapes they are given, never a part of a change."""
    verbs = {(verb.function.__module__.split(".")[1], verb.function.__name__) for verb in OURS.values()}
    taken = set()
    for module in modules():
        if module.app not in SURFACES or module.part in PARTS_THAT_WRITE:
            continue
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.ImportFrom) or not node.module or ".actions" not in f".{node.module}":
                continue
            app = node.module.split(".")[1]
            for each in node.names:
                made = getattr(importlib.import_module(node.module), each.name)
                if inspect.isfunction(made) and (app, each.name) not in verbs and app != module.app:
                    taken.add(f"{module.path}: {app}.{each.name}")
    assert sorted(taken - set(BESIDE_VERBS)) == []
    assert sorted(set(BESIDE_VERBS) - taken) == []
