"""Files on things: kept once, seen by whom the thing's app says, written once, erased when their time is over."""

import errno
import json
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, transaction
from PIL import Image

from anxiu.files import queries, storage, tasks
from anxiu.files.actions import NewAttachment, attach, erase_expired, lift_hold, retire_attachment, set_hold, store
from anxiu.files.choices import Purpose, Variant
from anxiu.files.content import answer, has_thumbnail, open_content
from anxiu.files.intake import prepare, verbatim
from anxiu.files.models import Attachment, Blob
from anxiu.kernel.actor import SYSTEM, Subject
from anxiu.kernel.errors import Invalid, NotAllowed, NotFound, WrongState
from anxiu.kernel.geo import Place
from anxiu.kernel.models import EventRow
from anxiu.kernel.sequencer import catch_up
from anxiu.kernel.subscribers import react
from tests.files.conftest import AT
from tests.files.content import camera, film, pdf, picture, upload

pytestmark = pytest.mark.django_db
# Without what a worker does around a job: it would close this test's connection.
make_thumbnail = tasks.make_thumbnail.func.__wrapped__
sweep_orphans = tasks.sweep_orphans.func.__wrapped__


def photo(thing: Subject, data: bytes | None = None, **more) -> NewAttachment:
    content = prepare(upload(data or camera(), "a.jpg"))
    return NewAttachment(content, thing, None, more.pop("purpose", Purpose.EVIDENCE_PHOTO), **more)


def test_attaching_keeps_bytes_place_time_and_author(engineer, thing):
    kept = attach(actor=engineer, at=AT, new=photo(thing))
    assert (kept.actor_kind, kept.actor_id, kept.created_at, kept.name) == ("person", 7, AT, "a.jpg")
    assert kept.place.source == "exif"
    assert kept.taken_at.isoformat() == "2026-05-04T01:30:00+00:00"
    data = open_content(kept.blob).read()
    assert len(data) == kept.blob.size
    assert default_storage.size(kept.blob.path) == kept.blob.size
    event = EventRow.objects.get(kind="files.file_attached")
    assert kept.blob.digest in event.body
    assert kept.received_digest in event.body


def test_the_devices_word_on_place_and_time_goes_before_the_pictures(engineer, thing):
    here = Place(30.0, 120.0, 5, "gps")
    kept = attach(actor=engineer, at=AT, new=photo(thing, place=here, taken_at=AT))
    assert (kept.place, kept.taken_at) == (here, AT)


def test_the_same_bytes_are_kept_once(engineer, thing, media):
    one = attach(actor=engineer, at=AT, new=photo(thing))
    two = attach(actor=engineer, at=AT, new=photo(thing))
    assert (one.blob_id, Attachment.objects.count(), Blob.objects.count()) == (two.blob_id, 2, 1)
    assert len([each for each in media.rglob("*") if each.is_file()]) == 1


def test_sending_again_under_the_same_uid_answers_the_first(engineer, thing):
    uid = uuid4()
    one = attach(actor=engineer, at=AT, new=photo(thing, uid=uid))
    assert attach(actor=engineer, at=AT, new=photo(thing, uid=uid)).pk == one.pk
    with pytest.raises(Invalid, match=r"files\.other_file"):
        attach(actor=engineer, at=AT, new=photo(thing, picture(), uid=uid))
    assert EventRow.objects.filter(kind="files.file_attached").count() == 1


def test_content_must_fit_its_purpose(engineer, thing):
    content = prepare(upload(film(), "a.mp4"))
    with pytest.raises(Invalid, match=r"files\.wrong_family"):
        attach(actor=engineer, at=AT, new=NewAttachment(content, thing, None, Purpose.SIGNATURE))
    assert Blob.objects.count() == 0


def test_files_are_seen_by_whom_the_things_app_says(engineer, supervisor, thing):
    mine = attach(actor=engineer, at=AT, new=photo(thing))
    other = attach(actor=SYSTEM, at=AT, new=photo(Subject("thing", 6)))
    unknown = attach(actor=SYSTEM, at=AT, new=photo(Subject("unregistered", 5)))
    assert queries.open_attachment(engineer, mine.uid) == mine
    assert queries.open_attachment(supervisor, other.uid) == other
    for actor, hidden in ((engineer, other), (SYSTEM, unknown)):
        with pytest.raises(NotFound):
            queries.open_attachment(actor, hidden.uid)
    assert list(queries.attachments(engineer, "thing", [5, 6])) == [mine]
    assert list(queries.attachments(supervisor, "thing", [5, 6], [Purpose.EVIDENCE_PHOTO])) == [mine, other]
    assert list(queries.attachments(supervisor, "thing", [5, 6], [Purpose.SIGNATURE])) == []
    assert queries.counts("thing", [5, 6, 7], Purpose.EVIDENCE_PHOTO) == {5: 1, 6: 1, 7: 0}


def test_retiring_hides_and_needs_its_permission(engineer, supervisor, thing):
    kept = attach(actor=engineer, at=AT, new=photo(thing))
    with pytest.raises(NotAllowed):
        retire_attachment(actor=engineer, at=AT, uid=kept.uid)
    retire_attachment(actor=supervisor, at=AT, uid=kept.uid)
    with pytest.raises(NotFound):
        queries.open_attachment(supervisor, kept.uid)
    assert default_storage.exists(kept.blob.path)


def test_what_is_held_stays(engineer, supervisor, thing):
    kept = attach(actor=engineer, at=AT, new=photo(thing))
    with pytest.raises(NotAllowed):
        set_hold(actor=engineer, at=AT, subject=thing)
    with pytest.raises(NotAllowed):
        lift_hold(actor=engineer, at=AT, subject=thing)
    assert set_hold(actor=supervisor, at=AT, subject=thing) == 1
    assert set_hold(actor=supervisor, at=AT, subject=thing) == 0
    with pytest.raises(WrongState):
        retire_attachment(actor=supervisor, at=AT, uid=kept.uid)
    later = AT + timedelta(days=2000)
    purposes = frozenset({Purpose.EVIDENCE_PHOTO})
    assert erase_expired(actor=SYSTEM, at=later, before=later, purposes=purposes, most=10) == 0
    assert lift_hold(actor=supervisor, at=AT, subject=thing) == 1
    assert erase_expired(actor=SYSTEM, at=later, before=later, purposes=purposes, most=10) == 1


def test_erasing_leaves_the_digest_and_takes_the_bytes(engineer, supervisor, thing):
    old = attach(actor=engineer, at=AT, new=photo(thing))
    shared = attach(actor=engineer, at=AT, new=photo(thing, picture(30, 30)))
    later = AT + timedelta(days=2000)
    attach(actor=engineer, at=later, new=photo(thing, picture(30, 30)))
    purposes = frozenset({Purpose.EVIDENCE_PHOTO})
    with pytest.raises(NotAllowed):
        erase_expired(actor=supervisor, at=later, before=later, purposes=purposes, most=10)
    assert erase_expired(actor=SYSTEM, at=later, before=later, purposes=purposes, most=10) == 1
    assert default_storage.exists(old.blob.path)
    assert sweep_orphans(0) == 1
    assert not default_storage.exists(old.blob.path)
    assert default_storage.exists(shared.blob.path)
    old.blob.refresh_from_db()
    with pytest.raises(NotFound):
        open_content(old.blob)
    again = attach(actor=engineer, at=later, new=photo(thing))
    assert (again.blob_id, again.blob.erased_at) == (old.blob_id, None)
    assert len(open_content(again.blob).read()) == again.blob.size


def test_rows_are_written_once(engineer, thing):
    kept = attach(actor=engineer, at=AT, new=photo(thing))
    for change in (
        lambda: Attachment.objects.filter(pk=kept.pk).update(subject_id=6),
        lambda: Attachment.objects.filter(pk=kept.pk).update(taken_at=None),
        lambda: Attachment.objects.filter(pk=kept.pk).delete(),
        lambda: Blob.objects.filter(pk=kept.blob_id).update(digest="0" * 64),
        lambda: connection.cursor().execute("delete from files_blob"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_a_killed_writer_leaves_nothing_that_matters(engineer, thing, monkeypatch):
    """Killed half way through the bytes, then after the bytes and before the row; then sent again."""
    new = photo(thing)
    path = Blob(digest=new.content.digest).path
    default_storage.save(path, BytesIO(b"half"))
    stored = store(new.content, at=AT)
    assert default_storage.size(path) == stored.size

    other = prepare(upload(picture(colour=(1, 2, 3)), "b.jpg"))

    def killed(self, **_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Blob, "save", killed)
        with pytest.raises(KeyboardInterrupt):
            store(other, at=AT)
    orphan = Blob(digest=other.digest).path
    assert default_storage.exists(orphan)
    assert sweep_orphans(0) == 1
    assert not default_storage.exists(orphan)
    assert default_storage.exists(path)


def test_what_a_writer_left_beside_a_file_is_swept_with_it(engineer, thing):
    kept = attach(actor=engineer, at=AT, new=photo(thing)).blob
    nobodys = Blob(digest="ab" * 32).path
    for left in (f"{kept.path}_x1y2z3", f"{nobodys}_x1y2z3", nobodys, f"imports/{'ab' * 32}", f"cd/ab/{'ab' * 32}"):
        default_storage.save(left, BytesIO(b"half"))
    assert sweep_orphans(0) == 2
    assert not default_storage.exists(nobodys)
    assert default_storage.exists(kept.path)
    assert default_storage.exists(f"imports/{'ab' * 32}")


def test_a_picture_gets_a_small_form(engineer, thing):
    kept = attach(actor=engineer, at=AT, new=photo(thing, picture(1280, 720)))
    assert open_content(kept.blob, Variant.THUMBNAIL).media_type == "image/jpeg"
    assert answer(kept.blob, "a.jpg", variant=Variant.THUMBNAIL).headers["Cache-Control"] == "private, no-store"
    catch_up()
    position = EventRow.objects.get(kind="files.file_attached").place.position
    assert react("files.small_pictures", position)
    with connection.cursor() as cursor:
        cursor.execute("select args from procrastinate_jobs where task_name = 'files.make_thumbnail'")
        assert [json.loads(row[0]) for row in cursor.fetchall()] == [{"blob_id": kept.blob_id}]
    make_thumbnail(kept.blob_id)
    make_thumbnail(kept.blob_id)
    blob = Blob.objects.get()
    assert has_thumbnail(blob)
    small = open_content(blob, Variant.THUMBNAIL)
    assert small.media_type == "image/webp"
    assert Image.open(BytesIO(small.read())).size == (320, 180)
    assert sorted(digest for digest, _ in storage.kept()) == [blob.digest, blob.digest]
    assert sweep_orphans(0) == 0


def test_answers_let_nothing_run(engineer, thing):
    blob = attach(actor=engineer, at=AT, new=photo(thing)).blob
    whole = answer(blob, "现场.jpg")
    assert whole.status == 200
    assert b"".join(whole.body) == open_content(blob).read()
    assert whole.headers["X-Content-Type-Options"] == "nosniff"
    assert whole.headers["Content-Disposition"] == "inline; filename*=UTF-8''%E7%8E%B0%E5%9C%BA.jpg"
    assert "sandbox" in whole.headers["Content-Security-Policy"]
    data = store(verbatim(b"{}", media_type="application/json", name="shown"), at=AT)
    assert answer(data, "shown.json").headers["Content-Disposition"].startswith("attachment;")
    document = store(prepare(upload(pdf(), "a.pdf")), at=AT)
    assert answer(document, "a.pdf").headers["Content-Disposition"].startswith("inline;")


def test_parts_are_answered_so_that_films_can_be_wound(engineer, thing):
    content = prepare(upload(film(), "a.mp4"))
    blob = attach(actor=engineer, at=AT, new=NewAttachment(content, thing, None, Purpose.EVIDENCE_VIDEO)).blob
    part = answer(blob, "a.mp4", wanted="bytes=8-11")
    assert (part.status, b"".join(part.body), part.headers["Content-Range"]) == (
        206,
        b"mp42",
        f"bytes 8-11/{blob.size}",
    )
    assert answer(blob, "a.mp4", wanted=f"bytes={blob.size}-").status == 416
    tag = answer(blob, "a.mp4").headers["ETag"]
    assert answer(blob, "a.mp4", known=tag).status == 304
    assert answer(blob, "a.mp4", known='"another"').status == 200


class Full(BytesIO):
    """Bytes that a disk has room for half of."""

    def read(self, *size: int | None) -> bytes:
        if self.tell():
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().read(len(self.getvalue()) // 2)


@pytest.mark.requirement("PF-02")
def test_a_full_disk_keeps_no_half_of_a_file() -> None:
    path = f"aa/bb/{'a' * 64}"
    with pytest.raises(OSError, match="No space"):
        storage.write(path, Full(b"x" * 200_000))
    assert not default_storage.exists(path)
    storage.write(path, BytesIO(b"y"))
    assert default_storage.size(path) == 1
