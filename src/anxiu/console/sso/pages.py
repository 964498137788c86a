"""Logging in by the company's login service: there, and back with its answer."""

import logging
import secrets
from datetime import timedelta
from time import time
from typing import Final

from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET

from anxiu.accounts.actions import recognise
from anxiu.console.sso import provider
from anxiu.console.sso.provider import Asked, Untrusted
from anxiu.kernel.limits import Limit, spend
from anxiu.kernel.time import now

log = logging.getLogger(__name__)
SESSION: Final = "sso"
LASTS: Final = 600.0
MANY: Final = Limit("sso", 60, timedelta(minutes=1))
BACKEND: Final = "anxiu.accounts.backend.Backend"


def _back() -> str:
    """Where the service sends people back to: one address, from the settings, never from the request."""
    return f"{settings.ENV.public_url.rstrip('/')}{reverse('sso_callback')}"


def _refused(request: HttpRequest, why: str) -> HttpResponse:
    log.warning("sso: %s", why)
    return render(request, "account/sso_refused.html", status=403)


def _limited(request: HttpRequest) -> bool:
    return not spend(MANY, str(request.META.get("REMOTE_ADDR", "")), now())


@require_GET
def sso_login(request: HttpRequest) -> HttpResponseBase:
    """Send the browser to the login service, with what proves later that the answer is to this."""
    if not settings.SSO.issuer:
        raise Http404
    if _limited(request):
        return render(request, "429.html", status=429)
    after = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(after, allowed_hosts=None) or not after.startswith("/"):
        after = "/"
    try:
        asked, url = provider.begun(after, _back())
    except Untrusted as error:
        return _refused(request, str(error))
    request.session[SESSION] = provider.kept(asked, time())
    return redirect(url)


@require_GET
def sso_callback(request: HttpRequest) -> HttpResponseBase:
    """Let in whom the service's answer proves, as the person they are linked to."""
    sso = settings.SSO
    if not sso.issuer:
        raise Http404
    if _limited(request):
        return render(request, "429.html", status=429)
    remembered = request.session.pop(SESSION, None)
    asked = Asked(**remembered) if remembered else None
    if asked is None or not secrets.compare_digest(request.GET.get("state", "").encode(), asked.state.encode()):
        return _refused(request, "not an answer to this browser's login")
    if time() - asked.at > LASTS:
        return _refused(request, "answered too late")
    if request.GET.get("iss", sso.issuer) != sso.issuer:  # RFC 9207: another service's answer
        return _refused(request, "answered by another issuer")
    if "code" not in request.GET:
        return _refused(request, "refused there")
    try:
        claimed = provider.claimed(request.GET["code"], asked, _back())
    except Untrusted as error:
        return _refused(request, str(error))
    person = recognise(claimed, sso.domains, now())
    if person is None:
        return _refused(request, "nobody here")
    if not sso.mfa:
        answer: HttpResponseBase = perform_login(
            request, person, email_verification="none", redirect_url=asked.next
        )
        return answer
    login(request, person, backend=BACKEND)
    request.session["second_step"] = True
    return redirect(asked.next)
