"""The bridge between the event loop and Django's threads, and what is believed of proxies."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from anxiu.project import bridge as bridging
from anxiu.project.asgi import behind_proxies
from anxiu.project.bridge import Bridge


def scope(**changes: Any) -> dict[str, Any]:
    base = {
        "type": "http", "method": "POST", "path": "/中文", "query_string": b"q=1", "http_version": "1.1", "scheme": "http",
        "headers": [(b"content-type", b"text/plain")], "client": ("10.0.0.9", 5), "server": ("127.0.0.1", 8000),
    }  # fmt: skip
    return {**base, **changes}


def serve(application: Callable[..., Iterable[bytes]], body: list[bytes], **changes: Any) -> list[dict[str, Any]]:
    """Everything the bridge sends for one request whose body comes in these pieces."""
    sent: list[dict[str, Any]] = []
    pieces = [{"type": "http.request", "body": part, "more_body": i < len(body) - 1} for i, part in enumerate(body)]

    async def receive() -> dict[str, Any]:
        return pieces.pop(0) if pieces else {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    bridge = Bridge(application, threads=1)
    asyncio.run(bridge(scope(**changes), receive, send))
    bridge.threads.shutdown()
    return sent


class Closing(list[bytes]):
    """A response body that notes in which thread it was closed."""

    closed_in: str = ""

    def close(self) -> None:
        Closing.closed_in = threading.current_thread().name


def test_request_arrives_whole_and_the_answer_goes_back_whole() -> None:
    seen: dict[str, Any] = {}

    def application(environ: dict[str, Any], start: Callable[..., object]) -> list[bytes]:
        seen.update(environ, body=environ["wsgi.input"].read())
        start("201 Created", [("X-Name", "value")])
        return Closing([b"one ", b"two"])

    sent = serve(application, [b"ab", b"cd"])
    assert seen["body"] == b"abcd"
    assert seen["CONTENT_LENGTH"] == "4"
    assert seen["PATH_INFO"].encode("latin1").decode() == "/中文"
    assert (seen["QUERY_STRING"], seen["REMOTE_ADDR"], seen["CONTENT_TYPE"]) == ("q=1", "10.0.0.9", "text/plain")
    assert sent == [
        {"type": "http.response.start", "status": 201, "headers": [(b"x-name", b"value")]},
        {"type": "http.response.body", "body": b"one two"},
    ]
    assert Closing.closed_in.startswith("pages")


def test_long_answers_are_streamed_in_order() -> None:
    piece = b"x" * 400_000

    def application(environ: dict[str, Any], start: Callable[..., object]) -> Iterable[bytes]:
        start("200 OK", [])
        return (piece for _ in range(5))

    sent = serve(application, [b""])
    assert b"".join(message.get("body", b"") for message in sent) == piece * 5
    assert [message.get("more_body", False) for message in sent] == [False, True, True, True, False]


def test_headers_with_underscores_do_not_pass_for_others_and_cookies_are_joined() -> None:
    seen: dict[str, Any] = {}

    def application(environ: dict[str, Any], start: Callable[..., object]) -> list[bytes]:
        seen.update(environ)
        start("200 OK", [])
        return []

    headers = [(b"x_forwarded_for", b"1.1.1.1"), (b"cookie", b"a=1"), (b"cookie", b"b=2")]
    serve(application, [b""], headers=headers)
    assert "HTTP_X_FORWARDED_FOR" not in seen
    assert seen["HTTP_COOKIE"] == "a=1; b=2"


def test_a_client_that_leaves_while_sending_never_reaches_the_application() -> None:
    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        raise AssertionError(message)

    bridge = Bridge(lambda environ, start: pytest.fail("called"), threads=1)
    asyncio.run(bridge(scope(), receive, send))
    bridge.threads.shutdown()


def test_a_request_too_large_to_keep_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bridging, "LARGEST_REQUEST", 3)
    sent = serve(lambda environ, start: pytest.fail("called"), [b"ab", b"cd"])
    assert sent[0]["status"] == 413


def test_a_slow_sender_holds_no_thread() -> None:
    def application(environ: dict[str, Any], start: Callable[..., object]) -> list[bytes]:
        start("200 OK", [])
        return [b"done"]

    async def both() -> float:
        bridge = Bridge(application, threads=1)
        quick_at: list[float] = []

        async def slow() -> dict[str, Any]:
            await asyncio.sleep(0.5)
            return {"type": "http.request", "body": b"late"}

        async def quick() -> dict[str, Any]:
            return {"type": "http.request", "body": b""}

        async def send(message: dict[str, Any]) -> None:
            quick_at.append(time.monotonic() - began)

        async def ignore(message: dict[str, Any]) -> None:
            pass

        began = time.monotonic()
        await asyncio.gather(bridge(scope(), slow, ignore), bridge(scope(), quick, send))
        bridge.threads.shutdown()
        return quick_at[0]

    assert asyncio.run(both()) < 0.4


@pytest.mark.parametrize(
    ("count", "header", "client"),
    [
        (0, b"1.1.1.1", "10.0.0.9"),
        (1, b"6.6.6.6, 1.1.1.1", "1.1.1.1"),
        (2, b"6.6.6.6, 1.1.1.1, 10.0.0.2", "1.1.1.1"),
        (2, b"1.1.1.1", "10.0.0.9"),
    ],
)
def test_only_what_our_own_proxies_wrote_is_believed(count: int, header: bytes, client: str) -> None:
    got = behind_proxies(scope(headers=[(b"x-forwarded-for", header), (b"x-forwarded-proto", b"https")]), count)
    assert got["client"][0] == client
    assert got["scheme"] == ("https" if count else "http")
