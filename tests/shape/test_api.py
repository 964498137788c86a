"""Whatever can be done can be done by a program: each verb that a post holds has an operation of its name."""

from anxiu.api.urls import api
from anxiu.kernel.action import VERBS

# Verbs of these apps have their operations elsewhere in the making; a name goes when its app is whole.
NOT_WHOLE = {"duties", "feedback", "notify", "regulation", "sla", "workforce"}
EXCEPT: dict[str, str] = {}
# Lists that are answered whole, and why.
SHORT = {"list_presets": "the few the program comes with", "list_failed_projectors": "at most as many as there are",
         "list_event_kinds": "as many as the program has", "list_channels": "as many as the program has"}  # fmt: skip


def _operations() -> set[str]:
    paths = api.get_openapi_schema()["paths"]
    return {operation["operationId"] for methods in paths.values() for operation in methods.values()}


def _verbs() -> dict[str, str]:
    return {
        name: name.partition(".")[2]
        for name, verb in VERBS.items()
        if verb.function.__module__.startswith("anxiu.") and verb.posts and name.partition(".")[0] not in NOT_WHOLE
    }


def test_every_verb_that_a_post_holds_has_an_operation() -> None:
    known = _operations()
    assert sorted(name for name, verb in _verbs().items() if verb not in known and name not in EXCEPT) == []
    assert sorted(name for name in EXCEPT if name.partition(".")[2] in known) == []


def test_no_two_verbs_share_a_name() -> None:
    names = list(_verbs().values())
    assert len(names) == len(set(names))


def test_every_write_has_its_key_and_every_list_its_pages() -> None:
    """A list is known by its name; what only tries something keeps nothing and needs no key."""
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method, operation in methods.items():
            name = operation["operationId"]
            taken = {each["name"] for each in operation.get("parameters", ())}
            if method != "get" and name != "dry_run":
                assert "Idempotency-Key" in taken, path
            if name.startswith("list_") and name not in SHORT:
                assert {"after", "limit"} <= taken, path
