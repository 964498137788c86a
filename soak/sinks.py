"""The outside: a mail server and a receiver of webhooks that at times hang, refuse or fail, and know what they took."""

import email
import email.policy
import json
import re
import socketserver
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HANG_SECONDS = 25
MODES = ("hang", "refuse", "fail")
RATE = re.compile(r"/p/rate/([A-Za-z0-9_-]+)/")


@dataclass(frozen=True)
class Mail:
    """A message that was taken."""

    at: float
    id: str
    to: str
    text: str


@dataclass(frozen=True)
class Call:
    """A webhook request that came, and whether it was answered that it was taken."""

    at: float
    delivery: str
    event: str
    attempt: int
    taken: bool


@dataclass
class Sinks:
    """Both servers and what they know."""

    mode: dict[str, str] = field(default_factory=lambda: {"smtp": "", "hooks": ""})
    mails: list[Mail] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)
    smtp_port: int = 0
    hooks_port: int = 0

    def start(self) -> "Sinks":
        """Listen, both on a port of their own."""
        smtp = _Threads(("127.0.0.1", 0), _smtp(self))
        hooks = ThreadingHTTPServer(("127.0.0.1", 0), _hooks(self))
        self.smtp_port, self.hooks_port = smtp.server_address[1], hooks.server_address[1]
        for each in (smtp, hooks):
            threading.Thread(target=each.serve_forever, daemon=True).start()
        return self

    def rating_links(self) -> list[str]:
        """Secrets of the links to rate by that were mailed so far, in their order."""
        return [found for mail in list(self.mails) for found in RATE.findall(mail.text)[:1]]

    def hang(self) -> None:
        """Say nothing for long."""
        self.stop.wait(HANG_SECONDS)


class _Threads(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def _smtp(sinks: Sinks) -> type[socketserver.StreamRequestHandler]:
    class Smtp(socketserver.StreamRequestHandler):
        def say(self, text: str) -> None:
            self.wfile.write(text.encode() + b"\r\n")

        def handle(self) -> None:
            try:
                self.talk()
            except OSError:
                return

        def talk(self) -> None:
            if sinks.mode["smtp"] == "hang":
                sinks.hang()
            if sinks.mode["smtp"] == "refuse":
                return
            self.say("220 soak")
            to = ""
            while line := self.rfile.readline().decode("utf-8", "replace").strip():
                word = line[:4].upper()
                if word == "EHLO":
                    self.say("250-soak\r\n250 8BITMIME")
                elif word == "RCPT":
                    to = line.partition(":")[2].strip("<> ")
                    self.say("451 4.3.0 try later" if sinks.mode["smtp"] == "fail" else "250 ok")
                elif word == "DATA":
                    self.say("354 go")
                    self.take(to)
                elif word == "QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("250 ok")

        def take(self, to: str) -> None:
            kept = b""
            while (line := self.rfile.readline()) not in (b".\r\n", b""):
                kept += line
            if not line:
                return
            said = email.message_from_bytes(kept, policy=email.policy.default)
            plain = said.get_body(("plain",))
            text = plain.get_content() if plain is not None else ""
            sinks.mails.append(Mail(time.time(), str(said["Message-ID"]).strip(), to, text))
            if sinks.mode["smtp"] == "hang":  # taken, and the answer is lost
                sinks.hang()
            self.say("250 taken")

    return Smtp


def _hooks(sinks: Sinks) -> type[BaseHTTPRequestHandler]:
    class Hooks(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            mode = sinks.mode["hooks"]
            call = Call(
                time.time(), self.headers["Anxiu-Delivery"], json.loads(body)["id"], int(self.headers["Anxiu-Attempt"]),
                not mode,
            )  # fmt: skip
            sinks.calls.append(call)
            if mode == "hang":
                sinks.hang()
            if mode == "refuse":
                self.close_connection = True
                return
            self.send_response(500 if mode else 204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    return Hooks
