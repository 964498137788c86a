"""What changed, as it happens: server-sent events to open pages, one stream a browser.

A frame names things (`orders.17`) and its position in the order of events; never what happened to them. The page asks
for what it shows again, through the usual queries, so a stream can tell nobody more than they may see. One LISTEN
connection a process; when it dies, every stream ends and the browsers come back with the last position they saw.
"""

import asyncio
import contextlib
import json
import logging
import random
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from http.cookies import CookieError
from importlib import import_module
from typing import Any, TypeVar

import psycopg
from django.conf import settings
from django.contrib.auth import get_user
from django.db import DatabaseError, close_old_connections, connection
from django.http import HttpRequest, parse_cookie

from anxiu.accounts.queries import actor_of
from anxiu.kernel.actor import Actor
from anxiu.kernel.given import number
from anxiu.orders.queries import visible
from anxiu.project.bridge import Receive, Scope, Send
from anxiu.project.staying import is_over, owes_second_step
from anxiu.project.watching.numbers import numbers

log = logging.getLogger(__name__)
T = TypeVar("T")
Topic = tuple[str, str, int]  # kind, id, region (0: of no region)

CHANNEL = "anxiu_live"
HEARTBEAT_SECONDS = 15
RECONNECT_SECONDS = 0.5
WAITING_FRAMES = 200  # a browser that takes none of so many is dropped, and comes back with its position
CATCH_UP_EVENTS = 1000  # who missed more is told to load everything again
EVERYTHING = "*"
LIFE_SECONDS = (600, 720)  # then the browser reconnects and its login and regions are looked at anew


@dataclass(frozen=True)
class Frame:
    """Things that changed up to a position; none are named when they are too many."""

    position: int
    topics: Sequence[Topic]

    def seen_by(self, actor: Actor) -> list[str]:
        """The topics of regions this actor sees, and of none; without any named, everything."""
        if not self.topics:
            return [EVERYTHING]
        seen = (f"{kind}.{key}" for kind, key, region in self.topics if not region or actor.sees_region(region))
        return list(dict.fromkeys(seen))

    def orders_out_of_sight(self, actor: Actor) -> list[int]:
        """Orders of other regions: some may still be the actor's own, as engineer or owner."""
        return [int(key) for kind, key, region in self.topics if kind == "order" and not actor.sees_region(region)]


class Hub:
    """The one LISTEN connection of this process, and a queue for every open stream."""

    def __init__(self) -> None:
        self._queues: set[asyncio.Queue[Frame | None]] = set()
        self._listening = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._closing = False

    async def join(self) -> asyncio.Queue[Frame | None]:
        """A queue that gets every frame from now on; None in it means that the stream has to end."""
        if self._closing:
            raise TimeoutError
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._listen_for_ever())
        await asyncio.wait_for(self._listening.wait(), 10)
        queue: asyncio.Queue[Frame | None] = asyncio.Queue(WAITING_FRAMES)
        self._queues.add(queue)
        numbers().streams.set(len(self._queues))
        return queue

    def leave(self, queue: asyncio.Queue[Frame | None]) -> None:
        """Take no more frames."""
        self._queues.discard(queue)
        numbers().streams.set(len(self._queues))

    def end_all(self) -> None:
        """End every stream and open no more: the process is about to stop."""
        self._closing = True
        for queue in list(self._queues):
            self._end(queue)

    async def close(self) -> None:
        """Stop listening; for the end of the process."""
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _listen_for_ever(self) -> None:
        while True:
            try:
                await self._listen()
            except psycopg.Error as error:
                log.warning("live: the listening connection was lost: %s", error)
            finally:
                self._listening.clear()
                for queue in list(self._queues):
                    self._end(queue)
            await asyncio.sleep(RECONNECT_SECONDS)

    async def _listen(self) -> None:
        async with await psycopg.AsyncConnection.connect(**_database_address(), autocommit=True) as listener:
            await listener.execute(f"listen {CHANNEL}")
            self._listening.set()
            while True:
                async for notice in listener.notifies(timeout=HEARTBEAT_SECONDS):
                    said = json.loads(notice.payload)
                    self._tell(Frame(said["p"], [(kind, str(key), region) for kind, key, region in said["t"]]))
                await listener.execute("select 1")  # a connection cut on the way is noticed only by asking

    def _tell(self, frame: Frame) -> None:
        for queue in list(self._queues):
            try:
                queue.put_nowait(frame)
            except asyncio.QueueFull:
                self._end(queue)

    def _end(self, queue: asyncio.Queue[Frame | None]) -> None:
        self._queues.discard(queue)
        while not queue.empty():
            queue.get_nowait()
        queue.put_nowait(None)


hub = Hub()
_database = ThreadPoolExecutor(1, thread_name_prefix="live")  # one connection for all streams, used only at their start


async def stream(scope: Scope, receive: Receive, send: Send) -> None:
    """Serve `/live` to one logged-in browser until it leaves."""
    headers = {name: value.decode("latin1") for name, value in scope["headers"]}
    try:
        actor = await _in_thread(partial(_who, headers.get(b"cookie", "")))
    except DatabaseError:
        log.warning("live: the database does not answer")
        await _refuse(send, 503)
        return
    if actor is None:
        await _refuse(send, 403)
        return
    try:
        queue = await hub.join()
    except TimeoutError:
        await _refuse(send, 503)
        return
    gone = asyncio.create_task(_until_gone(receive))
    try:
        await send({"type": "http.response.start", "status": 200, "headers": STREAM_HEADERS})
        await _write(send, b"retry: 2000\n\n")
        last = number(headers.get(b"last-event-id") or _since(scope["query_string"]))
        if last is not None:  # we are subscribed already: what comes twice is dropped below, nothing can be missed
            missed = await _in_thread(partial(missed_since, last))
            last = await _tell(send, missed, actor) if missed else last
        await _follow(send, queue, gone, actor, last or 0)
    except DatabaseError:  # the browser comes back with the position it has
        log.warning("live: a stream ends, the database does not answer")
    finally:
        hub.leave(queue)
        gone.cancel()
    await send({"type": "http.response.body", "body": b""})


STREAM_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]


async def _follow(
    send: Send, queue: asyncio.Queue[Frame | None], gone: "asyncio.Task[None]", actor: Actor, last: int
) -> None:
    """Pass frames on as they come, and now and then a sign of life that also carries the position."""
    ends_at = asyncio.get_running_loop().time() + random.uniform(*LIFE_SECONDS)
    while not gone.done() and asyncio.get_running_loop().time() < ends_at:
        waiting = asyncio.create_task(queue.get())
        await asyncio.wait({waiting, gone}, timeout=HEARTBEAT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        if not waiting.done():
            waiting.cancel()
            if not gone.done():
                await _write(send, f": alive\nid: {last}\n\n".encode() if last else b": alive\n\n")
            continue
        frame = waiting.result()
        if frame is None:
            return
        if frame.position > last:
            last = await _tell(send, frame, actor)


async def _tell(send: Send, frame: Frame, actor: Actor) -> int:
    topics = frame.seen_by(actor)
    if actor.regions is not None and (hidden := frame.orders_out_of_sight(actor)):
        topics += await _in_thread(partial(_own_orders, actor, hidden))
    if topics:
        await _write(send, f"id: {frame.position}\ndata: {json.dumps({'topics': topics})}\n\n".encode())
    return frame.position


def _own_orders(actor: Actor, ids: Sequence[int]) -> list[str]:
    """Those of the orders that name the actor, as topics."""
    try:
        return [f"order.{key}" for key in visible(actor).filter(pk__in=ids).values_list("pk", flat=True)]
    finally:
        close_old_connections()


def missed_since(position: int) -> Frame | None:
    """What was placed after a position, as one frame; everything, if that is too much to name."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select p.position, e.subject_kind, e.subject_id::text, coalesce(e.region_id, 0)"
            " from kernel_position p join kernel_event e on e.id = p.event_id"
            " where p.position > %s order by p.position limit %s",
            [position, CATCH_UP_EVENTS + 1],
        )
        rows = cursor.fetchall()
        if len(rows) > CATCH_UP_EVENTS:
            cursor.execute("select max(position) from kernel_position")
            return Frame(cursor.fetchone()[0], [])
    return Frame(rows[-1][0], [(kind, key, region) for _, kind, key, region in rows]) if rows else None


def _who(cookies: str) -> Actor | None:
    """The actor behind the session cookie; None for nobody."""
    try:
        key = parse_cookie(cookies).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return None
    if not key:
        return None
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    person: Any = get_user(request)
    if not person.is_authenticated or is_over(request) or owes_second_step(request, person):
        return None
    return actor_of(person)


async def _in_thread(function: Callable[[], T]) -> T:
    def run() -> T:
        close_old_connections()
        try:
            return function()
        finally:
            close_old_connections()

    return await asyncio.get_running_loop().run_in_executor(_database, run)


def _database_address() -> dict[str, Any]:
    """Django's own settings for its database, as psycopg takes them."""
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    address = {ours: connection.settings_dict[theirs] for theirs, ours in names.items()}
    options = connection.settings_dict["OPTIONS"]
    tls = {name: options[name] for name in settings.TLS if name in options}
    return {key: value for key, value in address.items() if value} | tls | {"application_name": "anxiu live"}


def _since(query_string: bytes) -> str:
    """`?since=`: the position at which the page was made, for the moments between making it and listening."""
    pairs: Iterable[tuple[str, str, str]] = (part.partition("=") for part in query_string.decode("latin1").split("&"))
    return next((value for name, _, value in pairs if name == "since"), "")


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _write(send: Send, data: bytes) -> None:
    await send({"type": "http.response.body", "body": data, "more_body": True})


async def _refuse(send: Send, status: int) -> None:
    headers = [(b"content-type", b"text/plain"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
