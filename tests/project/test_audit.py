"""The audit of the lock files, asked against a server that answers as the advisory services do."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from gzip import decompress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ADVISORY = {
    "id": "OSV-1", "modified": "2026-01-01T00:00:00Z", "summary": "Opens by itself",
    "affected": [{
        "package": {"name": "django", "ecosystem": "PyPI"},
        "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99"}]}],
    }],
}  # fmt: skip


class Services(BaseHTTPRequestHandler):
    """OSV's two calls, and the bulk advisories of an npm registry; `known` names the Python packages with one."""

    known: frozenset[str] = frozenset()

    def do_POST(self) -> None:
        given = self.rfile.read(int(self.headers["content-length"]))
        if "advisories" in self.path:
            return self._say({})
        if self.headers.get("content-encoding") == "gzip":
            given = decompress(given)
        asked = [each["package"]["name"] for each in json.loads(given)["queries"]]
        found = {"vulns": [{"id": ADVISORY["id"], "modified": ADVISORY["modified"]}]}
        return self._say({"results": [found if name in self.known else {} for name in asked]})

    def do_GET(self) -> None:
        self._say(ADVISORY)

    def _say(self, answer: object) -> None:
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: object) -> None:
        """Nothing."""


@contextmanager
def serving(*known: str) -> Iterator[str]:
    """The services at an address of their own."""
    handler = type("Knowing", (Services,), {"known": frozenset(known)})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def audit(address: str) -> tuple[int, str]:
    command = [sys.executable, "scripts/audit.py", "--advisories", address, "--registry", address]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def test_nothing_known_is_good() -> None:
    with serving() as address:
        assert audit(address) == (0, "uv.lock: none known\npackage-lock.json: none known\n")


def test_a_known_vulnerability_is_named_with_what_mends_it() -> None:
    with serving("django") as address:
        code, said = audit(address)
    assert code == 1
    assert "OSV-1 Opens by itself; fixed in 99" in said


@pytest.mark.parametrize("address", ["http://127.0.0.1:9"])
def test_who_cannot_be_asked_is_said_and_is_no_good_news(address: str) -> None:
    code, said = audit(address)
    assert code == 2
    assert said.count("NOT ASKED") == 2
