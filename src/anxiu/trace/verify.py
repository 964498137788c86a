"""The chain in the database, checked by the very code that checks an export."""

from collections.abc import Callable, Mapping

from django.db import connection

from anxiu.trace import export
from anxiu.trace.heads import public_key
from anxiu.trace.standalone.verify_anxiu import Broken, Checker


def verify(
    *,
    key: bytes | None = None,
    witnessed: Mapping[int, bytes],
    after: int = 0,
    step: Callable[[int], None] | None = None,
) -> Checker:
    """Check every row, sealed text, signed and witnessed head; raises `Broken` at the first that does not hold.

    Rows are read in batches, so the chain may be longer than memory. `step` is told each position that holds.
    """
    checker = Checker(key=key or public_key(), witnessed=witnessed)
    checker.begin(after, export.before(after))
    for each in export.chain(after=after, texts=True):
        if "head" in each:
            checker.head(each["head"])
        else:
            checker.row(each)
            if step:
                step(checker.at)
    checker.end()
    _require_places()
    return checker


def _require_places() -> None:
    """An event that neither has a position nor waits for one lost it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select e.uid, e.kind from kernel_event e"
            " where not exists (select from kernel_position p where p.event_id = e.id)"
            " and not exists (select from kernel_pending w where w.event_id = e.id) order by e.id limit 1"
        )
        row = cursor.fetchone()
    if row:
        raise Broken("unplaced", uid=row[0], kind=row[1])
