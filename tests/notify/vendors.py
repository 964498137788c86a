"""A server in this process that answers as the vendors document, and can be told to refuse, to dawdle and to let tokens end."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class Call:
    """One request as it came."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: dict[str, Any]


@dataclass
class Vendor:
    """What came, what is answered next, and which token holds at the moment."""

    port: int = 0
    calls: list[Call] = field(default_factory=list)
    answers: list[Any] = field(default_factory=list)
    tokens: int = 0
    seconds: int = 7200
    ended: set[str] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def sent(self) -> list[Call]:
        """The requests that send something."""
        return [each for each in self.calls if "token" not in each.path]

    def answer(self, call: Call) -> tuple[int, Any]:
        if "token" in call.path:
            self.tokens += 1
            made = f"token-{self.tokens}"
            return 200, {
                "errcode": 0, "code": 0, "access_token": made, "tenant_access_token": made, "expires_in": self.seconds,
                "expire": self.seconds,
            }  # fmt: skip
        if self.answers:
            said = self.answers.pop(0)
            said = said(call) if callable(said) else said
            return said if isinstance(said, tuple) else (200, said)
        return 200, self.accepted(call)

    def accepted(self, call: Call) -> dict[str, Any]:
        """What each vendor says when it took a message; an ended token is told first."""
        used = call.query.get("access_token") or call.headers.get("Authorization", "").removeprefix("Bearer ")
        if call.path == "/cgi-bin/message/send":
            return {"errcode": 42001, "errmsg": "access_token expired"} if used in self.ended else {"errcode": 0, "errmsg": "ok", "msgid": "m"}
        if call.path == "/topapi/message/corpconversation/asyncsend_v2":
            if used in self.ended:
                return {"errcode": 88, "sub_code": "40014", "sub_msg": "不合法的access_token", "errmsg": "ding talk error"}
            return {"errcode": 0, "errmsg": "ok", "task_id": 1}
        if call.path == "/open-apis/im/v1/messages":
            if used in self.ended:
                return {"code": 99991663, "msg": "Invalid access token for authorization."}
            return {"code": 0, "msg": "success", "data": {"message_id": "om_1"}}
        if call.path == "/cgi-bin/message/template/send":
            return {"errcode": 42001, "errmsg": "access_token expired"} if used in self.ended else {"errcode": 0, "errmsg": "ok", "msgid": 1}
        if call.headers.get("X-TC-Action") == "SendSms":
            return {"Response": {"SendStatusSet": [{"SerialNo": "1", "Fee": 1, "Code": "Ok", "Message": "send success"}], "RequestId": "r"}}
        return {"Code": "OK", "Message": "OK", "BizId": "1", "RequestId": "r"}


@contextmanager
def vendor() -> Iterator[Vendor]:
    """A running server."""
    made = Vendor()

    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            parts = urlsplit(self.path)
            asks = {name: values[0] for name, values in parse_qs(parts.query).items()}
            call = Call(parts.path, asks, dict(self.headers.items()), json.loads(raw) if raw else {})
            made.calls.append(call)
            status, said = made.answer(call)
            if said == "silent":
                time.sleep(1.5)
                return
            text = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = handle_any  # noqa: N815 - the library's names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    made.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield made
    server.shutdown()
    server.server_close()


Answer = Callable[[Call], Any]
