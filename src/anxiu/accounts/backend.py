"""Who a session belongs to, found together with what every page asks about them."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.http import HttpRequest

from anxiu.accounts.models import Person
from anxiu.accounts.queries import asking


class Backend(AuthenticationBackend):  # type: ignore[misc]  # allauth ships no types
    """Logs in as allauth does."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> Person | None:
        """Who a password belongs to; nobody who comes by the company's login service only."""
        person: Person | None = super().authenticate(request, **credentials)
        sso = settings.SSO
        if person and sso.issuer and sso.only and person.email.rpartition("@")[-1] in sso.domains:
            return None
        return person

    def get_user(self, user_id: int) -> Person | None:
        """The person of a session; nobody once the account is closed."""
        return asking(user_id)
