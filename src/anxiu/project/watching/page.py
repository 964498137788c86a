"""`/metrics`, for the program that watches this one: with the token from the settings, else from this machine only."""

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from anxiu.project.environment import env

HERE = ("127.0.0.1", "::1")
# Whoever stands before us says so in one of these; then "from this machine" says nothing.
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA")


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Every number, in Prometheus's text format. To others this page is not there."""
    if not may_read(request):
        return HttpResponseNotFound("not found\n", content_type="text/plain")
    from prometheus_client import CollectorRegistry, generate_latest
    from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

    from anxiu.project.watching.numbers import numbers
    from anxiu.project.watching.standing import Standing

    standing = CollectorRegistry()
    standing.register(Standing())
    text = generate_latest(numbers().readable()) + generate_latest(standing)
    return HttpResponse(text, content_type=CONTENT_TYPE_PLAIN_0_0_4)


def may_read(request: HttpRequest) -> bool:
    """Whether this request may see the numbers."""
    if token := env.metrics_token.get_secret_value():
        return constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {token}")
    return request.META.get("REMOTE_ADDR") in HERE and not any(name in request.META for name in FORWARDED)
