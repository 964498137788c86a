"""Taking along what is held about a person: asked for by a verb, made by a job, dropped after some days."""

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any, Final
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import translation

from anxiu.files.content import open_content
from anxiu.files.storage import erase
from anxiu.kernel.access import AccessKind, note_access
from anxiu.kernel.action import action
from anxiu.kernel.actor import Actor, Subject
from anxiu.kernel.errors import WrongState
from anxiu.kernel.events import record
from anxiu.kernel.jobs import defer_many
from anxiu.privacy.choices import Who
from anxiu.privacy.events import PersonExported
from anxiu.privacy.messages import COLUMNS, PARTS
from anxiu.privacy.models import PersonExport
from anxiu.privacy.queries import files_of, held, somebody
from anxiu.trace.actions import forget
from anxiu.trace.choices import ExportState
from anxiu.trace.models import Export

LANGUAGES: Final = ("zh-hans", "en")
KEPT_FOR: Final = timedelta(days=7)  # source: own choice; long enough to hand it over, short enough to be forgotten


@action(posts={"administrator"})
def export_person(*, actor: Actor, at: datetime, kind: Who, uid: UUID) -> PersonExport:
    """Have everything that is held about a person made into one file; one that is being made is answered as it is.

    Records: PersonExported. Refuses: somebody out of sight, somebody who was erased.
    """
    row = somebody(actor, kind, uid)
    if getattr(row, "erased_at", None):
        raise WrongState("privacy.nothing_left")
    waiting = PersonExport.objects.filter(kind=kind, subject_id=row.pk, made_at=None, dropped_at=None).first()
    if waiting:
        return waiting
    made = PersonExport.objects.create(kind=kind, subject_id=row.pk, asked_by_id=actor.person_id, asked_at=at)
    note_access(actor, AccessKind.EXPORT, kind, [row.pk], at)
    region_id = row.region_id if kind is not Who.CONTACT else row.customer.region_id  # type: ignore[union-attr]
    record(PersonExported(made.pk), subject=Subject(kind, row.pk), region_id=region_id, actor=actor, at=at)
    defer_many("privacy.make_export", "default", [{"export_id": made.pk}])
    return made


def make_export(export_id: int, at: datetime) -> None:
    """Make the file; nothing when it is there. A killed run leaves bytes that the next one writes over."""
    row = PersonExport.objects.select_for_update().filter(pk=export_id, made_at=None, dropped_at=None).first()
    if row is None:
        return
    content = BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as bundle:
        _fill(bundle, row, at)
    row.size, row.made_at = content.tell(), at
    content.seek(0)
    erase(row.path)
    default_storage.save(row.path, File(content))
    row.save(update_fields=["size", "made_at"])


def _fill(bundle: ZipFile, row: PersonExport, at: datetime) -> None:
    kind = Who(row.kind)
    parts = [(each.part, each.columns, list(each.values())) for each in held(kind, row.subject_id)]
    said: dict[str, list[Any]] = {}
    for part, _columns, rows in parts:
        said.setdefault(part, []).extend(rows)
    whole = {"kind": kind, "made_at": at, "held": said}
    bundle.writestr("data.json", json.dumps(whole, cls=DjangoJSONEncoder, ensure_ascii=False, indent="\t"))
    for language in LANGUAGES:
        with translation.override(language):
            context = {"parts": [_shown(*each) for each in parts], "at": at, "language": language}
            bundle.writestr(f"{language}.html", render_to_string("privacy/export.html", context))
    for file in files_of(kind, row.subject_id):
        with open_content(file.blob).file as bytes_:
            bundle.writestr(f"files/{file.pk}-{file.purpose}-{file.name}".replace("..", "."), bytes_.read())


def _shown(part: str, columns: Iterable[str], rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """A part as a table in the present language."""
    names = [each.rpartition("__")[-1] for each in columns]
    labels = [str(COLUMNS.get(each, each)) for each in names]
    return {"title": str(PARTS[part]), "columns": labels, "rows": [list(each.values()) for each in rows]}


def drop_exports(rows: Iterable[PersonExport], at: datetime) -> int:
    """Remove files that were made, their rows stay; how many. Part of a job or a reaction."""
    dropped = 0
    for row in rows:
        erase(row.path)
        row.dropped_at = at
        row.save(update_fields=["dropped_at"])
        dropped += 1
    return dropped


def drop_old(at: datetime) -> int:
    """Remove the files whose days are over; how many."""
    return drop_exports(PersonExport.objects.filter(asked_at__lt=at - KEPT_FOR, dropped_at=None), at)


def drop_of(person: Subject, at: datetime) -> int:
    """Remove the files about somebody who was erased; how many."""
    return drop_exports(PersonExport.objects.filter(kind=person.kind, subject_id=person.id, dropped_at=None), at)


def drop_ready(order_ids: Collection[int], at: datetime) -> int:
    """Remove ready files that may name somebody who was erased: evidence of their orders, and lists; how many."""
    rows = Export.objects.filter(Q(order__in=order_ids) | Q(order=None), state=ExportState.DONE)
    return sum(forget(at, of=key) for key in rows.order_by("pk").values_list("pk", flat=True))
