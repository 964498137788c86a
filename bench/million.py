"""A million orders: beside the floor, beside ourselves with ten thousand, every page of the console, and searching.

`anxiu demo --orders N --bulk` fills both databases, each on a server of its own, which takes an hour the first time; they
are kept, and a run adds its orders of today to them.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from random import Random
from statistics import quantiles
from typing import Any

from bench import company, plans
from bench.company import Known
from bench.operations import BROAD, SEED, Operation, Ours, operations
from bench.place import OURS, Place, ours
from bench.rounds import Compared, compare

MILLION, TEN_THOUSAND = 1_000_000, 10_000
MOST_GROWTH = 1.3
PAGE_MS, SEARCH_MS, BROAD_TIMES = 100, 100, 5
TIMES, TWENTIETH = 7, 20
SEARCHES = 60
BESIDE_FLOOR = ("open", "state", "page", "list", "narrow", "broad")
BESIDE_OURSELVES = ("open", "state", "page", "order", "list", "items", "narrow")


@dataclass
class MillionFound:
    """What was found; milliseconds of server time by page and by kind of search."""

    rows: dict[str, int] = field(default_factory=dict)
    floor: list[Compared] = field(default_factory=list)
    grown: list[Compared] = field(default_factory=list)
    pages: dict[str, list[float]] = field(default_factory=dict)
    searches: dict[str, list[float]] = field(default_factory=dict)


def p95(values: list[float]) -> float:
    """What nineteen of twenty stay below."""
    return quantiles(values, n=TWENTIETH)[-1]


def measure(
    folder: Path, rounds: int, seconds: float, processes: int, connections: tuple[int, ...], say: Callable[[str], None],
    *, again: bool,
) -> tuple[Place, MillionFound]:  # fmt: skip
    """Fill what is not there, and measure it all; `again` with the orders of today that the last run left."""
    known = {orders: _staged(_home(folder, orders), orders, say, again=again) for orders in (TEN_THOUSAND, MILLION)}
    big, small = (Place(_home(folder, orders)) for orders in (MILLION, TEN_THOUSAND))
    found = MillionFound(rows=known[MILLION].counts)
    _inside(big, known[MILLION], found, say)
    every = list(operations(known[MILLION]))  # once: what they change is not changed twice
    _beside_floor((big, known[MILLION]), every, found, (rounds, seconds, processes, connections), say)
    _beside_ourselves((big, known[MILLION]), (small, known[TEN_THOUSAND]), every, found, (rounds, seconds), say)
    return big, found


def pages_only(folder: Path, say: Callable[[str], None]) -> tuple[Place, MillionFound]:
    """The pages and searches of a million orders, and the plans of their heaviest statements."""
    known = _staged(_home(folder, MILLION), MILLION, say, again=True)
    found = MillionFound(rows=known.counts)
    _inside(Place(_home(folder, MILLION)), known, found, say)
    return Place(_home(folder, MILLION)), found


def _home(folder: Path, orders: int) -> Path:
    return folder.parent / f"bench-{orders}"


def _staged(home: Path, orders: int, say: Callable[[str], None], *, again: bool) -> Known:
    """Orders of today, made by a process of its own: one process works on one database."""
    if (home / "grown").exists():
        Place(home).run("anxiu.project.cli", "prepare")  # what a later version of the program adds to the tables
    if not (again and (home / "known.json").exists()):
        say(f"{orders:,} orders: filling what is not there, then the orders of today and the floor")
        Place(home).run("bench.million", str(home), str(orders))
    return Known(**json.loads((home / "known.json").read_text()))


def main(home: Path, orders: int) -> None:
    """Fill one database and leave what requests are made of beside it."""
    place, say = Place(home), _say
    marker = home / "grown"
    if not marker.exists():
        place.recreate(OURS)
        place.run("anxiu.project.cli", "prepare", "--demo")
        superuser = {**place.environment, "DATABASE_ADMIN_URL": place.server.admin_url}
        place.run("anxiu.project.cli", "demo", "--orders", str(orders), "--bulk", environment=superuser)
        marker.touch()
    known = company.stage(place, say, copied=False)
    known.booked = [(uid, token) for uid, token in known.booked]
    (home / "known.json").write_text(json.dumps(asdict(known)))


# ---- in this process -------------------------------------------------------------------------------------------------
def _inside(place: Place, known: Known, found: MillionFound, say: Callable[[str], None]) -> None:
    """Every page of the menu for the posts that see most, and searching, through the whole program."""
    company.set_up(place)
    from anxiu.accounts.models import Person
    from anxiu.accounts.queries import actor_of
    from anxiu.console.shell import pages_of
    from anxiu.project import collecting

    clients, watch = {}, plans.Watch()
    for post in ("supervisor", "management", "administrator"):
        person = Person.objects.filter(holdings__post__code=post).order_by("id").first()
        clients[post] = (_client(person), [item.url for item in pages_of(actor_of(person))])
    collecting.settle()  # as a web process does once it has loaded
    for post, (client, urls) in clients.items():
        wanted = [*urls, *(_details(known) if post == "supervisor" else ())]
        for url in wanted:
            name = f"{url} ({post})"
            with watch.of(url):
                found.pages[name] = list(_asked(client, url))
            say(f"{name}: p95 {p95(found.pages[name]):.0f} ms")
    dice = Random(SEED)
    typed = {
        "a number": [dice.choice(known.numbers) for _ in range(SEARCHES)],
        "a fragment of a serial number": [dice.choice(known.serials)[2:] for _ in range(SEARCHES)],
        "words of many orders": [dice.choice(BROAD) for _ in range(SEARCHES)],
        "what is nowhere": [f"zq{dice.randrange(10**7)}" for _ in range(SEARCHES)],
    }
    for post in ("supervisor", "management"):
        client = clients[post][0]
        for kind, words in typed.items():
            with watch.of(f"searching {kind}"):
                spent = [_once(client, "/search/", {"q": each}) for each in words]
            found.searches[f"{kind} ({post})"] = spent
            say(f"{kind} ({post}): p95 {p95(spent):.0f} ms")
    rows = ", ".join(f"{count:,} {name}" for name, count in known.counts.items())
    plans.write(watch.heaviest(), f"The database: {rows}.")


def _details(known: Known) -> Iterator[str]:
    yield f"/orders/{known.archived[0]}/"
    yield f"/orders/{known.booked[0][0]}/"
    yield f"/machines/{known.machines[0]}/"
    yield "/orders/?state=archived"
    yield f"/orders/?q={known.numbers[0]}"


def _client(person: Any) -> Any:
    from django.test import Client

    client = Client(headers={"accept-language": "zh-CN"})
    client.force_login(person)
    return client


def _asked(client: Any, url: str) -> Iterator[float]:
    _once(client, url, {})
    for _ in range(TIMES):
        yield _once(client, url, {})


def _once(client: Any, url: str, data: dict[str, str]) -> float:
    began = time.perf_counter()
    answer = client.get(url, data, follow=True)
    spent = (time.perf_counter() - began) * 1000
    if answer.status_code != 200:
        raise RuntimeError(f"{url}: {answer.status_code}")
    return spent


# ---- over the wire ---------------------------------------------------------------------------------------------------
def _beside_floor(
    big: tuple[Place, Known], every: list[Operation], found: MillionFound,
    how: tuple[int, float, int, tuple[int, ...]], say: Callable[[str], None],
) -> None:  # fmt: skip
    from bench.place import floor

    place, known = big
    rounds, seconds, processes, connections = how
    token = {"Authorization": f"Bearer {known.floor_token}"}
    asked = [each for each in every if each.name in BESIDE_FLOOR]
    with ours(place, "/orders/", _cookie(known), processes) as mine, floor(place, "/orders/", token, processes) as bare:
        for operation in asked:
            for number in connections:
                found.floor.append(compare(operation, (mine, bare), number, rounds, seconds))
                say(f"{operation.title}, {number} at a time: {_middle(found.floor[-1]):.0%} of the floor")


def _beside_ourselves(
    big: tuple[Place, Known], small: tuple[Place, Known], every: list[Operation], found: MillionFound,
    how: tuple[int, float], say: Callable[[str], None],
) -> None:  # fmt: skip
    (place, known), (less, fewer) = big, small
    streams = Ours(fewer)
    again = {
        "open": streams.opens, "state": streams.changes, "page": streams.pages, "order": streams.orders,
        "list": streams.lists, "items": streams.items, "narrow": streams.narrow,
    }  # fmt: skip
    asked: list[Operation] = [
        replace(each, floor=again[each.name], least=1 / MOST_GROWTH)
        for each in every
        if each.name in BESIDE_OURSELVES
    ]
    with ours(place, "/orders/", _cookie(known)) as mine, ours(less, "/orders/", _cookie(fewer)) as other:
        for operation in asked:
            found.grown.append(compare(operation, (mine, other), 1, *how))
            say(f"{operation.title}: {1 / _middle(found.grown[-1]):.2f} times as long as with {TEN_THOUSAND:,}")


def _middle(done: Compared) -> float:
    return sorted(done.ratios)[len(done.ratios) // 2]


def _cookie(known: Known) -> dict[str, str]:
    return {"Cookie": f"anxiu_session={known.session}", "Accept": "text/html"}


def _say(text: str) -> None:
    print(f"- {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anxiu.project.settings")
    main(Path(sys.argv[1]), int(sys.argv[2]))
