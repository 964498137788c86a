"""Who works while everything around is killed: engineers' journeys, customers on the portal, desks, imports, open tabs."""

import html
import json
import random
import re
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import count
from typing import Any
from uuid import UUID

import httpx

from soak.asking import Asker, Form, Gone, Record, Refused
from soak.sinks import Sinks

PLACE = {"latitude": 31.2304, "longitude": 121.4737, "accuracy_metres": 20}
SLOT = timedelta(minutes=30)
AHEAD = timedelta(hours=4)
READS = ("/orders", "/orders?state=archived", "/machines", "/customers", "/engineers", "/indicators", "/notices")
PAGES = ("/orders/", "/orders/?export=csv", "/machines/?export=csv", "/dashboard/")
CSRF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
KEY = re.compile(r'name="key" value="([^"]+)"')
_addresses = count(1)


@dataclass
class Load:
    """Everything the actors share."""

    known: dict[str, Any]
    webs: dict[str, str]
    record: Record
    sinks: Sinks
    over: threading.Event
    seed: int
    tabs: "list[Tab]" = field(default_factory=list)

    def asker(self, number: int) -> Asker:
        """A way in for one actor."""
        return Asker(self.record, self.webs, random.Random(f"{self.seed} {number}"), self.over)


def start(load: Load, streams: int = 4) -> list[threading.Thread]:
    """Let everybody begin."""
    engineers = load.known["engineers"]
    jobs: list[Callable[[], None]] = [Journeys(load, number, *each).run for number, each in enumerate(engineers)]
    jobs += [Visitors(load, 100 + number).run for number in range(2)]
    jobs += [Readers(load, 200 + number).run for number in range(2)]
    jobs += [Imports(load, 300).run, Raters(load, 400).run]
    load.tabs = [Tab(load, 500 + number) for number in range(streams)]
    jobs += [each.run for each in load.tabs]
    threads = [threading.Thread(target=each, daemon=True) for each in jobs]
    for each in threads:
        each.start()
    return threads


class Actor:
    """Somebody who does the same thing again and again until the load is over."""

    pause = (0.05, 0.5)

    def __init__(self, load: Load, number: int) -> None:
        self.load, self.number = load, number
        self.ask = load.asker(number)
        self.dice, self.tokens = self.ask.dice, load.known["tokens"]
        self.keys = count()

    def run(self) -> None:
        while not self.load.over.is_set():
            try:
                self.once()
            except Refused as refused:
                self.load.record.count(f"refused: {type(self).__name__.lower()}: {refused}")
            except Gone:
                self.load.record.count("given up")
            self.rest()

    def once(self) -> None:
        raise NotImplementedError

    def rest(self) -> None:
        self.load.over.wait(self.dice.uniform(*self.pause))

    def key(self) -> str:
        return f"soak-{self.load.seed}-{self.number}-{next(self.keys)}"

    def picture(self, size: int = 96) -> bytes:
        """A photo nobody took before."""
        from PIL import Image

        kept = BytesIO()
        Image.frombytes("RGB", (size, size), self.dice.randbytes(size * size * 3)).save(kept, "JPEG", quality=60)
        return kept.getvalue()


class Journeys(Actor):
    """One engineer's orders, each from the call to the archive, with everybody who has a hand in it."""

    def __init__(self, load: Load, number: int, uid: str, token: str) -> None:
        super().__init__(load, number)
        self.engineer, self.mine = uid, token
        self.starts_at = datetime.now(UTC) + AHEAD

    def act(self, verb: str, token: str, /, **body: Any) -> dict[str, Any]:
        self.rest()
        return self.ask.write(f"/orders/{self.uid}/actions/{verb}", token, self.key(), json=body).json()

    def send(self, verb: str, token: str, files: Any, /, **fields: Any) -> None:
        self.rest()
        self.ask.write(f"/orders/{self.uid}/actions/{verb}", token, self.key(), files=files, data=fields)

    def once(self) -> None:
        machine, _ = self.dice.choice(self.load.known["machines"])
        said = {
            "channel": "phone", "words": f"Lift stands still, {self.dice.random()}", "machine": machine,
            "contact": self.load.known["contact"], "caller_name": "王小明", "caller_phone": "13812345678",
        }  # fmt: skip
        opened = self.ask.write("/orders", self.tokens["agent"], self.key(), json=said).json()
        self.uid = UUID(opened["order"]["uid"])
        self.load.record.count("orders opened")
        self.act("contact_customer", self.tokens["agent"], result="reached", note="called")
        if self.dice.random() < 0.08:
            self.act("cancel", self.tokens["dispatcher"], reason="solved_remotely")
            self.load.record.count("orders cancelled")
            return
        self.visit()
        self.work()
        self.close()

    def visit(self) -> None:
        begins, self.starts_at = self.starts_at, self.starts_at + SLOT
        self.act(
            "book_visit", self.tokens["dispatcher"], engineer=self.engineer, starts_at=begins.isoformat(),
            ends_at=(begins + SLOT).isoformat(),
        )  # fmt: skip
        self.act("accept_visit", self.mine)
        self.act("prepare", self.mine, checked=self.load.known["checked"])
        self.act("depart", self.mine)
        self.act("arrive", self.mine, place=PLACE)

    def work(self) -> None:
        self.act("assess", self.mine, finding="belt broken")
        for _ in range(2):
            self.send("add_photo", self.mine, {"photo": ("p.jpg", self.picture(), "image/jpeg")},
                      latitude="31.2304", longitude="121.4737", accuracy_metres="20")  # fmt: skip
        self.act("add_entry", self.mine, kind="reading", text="current", value="1.8", unit="A")
        self.act("add_entry", self.mine, kind="labour", minutes=45)
        self.act("complete_repair", self.mine, resolved=True, cause="belt worn", solution="belt replaced")

    def close(self) -> None:
        answer, _ = self.ask.insist(
            "GET", f"/api/v1/orders/{self.uid}/document", {"Authorization": f"Bearer {self.mine}"}
        )
        if not answer.is_success:
            raise Refused(answer)
        self.send("sign_off", self.mine, {"signature": ("s.png", signature(), "image/png")},
                  document_digest=answer.json()["digest"], signer="王小明")  # fmt: skip
        self.load.record.count("orders signed")
        self.act("follow_up", self.tokens["agent"], result="all_good")
        self.rest()
        path = f"/orders/{self.uid}/actions/archive"
        self.ask.write(path, self.tokens["agent"], self.key(), waits_for="orders.file_incomplete", json={})
        self.load.record.count("orders archived")


def signature() -> bytes:
    """A signature as a pad draws it."""
    from PIL import Image, ImageDraw

    kept, picture = BytesIO(), Image.new("RGBA", (300, 120), (0, 0, 0, 0))
    ImageDraw.Draw(picture).line([(20, 80), (90, 20), (150, 90), (280, 40)], fill=(20, 30, 60, 255), width=4)
    picture.save(kept, "PNG")
    return kept.getvalue()


class Visitors(Actor):
    """Customers in front of a machine: the form behind the label, with a photo, sent again when nothing comes back."""

    pause = (0.8, 2.5)

    def once(self) -> None:
        _, label = self.dice.choice(self.load.known["machines"])
        number = next(_addresses)
        headers = {"X-Forwarded-For": f"203.0.{number // 250 % 250}.{number % 250 + 1}", "Accept-Language": "en"}
        page, _ = self.ask.insist("GET", f"/p/r/{label}/", headers)
        token, key = CSRF.search(page.text), KEY.search(page.text)
        if token is None or key is None:
            self.load.record.count(f"refused: visitors: form {page.status_code}")
            return
        fields = {
            "csrfmiddlewaretoken": html.unescape(token[1]), "key": key[1], "fault": self.load.known["fault"],
            "words": f"It stands still, {self.dice.random()}", "caller_name": "李雷", "caller_phone": "13900001111",
            "consent": "on", "website": "",
        }  # fmt: skip
        files = {"media": ("f.jpg", self.picture(), "image/jpeg")}
        answer, _ = self.ask.insist("POST", f"/p/r/{label}/", headers, data=fields, files=files)
        self.ask.http.cookies.clear()
        if answer.status_code == httpx.codes.FOUND:
            path = f"/p/r/{label}/"
            self.load.record.portal.append(Form(path, headers, fields, files, answer.headers["Location"]))
            self.load.record.count("orders opened on the portal")
        elif answer.status_code != httpx.codes.TOO_MANY_REQUESTS:
            self.load.record.count(f"refused: visitors: {answer.status_code} {_errors(answer.text)}")


def _errors(page: str) -> str:
    found = re.findall(r'class="error"[^>]*>([^<]+)', page)
    return "; ".join(found)[:200]


class Raters(Actor):
    """Customers who open the link in a mail and give their stars, twice where the answer was lost."""

    pause = (0.3, 1.0)

    def __init__(self, load: Load, number: int) -> None:
        super().__init__(load, number)
        self.rated = 0

    def once(self) -> None:
        links = self.load.sinks.rating_links()
        if self.rated >= len(links):
            return
        secret, self.rated = links[self.rated], self.rated + 1
        headers = {"X-Forwarded-For": f"198.51.{self.rated // 250}.{self.rated % 250 + 1}", "Accept-Language": "en"}
        page, _ = self.ask.insist("GET", f"/p/rate/{secret}/", headers)
        token = CSRF.search(page.text)
        if token is None:
            return  # rated already, or a newer link has taken its place
        fields = {"csrfmiddlewaretoken": html.unescape(token[1]), "score": str(self.dice.randint(2, 5))}
        answer, _ = self.ask.insist("POST", f"/p/rate/{secret}/", headers, data=fields)
        self.ask.http.cookies.clear()
        # Asked again after a lost answer, the page shows what was rated, without a form.
        is_rated = answer.status_code == httpx.codes.FOUND or (answer.is_success and not CSRF.search(answer.text))
        self.load.record.count("ratings" if is_rated else f"refused: rating {answer.status_code}")


class Readers(Actor):
    """Desks that look: lists and indicators over the API, pages and their exports in the console."""

    pause = (0.1, 0.6)

    def once(self) -> None:
        if self.dice.random() < 0.6:
            self.ask.read(self.dice.choice(READS), self.tokens["supervisor"])
            return
        path = self.dice.choice(PAGES)
        cookies = f"anxiu_session={self.load.known['sessions']['supervisor']}; anxiu_language=en"
        answer = self.ask.once("GET", path, {"Cookie": cookies})
        if answer is not None and answer.is_success and "export" in path:
            self.load.record.exported += 1


class Imports(Actor):
    """A supervisor who takes in a small file of machines, again and again."""

    pause = (4.0, 8.0)
    states = ("tried", "failed", "taken", "dropped")

    def once(self) -> None:
        known = self.load.known
        marks = [self.dice.randrange(10**9) for _ in range(12)]
        rows = [
            "SN,机型,客户,现场,名称",
            *(f"IM-{mark},{known['model']},{known['customer']},{known['site']},n{mark}" for mark in marks),
        ]
        file = {"file": ("machines.csv", "\n".join(rows).encode(), "text/csv")}
        token = self.tokens["supervisor"]
        fields = {"kind": "machines", "source": f"soak-{self.dice.randrange(10**9)}"}
        uid = self.ask.write("/imports/files", token, self.key(), files=file, data=fields).json()["uid"]
        columns = {"serial": "SN", "model": "机型", "customer": "客户", "site": "现场", "name": "名称"}
        self.ask.write(f"/imports/files/{uid}/actions/map_import", token, self.key(), json={"columns": columns})
        if self.reaches(uid, token) == "tried":
            self.ask.write(f"/imports/files/{uid}/actions/start_import", token, self.key(), json={})
            self.load.record.count(f"imports {self.reaches(uid, token, 'tried', 'taking')}")

    def reaches(self, uid: str, token: str, *passing: str) -> str:
        until = time.monotonic() + 120
        state = "?"
        while time.monotonic() < until and not self.load.over.is_set():
            answer = self.ask.read(f"/imports/files/{uid}", token)
            if answer is not None and answer.is_success:
                state = answer.json()["state"]
                if state in self.states and state not in passing:
                    return state
            self.load.over.wait(0.5)
        return f"still {state} at the end"


class Tab(Actor):
    """A browser's tab: a live stream that comes back with its position when it breaks."""

    def __init__(self, load: Load, number: int) -> None:
        super().__init__(load, number)
        self.position, self.first, self.breaks = 0, 0, 0
        self.seen: dict[str, int] = {}  # topic, last position it was named with

    def run(self) -> None:
        while not self.load.over.is_set():
            name = self.dice.choice(list(self.load.webs))
            with suppress(httpx.HTTPError):
                self.listen(self.load.webs[name])
            self.breaks += 1
            self.load.over.wait(0.5)

    def listen(self, address: str) -> None:
        headers = {"Cookie": f"anxiu_session={self.load.known['sessions']['dispatcher']}"}
        if self.position:
            headers["Last-Event-ID"] = str(self.position)
        with httpx.stream("GET", f"{address}/live", headers=headers, timeout=40) as response:
            for line in response.iter_lines():
                if line.startswith("id:"):
                    self.position = int(line[3:])
                    self.first = self.first or self.position
                elif line.startswith("data:"):
                    for topic in json.loads(line[5:])["topics"]:
                        self.seen[topic] = self.position
                if not line and self.load.over.is_set():  # between two frames, never in the middle of one
                    return
