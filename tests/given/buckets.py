"""An object store of a test's own: rclone's S3 server on this machine, over a folder."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

ACCESS, SECRET = "a-key", "its-secret-word"
PATIENCE = 30.0


@dataclass
class Store:
    """A server that can be stopped and started again where it was."""

    folder: Path
    port: int
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def options(self, **more: str) -> dict[str, str]:
        """What `Bucket` is made of."""
        return {"bucket": "anxiu", "endpoint": self.endpoint, "access_key": ACCESS, "secret_key": SECRET, **more}

    def settings(self, **more: str) -> dict[str, object]:
        """Django's word for it."""
        return {"BACKEND": "anxiu.files.bucket.Bucket", "OPTIONS": self.options(**more)}

    def environment(self) -> dict[str, str]:
        """For a process of its own."""
        return {
            "ANXIU_FILES_BUCKET": "anxiu", "ANXIU_FILES_ENDPOINT": self.endpoint, "ANXIU_FILES_ACCESS_KEY": ACCESS,
            "ANXIU_FILES_SECRET_KEY": SECRET,
        }  # fmt: skip

    def start(self) -> None:
        program = Path(sys.executable).parent / "rclone"
        command = [program, "serve", "s3", "--auth-key", f"{ACCESS},{SECRET}", "--addr", f"127.0.0.1:{self.port}", self.folder]
        with (self.folder.parent / "rclone.log").open("ab") as log:
            self.process = subprocess.Popen(
                list(map(str, command)), stdout=log, stderr=log, env={**os.environ, "RCLONE_CONFIG": os.devnull}
            )
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                httpx.get(self.endpoint, timeout=1)
            except httpx.HTTPError:
                time.sleep(0.1)
            else:
                return
        raise RuntimeError("the object store did not start")

    def stop(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def files(self) -> set[str]:
        """What lies in the bucket, as paths."""
        bucket = self.folder / "anxiu"
        return {str(each.relative_to(bucket)) for each in bucket.rglob("*") if each.is_file()}


@contextmanager
def store(base: Path, *, with_bucket: bool = True) -> Iterator[Store]:
    """A server with an empty bucket."""
    folder = base / "objects"
    folder.mkdir()
    if with_bucket:
        (folder / "anxiu").mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    made = Store(folder, port)
    made.start()
    try:
        yield made
    finally:
        made.stop()
