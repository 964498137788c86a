"""A store of files that is away or full, said in a form that somebody has just filled in."""

import errno
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from anxiu.files.bucket import StoreAway
from anxiu.kernel.errors import Refusal

log = logging.getLogger("anxiu.files")
NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


class Away(Refusal):
    """The store does not answer."""

    status = 503


class Full(Refusal):
    """The store has no room left."""

    status = 507


OUTAGES: Final = (Away, Full)


@contextmanager
def said() -> Iterator[None]:
    """Turn such an outage into a refusal. Not for jobs: those wait and try again, which a refusal tells them not to."""
    try:
        yield
    except StoreAway as error:
        log.warning("the store of files is away", exc_info=error)
        raise Away("files.away") from error
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        log.warning("the store of files is full", exc_info=error)
        raise Full("files.full") from error
