"""A key that may only read can carry out no verb, whatever its owner may: over every operation that writes."""

from collections.abc import Iterator
from typing import Any

import pytest

from anxiu.accounts.actions import issue_token
from anxiu.accounts.choices import Bundle
from anxiu.api.urls import api
from anxiu.kernel.action import VIEWS
from anxiu.kernel.actor import SYSTEM
from tests.walk.api_assets import OPERATIONS
from tests.walk.looking import state
from tests.walk.test_api import LISTS, VERBS, WRITES, Program
from tests.walk.test_api_assets import call
from tests.walk.test_api_staff import BASE, MAKING, address
from tests.walk.test_api_staff import LISTS as STAFF_LISTS
from tests.walk.test_api_staff import VERBS as STAFF
from tests.walk.world import ALL, NOW, World


def program(world: World, *bundles: Bundle) -> Program:
    owner = world.there.people[ALL]
    return Program(issue_token(actor=SYSTEM, at=NOW, person_id=owner.pk, label="walk", bundles=bundles)[1])


def writes(world: World, who: Program) -> Iterator[tuple[str, Any]]:
    """Every operation that writes, on a thing of the owner's own region, with what it takes."""
    half = world.there
    for name in VERBS:
        yield name, who.act(name, half.open.uid, half)
    for operation in OPERATIONS:
        if operation.writes:
            yield operation.name, call(who, operation, half)
    for name, (template, body) in STAFF.items():
        verb = name.partition(".")[2]
        yield verb, who.write(address(f"{template}/actions/{verb}", half), body)
    for name, (path, body) in MAKING.items():
        yield name.partition(".")[2], who.write(BASE + path, body)
    report = {"words": "x", "machine": str(half.company.machine.uid), "contact": str(half.company.contact.uid)}
    named = {"uid": half.open.uid, "question": half.question.uid}
    for name, url in WRITES.items():
        yield name, who.write(url.format(**named), report if name == "open_order" else {"text": "x"})


@pytest.mark.requirement("PF-02", "PF-04")
def test_a_key_to_read_carries_out_no_verb(world):
    reader = program(world, Bundle.READ)
    before = state()
    done = set()
    for name, answer in writes(world, reader):
        assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json"), (name, answer.content)
        assert answer.json()["code"] == "kernel.not_allowed", name
        done.add(name)
    assert state() == before
    described = api.get_openapi_schema()["paths"]
    assert done == {
        each["operationId"] for methods in described.values() for method, each in methods.items() if method != "get"
    }


@pytest.mark.requirement("PF-02", "PF-04")
def test_a_key_to_read_reads_what_its_owner_reads(world):
    reader, owner = program(world, Bundle.READ), program(world, Bundle.EVERYTHING)
    staff = {name: BASE + path for name, (path, _) in STAFF_LISTS.items() if name != "list_clocks_set_aside"}
    for path in (*LISTS.values(), *staff.values()):  # clocks set aside are for those who may start them again
        assert reader.read(path).status_code == 200, path
        assert reader.read(path).content == owner.read(path).content, path
    assert set(reader.read("/api/v1/me").json()["permissions"]) == VIEWS.keys()


@pytest.mark.requirement("PF-02", "PF-04")
def test_a_key_for_orders_does_nothing_else(world):
    clerk = program(world, Bundle.ORDERS)
    half = world.there
    assert clerk.act("ask_question", half.open.uid, half).status_code == 200
    allowed = {name for name, answer in writes(world, clerk) if answer.status_code != 403}
    others = {each.name for each in OPERATIONS if each.writes}
    assert "change_severity" in allowed
    assert not allowed & others
    assert not allowed & {"issue_token", "add_target", "change_post", "set_figure", "add_engineer"}
