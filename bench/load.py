"""A small load generator: so many connections, each asks again as soon as it has its answer, for so many seconds.

Requests are bytes made beforehand and answers are only measured, so that the generator takes little of the two cores
it shares with what it measures. Anything but a 2xx is counted and shown: an error page is fast.
"""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

RECEIVE = 1 << 16
TIMEOUT_SECONDS = 30
WARM_CONNECTIONS, WARM_SECONDS = 8, 1.5


@dataclass
class Sample:
    """What one system did in one window."""

    seconds: float
    latencies_ms: list[float]
    wrong: dict[int, int]
    web_ms: float = 0.0
    database_ms: float = 0.0
    example: bytes = b""

    @property
    def rate(self) -> float:
        """Good answers per second."""
        return len(self.latencies_ms) / self.seconds

    @property
    def cpu_ms(self) -> float:
        """CPU of web process and database per good answer."""
        return (self.web_ms + self.database_ms) / max(len(self.latencies_ms), 1)

    def percentile(self, share: float) -> float:
        """Latency that this share of the answers did not exceed."""
        ordered = sorted(self.latencies_ms)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


@dataclass
class Connection:
    """One keep-alive connection and what came over it."""

    port: int
    requests: Iterator[bytes]
    latencies_ms: list[float] = field(default_factory=list)
    wrong: dict[int, int] = field(default_factory=dict)
    example: bytes = b""

    def run(self, until: float) -> None:
        """Ask until the time is over."""
        with socket.create_connection(("127.0.0.1", self.port), TIMEOUT_SECONDS) as line:
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for request in self.requests:
                began = time.perf_counter()
                line.sendall(request)
                status, body = _answer(line)
                ended = time.perf_counter()
                if 200 <= status < 300:
                    self.latencies_ms.append((ended - began) * 1000)
                else:
                    self.wrong[status] = self.wrong.get(status, 0) + 1
                    self.example = body
                if ended >= until:
                    return
        raise RuntimeError("there were not enough requests for the window")


def _answer(line: socket.socket) -> tuple[int, bytes]:
    """One answer with a known length."""
    received = b""
    while (end := received.find(b"\r\n\r\n")) < 0:
        received += _more(line)
    head = received[:end].lower()
    at = head.index(b"content-length:") + len(b"content-length:")
    missing = int(head[at:].split(b"\r\n", 1)[0]) + end + 4 - len(received)
    chunks = [received[end + 4 :]]
    while missing > 0:
        chunks.append(_more(line))
        missing -= len(chunks[-1])
    return int(received[9:12]), b"".join(chunks)


def _more(line: socket.socket) -> bytes:
    chunk = line.recv(RECEIVE)
    if not chunk:
        raise ConnectionError("the server closed the connection")
    return chunk


def drive(port: int, streams: list[Iterator[bytes]], seconds: float) -> Sample:
    """Let one connection a stream run for a window."""
    connections = [Connection(port, stream) for stream in streams]
    began = time.perf_counter()
    threads = [threading.Thread(target=each.run, args=[began + seconds], daemon=True) for each in connections]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wrong: dict[int, int] = {}
    for each in connections:
        for status, number in each.wrong.items():
            wrong[status] = wrong.get(status, 0) + number
    latencies = [value for each in connections for value in each.latencies_ms]
    example = next((each.example for each in connections if each.example), b"")
    return Sample(time.perf_counter() - began, latencies, wrong, example=example)


def request(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """A request as bytes."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{name}: {value}" for name, value in headers.items())]
    if method == "POST":
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def warm(port: int, make: Callable[[], Iterator[bytes]]) -> None:
    """Let every process and thread of a server answer before it is measured; an answer that is wrong ends the run."""
    found = drive(port, [make() for _ in range(WARM_CONNECTIONS)], WARM_SECONDS)
    if found.wrong:
        raise RuntimeError(f"{found.wrong}: {found.example[:500]!r}")
