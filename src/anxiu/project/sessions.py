"""Sessions in the database as Django keeps them, found by a statement that is put together once: every page asks."""

from datetime import datetime
from typing import Final

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from anxiu.kernel.prepared import Prepared


def _open(key: str, at: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=at)


_OPEN: Final = Prepared[Session](_open)


class SessionStore(db.SessionStore):
    """The data of one session."""

    def _get_session_from_db(self) -> Session | None:
        found = _OPEN.first(self.session_key, timezone.now()) if self.session_key else None
        if found is None:
            self._session_key = None
        return found
