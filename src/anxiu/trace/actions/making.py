"""Making a file that somebody asked for: beside the worker, then kept; given up where it was cancelled meanwhile."""

from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from tempfile import TemporaryFile
from typing import IO, Final

from django.db import transaction
from django.db.models import Q

from anxiu.accounts.models import Person
from anxiu.accounts.queries import actor_of
from anxiu.files.storage import write
from anxiu.kernel.actor import SYSTEM, Actor
from anxiu.kernel.errors import Invalid, NotAllowed, Refusal
from anxiu.kernel.time import now
from anxiu.trace.actions.asking import end
from anxiu.trace.choices import RUNNING, ExportKind, ExportState
from anxiu.trace.models import Export

KEPT: Final = timedelta(days=7)  # source: own choice; long enough to fetch a file, short for copies of personal data
PIECE: Final = 1 << 20  # source: own choice; a megabyte at a time
VERBS: Final = {ExportKind.EVIDENCE: "trace.export_evidence", ExportKind.LIST: "trace.export_lists"}
Tell = Callable[[int, int | None], None]
Work = Callable[[Export, Actor, IO[bytes], Tell], None]


class Cancelled(Exception):
    """Whoever asked for the file does not want it any more."""


def _behind(row: Export) -> Actor:
    """Who asked for the file, with the rights they have now."""
    verb = VERBS[ExportKind(row.kind)]
    if row.person_id is None:
        return SYSTEM
    person = Person.objects.filter(pk=row.person_id, is_active=True).first()
    if person is None:
        raise NotAllowed("kernel.not_allowed", permission=verb)
    actor = actor_of(person)
    actor.require(verb)
    return actor


def make(export_id: int, work: Work) -> None:
    """Make a file and keep it for some days. A job may come twice: whoever goes on begins anew, one alone keeps it."""
    row = Export.objects.select_related("person", "order").filter(pk=export_id, state__in=sorted(RUNNING)).first()
    if row is None:
        return
    rows = Export.objects.filter(pk=export_id)
    rows.filter(state=ExportState.WAITING).update(state=ExportState.MAKING)

    def tell(done: int, total: int | None) -> None:
        if not rows.filter(state=ExportState.MAKING).update(done=done, total=total):
            raise Cancelled

    try:
        with TemporaryFile(prefix="anxiu-export-") as file:
            work(row, _behind(row), file, tell)
            _keep(export_id, file, now())
    except Cancelled:
        return
    except Refusal as refusal:
        _fail(export_id, refusal, now())
    except Exception:
        _fail(export_id, Invalid("trace.export_broken"), now())
        raise  # for the page of failures


def _keep(export_id: int, file: IO[bytes], at: datetime) -> None:
    """Keep the bytes, then say that they are there; a file cancelled in between leaves none."""
    digest, size = sha256(), 0
    file.seek(0)
    while piece := file.read(PIECE):
        digest.update(piece)
        size += len(piece)
    with transaction.atomic():
        row = Export.objects.select_for_update().get(pk=export_id)
        if row.state != ExportState.MAKING:
            return
        row.path, row.size, row.digest = f"exports/{row.uid}", size, digest.hexdigest()
        write(row.path, file)
        row.state, row.ended_at, row.expires_at = ExportState.DONE, at, at + KEPT
        row.save()


def _fail(export_id: int, refusal: Refusal, at: datetime) -> None:
    with transaction.atomic():
        row = Export.objects.select_for_update().get(pk=export_id)
        if row.state in RUNNING:
            params = {name: str(given) for name, given in refusal.params.items()}
            end(row, ExportState.FAILED, at, failure=[refusal.code, params])


def forget(at: datetime, *, of: int | None = None) -> int:
    """Erase files whose days are over, or one that was fetched; how many."""
    over = Q(pk=of) if of else Q(expires_at__lte=at)
    due = list(Export.objects.filter(over, state=ExportState.DONE).order_by("id").values_list("pk", flat=True))
    for key in due:
        with transaction.atomic():
            row = Export.objects.select_for_update().get(pk=key)
            if row.state == ExportState.DONE:
                end(row, ExportState.EXPIRED, at)
    return len(due)
