"""Answers are about people: no browser and no proxy keeps one, unless the answer itself says that it may be kept."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

UNKEPT: Final = "private, no-store"


def unkept(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: say so of every answer that does not speak of it. After a log-out the back button shows nothing."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", UNKEPT)
        return response

    return answer
