"""An address that no browser makes is refused before any page looks at it."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

from anxiu.project.api_urls import PREFIXES


def legible(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: no column and no search takes the character NUL. The API says so itself, field by field."""

    def answer(request: HttpRequest) -> HttpResponse:
        address = request.path_info, request.META.get("QUERY_STRING", "")
        if any("\0" in each or "%00" in each for each in address) and not request.path_info.startswith(PREFIXES):
            raise BadRequest("an address holds no NUL")
        return get_response(request)

    return answer
