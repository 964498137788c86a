"""Who calls: a bearer token that acts as a person."""

from typing import Any

from django.http import HttpRequest
from django.utils import translation
from ninja.security import HttpBearer

from anxiu.accounts.queries import actor_by_token
from anxiu.kernel.actor import Actor
from anxiu.kernel.time import now


class Token(HttpBearer):
    """`Authorization: Bearer anxiu_…`, as issued under Accounts."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """The actor behind the token, or nothing; one statement."""
        if "\x00" in token or not (found := actor_by_token(token, now())):
            return None
        actor, person = found
        if "Accept-Language" not in request.headers:
            translation.activate(person.language)
        return actor


def actor_of(request: HttpRequest) -> Actor:
    """The actor that `Token` found."""
    actor = request.auth  # type: ignore[attr-defined]  # set by ninja
    assert isinstance(actor, Actor)
    return actor
