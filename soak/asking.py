"""Asking as a phone or a partner's program does: through a balancer, and with the same key until there is an answer."""

import threading
import time
from dataclasses import dataclass, field
from hashlib import sha256
from random import Random
from typing import Any

import httpx

PATIENCE_SECONDS = 120
JOBS_SECONDS = 300  # what a job does may wait for two workers that were killed, one after the other
TIMEOUT_SECONDS = 30
PAUSE_SECONDS = 0.4
SERVER_ERROR = 500
TOO_MANY = 429


@dataclass(frozen=True)
class Attempt:
    """One request over the wire and what came of it: a status, or 0 with what broke."""

    began: float
    ended: float
    what: str
    web: str
    status: int
    said: str = ""


@dataclass(frozen=True)
class Accepted:
    """A write that was answered: enough to ask again and compare."""

    key: str
    path: str
    token: str
    sent: dict[str, Any]
    status: int
    digest: str
    attempts: int


@dataclass(frozen=True)
class Form:
    """A form of the portal that was taken, and the receipt it led to."""

    path: str
    headers: dict[str, str]
    fields: dict[str, str]
    files: dict[str, Any]
    led_to: str


@dataclass
class Record:
    """Everything that was asked and answered, by all actors."""

    attempts: list[Attempt] = field(default_factory=list)
    accepted: list[Accepted] = field(default_factory=list)
    refused: list[Attempt] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    portal: list["Form"] = field(default_factory=list)
    exported: int = 0
    done: dict[str, int] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, what: str) -> None:
        """One more of something."""
        with self.lock:
            self.done[what] = self.done.get(what, 0) + 1


class Refused(Exception):
    """The product turned it down."""

    def __init__(self, answer: httpx.Response) -> None:
        super().__init__(f"{answer.status_code} {answer.text[:300]}")
        self.status = answer.status_code


class Gone(Exception):
    """No answer within all patience, or the load is over."""


@dataclass
class Asker:
    """One actor's way to the installation: any of the web machines, whichever answers."""

    record: Record
    webs: dict[str, str]  # name, address
    dice: Random
    over: threading.Event

    def __post_init__(self) -> None:
        self.http = httpx.Client(timeout=TIMEOUT_SECONDS)

    def write(self, path: str, token: str, key: str, waits_for: str = "", **sent: Any) -> httpx.Response:
        """A write over the API, asked again with its key until it is answered, and until a job has done its part."""
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key, "Accept-Language": "en"}
        until = time.monotonic() + JOBS_SECONDS
        while True:
            answer, attempts = self.insist("POST", f"/api/v1{path}", headers, **sent)
            if not waits_for or waits_for not in answer.text or time.monotonic() > until:
                break
            self.record.refused.remove(self._last)
            time.sleep(PAUSE_SECONDS * 2)
        if answer.is_success:
            digest = sha256(answer.content).hexdigest()
            self.record.accepted.append(Accepted(key, path, token, sent, answer.status_code, digest, attempts))
            return answer
        raise Refused(answer)

    def insist(self, method: str, path: str, headers: dict[str, str], **sent: Any) -> tuple[httpx.Response, int]:
        """Ask until there is an answer that is not the server's own failure; how often it took."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        attempts = 0
        while time.monotonic() < deadline:
            attempts += 1
            answer = self.once(method, path, headers, **sent)
            if answer is not None and path.startswith("/api/") and (pause := asked_to_wait(answer)):
                time.sleep(pause)
                continue
            if answer is not None and answer.status_code < SERVER_ERROR:
                if answer.is_client_error:
                    self.record.refused.append(self._last)
                return answer, attempts
            time.sleep(PAUSE_SECONDS * (1 + self.dice.random()))
        self.record.unanswered.append(f"{method} {path}")
        raise Gone

    def once(self, method: str, path: str, headers: dict[str, str] | None = None, **sent: Any) -> httpx.Response | None:
        """One request to one of the web machines; none when it broke."""
        name = self.dice.choice(list(self.webs))
        began = time.time()
        answer, said = None, ""
        try:
            answer = self.http.request(method, self.webs[name] + path, headers=headers, **sent)
            if answer.status_code >= httpx.codes.BAD_REQUEST:
                said = answer.text[:400]
        except httpx.HTTPError as error:
            said = type(error).__name__
        status = answer.status_code if answer is not None else 0
        self._last = Attempt(began, time.time(), f"{method} {_shape(path)}", name, status, said)
        self.record.attempts.append(self._last)
        return answer

    def read(self, path: str, token: str) -> httpx.Response | None:
        """A read over the API, once."""
        return self.once("GET", f"/api/v1{path}", {"Authorization": f"Bearer {token}"})


def asked_to_wait(answer: httpx.Response) -> float:
    """The seconds a program is asked to wait before it asks again; none where it was answered."""
    return float(answer.headers.get("Retry-After", 1)) if answer.status_code == TOO_MANY else 0.0


def _shape(path: str) -> str:
    """An address without what differs."""
    parts = [("…" if len(part) >= 16 or part.isdigit() else part) for part in path.partition("?")[0].split("/")]
    return "/".join(parts)
