"""What an administrator has put off: how one's own pages look, so a cookie keeps it, as language and theme."""

from typing import Final

from django.http import HttpRequest, HttpResponse

from anxiu.accounts.queries import SET_UP
from anxiu.kernel.actor import Actor

COOKIE: Final = "anxiu_setup"
ALL: Final = "all"
LASTS: Final = 365 * 24 * 3600  # source: own choice; as long as the theme is remembered


def put_off_by(request: HttpRequest) -> frozenset[str]:
    """The steps that this browser put off; `all` stands for the guide as a whole."""
    return frozenset(request.COOKIES.get(COOKIE, "").split(".")) - {""}


def remember(response: HttpResponse, steps: frozenset[str]) -> None:
    """Keep what was put off."""
    response.set_cookie(COOKIE, ".".join(sorted(steps)), max_age=LASTS, samesite="Lax", httponly=True)


def is_due(request: HttpRequest, actor: Actor) -> bool:
    """Whether the guide comes first for an administrator: no order was ever taken, and it was not put aside."""
    works = getattr(request.user, "works_already", True)
    return not works and actor.may(SET_UP) and ALL not in put_off_by(request)
