"""How long a login lasts, and what it must have: an end for who is idle, an end for everybody, a second step if asked.

When somebody logs in is noted in their session (`accounts/apps.py`); when they were last seen, only once in a while:
pages write nothing.
"""

from collections.abc import Callable
from typing import Final

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from anxiu.accounts.models import Person
from anxiu.accounts.queries import held_by
from anxiu.kernel.time import now

PARTS: Final = 12  # of the idle time: so much sooner than it says a login may end
WITHOUT: Final = ("/api/", "/oauth/", "/.well-known/", "/p/", "/r/", "/healthz", "/readyz", "/metrics", "/static/")
# All that somebody may do who has yet to set up a second step.
SETTING_UP: Final = {
    "mfa_activate_totp", "account_reauthenticate", "mfa_reauthenticate", "account_logout", "set_language",
}  # fmt: skip


def is_over(request: HttpRequest) -> bool:
    """Whether a login has ended by itself; keeps that somebody was seen."""
    at, session = now().timestamp(), request.session
    if "began" not in session:  # from before logins had an end
        session["began"] = session["seen"] = at
    if at - session["began"] >= settings.SESSION_COOKIE_AGE or at - session["seen"] >= settings.SESSION_IDLE:
        return True
    if at - session["seen"] >= settings.SESSION_IDLE / PARTS:
        session["seen"] = at
    return False


def owes_second_step(request: HttpRequest, person: Person) -> bool:
    """Whether one of somebody's posts asks for two steps and they have only one."""
    asked: frozenset[str] = settings.MFA_POSTS
    if not asked or not asked & {each["code"] for each in held_by(person)} or request.session.get("second_step"):
        return False
    has = getattr(person, "has_second_step", None)
    return not (is_mfa_enabled(person) if has is None else has)


class Staying:
    """Middleware: ends logins that are over, and lets nobody pass who owes a second step."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look at who comes with a login, before any page does."""
        if self._comes_with_login(request) and is_over(request):
            logout(request)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, given: object) -> HttpResponseBase | None:
        """Every page but those on which it is set up leads there."""
        match = request.resolver_match
        if not self._comes_with_login(request) or (match and match.view_name in SETTING_UP):
            return None
        if not owes_second_step(request, request.user):  # type: ignore[arg-type]
            return None
        place = reverse("mfa_activate_totp")
        if "HX-Request" in request.headers:
            return HttpResponse(status=204, headers={"HX-Redirect": place})
        return redirect(place)

    @staticmethod
    def _comes_with_login(request: HttpRequest) -> bool:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or request.path_info.startswith(WITHOUT):
            return False
        return bool(request.user.is_authenticated)
