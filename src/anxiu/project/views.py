"""What a load balancer asks, and the pages for requests that went wrong."""

import logging
import sys
from collections.abc import Iterator

import psycopg
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from anxiu.files.bucket import StoreAway
from anxiu.files.outage import NO_ROOM
from anxiu.project import health

log = logging.getLogger(__name__)


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that the process answers; nothing else is asked."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Whether work can be done here: database, its tables, and a worker that lives. 503 when something is missing."""
    checks = {"database": False, "migrations": False, "worker": False}
    try:
        checks["database"] = health.database_answers()
        checks["migrations"] = health.is_migrated()
        checks["worker"] = checks["migrations"] and health.has_worker()
    except DatabaseError:
        log.warning("readyz: the database does not answer", exc_info=True)
    return JsonResponse(checks, status=200 if all(checks.values()) else 503)


# Customers come by these addresses; their error pages have the look of the pages they were on.
CUSTOMER_PAGES = ("/p/", "/r/")


def _look(request: HttpRequest, page: str) -> str:
    """The template of an error page."""
    return f"portal/errors/{page}" if request.path.startswith(CUSTOMER_PAGES) else f"errors/{page}"


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was open too long, or cookies that are blocked: say so instead of a bare refusal."""
    return render(request, _look(request, "403.html"), {"expired": True}, status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The request could not be understood."""
    return render(request, _look(request, "400.html"), status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The person may not do this."""
    return render(request, _look(request, "403.html"), status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No such page, or one the person may not know of."""
    return render(request, _look(request, "404.html"), status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """A fault of ours: the page is made without the request, for its session or user may be what failed.

    A database or an object store that is away answers 503, a disk that is full 507: who asks knows that the same
    request may be sent again, and a load balancer that another machine may do better.
    """
    status = status_of(sys.exc_info()[1])
    if request.path.startswith(API):
        body = {"type": "about:blank", "title": TITLES[status], "status": status, "code": CODES[status],
                "detail": TITLES[status], "errors": []}  # fmt: skip
        answer: HttpResponse = JsonResponse(body, status=status, content_type="application/problem+json")
    else:
        answer = HttpResponse(render_to_string(_look(request, "500.html")), status=status)
    if status != FAULT:
        answer["Retry-After"] = AGAIN_SECONDS
    return answer


API = "/api/"
FAULT, AWAY, FULL = 500, 503, 507
AGAIN_SECONDS = "5"
TITLES = {FAULT: "Server error", AWAY: "The database or the store of files does not answer", FULL: "No room is left"}
CODES = {FAULT: "api.fault", AWAY: "api.away", FULL: "api.full"}
# SQLSTATE: connection exceptions, and a server that is told to stop, has crashed or is starting.
LOST = ("08", "57P")


def status_of(error: BaseException | None) -> int:
    """What to answer for an error that nobody expected."""
    for each in _causes(error):
        if isinstance(each, psycopg.InterfaceError):
            return AWAY
        if isinstance(each, psycopg.OperationalError) and (each.sqlstate or "08").startswith(LOST):
            return AWAY
        if isinstance(each, StoreAway):
            return AWAY
        if isinstance(each, OSError) and each.errno in NO_ROOM:
            return FULL
    return FAULT


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__
