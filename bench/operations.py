"""What is measured: for each operation the requests to Anxiu and the floor's counterparts."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from random import Random
from urllib.parse import quote
from uuid import uuid4

from anxiu.kernel.search import parts_of
from bench.company import Known
from bench.load import request

OPEN_STATES = (
    "accepted", "booked", "preparing", "prepared", "travelling", "on_site", "repairing", "signing", "following_up",
    "closing",
)  # fmt: skip
PLACE = {"latitude": 31.2304, "longitude": 121.4737, "accuracy_metres": 20}
SEED = 20261121
BROAD = ("电梯", "电梯 异响", "上海", "空调", "漏水", "水泵 噪声", "门", "公司", "王", "报修")
Stream = Iterator[bytes]


@dataclass(frozen=True)
class Operation:
    """One thing people do: how both sides are asked, the least ratio wanted, the most statements."""

    name: str
    title: str
    ours: Callable[[], Stream]
    floor: Callable[[], Stream]
    least: float
    most_statements: int


def operations(known: Known) -> list[Operation]:
    """Everything that is compared."""
    ours, floor = Ours(known), Floor(known)
    return [
        Operation("state", "change of state", ours.changes, floor.changes, 0.40, 15),
        Operation("open", "open an order (API)", ours.opens, floor.opens, 0.33, 20),
        Operation("page", "order page (console)", ours.pages, floor.pages, 0.40, 12),
        Operation("order", "order (API)", ours.orders, floor.orders, 0.40, 12),
        Operation("list", "list (console)", ours.lists, floor.lists, 0.50, 6),
        Operation("items", "list (API)", ours.items, floor.items, 0.50, 6),
        Operation("narrow", "search, a number (API)", ours.narrow, floor.narrow, 0.50, 6),
        Operation("broad", "search, words of many orders (API)", ours.broad, floor.broad, 0.50, 6),
    ]


class Ours:
    """Requests to Anxiu."""

    def __init__(self, known: Known) -> None:
        self.known, self.dice = known, Random(SEED)
        self.waiting = list(known.booked)
        self.dice.shuffle(self.waiting)

    def _api(self, token: str = "") -> dict[str, str]:
        return {"Authorization": f"Bearer {token or self.known.token}"}

    @property
    def _page(self) -> dict[str, str]:
        return {"Cookie": f"anxiu_session={self.known.session}; anxiu_language=zh-hans", "Accept": "text/html"}

    def opens(self) -> Stream:
        """Faults reported by phone, each about a machine that is known."""
        for number in count():
            said = _said(self.dice.choice(self.known.machines), number)
            yield request("POST", "/api/v1/orders", {**self._api(), "Idempotency-Key": uuid4().hex}, said)

    def changes(self) -> Stream:
        """An engineer's way with one order after another: accept, prepare, depart, arrive, assess."""
        steps = {
            "accept_visit": {}, "prepare": {"checked": self.known.prepared}, "depart": {}, "arrive": {"place": PLACE},
            "assess": {"finding": "门机皮带断裂，需更换"},
        }  # fmt: skip
        while self.waiting:
            uid, token = self.waiting.pop()
            for verb, body in steps.items():
                headers = {**self._api(token), "Idempotency-Key": uuid4().hex}
                yield request("POST", f"/api/v1/orders/{uid}/actions/{verb}", headers, json.dumps(body).encode())

    def pages(self) -> Stream:
        """Pages of finished orders: the longest there are."""
        while True:
            yield request("GET", f"/orders/{self.dice.choice(self.known.archived)}/", self._page)

    def orders(self) -> Stream:
        """The same over the API."""
        while True:
            yield request("GET", f"/api/v1/orders/{self.dice.choice(self.known.archived)}", self._api())

    def lists(self) -> Stream:
        """The first page of open orders, next to break first."""
        while True:
            yield request("GET", "/orders/", self._page)

    def items(self) -> Stream:
        """The newest fifty archived orders."""
        while True:
            yield request("GET", "/api/v1/orders?state=archived", self._api())


    def narrow(self) -> Stream:
        """An order's number or a machine's serial number, as far as somebody types it."""
        while True:
            yield request("GET", f"/api/v1/orders?q={quote(_typed(self.known, self.dice))}", self._api())

    def broad(self) -> Stream:
        """One or two words that are in many orders."""
        while True:
            yield request("GET", f"/api/v1/orders?q={quote(self.dice.choice(BROAD))}", self._api())


class Floor:
    """The same asked of the floor."""

    def __init__(self, known: Known) -> None:
        self.known, self.dice = known, Random(SEED)
        self.headers = {"Authorization": f"Bearer {known.floor_token}"}

    def opens(self) -> Stream:
        """INSERT order, INSERT event."""
        for number in count():
            yield request("POST", "/api/orders", self.headers, _said(self.dice.choice(self.known.machines), number))

    def changes(self) -> Stream:
        """SELECT FOR UPDATE, UPDATE, INSERT event."""
        while True:
            uid, _ = self.dice.choice(self.known.booked)
            body = json.dumps({"state": self.dice.choice(OPEN_STATES)}).encode()
            yield request("POST", f"/api/orders/{uid}/state", self.headers, body)

    def pages(self) -> Stream:
        """The order with its joins and last events as a plain page."""
        while True:
            yield request("GET", f"/orders/{self.dice.choice(self.known.archived)}/", self.headers)

    def orders(self) -> Stream:
        """The same as JSON."""
        while True:
            yield request("GET", f"/api/orders/{self.dice.choice(self.known.archived)}", self.headers)

    def lists(self) -> Stream:
        """The newest fifty open orders as a plain page."""
        query = "&".join(f"state={state}" for state in OPEN_STATES)
        while True:
            yield request("GET", f"/orders/?{query}", self.headers)

    def items(self) -> Stream:
        """The newest fifty archived orders."""
        while True:
            yield request("GET", "/api/orders?state=archived", self.headers)

    def narrow(self) -> Stream:
        """The same words, of the same column, with the same kind of index."""
        while True:
            yield self._search(_typed(self.known, self.dice))

    def broad(self) -> Stream:
        """As above."""
        while True:
            yield self._search(self.dice.choice(BROAD))

    def _search(self, typed: str) -> bytes:
        return request("GET", f"/api/orders?q={quote(' & '.join(parts_of(typed)))}", self.headers)


def _typed(known: Known, dice: Random) -> str:
    whole = dice.choice(dice.choice((known.numbers, known.serials)))
    return whole[dice.choice((0, 0, 2)) :]


def _said(machine: str, number: int) -> bytes:
    return json.dumps(
        {
            "channel": "phone", "words": f"电梯停梯，轿厢门反复开合，报警灯亮，第 {number} 次报修", "caller_name": "王小明",
            "caller_phone": f"138{number:08}", "machine": machine,
        }
    ).encode()  # fmt: skip
