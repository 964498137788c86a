"""The web process: `/live` is a native stream on the event loop, everything else runs on threads."""

import asyncio
import ctypes
import gc
import importlib
import os
import signal
import threading
import time
from contextlib import suppress
from functools import partial
from types import FrameType

import django
from django.db import DatabaseError, connection
from django.urls import get_resolver

CLOCK_SECONDS = 60
LOAD_AFTER_SECONDS = 1.0  # the first pages come first; a call to the API that is earlier loads it itself
ARENA_MAX, ARENAS = -8, 2  # glibc's M_ARENA_MAX; by itself it keeps a heap a thread, each as large as its largest page

gc.disable()  # nothing that is loaded goes away again; looking for it would take a tenth of the start
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anxiu.project.settings")
django.setup(set_prefix=False)

from anxiu.project import live  # noqa: E402 - needs Django set up
from anxiu.project.api_urls import API  # noqa: E402
from anxiu.project.bridge import Bridge, Receive, Scope, Send  # noqa: E402
from anxiu.project.collecting import settle  # noqa: E402
from anxiu.project.environment import env  # noqa: E402
from anxiu.project.serving import end_with_parent  # noqa: E402
from anxiu.project.wsgi import application as pages  # noqa: E402

end_with_parent()
with suppress(AttributeError, OSError):  # no glibc, no such setting
    ctypes.CDLL(None).mallopt(ARENA_MAX, ARENAS)
_ = get_resolver().url_patterns  # load every page now: the first visitor shall not wait for it


def _load_the_rest() -> None:
    """The API takes a quarter of all loading."""
    importlib.import_module(API)
    settle()
    while True:
        time.sleep(CLOCK_SECONDS)
        _set_the_clock()


def _set_the_clock() -> None:
    """Go by the database's clock, which is asked with each new connection; those of pages last for ever."""
    with suppress(DatabaseError):
        connection.ensure_connection()
    connection.close()


settle()
gc.enable()
bridge = Bridge(pages, threads=env.threads)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Route one connection."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "http":
        scope = behind_proxies(scope, env.trusted_proxies)
        await (live.stream if scope["path"] == "/live" else bridge)(scope, receive, send)
    else:
        await send({"type": "websocket.close", "code": 1000})


def behind_proxies(scope: Scope, count: int) -> Scope:
    """Believe what our own proxies say about the client: the address the outermost of them saw, and the scheme.

    Anything further left in the header was written by the client and is not believed.
    """
    if not count:
        return scope
    headers = {name: value.decode("latin1") for name, value in scope["headers"]}
    believed = dict(scope)
    addresses = [part.strip() for part in headers.get(b"x-forwarded-for", "").split(",") if part.strip()]
    if len(addresses) >= count:
        believed["client"] = (addresses[-count], 0)
    if (scheme := headers.get(b"x-forwarded-proto", "").split(",")[-1].strip()) in ("http", "https"):
        believed["scheme"] = scheme
    return believed


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            _end_streams_first()
            await send({"type": "lifespan.startup.complete"})
            later = threading.Timer(LOAD_AFTER_SECONDS, _load_the_rest)
            later.daemon = True
            later.start()
        else:
            await live.hub.close()
            await send({"type": "lifespan.shutdown.complete"})
            return


def _end_streams_first() -> None:
    """When told to stop, end the live streams before the server starts to wait for its connections to finish."""
    if threading.current_thread() is not threading.main_thread():
        return
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, partial(_ending, loop, signal.getsignal(number)))


def _ending(loop: asyncio.AbstractEventLoop, before: object, number: int, frame: FrameType | None) -> None:
    loop.call_soon_threadsafe(live.hub.end_all)
    if callable(before):
        before(number, frame)
