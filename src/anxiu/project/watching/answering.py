"""Middleware around everything: a request gets an id, is counted by its route, and leaves one line in the log."""

import logging
import re
import time
from collections.abc import Callable
from typing import Any, Final
from uuid import uuid4

from django.db import connection
from django.http import HttpRequest, HttpResponse

from anxiu.project.watching.lines import REQUEST_ID
from anxiu.project.watching.numbers import numbers

log = logging.getLogger("anxiu.request")
HEADER: Final = "X-Request-ID"
_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
QUIET: Final = frozenset({"healthz", "readyz", "metrics", "static"})  # asked every few seconds, or a dozen a page
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class _Count:
    """Statements of one request, as Django sends them."""

    def __init__(self) -> None:
        self.statements = 0

    def __call__(self, execute: Callable[..., Any], *given: Any) -> Any:
        self.statements += 1
        return execute(*given)


def watched(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: id, numbers, line. The path is in none of them: what customers' links open is in their paths."""

    def answer(request: HttpRequest) -> HttpResponse:
        request_id = _request_id(request)
        mark = REQUEST_ID.set(request_id)
        began, count = time.perf_counter(), _Count()
        try:
            with connection.execute_wrapper(count):
                response = get_response(request)
            seconds = time.perf_counter() - began
            response.headers[HEADER] = request_id
            _tell(request, response.status_code, seconds, count.statements)
            return response
        finally:
            REQUEST_ID.reset(mark)

    return answer


def _request_id(request: HttpRequest) -> str:
    """The id that whoever stands before us gave the request, if it is one; else a new one."""
    given = request.headers.get(HEADER, "")
    return given if _ID.fullmatch(given) else uuid4().hex


def route_of(request: HttpRequest) -> str:
    """The name of what answers these addresses; never the address."""
    match = request.resolver_match
    if match is None:
        return "static" if request.path_info.startswith("/static/") else "unknown"
    return match.view_name or "unnamed"


def _tell(request: HttpRequest, status: int, seconds: float, statements: int) -> None:
    route = route_of(request)
    method = request.method if request.method in METHODS else "OTHER"
    numbers().request(route, str(method), status, seconds, statements)
    fields = {
        "method": method, "route": route, "status": status, "ms": round(seconds * 1000, 1), "statements": statements,
        "person": getattr(getattr(request, "_cached_user", None), "pk", None),
    }  # fmt: skip
    level = logging.WARNING if status >= 500 else logging.DEBUG if route in QUIET else logging.INFO
    log.log(level, "request", extra={"fields": fields})
