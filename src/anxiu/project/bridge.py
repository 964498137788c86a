"""Serves a WSGI application under an ASGI server: the event loop talks to the network, threads run the application.

A thread is busy only while there is something to compute. The loop reads the whole request first, so a phone that
sends a photo over a slow line holds no thread, and it sends every answer but a long stream after the thread is free.
"""

import asyncio
import contextvars
import logging
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import IO, Any

log = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

IN_MEMORY = 1024 * 1024  # longer requests go to a temporary file, longer answers are streamed
LARGEST_REQUEST = 256 * 1024 * 1024  # a guard for the disk; what a page accepts is decided there
SEND_SECONDS = 120  # a client that takes no byte for this long is given up


class _ClientLeft(Exception):
    """The browser went away before it had sent everything or taken everything."""


class _TooLarge(Exception):
    """The request is longer than we are willing to keep."""


@dataclass
class _Answer:
    """What the application answered: all of it, or its beginning and the rest still to come."""

    status: int = 500
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    beginning: bytes = b""

    def start(self, status: str, headers: list[tuple[str, str]], exc_info: object = None) -> Callable[[bytes], object]:
        """WSGI's `start_response`; its old `write` is not offered."""
        self.status = int(status.split(" ", 1)[0])
        self.headers = [(name.lower().encode("latin1"), value.encode("latin1")) for name, value in headers]
        return _no_write

    @property
    def first_message(self) -> Message:
        return {"type": "http.response.start", "status": self.status, "headers": self.headers}


def _no_write(data: bytes) -> object:
    raise NotImplementedError("answers are returned, not written")


class Bridge:
    """An ASGI application that runs a WSGI one on a fixed number of threads."""

    def __init__(self, application: Callable[..., Iterable[bytes]], *, threads: int) -> None:
        self.application = application
        self.threads = ThreadPoolExecutor(threads, thread_name_prefix="pages")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as body:
            try:
                length = await _read(receive, body)
            except _TooLarge:
                await _say(send, 413, b"The request is too large.\n")
                return
            except _ClientLeft:
                return
            environ = environment(scope, body, length)
            loop = asyncio.get_running_loop()

            def push(message: Message) -> None:
                asyncio.run_coroutine_threadsafe(_send(send, message), loop).result(SEND_SECONDS)

            run = contextvars.copy_context().run
            try:
                answer = await loop.run_in_executor(self.threads, run, self._run, environ, push)
            except _ClientLeft:
                return
            if answer is not None:
                await send(answer.first_message)
                await send({"type": "http.response.body", "body": answer.beginning})

    def _run(self, environ: dict[str, Any], push: Callable[[Message], None]) -> _Answer | None:
        """On a thread: the whole answer, or None when it was long and has been pushed out piece by piece."""
        answer = _Answer()
        result = self.application(environ, answer.start)
        try:
            chunks = iter(result)
            answer.beginning, ended = _first_part(chunks)
            if ended:
                return answer
            push(answer.first_message)
            push({"type": "http.response.body", "body": answer.beginning, "more_body": True})
            for chunk in chunks:
                push({"type": "http.response.body", "body": chunk, "more_body": True})
            push({"type": "http.response.body", "body": b""})
        except TimeoutError as error:
            raise _ClientLeft from error
        else:
            return None
        finally:
            if close := getattr(result, "close", None):
                close()  # in this thread: Django gives the database connection back here


def environment(scope: Scope, body: IO[bytes], length: int) -> dict[str, Any]:
    """A WSGI environ. Headers with an underscore are left out: they would pass for those with a hyphen."""
    host, port = scope.get("server") or ("localhost", 80)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": scope.get("root_path", ""),
        "PATH_INFO": scope["path"].encode().decode("latin1"),
        "QUERY_STRING": scope["query_string"].decode("latin1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": str(host),
        "SERVER_PORT": str(port or 0),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    if scope.get("client"):
        environ["REMOTE_ADDR"] = scope["client"][0]
    for raw_name, raw_value in scope["headers"]:
        if b"_" in raw_name:
            continue
        name, value = raw_name.decode("latin1").upper().replace("-", "_"), raw_value.decode("latin1")
        key = name if name in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{name}"
        glue = "; " if name == "COOKIE" else ","
        environ[key] = f"{environ[key]}{glue}{value}" if key in environ else value
    if length or "CONTENT_LENGTH" in environ:
        environ["CONTENT_LENGTH"] = str(length)
    return environ


async def _read(receive: Receive, body: IO[bytes]) -> int:
    """Take in the whole request; how long it was."""
    length = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _ClientLeft
        chunk = message.get("body", b"")
        length += len(chunk)
        if length > LARGEST_REQUEST:
            raise _TooLarge
        body.write(chunk)
        if not message.get("more_body"):
            body.seek(0)
            return length


async def _send(send: Send, message: Message) -> None:
    await send(message)


async def _say(send: Send, status: int, text: bytes) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text})


def _first_part(chunks: Iterator[bytes]) -> tuple[bytes, bool]:
    """What fits in memory of an answer, and whether that was all of it."""
    parts: list[bytes] = []
    size = 0
    for chunk in chunks:
        parts.append(chunk)
        size += len(chunk)
        if size > IN_MEMORY:
            return b"".join(parts), False
    return b"".join(parts), True
