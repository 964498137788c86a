"""Somebody at the console."""

from collections.abc import Callable

import pytest
from django.test import Client

from anxiu.accounts.models import Person


@pytest.fixture
def login() -> Callable[..., Client]:
    """A browser in which this person is logged in, in this language."""

    def log_in(person: Person, language: str = "en") -> Client:
        client = Client(headers={"accept-language": language})
        client.force_login(person, backend="anxiu.accounts.backend.Backend")
        return client

    return log_in
