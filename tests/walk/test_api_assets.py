"""Every operation about accounts, customers, the catalogue, machines, contracts and files, called by who must not see it."""

from collections.abc import Mapping
from typing import Any

import pytest

from anxiu.accounts.choices import PostCode
from tests.walk.api_assets import NAMED, NOBODY, OPERATIONS, OWN, Operation
from tests.walk.looking import state, text_of, told
from tests.walk.test_api import OUTSIDERS, Program, person, programs  # noqa: F401  a fixture of both
from tests.walk.test_console import may
from tests.walk.world import ALL, Half, World

PROBLEM = "application/problem+json"


def call(program: Program, operation: Operation, half: Half, url: str = "") -> Any:
    url = url or operation.url(half)
    if operation.files:
        return program.send(url, operation.files(half))
    return program.write(url, operation.body(half)) if operation.body else program.read(url)


def typed(operation: Operation, half: Half) -> list[str]:
    """The very words that a refusal may repeat."""
    given: Mapping[str, Any] = operation.body(half) if operation.body else {}
    return [str(each) for each in given.values()]


@pytest.fixture(scope="module")
def before(world: World, programs: Mapping[str, Program]) -> dict[str, str]:  # noqa: F811
    return state()


def named(which: str) -> list[Any]:
    kinds = {"lists": lambda each: each.lists, "company": lambda each: each.company,
             "hidden": lambda each: not each.lists and not each.company}  # fmt: skip
    return [pytest.param(each, id=each.name) for each in OPERATIONS if kinds[which](each)]


@pytest.mark.requirement("PF-04", "PF-08")
@pytest.mark.parametrize("operation", named("hidden"))
def test_nothing_reaches_another_region(operation, world, programs, before):  # noqa: F811
    there = world.there
    for who in OUTSIDERS:
        held = not operation.needs or may(person(world, who), operation.needs)
        answer = call(programs[who], operation, there)
        status = (422 if operation.name in NAMED else 404) if held else 403
        assert (answer.status_code, answer["Content-Type"]) == (status, PROBLEM), (who, answer.content)
        assert not told(text_of(answer), there, *typed(operation, there))
    assert state() == before


@pytest.mark.requirement("PF-04", "PF-08")
@pytest.mark.parametrize("operation", named("lists"))
def test_lists_hold_nothing_of_another_region(operation, world, programs):  # noqa: F811
    there = world.there
    for who in OUTSIDERS:
        for query in ("", f"?q={there.mark}", f"?region={there.region.code}", f"?customer={there.company.customer.uid}", "?limit=1"):
            answer = programs[who].read(operation.url(there) + query)
            held = not operation.needs or may(person(world, who), operation.needs)
            assert answer.status_code == (200 if held else 403), (who, query, answer.content)
            if operation.name in ("get_me", "list_people") and who in ("stranger", "nobody"):
                continue  # themselves
            assert not told(text_of(answer), there, lives_there=who in ("stranger", "nobody"))
    maker = "supervisor" if operation.name == "list_imports" else ALL
    own = programs[f"there {maker}"].read(operation.url(there))
    assert told(text_of(own), there)


@pytest.mark.requirement("PF-04")
@pytest.mark.parametrize("operation", named("company"))
def test_what_is_the_companys_is_done_by_who_holds_the_permission(operation, world, programs, before):  # noqa: F811
    """What is asked for would be refused at its last check, so that who gets there changed nothing."""
    for who in (*OUTSIDERS, *(f"there {post}" for post in PostCode)):
        if operation.name in OWN and may(person(world, who), operation.needs):
            continue
        answer = call(programs[who], operation, world.there)
        needed = filter(None, (operation.needs, operation.also))
        if all(may(person(world, who), each) for each in needed):
            assert answer.status_code in ((409, 404, 422) if operation.writes else (200,)), (who, answer.content)
        else:
            assert answer.status_code == 403, who
    assert state() == before


@pytest.mark.requirement("PF-04")
def test_what_is_hidden_answers_as_what_never_was(world, programs):  # noqa: F811
    there, program = world.there, programs[f"here {ALL}"]
    uids = {str(each.uid) for each in (there.company.customer, there.company.site, there.company.contact,
            there.company.machine, there.people["agent"], there.things["batch"], there.things["photo"],
            there.things["contract"])}  # fmt: skip
    seen = 0
    for operation in OPERATIONS:
        url = operation.url(there)
        for uid in uids:
            if not operation.company and f"/{uid}" in url:
                seen += 1
                hidden, never = (call(program, operation, there, each) for each in (url, url.replace(uid, NOBODY)))
                assert (hidden.status_code, hidden.content) == (never.status_code, never.content), operation.name
    assert seen > 20


@pytest.mark.requirement("PF-04")
def test_without_a_token_nothing_is_answered(world, before):
    program = Program("anxiu_wrong")
    for operation in OPERATIONS:
        answer = call(program, operation, world.there)
        assert (answer.status_code, answer["Content-Type"]) == (401, PROBLEM), operation.name
    assert state() == before
