"""Programs that call: a client a post, each with its own token."""

import json
from uuid import uuid4

import pytest
from django.test import Client

from anxiu.accounts.actions import issue_token
from anxiu.kernel.actor import SYSTEM, Actor
from anxiu.kernel.time import now
from tests.given.orders import a_company


class Caller:
    """Calls the API as somebody, with a fresh idempotency key for each write unless told otherwise."""

    def __init__(self, actor: Actor) -> None:
        _, self.secret = issue_token(actor=SYSTEM, at=now(), person_id=actor.person_id, label="test")
        self.client = Client(headers={"Authorization": f"Bearer {self.secret}", "Accept-Language": "en"})

    def get(self, path: str, **query: object):
        return self.client.get(f"/api/v1{path}", query)

    def post(self, path: str, body: dict | None = None, key: str = ""):
        headers = {"Idempotency-Key": key or uuid4().hex}
        return self.client.post(f"/api/v1{path}", json.dumps(body or {}), "application/json", headers=headers)

    def send(self, path: str, files: dict, key: str = ""):
        return self.client.post(f"/api/v1{path}", files, headers={"Idempotency-Key": key or uuid4().hex})


@pytest.fixture
def company(db):
    return a_company()


@pytest.fixture
def calling():
    return Caller
