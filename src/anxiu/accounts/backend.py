"""Who a session belongs to, found together with what every page asks about them."""

from allauth.account.auth_backends import AuthenticationBackend

from anxiu.accounts.models import Person
from anxiu.accounts.queries import asking


class Backend(AuthenticationBackend):  # type: ignore[misc]  # allauth ships no types
    """Logs in as allauth does."""

    def get_user(self, user_id: int) -> Person | None:
        """The person of a session; nobody once the account is closed."""
        return asking(user_id)
