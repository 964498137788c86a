"""What an object store says and does, seen through storage: parts, breaks, refusals, no room."""

import errno
import os
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from botocore.exceptions import ClientError
from django.core.files.base import ContentFile, File

from anxiu.files import bucket as bucket_module
from anxiu.files.bucket import Bucket, StoreAway
from tests.given.buckets import SECRET, Store, store

DATA = os.urandom(3_000_000)


@pytest.fixture(autouse=True)
def media() -> None:
    """These tests name their storage themselves."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Store]:
    with store(tmp_path, with_bucket=False) as started:
        yield started


@pytest.fixture
def bucket(server: Store) -> Bucket:
    made = Bucket(**server.options(prefix="/anxiu/files/"))
    assert made.make_ready()
    return made


def test_a_bucket_is_made_once(bucket: Bucket, server: Store) -> None:
    assert not bucket.make_ready()
    assert not Bucket(**server.options()).make_ready()


def test_bytes_come_back_whole_in_parts_and_from_the_end(bucket: Bucket, server: Store) -> None:
    body = BytesIO(DATA)
    assert bucket.save("aa/x", File(body)) == "aa/x"  # a file without a name, which is falsy
    assert not body.closed
    assert server.files() == {"anxiu/files/aa/x"}
    assert (bucket.size("aa/x"), bucket.exists("aa/x"), bucket.exists("aa")) == (len(DATA), True, False)
    with bucket.open("aa/x") as file:
        assert file.read() == DATA
        assert file.read(1) == b""
        file.seek(2_000_000)
        assert file.read(7) == DATA[2_000_000:2_000_007]
        assert file.seek(-5, 2) == len(DATA) - 5
        assert file.read() == DATA[-5:]
    bucket.save("aa/x", ContentFile(b""))
    with bucket.open("aa/x") as file:
        assert file.read() == b""


def test_paths_are_those_of_this_prefix(bucket: Bucket, server: Store) -> None:
    for path in ("aa/x", "thumbnails/aa/y"):
        bucket.save(path, ContentFile(b"1"))
    Bucket(**server.options(prefix="other")).save("z", ContentFile(b"1"))
    assert sorted(bucket.paths()) == ["aa/x", "thumbnails/aa/y"]
    bucket.delete("aa/x")
    bucket.delete("aa/x")
    assert list(bucket.paths()) == ["thumbnails/aa/y"]
    with pytest.raises(FileNotFoundError):
        bucket.open("aa/x")
    with pytest.raises(FileNotFoundError):
        bucket.size("aa/x")
    with pytest.raises(ValueError, match="whole"):
        bucket.open("aa/x", "wb")


def test_reading_goes_on_after_the_store_was_started_again(bucket: Bucket, server: Store) -> None:
    bucket.save("x", ContentFile(DATA))
    with bucket.open("x") as file:
        read = file.read(1000)
        server.stop()
        server.start()
        assert read + file.read() == DATA


@pytest.mark.requirement("PF-02")
def test_a_store_that_is_away_says_so(bucket: Bucket, server: Store) -> None:
    bucket.save("x", ContentFile(bytes(64_000_000)))  # more than the sockets between can hold: what has arrived is read
    with bucket.open("x") as file:
        file.read(10)
        server.stop()
        for call in (file.read, lambda: bucket.open("x"), lambda: bucket.save("y", ContentFile(b"1")), lambda: bucket.delete("x")):
            with pytest.raises(StoreAway):
                call()
    with pytest.raises(StoreAway):
        list(bucket.paths())
    with pytest.raises(StoreAway):
        bucket.make_ready()


def test_a_wrong_key_is_refused_and_not_told(bucket: Bucket, server: Store) -> None:
    stranger = Bucket(**server.options(secret_key=f"{SECRET}s"))
    with pytest.raises(StoreAway, match="refused") as told:
        stranger.save("x", ContentFile(b"1"))
    assert SECRET not in str(told.value)
    assert server.files() == set()


def test_a_store_that_sends_the_whole_for_a_part_is_not_believed(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    bucket.save("x", ContentFile(DATA))
    ask = bucket.client.get_object
    monkeypatch.setattr(bucket.client, "get_object", lambda **asked: ask(Bucket=asked["Bucket"], Key=asked["Key"]))
    with bucket.open("x") as file:
        file.seek(5)
        with pytest.raises(StoreAway, match="part"):
            file.read(1)


@pytest.mark.parametrize(
    ("code", "status", "number"),
    [("XMinioStorageFull", 507, errno.ENOSPC), ("QuotaExceeded", 403, errno.ENOSPC), ("Odd", 507, errno.ENOSPC), ("NoSuchKey", 404, errno.ENOENT)],
)  # fmt: skip
def test_a_full_store_is_a_full_disk(code: str, status: int, number: int) -> None:
    answer = {"Error": {"Code": code, "Message": ""}, "ResponseMetadata": {"HTTPStatusCode": status}}
    with pytest.raises(OSError) as told, bucket_module._plainly("x"):  # noqa: PT011, the number is looked at
        raise ClientError(answer, "PutObject")
    assert told.value.errno == number
