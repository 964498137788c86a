"""While the store of files is away, customers' forms come back with what was typed, and say what to do."""

import errno
from datetime import timedelta

import pytest

from anxiu.accounts.choices import LinkPurpose
from anxiu.files import storage
from anxiu.files.models import Attachment
from anxiu.kernel.time import moved_to
from anxiu.orders.models import Order, SignOff
from anxiu.portal.models import PendingFile
from tests.given.orders import MONDAY
from tests.portal.conftest import a_photo, key_of, label_of, link_to, walked
from tests.portal.given import reported
from tests.portal.test_sign import AT, digest_of, drawn

AWAY = "Files cannot be kept at the moment."


@pytest.fixture
def away(settings):
    """Storage that nobody listens at."""
    place = {"bucket": "x", "endpoint": "http://127.0.0.1:9", "access_key": "a", "secret_key": "b"}
    backend = {"BACKEND": "anxiu.files.bucket.Bucket", "OPTIONS": place}
    there = settings.STORAGES

    def change(*, back: bool = False) -> None:
        settings.STORAGES = there if back else {**there, "default": backend}

    return change


@pytest.mark.requirement("ORD-01", "PF-02")
def test_a_report_goes_without_its_photo(client, company, sent, away):
    path, at_first = label_of(company), Order.objects.count()
    away()
    refused = sent(path, media=[a_photo()])
    text = refused.content.decode()
    assert refused.status_code == 503
    assert text.count(AWAY) == 1
    assert "早上九点突然停机" in text
    assert "周女士" in text
    assert (Order.objects.count(), PendingFile.objects.count()) == (at_first, 0)
    assert sent(path, key=key_of(refused)).status_code == 302
    assert Order.objects.count() == at_first + 1


def test_a_photo_that_waited_goes_along_while_the_store_is_away(client, company, sent, away):
    path, at_first = label_of(company), Order.objects.count()
    waits = sent(path, caller_phone="12", media=[a_photo()])
    assert (waits.status_code, PendingFile.objects.count()) == (422, 1)
    away()
    assert sent(path, key=key_of(waits)).status_code == 302
    assert Order.objects.count() == at_first + 1
    assert Attachment.objects.get().purpose == "intake_photo"


def test_the_operator_reads_why(company, sent, away, caplog):
    away()
    sent(label_of(company), media=[a_photo()])
    assert "the store of files is away" in caplog.text
    assert "does not answer" in caplog.text


def test_a_form_that_is_wrong_says_both(company, sent, away):
    away()
    refused = sent(label_of(company), caller_name="", media=[a_photo()])
    assert AWAY in refused.content.decode()
    assert "早上九点突然停机" in refused.content.decode()


def test_a_full_disk_is_said(company, sent, monkeypatch):
    def full(*given):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(storage, "write", full)
    refused = sent(label_of(company), media=[a_photo()])
    assert refused.status_code == 507
    assert "There is no room left for files." in refused.content.decode()


def test_photos_added_later_wait_for_the_store(client, company, away):
    _, secret = reported(company, MONDAY)
    path = f"/p/t/{secret}/media/"
    with moved_to(MONDAY + timedelta(minutes=10)):
        key = key_of(client.get(f"/p/t/{secret}/"))
        away()
        refused = client.post(path, {"key": key, "media": [a_photo()]})
        assert refused.status_code == 503
        assert AWAY in refused.content.decode()
        away(back=True)
        assert client.post(path, {"key": key, "media": [a_photo()]}).status_code == 302


@pytest.mark.requirement("ORD-11")
def test_signing_can_be_done_again(client, company, away):
    order, _ = walked(company, "completed")
    path = f"/p/s/{link_to(order, LinkPurpose.SIGN)}/"
    given = {"digest": digest_of(order), "signer": "周女士", "remarks": "谢谢", "drawn": drawn()}
    away()
    with moved_to(AT):
        refused = client.post(path, given)
    text = refused.content.decode()
    assert refused.status_code == 503
    assert "Please sign again in a few minutes." in text
    assert "谢谢" in text
    assert not SignOff.objects.exists()
    away(back=True)
    with moved_to(AT):
        assert client.post(path, given).status_code == 302
    assert SignOff.objects.get().outcome == "signed"
