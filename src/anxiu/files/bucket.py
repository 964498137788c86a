"""Files in an object store that speaks the S3 protocol, as Django's storage.

A write is one request whose body's digest is signed, so the store itself refuses bytes that were changed on the way,
and an object is there whole or not at all. Reading streams the part asked for. Whatever the store or the network says
comes out as the errors a folder would give: FileNotFoundError, no room left, else `StoreAway`. Source: Amazon S3 API
reference 2006-03-01; Signature Version 4.
"""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from io import SEEK_CUR, SEEK_END, SEEK_SET, BufferedReader, RawIOBase
from typing import IO, Any, Final

from django.core.files.base import File
from django.core.files.storage import Storage
from django.utils.deconstruct import deconstructible

PIECE_BYTES: Final = 256 * 1024  # source: own choice; what is read ahead of who asks for little
CONNECT_SECONDS: Final = 3  # source: own choice; a store in the same network answers in milliseconds
READ_SECONDS: Final = 30
ATTEMPTS: Final = 2  # a request waits for this; jobs try again by themselves
FIRST_REGION: Final = "us-east-1"  # source: Amazon's CreateBucket, which refuses this one where others must be named
MISSING: Final = frozenset({"404", "NoSuchKey", "NotFound"})
FULL: Final = 507  # source: RFC 4918, 11.5
# Names for a store without room, by Amazon, MinIO and Ceph, and the status of a full WebDAV or gateway.
NO_ROOM: Final = frozenset({"507", "XMinioStorageFull", "QuotaExceeded", "InsufficientStorage", "NotEnoughSpace"})


class StoreAway(OSError):
    """The object store could not be reached or refused; the text says what it answered, and never a key."""


@deconstructible
class Bucket(Storage):
    """One bucket, or what lies below a prefix of it. The client is shared by all threads; boto3's are safe for that."""

    def __init__(
        self, *, bucket: str, endpoint: str = "", region: str = "", access_key: str = "", secret_key: str = "",
        prefix: str = "", addressing: str = "auto",
    ) -> None:  # fmt: skip
        self.bucket, self.prefix = bucket, f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self._endpoint, self._region, self._addressing = endpoint, region, addressing
        self._access_key, self._secret_key = access_key, secret_key

    @cached_property
    def client(self) -> Any:
        """The client; boto3 is only loaded where files are in a bucket."""
        import boto3
        from botocore.config import Config

        config = Config(
            signature_version="s3v4",
            s3={"addressing_style": self._addressing, "payload_signing_enabled": True},
            # Checksums in a trailer, boto3's way since 1.36, are refused by most stores; the digest is signed anyway.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
            max_pool_connections=64,
        )
        return boto3.session.Session().client(
            "s3",
            endpoint_url=self._endpoint or None,
            # Stores of one's own have none; a signature names one all the same.
            region_name=self._region or (FIRST_REGION if self._endpoint else None),
            aws_access_key_id=self._access_key or None,
            aws_secret_access_key=self._secret_key or None,
            config=config,
        )

    def put(self, path: str, content: IO[bytes]) -> None:
        """Write bytes: the store answers when they are safe, and has all of them or none."""
        self.save(path, File(content))

    def make_ready(self) -> bool:
        """Make the bucket if it is not there; whether it was made."""
        from botocore.exceptions import ClientError

        with _plainly(self.bucket):
            try:
                self.client.head_bucket(Bucket=self.bucket)
            except ClientError as error:
                if _code(error) not in MISSING | {"NoSuchBucket"}:
                    raise
                named = {"CreateBucketConfiguration": {"LocationConstraint": self._region}}
                elsewhere = self._region not in ("", FIRST_REGION) and not self._endpoint
                self.client.create_bucket(Bucket=self.bucket, **(named if elsewhere else {}))
                return True
        return False

    def paths(self) -> Iterator[str]:
        """Every path there are bytes at; a thousand a request."""
        with _plainly(self.bucket):
            pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=self.prefix)
            for page in pages:
                for entry in page.get("Contents", ()):
                    yield entry["Key"].removeprefix(self.prefix)

    def exists(self, name: str) -> bool:
        """Whether there are bytes at this path."""
        try:
            self.size(name)
        except FileNotFoundError:
            return False
        return True

    def size(self, name: str) -> int:
        """Bytes. Raises FileNotFoundError."""
        with _plainly(name):
            return int(self.client.head_object(Bucket=self.bucket, Key=self.prefix + name)["ContentLength"])

    def delete(self, name: str) -> None:
        """Remove; nothing when it is gone already."""
        with _plainly(name):
            self.client.delete_object(Bucket=self.bucket, Key=self.prefix + name)

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """A path says what its bytes are: writing it again writes the same."""
        return name

    def _open(self, name: str, mode: str = "rb") -> "File[bytes]":
        if mode != "rb":
            raise ValueError("what is in an object store is written whole, by save()")
        size = self.size(name)  # asked here, not at the first read: by then a browser has been told that all is well
        return File(BufferedReader(_Remote(self, name, size), PIECE_BYTES), name)

    def _save(self, name: str, content: "File[bytes]") -> str:
        content.seek(0)
        body: Any = content
        while isinstance(body, File):  # one without a name is falsy, and boto3 sends nothing for what is falsy
            body = body.file
        with _plainly(name):
            self.client.put_object(
                Bucket=self.bucket, Key=self.prefix + name, Body=body, ContentLength=content.size,
                ContentType="application/octet-stream",
            )  # fmt: skip
        return name


class _Remote(RawIOBase):
    """The bytes of an object from where they are wanted. A connection that breaks is made anew, once for each piece."""

    def __init__(self, store: Bucket, name: str, size: int) -> None:
        self._store, self._name, self._size = store, name, size
        self._at = 0
        self._body: Any = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        start = {SEEK_SET: 0, SEEK_CUR: self._at, SEEK_END: self._size}[whence]
        if start + offset != self._at:
            self._drop()
        self._at = max(0, start + offset)
        return self._at

    def readinto(self, buffer: Any) -> int:
        wanted = min(len(buffer), self._size - self._at)
        if wanted <= 0:
            return 0
        piece = self._piece(wanted) or self._piece(wanted)
        if not piece:
            raise StoreAway(f"the object store broke off at byte {self._at} of {self._size}")
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def close(self) -> None:
        self._drop()
        super().close()

    def _piece(self, wanted: int) -> bytes:
        """The next bytes; none where the connection broke."""
        from botocore.exceptions import BotoCoreError

        if self._body is None:
            self._body = self._ask()
        try:
            piece: bytes = self._body.read(wanted)
        except (BotoCoreError, OSError):  # a stream has its own errors, some of them of the network's library
            piece = b""
        if not piece:
            self._drop()
        return piece

    def _ask(self) -> Any:
        asked = f"bytes={self._at}-"
        with _plainly(self._name):
            answer = self._store.client.get_object(
                Bucket=self._store.bucket, Key=self._store.prefix + self._name, **({"Range": asked} if self._at else {})
            )
        if self._at and not answer.get("ContentRange", "").startswith(f"bytes {self._at}-"):
            answer["Body"].close()
            raise StoreAway("the object store does not know how to send a part of an object")
        return answer["Body"]

    def _drop(self) -> None:
        if self._body is not None:
            self._body.close()
            self._body = None


@contextmanager
def _plainly(what: str) -> Iterator[None]:
    """Errors of the store as errors of a folder."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        code = _code(error)
        if code in MISSING:
            raise FileNotFoundError(errno.ENOENT, "not in the object store", what) from error
        if code in NO_ROOM or _status(error) == FULL:
            raise OSError(errno.ENOSPC, "no room in the object store", what) from error
        said = error.response.get("Error", {}).get("Message", "")
        raise StoreAway(f"the object store refused ({code}): {said}") from error
    except BotoCoreError as error:
        raise StoreAway(f"the object store does not answer: {error}") from error


def _code(error: Any) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _status(error: Any) -> int:
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
