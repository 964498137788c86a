"""What the customer pages keep is let go of: drafts after a day with their bytes, tallies when their window is over."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage

from anxiu.files import tasks
from anxiu.files.models import Blob
from anxiu.kernel.time import moved_to, now
from anxiu.portal.actions import TooMany, forget, keep_pending, take
from anxiu.portal.models import PendingFile, Tally
from anxiu.portal.rules import REPORTS_OF_ADDRESS, Limit, visitor
from tests.given.orders import MONDAY, a_picture
from tests.portal.conftest import SAID, a_photo, label_of

sweep_orphans = tasks.sweep_orphans.func.__wrapped__  # without what closes the test's own connection
A_DAY = timedelta(hours=24, seconds=1)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Storage in a folder of this test: the sweep removes what its database does not know."""
    backend = {"BACKEND": "anxiu.files.folder.Folder", "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "default": backend}
    assert default_storage.path("x") == str(tmp_path / "x")


def test_a_draft_nobody_sent_is_forgotten_with_its_bytes(db):
    at = now()
    keep_pending(draft="0" * 32, files=[a_picture("rebeccapurple")], at=at)
    blob = Blob.objects.get()
    assert forget(at=at + A_DAY - timedelta(minutes=1)) == 0
    assert forget(at=at + A_DAY) == 1
    assert not PendingFile.objects.exists()
    assert default_storage.exists(blob.path)
    sweep_orphans(0)
    assert not default_storage.exists(blob.path)


def test_bytes_that_are_on_an_order_stay(company, sent):
    keep_pending(draft="1" * 32, files=[a_picture("teal")], at=MONDAY)
    assert sent(label_of(company), media=[a_photo("teal")]).status_code == 302
    forget(at=now() + A_DAY)
    sweep_orphans(0)
    assert default_storage.exists(Blob.objects.get().path)
    assert Blob.objects.get().erased_at is None


def test_the_same_file_twice_waits_once(db):
    keep_pending(draft="2" * 32, files=[a_picture(), a_picture()], at=MONDAY)
    assert PendingFile.objects.count() == 1


def test_a_tally_starts_anew_with_its_window(db):
    limit = Limit("test", 2, timedelta(hours=1))
    for _ in range(2):
        take(limit=limit, who="x", at=MONDAY)
    with pytest.raises(TooMany):
        take(limit=limit, who="x", at=MONDAY + timedelta(minutes=59))
    take(limit=limit, who="y", at=MONDAY)
    take(limit=limit, who="x", at=MONDAY + timedelta(hours=1))


def test_no_address_is_kept_in_the_clear_and_tallies_are_forgotten(company, client, sent):
    with moved_to(MONDAY):
        sent(label_of(company), **SAID)
    kept = [each.key for each in Tally.objects.all()]
    assert len(kept) == 3
    assert not any("203.0.113.7" in key for key in kept)
    forget(at=MONDAY + A_DAY + REPORTS_OF_ADDRESS.window)
    assert not Tally.objects.exists()


@pytest.mark.parametrize(
    ("address", "who"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:0:1::1", "2001:db8:0:1::/64"),
        ("2001:db8:0:1:ffff::2", "2001:db8:0:1::/64"),
        ("", "unknown"),
    ],
)
def test_who_counts_as_one_visitor(address, who):
    assert visitor(address) == who


def test_drafts_do_not_fill_the_disk(company, client, sent, monkeypatch):
    monkeypatch.setattr("anxiu.portal.actions.ROOM_BYTES", 10)
    answer = sent(label_of(company), consent="", media=[a_photo()])
    assert answer.status_code == 422
    assert "Please choose them again before sending." in answer.content.decode()
    assert not PendingFile.objects.exists()
