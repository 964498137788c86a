"""What the operations of the apps below orders share: one verb done once, and the kinds of text they take."""

from collections.abc import Callable
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Query
from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from anxiu.api.asking import page_of, perform, storable
from anxiu.api.auth import actor_of
from anxiu.api.problems import Problem
from anxiu.kernel.action import VERBS
from anxiu.kernel.actor import Actor
from anxiu.kernel.time import now

REFUSED = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
UNREAD = {401: Problem, 403: Problem, 404: Problem, 422: Problem}


def _address(text: str) -> str:
    """An email address or nothing."""
    if text:
        try:
            validate_email(text)
        except ValidationError as error:
            raise ValueError("not an email address") from error
    return text


Text = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(storable)]
Closed = Annotated[bool, Query(description="Those that were closed in place of those in use.")]
IN_USE = False
# A code that stands in an address; and one that may be left out.
Slug = Annotated[str, StringConstraints(min_length=1, max_length=32, pattern=r"^[-a-zA-Z0-9_]+$")]
SlugOrNone = Annotated[str, StringConstraints(max_length=32, pattern=r"^[-a-zA-Z0-9_]*$")]
MaybeEmail = Annotated[
    str, StringConstraints(max_length=254, strip_whitespace=True), AfterValidator(storable), AfterValidator(_address)
]
Email = Annotated[MaybeEmail, StringConstraints(min_length=3)]


def _without_defaults(schema: dict[str, Any]) -> None:
    """Nothing stands for a field that is left out of a change: it stays."""
    for each in schema.get("properties", {}).values():
        each.pop("default", None)


class Changes(BaseModel):
    """What changes of a thing; what is left out stays, and a field that cannot be changed is refused."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=_without_defaults)

    def given(self, *besides: str) -> dict[str, Any]:
        """The fields that were sent."""
        return self.model_dump(exclude_unset=True, exclude=set(besides))


def act(
    request: HttpRequest, key: str, verb: str, work: Callable[[Actor], BaseModel], *, status: int = 200
) -> HttpResponse:
    """Carry out a verb once. Who may not do it learns nothing, not even whether what they named is there."""
    actor = actor_of(request)
    actor.require(verb)
    return perform(request, key, status, lambda: work(actor))


def do(
    request: HttpRequest, key: str, verb: str, given: Callable[[Actor], dict[str, Any]],
    answer: Callable[[Any], BaseModel], *, status: int = 200,
) -> HttpResponse:  # fmt: skip
    """Carry out the verb of this name once, now, with what `given` makes of the request."""

    def work(actor: Actor) -> BaseModel:
        return answer(VERBS[verb].function(actor=actor, at=now(), **given(actor)))

    return act(request, key, verb, work, status=status)


def paged(rows: QuerySet[Any], after: str, limit: int, shown: Callable[[Any], Any]) -> dict[str, Any]:
    """One page of rows as they are shown, and the cursor of the next."""
    found, following = page_of(rows, after, limit)
    return {"items": [shown(each) for each in found], "next": following}
