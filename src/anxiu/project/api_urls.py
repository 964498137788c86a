"""The addresses of a request to the API: its own, and those of pages, which its answers link to.

They stand apart because Django loads all addresses to find one: a page would wait for the API, a fifth of the program.
"""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path

from anxiu.project import urls

PREFIXES: Final = ("/api/", "/oauth/", "/.well-known/oauth-")
API: Final = "anxiu.api.urls"
urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", (API, "ninja", "api-v1")), path("", ("anxiu.api.oauth", "oauth", "oauth")), *urls.urlpatterns
]  # fmt: skip
handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500


def addressed(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: look up a request to the API among these addresses."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(PREFIXES):
            request.urlconf = __name__
        return get_response(request)

    return answer
