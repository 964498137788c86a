"""A real HTTP server in this process, which can be told to refuse, to redirect, to dawdle and to go away."""

import datetime
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from anxiu.hooks import sending
from anxiu.kernel.actor import Actor
from tests.given.assets import acting


@dataclass
class Asked:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """What the server got, and how it answers: a status, or a name of a way to misbehave."""

    port: int = 0
    got: list[Asked] = field(default_factory=list)
    answers: list[Any] = field(default_factory=list)
    text: bytes = b"thanks"
    scheme: str = "http"
    server: ThreadingHTTPServer | None = None
    context: ssl.SSLContext | None = None

    @property
    def url(self) -> str:
        return f"{self.scheme}://localhost:{self.port}/anxiu?of=erp"

    def start(self) -> None:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append(Asked(self.path, dict(self.headers.items()), body))
                receiver.answer(self, receiver.answers.pop(0) if receiver.answers else 200)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.server.daemon_threads = True
        if self.context:
            self.server.socket = self.context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        if self.server:
            self.server.shutdown()
            self.server.server_close()
            self.server = None

    def answer(self, handler: BaseHTTPRequestHandler, how: Any) -> None:
        try:
            if how == "silent":
                time.sleep(3)
                return
            if how == "drip":  # a status line that never ends
                for each in b"HTTP/1.1 200 " + b"O" * 400:
                    handler.wfile.write(bytes([each]))
                    time.sleep(0.05)
                return
            if how == "endless":  # taken, but the answer goes on and on
                handler.send_response(200)
                handler.end_headers()
                for _ in range(10_000):
                    handler.wfile.write(b"x" * 1024)
                    time.sleep(0.0005)
                return
            if how == "dawdling":  # taken, but the answer comes byte by byte
                handler.send_response(200)
                handler.end_headers()
                for _ in range(400):
                    handler.wfile.write(b"y")
                    time.sleep(0.05)
                return
            handler.send_response(how)
            if 300 <= how < 400:
                handler.send_header("Location", f"http://localhost:{self.port}/elsewhere")
            handler.send_header("Content-Length", str(len(self.text)))
            handler.end_headers()
            handler.wfile.write(self.text)
        except OSError:
            pass


@pytest.fixture(autouse=True)
def _may_ask_this_machine(settings: Any) -> None:
    settings.HOOKS_TO_LOOPBACK = True


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    made.start()
    yield made
    made.stop()


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Less patience than in life: nobody wants to wait for a test."""
    monkeypatch.setattr(sending, "WHOLE", 0.8)
    monkeypatch.setattr(sending, "EACH", 0.5)


@pytest.fixture
def administrator(db: object) -> Actor:
    return acting("administrator")


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """A certificate for a name that vouches for itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    called = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    at = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder().subject_name(called).issuer_name(called).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(at - datetime.timedelta(days=1))
        .not_valid_after(at + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    paths = folder / f"{name}.crt", folder / f"{name}.key"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return paths


__all__ = ["Receiver", "certificate"]
