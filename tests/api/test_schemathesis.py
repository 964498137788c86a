"""Whatever is sent to the API, it answers as its description says: no server error, documented statuses and shapes."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.openapi import checks  # noqa: F401  registers the ones below
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)  # fmt: skip

from anxiu.accounts.actions import issue_token
from anxiu.api.urls import api
from anxiu.files.models import Attachment
from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.time import now
from anxiu.orders.actions import ask_question
from anxiu.orders.models import Order, Question
from anxiu.project.wsgi import application
from tests.given.assets import a_contract
from tests.given.orders import MONDAY, Walk, a_company, opened, react_all
from tests.given.undone import undone

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = 12
SCHEMA = schemathesis.openapi.from_dict(api.get_openapi_schema(path_prefix="/api/v1/"))
SCHEMA.app = application
OPERATIONS = {each.ok().label: each.ok() for each in SCHEMA.get_all_operations()}
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
    response_headers_conformance,
]  # fmt: skip


@dataclass
class Given:
    """Orders at several steps, tokens of two posts, and the names by which things can be called."""

    tokens: dict[str, str]
    orders: list[str]
    questions: list[str]
    called: dict[str, list[str]]
    names: dict[str, list[Any]] = field(default_factory=dict)


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """The server's handler would close the connection that holds the test's data."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def there(db) -> Given:
    company = a_company()
    steps = (None, "contacted", "booked", "accepted", "departed", "worked", "completed", "signed", "followed_up", "archived")
    orders = []
    for number, step in enumerate(steps):
        at = MONDAY.replace(day=11 + number)
        order = opened(company, at)
        orders.append(Walk(company, order, at).to(step) if step else order)
    react_all()
    ask_question(actor=company.agent, at=now(), order_uid=orders[0].uid, text="When?")
    tokens = {
        post: issue_token(actor=SYSTEM, at=now(), person_id=actor.person_id, label="schemathesis")[1]
        for post, actor in (
            ("agent", company.agent), ("dispatcher", company.dispatcher), ("engineer", company.hands),
            ("supervisor", company.supervisor),
        )
    }
    people = [str(each) for each in Order.objects.values_list("owner__uid", flat=True)]
    return Given(
        tokens, [str(each.uid) for each in orders], [str(each.uid) for each in Question.objects.all()],
        {
            "files": [str(each.uid) for each in Attachment.objects.all()], "people": people,
            "contracts": [str(a_contract(company.customer, *named).uid) for named in ((), (company.site, company.machine))],
            **{f"{name}s": [str(getattr(company, name).uid)] for name in ("customer", "site", "contact", "machine")},
        },
        {
            "machine": [str(company.machine.uid)], "customer": [str(company.customer.uid)], "engineer": [str(company.engineer.uid)],
            "contact": [str(company.contact.uid)], "serial": [company.machine.serial], "fault_class": [company.fault.code],
            "region": [company.region.code], "to": people,
            "sites": [[str(company.site.uid)], []], "machines": [[str(company.machine.uid)], []],
            "site": [str(company.site.uid)], "model": [str(company.machine.model.uid)],
        },
    )  # fmt: skip


def real(case: Any, there: Given, pick: Callable[[list[Any]], Any]) -> None:
    """Put names of things that are there where the strategy made some up."""
    kind = case.path.removeprefix("/api/v1").split("/")[1]
    for name, known in (("uid", there.called.get(kind, there.orders)), ("question", there.questions)):
        if name in (case.path_parameters or {}):
            case.path_parameters[name] = pick(known)
    if isinstance(case.body, dict):
        for name in case.body.keys() & there.names.keys():
            case.body[name] = pick(there.names[name])


def call(case: Any, token: str) -> None:
    case.headers = {**(case.headers or {}), "Authorization": f"Bearer {token}"}
    response = case.call()
    case.validate_response(response, checks=CHECKS)


@pytest.mark.requirement("PF-02")
@pytest.mark.parametrize("post", ["dispatcher", "engineer"])
def test_the_api_answers_as_its_description_says(there, post, subtests):
    """One test for all operations: making the orders anew for each would take longer than asking."""
    for label, operation in sorted(OPERATIONS.items()):
        with subtests.test(label):
            ask(operation, there, post)


@pytest.mark.requirement("PF-02", "FIN-04")
def test_contracts_are_answered_as_described_to_who_may_change_them(there, subtests):
    asked = [label for label in OPERATIONS if "/contracts" in label or label.endswith("/entitlement")]
    assert len(asked) == 8
    for label in sorted(asked):
        with subtests.test(label):
            ask(OPERATIONS[label], there, "supervisor", examples=60)


def ask(operation: Any, there: Given, post: str, *, examples: int = EXAMPLES) -> None:
    """Put some questions to an operation, half of them about things that are there."""

    @settings(
        max_examples=examples, deadline=None, database=None, phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(), is_real=st.sampled_from([True, True, False]), dice=st.randoms(use_true_random=True))
    def answered(case: Any, is_real: bool, dice: Any) -> None:
        if is_real:
            real(case, there, dice.choice)
        with undone():
            call(case, there.tokens[post])

    answered()


def test_a_real_call_is_answered(there):
    """So that the above is not all refusals."""
    case = OPERATIONS["GET /api/v1/orders/{uid}"].Case(path_parameters={"uid": there.orders[0]})
    case.headers = {"Authorization": f"Bearer {there.tokens['agent']}"}
    response = case.call()
    assert response.status_code == 200
    assert json.loads(response.content)["uid"] == there.orders[0]


def test_every_operation_is_called_as_its_verb():
    ids = [operation.definition.raw["operationId"] for operation in OPERATIONS.values()]
    assert len(ids) == len(set(ids))
    acts = {label.rpartition("/")[2]: operation for label, operation in OPERATIONS.items() if "/actions/" in label}
    assert all(name == operation.definition.raw["operationId"] for name, operation in acts.items())
