"""Who calls: a bearer token that acts as a person."""

from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation
from ninja.errors import Throttled
from ninja.security import HttpBearer

from anxiu.accounts.actions import note_use
from anxiu.accounts.queries import actor_by_token
from anxiu.kernel.actor import Actor
from anxiu.kernel.limits import Limit, Spans
from anxiu.kernel.time import now

_SPANS: Final = Spans()
MINUTE: Final = timedelta(minutes=1)


class Token(HttpBearer):
    """`Authorization: Bearer anxiu_…`, as issued under Accounts. A key may do what its bundles hold, no more."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """The actor behind the token, or nothing; one statement, and one more every few minutes."""
        at = now()
        if "\x00" in token or not (found := actor_by_token(token, at)):
            return None
        if (most := settings.API_RATE) and not _SPANS.spend(limit := Limit("api", most, MINUTE), found.actor.key, at):
            raise Throttled(limit.wait(at))
        note_use(found.token_id, found.used_at, at)
        if "Accept-Language" not in request.headers:
            translation.activate(found.person.language)
        return found.actor


def actor_of(request: HttpRequest) -> Actor:
    """The actor that `Token` found."""
    actor = request.auth  # type: ignore[attr-defined]  # set by ninja
    assert isinstance(actor, Actor)
    return actor
